import os
import subprocess
import sys

SCRIPT = """
import sys, labkit, os
import gymnasium
heavy = [name for name in ("tensorflow", "matplotlib", "imageio", "imageio_ffmpeg", "PIL", "pygame", "IPython", "pandas") if name in sys.modules]
assert not heavy, heavy
assert "labkit/ThreeStateMDP-v0" in gymnasium.registry
assert os.environ["SDL_AUDIODRIVER"] == "dummy"
if sys.platform == "linux":
    assert os.environ["SDL_VIDEODRIVER"] == "dummy"
"""


def run(script):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DISPLAY", "WAYLAND", "SDL_", "PYGAME"))}
    return subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)


def test_import_is_light_silent_and_needs_no_screen():
    done = run(SCRIPT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_pygame_does_not_greet():
    done = run("import labkit, pygame; pygame.init()")
    assert (done.returncode, done.stdout) == (0, "")


def test_star_names_exist():
    done = run("from labkit import *; import labkit; assert callable(progress) and labkit.progress is progress")
    assert (done.returncode, done.stderr) == (0, "")


def test_tensorflow_will_take_gpu_memory_only_as_it_needs_it():
    done = run("import labkit, os; assert os.environ['TF_FORCE_GPU_ALLOW_GROWTH'] == 'true'")
    assert (done.returncode, done.stderr) == (0, "")
