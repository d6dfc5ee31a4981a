"""Videos of an agent, small enough to live inside a notebook."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gymnasium as gym

from labkit.clips import frames_strip, mp4_writer
from labkit.display import in_notebook, show_html, show_png
from labkit.evaluation import Policy
from labkit.messages import _, ngettext
from labkit.numbers import number

_MEDIA = Path(__file__).parent / "media"


@dataclass(frozen=True, eq=False)
class Video:
    """A clip.

    Attributes:
        mp4: the file's bytes (H.264).
        alt: the clip in words.
    """

    mp4: bytes
    alt: str

    @cached_property
    def frames_strip(self) -> bytes:
        """A PNG with moments of the clip side by side, for where no video is shown."""
        return frames_strip(self.mp4, "")

    def save(self, path: str | Path) -> None:
        """Write the mp4 file."""
        Path(path).write_bytes(self.mp4)


def record(
    env: gym.Env[Any, Any],
    policy: Policy,
    *,
    seed: int | None = None,
    max_steps: int | None = None,
    fps: float | None = None,
) -> Video:
    """Play one episode and film it.

    Args:
        env: an environment made with `render_mode="rgb_array"`.
        policy: a function from an observation to an action.
        seed: seed of the episode, and of actions drawn from `env.action_space`; None goes on
            with the random numbers where they are.
        max_steps: stop after so many steps; None goes on to the end of the episode.
        fps: frames a second; the environment's own speed by default.

    Raises:
        ValueError: the environment gives no pictures.
    """
    if env.render_mode != "rgb_array":
        raise ValueError(_('Cannot record this environment: make it with gym.make(..., render_mode="rgb_array").'))
    fps = fps or env.metadata.get("render_fps", 30)
    if seed is not None:
        env.action_space.seed(seed + 1)  # not the same: it would tie the actions to the environment's chances
    obs, _info = env.reset(seed=seed)
    total, steps, done = 0.0, 0, False
    with TemporaryDirectory() as folder:
        path = Path(folder) / "episode.mp4"
        with mp4_writer(path, fps) as write:
            write(env.render())
            while not done and steps != max_steps:
                obs, reward, terminated, truncated, _info = env.step(policy(obs))
                total, steps, done = total + float(reward), steps + 1, terminated or truncated
                write(env.render())
        mp4 = path.read_bytes()
    name = env.spec.id if env.spec else type(env.unwrapped).__name__
    alt = ngettext(
        "Video of {env}: {n} step, return {total:.1f}",
        "Video of {env}: {n} steps, return {total:.1f}",
        steps,
    ).format(env=name, n=steps, total=number(total))
    return Video(mp4, alt)


def load(name: str, words: str) -> Video:
    """A clip that is shipped with labkit.

    Args:
        name: of the clip.
        words: what it shows, for those who do not see it.

    Raises:
        FileNotFoundError: there is none of that name.
    """
    path = _MEDIA / f"{name}.mp4"
    if not path.is_file():
        shipped = ", ".join(sorted(clip.stem for clip in _MEDIA.glob("*.mp4")))
        raise FileNotFoundError(
            _("labkit has no clip called {name!r}: choose among {shipped}.").format(name=name, shipped=shipped)
        )
    return Video(path.read_bytes(), _("Video: {words}").format(words=words))


def show(*videos: Video) -> None:
    """Show clips under the cell, each with its strip of frames; nothing outside a notebook."""
    side_by_side([("", video) for video in videos])


def side_by_side(videos: Sequence[tuple[str, Video]]) -> None:
    """Show clips beside each other, then the strip of frames of each.

    A strip is there for GitHub and for paper, which show no video. Outside a notebook nothing
    is shown.

    Args:
        videos: pairs (label, clip); an empty label is left out.
    """
    if not in_notebook():
        return
    players = "".join(_player(label, video) for label, video in videos)
    show_html(
        f'<div style="display:flex;flex-wrap:wrap;gap:1em">{players}</div>',
        _("; ").join(_labelled(label, video.alt) for label, video in videos),
    )
    for label, video in videos:
        strip = frames_strip(video.mp4, label) if label else video.frames_strip
        show_png(strip, _labelled(label, video.alt))


def _labelled(label: str, alt: str) -> str:
    """A clip in words, its label first."""
    return _("{label}: {alt}").format(label=label, alt=alt) if label else alt


def _player(label: str, video: Video) -> str:
    source = b64encode(video.mp4).decode()
    caption = f"<figcaption>{escape(label)}</figcaption>" if label else ""
    return (
        f'<figure style="margin:0">{caption}<video controls loop muted playsinline width="400" '
        f'aria-label="{escape(video.alt)}" src="data:video/mp4;base64,{source}"></video></figure>'
    )
