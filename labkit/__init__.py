"""The helper package of the course: what its lessons import.

Each function is short and says where its equation comes from: reading it is part of the course.
"""

import os
import sys

# A server has neither screen nor sound card; pygame must neither look for them nor greet.
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
# Unless told before it starts, TensorFlow takes all the memory of a GPU at once.
os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
# Its first operation complains of missing GPUs, with the time, under the cell that happens to run it.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from labkit.acting import NumpyNetwork
from labkit.checks import CheckFailed, check, check_recorded, check_value, passed
from labkit.envs import register_all
from labkit.evaluation import Evaluation, belief_and_truth, evaluate, greedy_returns, run_episode
from labkit.language import use
from labkit.live import LivePlot
from labkit.networks import check_network, copy_weights, load_network, mlp, save_network, soft_update
from labkit.numbers import number
from labkit.progress import progress
from labkit.recording import RecordingBuffer
from labkit.replay import Batch, ReplayBuffer
from labkit.runs import Runs
from labkit.schedules import exponential_decay, linear_decay
from labkit.scripted import ScriptedEnv, ScriptedVectorEnv
from labkit.seeding import seed_everything
from labkit.training import Training
from labkit.updates import compile_updates
from labkit.video import Video, load, record, show, side_by_side

__all__ = [
    "Batch",
    "CheckFailed",
    "Evaluation",
    "LivePlot",
    "NumpyNetwork",
    "RecordingBuffer",
    "ReplayBuffer",
    "Runs",
    "ScriptedEnv",
    "ScriptedVectorEnv",
    "Training",
    "Video",
    "belief_and_truth",
    "check",
    "check_network",
    "check_recorded",
    "check_value",
    "compile_updates",
    "copy_weights",
    "evaluate",
    "exponential_decay",
    "greedy_returns",
    "linear_decay",
    "load",
    "load_network",
    "mlp",
    "number",
    "passed",
    "progress",
    "record",
    "run_episode",
    "save_network",
    "seed_everything",
    "show",
    "side_by_side",
    "soft_update",
    "use",
]

register_all()
