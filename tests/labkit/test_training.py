import numpy as np
import pytest

from labkit import LivePlot, NumpyNetwork, Training, mlp


def network(value=0.0):
    net = mlp(1, [], 1)
    give(net, value)
    return net


def give(net, value):
    net.set_weights([np.array([[value]]), np.zeros(1)])


def weight(net):
    return net.weights[0].numpy().item()


def test_it_counts_the_steps_up_to_the_total():
    training = Training("", network())
    assert list(training.steps(3)) == [0, 1, 2]
    assert training.step == 3
    assert list(training.steps(5)) == [3, 4]


def test_an_interruption_is_quiet_and_the_step_is_taken_again(capsys):
    training = Training("", network())
    seen = []
    with training:
        for step in training.steps(5):
            seen.append(step)
            if len(seen) == 3:
                raise KeyboardInterrupt
            training.add(step)
    assert "run the cell again" in capsys.readouterr().out
    with training:
        for step in training.steps(5):
            seen.append(step)
    assert seen == [0, 1, 2, 2, 3, 4]
    assert training.returns == [0.0, 1.0]


def test_another_error_comes_through():
    training = Training("", network())
    with pytest.raises(FloatingPointError), training:
        raise FloatingPointError


def test_a_finished_training_run_again_says_so(capsys):
    training = Training("", network())
    with training:
        assert len(list(training.steps(2))) == 2
    capsys.readouterr()
    with training:
        assert list(training.steps(2)) == []
    assert capsys.readouterr().out == "This training has ended, after 2 steps: make it anew to begin again.\n"


def test_the_bar_calls_the_steps_what_they_are(capsys):
    for unit, name in ((None, "steps"), ("updates", "updates")):
        training = Training("", network())
        with training:
            list(training.steps(2, unit) if unit else training.steps(2))
        assert f"{name}: 100%" in capsys.readouterr().out


def test_it_stops_when_the_mean_of_the_window_is_reached():
    training = Training("", network(), window=3, stop_at=5)
    for step in training.steps(100):
        training.add([9, 0, 0, 6, 9, 0][step])  # means of three: 3, 2, 5
    assert training.step == 5
    assert training.returns == [9, 0, 0, 6, 9]


def test_few_episodes_do_not_stop_it():
    training = Training("", network(), window=3, stop_at=5)
    for _step in training.steps(2):
        training.add(100)
    assert training.step == 2


def test_it_can_be_stopped():
    training = Training("", network())
    for step in training.steps(100):
        if step == 4:
            training.stop()
    assert training.step == 5


def test_the_best_weights_are_kept_and_put_back():
    net = network()
    fast = NumpyNetwork(net)
    training = Training("", [fast])
    kept = []
    for value, score in [(1.0, 10), (2.0, 30), (3.0, float("nan")), (4.0, 30), (5.0, 20)]:
        give(net, value)
        kept.append(training.keep(score))
    assert kept == [True, True, False, False, False]
    assert training.best == 30
    training.restore_best()
    assert weight(net) == 2.0
    assert fast([1.0]) == 2.0


def test_all_networks_are_put_back_together():
    actor, critic = network(1.0), network(2.0)
    training = Training("", [actor, critic])
    training.keep(0)
    give(actor, 5.0)
    give(critic, 6.0)
    training.restore_best()
    assert (weight(actor), weight(critic)) == (1.0, 2.0)


def test_kept_weights_do_not_change_with_the_network():
    net = network(1.0)
    training = Training("", net)
    training.keep(0)
    net.weights[0].assign_add([[5.0]])
    training.restore_best()
    assert weight(net) == 1.0


def test_a_run_goes_on_from_its_last_weights_and_not_from_its_best():
    net = network()
    fast = NumpyNetwork(net)
    training = Training("", [fast])
    for step in training.steps(3):
        give(net, step + 1.0)  # 1, 2, 3
        training.keep(-step)
    training.restore_best()
    training.restore_best()
    assert weight(net) == 1.0
    for step in training.steps(5):
        assert (weight(net), fast([1.0])) == ((3.0, 3.0) if step == 3 else (7.0, 3.0))
        give(net, 7.0)
    training.restore_best()
    assert weight(net) == 1.0


def test_a_finished_run_keeps_its_best_weights_when_run_again():
    net = network()
    training = Training("", net)
    for step in training.steps(2):
        give(net, step + 1.0)
        training.keep(-step)
    training.restore_best()
    with training:
        assert list(training.steps(2)) == []
    assert weight(net) == 1.0


def test_nothing_kept_is_said():
    with pytest.raises(ValueError, match="train first"):
        Training("", network()).restore_best()


def test_scores_are_noted_with_their_step():
    training = Training("", network())
    for step in training.steps(3):
        if step != 1:
            training.keep(step * 10)
    assert training.scores == [(0, 0.0), (2, 20.0)]


def test_processor_time_adds_up_over_interruptions():
    training = Training("", network())
    with training:
        np.linalg.svd(np.ones((300, 300)))
    first = training.seconds
    assert first > 0
    with training:
        np.linalg.svd(np.ones((300, 300)))
    assert training.seconds > first


def test_a_run_that_stopped_itself_keeps_its_best_weights_when_run_again(capsys):
    net = network()
    training = Training("", net, window=1, stop_at=5)
    for step in training.steps(100):
        give(net, step + 1.0)  # 1, 2, 3
        training.keep(-step)
        training.add(step * 2.5)  # 0, 2.5, 5
    training.restore_best()
    capsys.readouterr()
    with training:
        assert list(training.steps(100)) == []
    assert capsys.readouterr().out == "This training has ended, after 3 steps: make it anew to begin again.\n"
    assert weight(net) == 1.0


def test_the_curve_goes_on_after_an_interruption(monkeypatch):
    drawn = []
    monkeypatch.setattr(LivePlot, "close", lambda plot: drawn.append(list(plot.values)))
    training = Training("", network())
    with training:
        for step in training.steps(5):
            if step == 2:
                raise KeyboardInterrupt
            training.add(10 * step)
    with training:
        for step in training.steps(4):
            training.add(10 * step)
    assert drawn == [[0, 10], [0, 10, 20, 30]]
