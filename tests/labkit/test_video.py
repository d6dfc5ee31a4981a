from base64 import b64decode
from io import BytesIO

import gymnasium as gym
import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

import labkit
from labkit.video import Video
from tests.labkit.notebooks import outputs


class Clock(gym.Env):
    """Grey frames of odd sides that grow lighter; terminates after 6 steps."""

    metadata = {"render_modes": ["rgb_array"], "render_fps": 3}  # noqa: RUF012 - Gymnasium's form
    render_mode = "rgb_array"
    observation_space = gym.spaces.Discrete(7)
    action_space = gym.spaces.Discrete(1)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.t = 0
        return 0, {}

    def step(self, action):
        self.t += 1
        return self.t, 1.0, self.t == 6, False, {}

    def render(self):
        return np.full((65, 97, 3), 40 * self.t, np.uint8)


def decoded(video, folder):
    path = folder / "clip.mp4"
    video.save(path)
    reader = imageio_ffmpeg.read_frames(str(path))
    meta = next(reader)
    width, height = meta["size"]
    return meta, [np.frombuffer(data, np.uint8).reshape(height, width, 3) for data in reader]


@pytest.fixture(scope="module")
def clip():
    return labkit.record(Clock(), lambda obs: 0)


@pytest.fixture(scope="module")
def cartpole():
    """10 seconds of a pole that is held."""
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    return labkit.record(env, lambda obs: int(obs @ [0.05, 0.1, 1.0, 0.5] > 0), seed=0)


def test_every_frame_is_there_in_order_from_reset_to_the_end(clip, tmp_path):
    meta, frames = decoded(clip, tmp_path)
    assert meta["size"] == (98, 66)  # padded to even sides
    assert meta["fps"] == 3
    assert "yuv420p" in meta["pix_fmt"] and meta["codec"] == "h264"
    np.testing.assert_allclose([frame.mean() for frame in frames], 40 * np.arange(7), atol=3)


def test_max_steps_and_fps(tmp_path):
    meta, frames = decoded(labkit.record(Clock(), lambda obs: 0, max_steps=2, fps=10), tmp_path)
    assert len(frames) == 3 and meta["fps"] == 10


def test_same_seed_same_clip():
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    first, again, other = (labkit.record(env, lambda obs: env.action_space.sample(), seed=seed) for seed in (1, 1, 2))
    assert first.mp4 == again.mp4 != other.mp4


def test_alt_says_what_is_seen(clip, cartpole):
    assert clip.alt == "Video of Clock: 6 steps, return 6.0"
    assert cartpole.alt == "Video of CartPole-v1: 500 steps, return 500.0"


def test_ten_seconds_of_cartpole_are_small_and_sharp(cartpole, tmp_path):
    assert 20_000 < len(cartpole.mp4) < 40_000
    meta, frames = decoded(cartpole, tmp_path)
    assert meta["size"] == (600, 400) and len(frames) == 501
    env = gym.make("CartPole-v1", render_mode="rgb_array")
    env.reset(seed=0)
    error = np.abs(frames[0].astype(float) - env.render())
    assert error.mean() < 1.5


def test_the_strip_shows_moments_from_first_to_last(clip, cartpole):
    strip = Image.open(BytesIO(clip.frames_strip)).convert("RGB")
    assert strip.size == (994, 186)  # 4 frames 244 wide with gaps of 6; 164 high with a caption of 22
    greys = [strip.getpixel((250 * i + 100, 80))[0] for i in range(4)]
    np.testing.assert_allclose(greys, [0, 80, 160, 240], atol=6)
    assert len(cartpole.frames_strip) < 10_000


def test_a_clip_of_one_frame_has_a_strip_of_one():
    still = labkit.record(Clock(), lambda obs: 0, max_steps=0)
    assert Image.open(BytesIO(still.frames_strip)).width == 244


def test_an_environment_that_gives_no_pictures_says_how_to_make_it():
    message = r'^Cannot record this environment: make it with gym.make\(..., render_mode="rgb_array"\).$'
    with pytest.raises(ValueError, match=message):
        labkit.record(gym.make("CartPole-v1"), lambda obs: 0)


def test_shipped_clips(clip, tmp_path, monkeypatch):
    monkeypatch.setattr("labkit.video._MEDIA", tmp_path)
    clip.save(tmp_path / "clock.mp4")
    shipped = labkit.load("clock", "A clock ticks")
    assert (shipped.mp4, shipped.alt) == (clip.mp4, "Video: A clock ticks")
    with pytest.raises(FileNotFoundError, match=r"^labkit has no clip called 'pole': choose among clock.$"):
        labkit.load("pole", "A pole")


def test_outside_a_notebook_nothing_is_shown(capsys):
    labkit.show(Video(b"", ""))
    assert capsys.readouterr() == ("", "")


CELL = """
import gymnasium as gym, labkit
labkit.use("fr")
env = gym.make("labkit/ThreeStateMDP-v0", render_mode="rgb_array")
clip = labkit.record(env, lambda obs: env.action_space.sample(), seed=0, max_steps=3)
"""


def test_a_notebook_holds_the_player_then_the_strip():
    _setup, one, two = outputs(CELL, "labkit.show(clip)", "labkit.side_by_side([('avant', clip), ('après <b>', clip)])")
    player, strip = one
    html = player.data["text/html"]
    assert "<video controls" in html and "aria-label=" in html and "figcaption" not in html
    mp4 = b64decode(html.partition("base64,")[2].partition('"')[0])
    assert b"ftyp" in mp4[:12]
    alt = player.data["text/plain"]
    assert alt.startswith("Vidéo de labkit/ThreeStateMDP-v0\u202f: 3 pas, rendement")
    assert strip.metadata["image/png"]["alt"] == strip.data["text/plain"] == alt
    both, first, second = two
    assert both.data["text/html"].count("<video") == 2
    assert "<figcaption>après &lt;b&gt;</figcaption>" in both.data["text/html"]
    assert [first.data["text/plain"][:9], second.data["text/plain"][:6]] == ["avant\u202f: V", "après "]
    assert both.data["text/plain"].count("\u202f; ") == 1


def test_actions_are_drawn_from_another_seed_than_the_episode():
    env, seeds = Clock(), {}
    env.action_space = gym.spaces.Discrete(2)
    env.action_space.seed = lambda seed: seeds.__setitem__("actions", seed)
    env.reset = lambda *, seed=None: seeds.__setitem__("episode", seed) or Clock.reset(env, seed=seed)
    labkit.record(env, lambda obs: 0, seed=5, max_steps=1)
    assert seeds["episode"] == 5
    assert seeds["actions"] not in (None, 5)
