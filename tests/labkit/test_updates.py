import keras
import numpy as np
import pytest
import tensorflow as tf

from labkit import Batch, NumpyNetwork, compile_updates, mlp


def batches(rewards):
    """One obs of 1 a transition, the rewards (U, B) given."""
    reward = np.asarray(rewards, np.float32)
    ones = np.ones((*reward.shape, 1), np.float32)
    return Batch(ones, np.zeros(reward.shape, np.int64), reward, ones, np.zeros(reward.shape, bool))


def learner(learning_rate=0.5):
    """A single weight w (its output at obs 1), pulled towards the mean reward: w += rate * (mean - w)."""
    net = mlp(1, [], 1)
    net.set_weights([np.zeros((1, 1)), np.zeros(1)])
    weight = net.trainable_variables[0]
    optimizer = keras.optimizers.SGD(learning_rate)
    optimizer.build([weight])

    def update(batch):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(batch.reward - net(batch.obs)[:, 0])) / 2
        optimizer.apply_gradients([(tape.gradient(loss, weight), weight)])
        return loss

    return net, update


@pytest.mark.parametrize("xla", [True, False])
def test_updates_follow_one_another(xla):
    net, update = learner()
    losses = compile_updates(update, xla=xla)(batches([[4.0], [4.0], [0.0]]))
    # w: 0 -> 2 -> 3 -> 1.5; the losses before each step are 16/2, 4/2 and 9/2.
    np.testing.assert_allclose(losses, [8.0, 2.0, 4.5])
    assert net.weights[0].numpy().item() == 1.5


def test_it_is_what_one_update_after_the_other_gives():
    rewards = np.random.default_rng(0).normal(size=(7, 5))
    (one, update_one), (many, update_many) = learner(0.1), learner(0.1)
    losses = [float(update_one(Batch(*(tf.constant(c[i]) for c in batches(rewards))))) for i in range(7)]
    np.testing.assert_allclose(compile_updates(update_many)(batches(rewards)), losses, rtol=1e-5)
    np.testing.assert_allclose(one.weights[0], many.weights[0], rtol=1e-5)


def test_it_keeps_learning_from_call_to_call_and_takes_other_sizes():
    net, update = learner()
    learn = compile_updates(update)
    learn(batches([[4.0]]))
    learn(batches([[4.0, 4.0], [0.0, 0.0]]))
    assert net.weights[0].numpy().item() == 1.5


def test_what_acts_in_numpy_is_up_to_date():
    net, update = learner()
    fast = NumpyNetwork(net)
    compile_updates(update, refresh=fast)(batches([[4.0]]))
    assert fast([1.0]) == 2.0
    compile_updates(update, refresh=[fast])(batches([[4.0]]))
    assert fast([1.0]) == 3.0


def test_several_numbers_may_come_back():
    _net, update = learner()

    def named(batch):
        return {"loss": update(batch), "largest": tf.reduce_max(batch.reward)}

    back = compile_updates(named)(batches([[4.0, 4.0], [1.0, 3.0]]))
    np.testing.assert_allclose(back["largest"], [4.0, 3.0])
    np.testing.assert_allclose(back["loss"], [8.0, 0.5])  # w = 2: (1 + 1) / 2 / 2


def test_a_loss_that_is_no_number_says_which():
    _net, update = learner()
    with pytest.raises(FloatingPointError, match="update 2 of 3 is nan"):
        compile_updates(update)(batches([[1.0], [np.nan], [1.0]]))


@pytest.mark.parametrize(("value", "shown"), [(np.inf, "inf"), (-np.inf, "-inf")])
def test_a_loss_that_is_infinite_says_which(value, shown):
    with pytest.raises(FloatingPointError, match=f"update 3 of 3 is {shown}"):
        compile_updates(lambda batch: tf.reduce_sum(batch.reward))(batches([[1.0], [2.0], [value]]))


def test_every_number_that_comes_back_is_looked_at():
    named = lambda batch: (tf.zeros(()), tf.reduce_mean(batch.reward))  # noqa: E731
    with pytest.raises(FloatingPointError, match="update 1 of 1 is inf"):
        compile_updates(named)(batches([[np.inf]]))


def test_an_update_is_recorded_as_python_runs_it():
    def update(batch):
        loss = tf.reduce_mean(batch.reward)
        if loss > 0:  # AutoGraph would let this pass, and `check_recorded` does not
            loss = -loss
        return loss

    with pytest.raises(TypeError, match="bool"):
        compile_updates(update)(batches([[1.0]]))
