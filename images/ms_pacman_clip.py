"""Film ../labkit/media/ms_pacman.mp4: the shipped network in a game of middling score, greedily."""

from pathlib import Path

import numpy as np

import labkit
from benchmarks.ms_pacman import load, play_games
from labkit import atari

MEDIA = Path(__file__).parents[1] / "labkit/media"
GAMES, SEED = 30, 10_000

if __name__ == "__main__":
    values = atari.compile_network(load(MEDIA / "ms_pacman.npz"))
    scores = play_games(lambda obs: values(obs).argmax(axis=1), GAMES, SEED)
    print(labkit.Evaluation(scores))
    middling = int(np.argsort(scores)[GAMES // 2])
    video = labkit.record(
        atari.FilmedGame(), lambda obs: int(values(obs[None]).argmax()), seed=SEED + middling, max_steps=900
    )
    print(video.alt)
    video.save(MEDIA / "ms_pacman.mp4")
