import pytest

from labkit import Runs, use


def test_a_stored_result_is_read_back():
    runs = Runs()
    runs["baseline"] = [1.0]
    assert runs["baseline"] == [1.0]
    assert "dqn" not in runs
    assert runs.get("dqn") is None


def test_a_missing_result_says_what_to_run():
    with pytest.raises(NotImplementedError) as error:
        Runs()["dqn"]
    assert str(error.value) == "There is no result called 'dqn' yet: run the cell that makes it first."


def test_it_says_so_in_the_readers_language():
    use("ro")
    with pytest.raises(NotImplementedError, match=r"^Nu există încă un rezultat numit 'dqn': rulați mai întâi"):
        Runs()["dqn"]
