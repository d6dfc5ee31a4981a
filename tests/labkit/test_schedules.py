import pytest

from labkit import exponential_decay, linear_decay


def test_exponential_decay_loses_the_same_fraction_each_step():
    assert [exponential_decay(1.0, 0.2, 0.5, step) for step in range(4)] == [1.0, 0.5, 0.25, 0.2]


def test_linear_decay_is_a_line_then_flat():
    assert [linear_decay(1.0, 0.0, 4, step) for step in (0, 1, 2, 4, 9)] == [1.0, 0.75, 0.5, 0.0, 0.0]


def test_linear_decay_may_rise():
    assert linear_decay(0.4, 1.0, 10, 5) == pytest.approx(0.7)


def test_a_line_of_no_length_is_its_end():
    assert linear_decay(1.0, 0.1, 0, 0) == 0.1
