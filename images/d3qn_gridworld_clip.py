"""Film ../labkit/media/d3qn_gridworld.mp4: the lesson's own D3QN, trained, then one greedy game."""

from pathlib import Path
from typing import Any

from solution import solution

import labkit

ROOT = Path(__file__).parents[1]


def film(names: dict[str, Any]) -> labkit.Video:
    """Train the lesson's D3QN, and record one greedy game with its best weights."""
    names["begin"]("D3QN", names["dueling_head"], names["double_value"], seed=1)
    agent, training = names["runs"]["D3QN, new"]
    names["train"](agent, training)
    training.restore_best()
    print(f"best test {training.best}; {names['evaluate'](agent)}")
    _label, video = names["film"]("", agent)
    return video


if __name__ == "__main__":
    video = film(solution("d3qn_gridworld", film="untrained = "))
    print(video.alt, len(video.mp4), "bytes")
    video.save(ROOT / "labkit/media/d3qn_gridworld.mp4")
