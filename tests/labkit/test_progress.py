import pytest

from labkit import progress, use


def test_it_counts_and_leaves_one_finished_line_on_stdout(capsys):
    assert list(progress(3, "training")) == [0, 1, 2]
    out, err = capsys.readouterr()
    last = out.rstrip("\n").split("\r")[-1]
    assert last.startswith("training: 100%|##########| 3/3")
    assert out.count("\n") == 1 and out.isascii()
    assert err == ""


def test_it_loops_over_anything_and_names_nothing_by_default(capsys):
    assert list(progress("ab")) == ["a", "b"]
    assert capsys.readouterr().out.split("\r")[-1].startswith("100%")


def test_it_goes_on_where_it_was(capsys):
    assert list(progress(5, done=3)) == [3, 4]
    assert "5/5" in capsys.readouterr().out.split("\r")[-1]


def lines(capsys):
    """The last state of the bar."""
    return capsys.readouterr().out.rstrip("\n").split("\r")[-1]


def test_the_bar_speaks_the_language(capsys):
    use("fr")
    bar = progress(8, "parties")
    bar.set_postfix_str("encore")
    assert len(list(bar)) == 8
    assert lines(capsys).startswith("parties\u202f: 100\u00a0%|##########| 8/8 [00:00<00:00, ")
    assert str(bar).endswith("/s, encore]")
    bar.n = 10  # more than was said
    assert str(bar).startswith("parties\u202f: 10 [00:00, ")


@pytest.mark.parametrize(
    ("language", "n", "seconds", "shown"),
    [
        ("en", 5, 2, "games:  62%|######2   | 5/8 [00:02<00:01, 2.50/s]"),
        ("fr", 5, 2, "games\u202f:  62\u00a0%|######2   | 5/8 [00:02<00:01, 2,50/s]"),
        ("fr", 2, 8, "games\u202f:  25\u00a0%|##5       | 2/8 [00:08<00:24, 4,00\u00a0s par unité]"),
        ("ro", 2, 8, "games:  25\u00a0%|##5       | 2/8 [00:08<00:24, 4,00\u00a0s fiecare]"),
        ("en", 2, 8, "games:  25%|##5       | 2/8 [00:08<00:24, 4.00 s each]"),
        ("en", 0, 1, "games:   0%|          | 0/8 [00:01<?, ?/s]"),
    ],
)
def test_numbers_stand_beside_no_noun_that_would_have_to_agree(language, n, seconds, shown):
    use(language)
    bar = progress(8, "games")
    bar.close()
    bar.n, bar.start_t = n, bar._time() - seconds
    assert str(bar) == shown


def test_a_bar_of_unknown_length_counts(capsys):
    assert len(list(progress(iter("abc"), "letters"))) == 3
    assert lines(capsys).startswith("letters: 3 [00:00, ")
