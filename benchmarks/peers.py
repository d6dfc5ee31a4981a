"""Stable-Baselines3 with the tuned hyperparameters of rl-baselines3-zoo (rl_zoo3 2.9.2, hyperparams/*.yml).

The zoo has no GridWorld: there it has the network and the hyperparameters of lesson d3qn_gridworld.
"""

from typing import Any

import numpy as np

from benchmarks.meter import Meter
from benchmarks.pictures import SmallPictures, small
from benchmarks.tasks import TASKS

# Names and values are the zoo's own.
DQN: dict[str, dict[str, Any]] = {
    "cartpole-dqn": {
        "n_timesteps": 50_000,
        "learning_rate": 2.3e-3,
        "batch_size": 64,
        "buffer_size": 100_000,
        "learning_starts": 1000,
        "gamma": 0.99,
        "target_update_interval": 10,
        "train_freq": 256,
        "gradient_steps": 128,
        "exploration_fraction": 0.16,
        "exploration_final_eps": 0.04,
        "policy_kwargs": {"net_arch": [256, 256]},
    },
    "lunar-dqn": {
        "n_timesteps": 100_000,
        "learning_rate": 6.3e-4,
        "batch_size": 128,
        "buffer_size": 50_000,
        "learning_starts": 0,
        "gamma": 0.99,
        "target_update_interval": 250,
        "train_freq": 4,
        "gradient_steps": -1,
        "exploration_fraction": 0.12,
        "exploration_final_eps": 0.1,
        "policy_kwargs": {"net_arch": [256, 256]},
    },
    "gridworld-dqn": {
        "n_timesteps": 40_000,
        "n_envs": 16,
        "learning_rate": 5e-4,
        "batch_size": 64,
        "buffer_size": 50_000,
        "learning_starts": 2400,
        "gamma": 0.9,
        "tau": 0.01,
        "target_update_interval": 1,
        "train_freq": 50,
        "gradient_steps": 50,
        "exploration_fraction": 0.66,
        "exploration_final_eps": 0.05,
        "policy_kwargs": {"net_arch": []},
    },
}
PPO: dict[str, Any] = {
    "n_timesteps": 100_000,
    "n_envs": 8,
    "n_steps": 32,
    "batch_size": 256,
    "gae_lambda": 0.8,
    "gamma": 0.98,
    "n_epochs": 20,
    "ent_coef": 0.0,
    "learning_rate": lambda remaining: 1e-3 * remaining,
    "clip_range": lambda remaining: 0.2 * remaining,
}
DDPG_AND_TD3: dict[str, Any] = {
    "n_timesteps": 20_000,
    "gamma": 0.98,
    "buffer_size": 200_000,
    "learning_starts": 10_000,
    "gradient_steps": 1,
    "train_freq": 1,
    "learning_rate": 1e-3,
    "policy_kwargs": {"net_arch": [400, 300]},
}


def imports() -> None:
    """What a script that uses it has to import."""
    import stable_baselines3
    import torch
    import torch._dynamo  # the first optimizer would import it

    torch.set_num_threads(1)
    assert stable_baselines3


def train(meter: Meter, task: str, contestant: str, seed: int) -> None:
    """Learn the task for as many steps as the zoo says, or until the meter stops it."""
    import stable_baselines3 as sb3
    from stable_baselines3.common.env_util import make_vec_env
    from stable_baselines3.common.noise import NormalActionNoise

    algorithm = contestant.removeprefix("sb3-").upper()
    settings = dict(PPO if algorithm == "PPO" else DQN[task] if algorithm == "DQN" else DDPG_AND_TD3)
    steps, envs = settings.pop("n_timesteps"), settings.pop("n_envs", 1)
    if algorithm in ("DDPG", "TD3"):
        settings["action_noise"] = NormalActionNoise(np.zeros(1), 0.1 * np.ones(1))
    pictures = task == "gridworld-dqn"
    if pictures:
        settings["policy_kwargs"] |= {"features_extractor_class": convolutions()}
    env = make_vec_env(TASKS[task].env, n_envs=envs, seed=seed, wrapper_class=SmallPictures if pictures else None)
    model = getattr(sb3, algorithm)("CnnPolicy" if pictures else "MlpPolicy", env, seed=seed, device="cpu", **settings)

    see = small if pictures else np.asarray
    meter.greedy = lambda: lambda obs: model.predict(see(obs), deterministic=True)[0]
    model.learn(steps)


def convolutions() -> type:
    """Lesson d3qn_gridworld's layers before the head, for Stable-Baselines3, which divides pictures by 255 itself."""
    from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
    from torch import nn

    class Convolutions(BaseFeaturesExtractor):  # type: ignore[misc]
        def __init__(self, observation_space: Any) -> None:
            super().__init__(observation_space, features_dim=256)
            layers = [nn.Conv2d(3, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.Flatten()]
            self.layers = nn.Sequential(*layers, nn.Linear(3 * 3 * 64, 256), nn.ReLU())

        def forward(self, pictures: Any) -> Any:
            return self.layers(pictures)

    return Convolutions
