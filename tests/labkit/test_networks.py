import gymnasium as gym
import keras
import numpy as np
import pytest

import labkit
from labkit import NumpyNetwork, check_network, copy_weights, load_network, mlp, save_network, soft_update


def give(net, *weights):
    net.set_weights([np.array(weight) for weight in weights])


def test_sizes_of_the_layers():
    net = mlp(4, [3, 5], 2)
    assert [tuple(w.shape) for w in net.weights] == [(4, 3), (3,), (3, 5), (5,), (5, 2), (2,)]
    assert [layer.activation.__name__ for layer in net.layers[1:]] == ["relu", "relu", "linear"]


def test_no_hidden_layer_is_a_linear_function():
    net = mlp(2, [], 1)
    give(net, [[2.0], [3.0]], [1.0])
    assert net(np.array([[10.0, 100.0]])).numpy() == [[321.0]]


def test_a_seed_gives_the_same_weights_and_layers_that_differ():
    one, same, other = (mlp(3, [3, 3], 3, seed=seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not np.array_equal(one[0], other[0])
    assert not np.array_equal(one[0], one[2])


@pytest.mark.parametrize("sizes", [(0, [3], 2), (4, [0], 2), (4, [3], 0)])
def test_a_size_below_one_is_refused(sizes):
    with pytest.raises(ValueError, match="each must be 1 or more"):
        mlp(*sizes)


def constant(value):
    net = mlp(1, [], 1)
    give(net, [[value]], [10 * value])
    return net


def test_soft_update_moves_a_share_of_the_way():
    source, target = constant(5.0), constant(1.0)
    soft_update(source, target, 0.25)
    assert [float(w.numpy().item()) for w in target.weights] == [2.0, 20.0]  # 1 + (5 - 1) / 4, 10 + (50 - 10) / 4
    assert [float(w.numpy().item()) for w in source.weights] == [5.0, 50.0]


def test_hard_update_copies_and_ties_nothing():
    source, target = constant(5.0), constant(1.0)
    copy_weights(source, target)
    give(source, [[7.0]], [70.0])
    assert [float(w.numpy().item()) for w in target.weights] == [5.0, 50.0]


def test_another_architecture_is_refused():
    with pytest.raises(ValueError, match="architecture"):
        copy_weights(mlp(4, [3], 2), mlp(4, [4], 2))


def test_tau_out_of_range_is_refused():
    with pytest.raises(ValueError, match="from 0 to 1"):
        soft_update(constant(1.0), constant(2.0), 1.5)


def test_a_network_that_fits_its_environment():
    env = gym.make("CartPole-v1")
    check_network(mlp(4, [3], 2), env)
    with pytest.raises(ValueError, match=r"3 outputs.*needs 2"):
        check_network(mlp(4, [3], 3), env)
    with pytest.raises(ValueError, match=r"\(5,\).*\(4,\)"):
        check_network(mlp(5, [3], 2), env)


def test_a_network_for_continuous_actions():
    check_network(mlp(3, [3], 1), gym.make("Pendulum-v1"))
    with pytest.raises(ValueError, match="2 outputs"):
        check_network(mlp(3, [3], 2), gym.make("Pendulum-v1"))


def test_saved_and_loaded_it_is_the_same(tmp_path):
    net, obs = mlp(4, [3], 2), np.ones((1, 4), np.float32)
    save_network(net, tmp_path / "new" / "q.keras")
    again = load_network(tmp_path / "new" / "q.keras", inputs=4, outputs=2)
    assert np.array_equal(net(obs), again(obs))
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["q.keras"]


def test_a_saved_network_of_another_shape_is_refused(tmp_path):
    save_network(mlp(4, [3], 2), tmp_path / "q.keras")
    with pytest.raises(ValueError, match=r"\(inputs: 4, outputs: 2\) .* \(inputs: 8, outputs: 2\)"):
        load_network(tmp_path / "q.keras", inputs=8)
    with pytest.raises(ValueError, match=r"\(inputs: 4, outputs: 2\) .* \(inputs: 4, outputs: 3\)"):
        load_network(tmp_path / "q.keras", outputs=3)


def test_files_that_hold_no_network(tmp_path):
    with pytest.raises(FileNotFoundError, match="train and save"):
        load_network(tmp_path / "none.keras")
    (tmp_path / "bad.keras").write_bytes(b"not a network")
    with pytest.raises(ValueError, match="holds no network"):
        load_network(tmp_path / "bad.keras")
    with pytest.raises(ValueError, match=r"ends in \.keras"):
        save_network(mlp(1, [], 1), tmp_path / "q.h5")


@pytest.mark.parametrize("output", [None, "tanh", "sigmoid", "softmax"])
def test_numpy_gives_what_keras_gives(output):
    net = mlp(4, [16, 8], 3, output_activation=output, seed=0)
    fast = NumpyNetwork(net)
    obs = np.random.default_rng(0).normal(size=(10, 4)).astype(np.float32)
    before = obs.copy()
    np.testing.assert_allclose(fast(obs), net(obs).numpy(), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(fast(obs[0]), net(obs[:1]).numpy()[0], rtol=1e-4, atol=1e-5)
    assert fast(obs[0]).shape == (3,) and fast(obs).dtype == np.float32
    assert np.array_equal(obs, before)


def test_numpy_computes_by_hand_and_refreshes():
    net = mlp(1, [1], 1)
    give(net, [[2.0]], [-1.0], [[3.0]], [4.0])
    fast = NumpyNetwork(net)
    assert fast([5.0]) == 31.0  # 3 relu(2 * 5 - 1) + 4
    assert fast([0.0]) == 4.0
    give(net, [[2.0]], [-1.0], [[1.0]], [0.0])
    assert fast([5.0]) == 31.0
    fast.refresh()
    assert fast([5.0]) == 9.0


def test_numpy_refuses_layers_that_it_cannot_compute():
    with pytest.raises(ValueError, match="call the Keras network"):
        NumpyNetwork(keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 3)]))
    with pytest.raises(ValueError, match="call the Keras network"):
        NumpyNetwork(mlp(2, [2], 1, activation="elu"))


def test_the_message_is_in_the_readers_language():
    labkit.use("fr")
    with pytest.raises(ValueError, match="sorties"):
        check_network(mlp(4, [3], 3), gym.make("CartPole-v1"))


def test_no_layer_of_one_seed_has_the_weights_of_a_layer_of_the_next():
    starts = [weights for seed in range(4) for weights in mlp(3, [3, 3], 3, seed=seed).get_weights()[::2]]
    assert len(starts) == 12
    assert not any(np.array_equal(one, other) for i, one in enumerate(starts) for other in starts[:i])


def test_a_softmax_of_large_numbers_is_no_overflow():
    net = mlp(1, [], 3, output_activation="softmax")
    give(net, [[1000.0, 1000.0, 0.0]], [0.0, 0.0, 0.0])
    np.testing.assert_array_equal(NumpyNetwork(net)([1.0]), [0.5, 0.5, 0.0])
    np.testing.assert_array_equal(NumpyNetwork(net)([-1.0]), [0.0, 0.0, 1.0])
