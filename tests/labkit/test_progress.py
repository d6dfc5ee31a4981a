from labkit import progress


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
