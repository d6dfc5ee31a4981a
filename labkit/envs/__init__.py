"""The course's own environments, registered with Gymnasium when labkit is imported."""

import gymnasium as gym


def register_all() -> None:
    """Make the course's environments known to `gymnasium.make`."""
    gym.register(
        "labkit/ThreeStateMDP-v0",
        entry_point="labkit.envs.three_state_mdp:ThreeStateMDP",
        max_episode_steps=100,
    )
    gym.register(
        "labkit/Ball-v0",
        entry_point="labkit.envs.ball:Ball",  # which counts its 500 steps itself: the last one pays
        vector_entry_point="labkit.envs.ball:BallVector",
    )
    gym.register(
        "labkit/GridWorld-v0",
        entry_point="labkit.envs.grid_world:GridWorld",
        vector_entry_point="labkit.envs.grid_world:GridWorldVector",
        max_episode_steps=50,
    )
