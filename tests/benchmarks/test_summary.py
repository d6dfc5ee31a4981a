"""Medians, bounds and ratios of hand-made figures."""

from benchmarks import summary
from benchmarks.summary import Ratio, Spread


def run(cpu, reached=True, seed=0, **more):
    return {"task": "t", "contestant": "c", "seed": seed, "cpu": cpu, "import_cpu": 2.0, "reached": reached} | more


def test_median_and_range():
    assert summary.spread([3.0, 1.0, 8.0]) == Spread(3.0, 1.0, 8.0)
    assert summary.spread([3.0, 1.0, 8.0, 5.0]) == Spread(4.0, 1.0, 8.0)


def test_a_run_that_did_not_get_there_stands_behind_those_that_did():
    # It used up 4 s in vain: the median of (5, 7, more than 4) is 7, and nothing less.
    assert summary.spread([5.0, 4.0, 7.0], [True, False, True]) == Spread(7.0, 4.0, 7.0)


def test_the_median_is_a_bound_where_most_did_not_get_there():
    assert summary.spread([5.0, 60.0, 60.0], [True, False, False]) == Spread(60.0, 5.0, 60.0, least=True)
    assert summary.spread([5.0, 60.0], [True, False]) == Spread(32.5, 5.0, 60.0, least=True)


def test_spread_in_words():
    assert Spread(5.25, 2.0, 9.0).text() == "5.2 (2.0 to 9.0)"
    assert Spread(1234.0, 1234.0, 1234.0).text(0) == "1,234"
    assert Spread(60.0, 5.0, 61.0, least=True).text(0) == "≥ 60 (5 to 61)"


def test_imports_are_added():
    runs = [run(5.0), run(7.0), run(6.0)]
    assert summary.cpu(runs, imports=False).median == 6.0
    assert summary.cpu(runs, imports=True).median == 8.0


def test_runs_of_a_contestant_by_seed():
    runs = [run(1.0, seed=2), run(2.0, seed=0), run(3.0) | {"contestant": "other"}, run(4.0) | {"task": "other"}]
    assert [found["seed"] for found in summary.select(runs, "t", "c")] == [0, 2]


def test_rates_divide_steps_by_time():
    assert summary.rate([run(4.0, steps=1000)]).median == 250
    assert summary.pace([{"window_steps": 900, "window_cpu": 3.0, "window_wall": 4.5}]).median == 300
    assert summary.pace([{"window_steps": 900, "window_cpu": 3.0, "window_wall": 4.5}], "wall").median == 200


def test_ratio_of_medians_and_its_bounds():
    ten, five = Spread(10.0, 9.0, 11.0), Spread(5.0, 4.0, 6.0)
    assert summary.ratio(ten, five) == Ratio(2.0)
    assert summary.ratio(ten._replace(least=True), five) == Ratio(2.0, "at least")
    assert summary.ratio(ten, five._replace(least=True)) == Ratio(2.0, "at most")
    assert summary.ratio(ten._replace(least=True), five._replace(least=True)) is None


def test_a_bound_may_leave_a_goal_open():
    assert Ratio(9.0).meets(8) is True
    assert Ratio(7.0).meets(8) is False
    assert Ratio(9.0, "at least").meets(8) is True
    assert Ratio(7.0, "at least").meets(8) is None
    assert Ratio(7.0, "at most").meets(8) is False
    assert Ratio(9.0, "at most").meets(8) is None
