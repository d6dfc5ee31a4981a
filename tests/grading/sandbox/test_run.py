"""Jobs and replies: each answer gets its outcome, and none learns of another."""

import os
import shutil
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest

from coursekit.grading.sandbox import forkserver
from coursekit.grading.sandbox.bubblewrap import available
from coursekit.grading.sandbox.guest.wire import decode, encode
from coursekit.grading.sandbox.job import PRINTED, SENTENCE, Job, Limits
from coursekit.grading.sandbox.run import run_jobs
from coursekit.problems import CourseError

pytestmark = pytest.mark.skipif(
    not shutil.which("bwrap"), reason="bubblewrap is not installed: apt-get install bubblewrap"
)
DRAWS = tuple(encode({"x": np.arange(3.0) + k, "k": k}) for k in range(3))
SHORT = Limits(seconds=3)


def run(answer, probe="result = f(x, k)", draws=DRAWS, **settings):
    return run_jobs([Job("a", (), answer, probe, draws, **settings)])[0]


def values(reply):
    assert reply.outcome == "answered", reply
    return [decode(result, 2**20) for result in reply.results]


def test_each_draw_gives_a_result_in_the_order_of_the_draws():
    reply = run("def f(x, k):\n    return {'y': x * k, 'k': (k, 'é')}")
    results = values(reply)
    for k, result in enumerate(results):
        np.testing.assert_array_equal(result["y"], k * (np.arange(3.0) + k))
        assert result["k"] == (k, "é")
    assert (reply.name, reply.error, reply.where, reply.hint, len(results)) == ("a", "", "", "", 3)
    assert reply.seconds > 0


def test_set_up_runs_first_and_in_order():
    job = Job(
        "a",
        ("import numpy as np\nz = 1", "z = z + 1"),
        "def f(x, k):\n    return np.sum(x) * z",
        "result = f(x, k)",
        DRAWS,
    )
    assert values(run_jobs([job])[0]) == [6.0, 12.0, 18.0]


def test_cold_and_warm_starts_give_the_same_random_numbers():
    setup = ("import random\nimport keras\nimport numpy as np",)
    answer = "weights = keras.layers.Dense(2).build((1, 3))\nlayer = keras.layers.Dense(2)\nlayer.build((1, 3))"
    probe = "result = [random.random(), np.random.normal(), layer.kernel, keras.random.normal((2,))]"
    job = Job("a", setup, answer, probe, DRAWS[:1], limits=Limits(seconds=120))
    hot, cold = (values(run_jobs([job], warm=how)[0])[0] for how in (True, False))
    assert hot[:2] == cold[:2]
    np.testing.assert_array_equal(hot[2], cold[2])
    np.testing.assert_array_equal(hot[3], cold[3])


def test_a_warm_kernel_holds_what_the_courses_cells_import_and_nothing_for_an_answer():
    look, probe = "import sys\nheld = 'keras' in sys.modules", "result = held"
    forkserver._close()
    jobs = [Job("a", setup, "import keras", probe, DRAWS[:1]) for setup in ((look,), (look, "import keras"))]
    assert [values(reply) for reply in run_jobs(jobs)] == [[False], [True]]


def test_keras_models_train_in_a_warm_kernel_compiled_or_not():
    setup = ("import keras\nimport numpy as np\nimport tensorflow as tf",)
    answer = """
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1)])
model.compile("adam", "mse")
x, y = np.random.normal(size=(256, 3)).astype("float32"), np.ones((256, 1), "float32")
before = model.evaluate(x, y, verbose=0)
model.fit(x, y, epochs=5, verbose=0)

@tf.function(jit_compile=True)
def step(w, x):
    with tf.GradientTape() as tape:
        tape.watch(w)
        loss = tf.reduce_sum((w * x) ** 2)
    return tape.gradient(loss, w)
"""
    probe = (
        "result = [before - model.evaluate(x, y, verbose=0), step(tf.constant([1.0, 2.0]), tf.constant([3.0, 1.0]))]"
    )
    job = Job("a", setup, answer, probe, (encode({"k": 1}),), limits=Limits(seconds=120))
    ((gain, gradient),) = values(run_jobs([job])[0])
    assert gain > 0
    np.testing.assert_allclose(gradient, [18.0, 4.0])


@pytest.mark.parametrize(
    ("answer", "error", "where"),
    [
        ("raise NotImplementedError('TODO 3')", "NotImplementedError: TODO 3", "answer"),
        ("def f(x, k):\n    raise ValueError('two\\nlines')", "ValueError: two lines", "probe"),
        ("def f(x, k) return", "SyntaxError", "answer"),
        ("raise SystemExit(2)", "SystemExit: 2", "answer"),
        ("def f(x, k):\n    raise KeyboardInterrupt", "KeyboardInterrupt:", "probe"),
        ("g = 1", "NameError", "probe"),
        ("raise type('Long', (BaseException,), {})('x' * 10**6)", "Long: xxx", "answer"),
    ],
)
def test_what_raises_is_told_in_one_line(answer, error, where):
    reply = run(answer)
    assert (reply.outcome, reply.where, reply.results) == ("raised", where, ())
    assert reply.error.startswith(error)
    assert len(reply.error) <= SENTENCE
    assert "\n" not in reply.error


def test_a_set_up_that_raises_is_not_the_answers_fault():
    reply = run_jobs([Job("a", ("1 / 0",), "x = 1", "result = x", DRAWS)])[0]
    assert (reply.outcome, reply.where) == ("raised", "setup")
    assert reply.error == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("answer", "outcome", "where"),
    [
        ("while True:\n    pass", "timeout", "answer"),
        ("def f(x, k):\n    while True:\n        pass", "timeout", "probe"),
        (
            "import time\ndef f(x, k):\n    while True:\n        try:\n            time.sleep(9)\n        except BaseException:\n            pass",
            "timeout",
            "probe",
        ),
        ("import os\nos._exit(0)", "died", "answer"),
        ("import ctypes\nctypes.string_at(0)", "died", "answer"),
        ("def f(x, k):\n    __import__('os').abort()", "died", "probe"),
    ],
)
def test_what_does_not_end_well_is_named(answer, outcome, where):
    reply = run(answer, limits=SHORT)
    assert (reply.outcome, reply.where, reply.results) == (outcome, where, ())
    assert len(reply.printed) <= PRINTED


def test_printing_without_end_is_stopped():
    reply = run("while True:\n    print('without end')", limits=SHORT)
    # What is not sent yet fills the kernel's memory: which limit is met first is the machine's affair.
    assert reply.outcome in ("timeout", "memory")
    assert (reply.where, reply.results) == ("answer", ())
    assert reply.printed.startswith("without end\n") and len(reply.printed) <= PRINTED


@pytest.mark.parametrize(
    "answer",
    [
        "import numpy as np\nf = lambda x, k: np.ones(20 * 2**27)",
        "f = lambda x, k: bytearray(20 * 2**30)",
        "def f(x, k):\n    return [bytearray(2**27) for _ in range(200)]",
        "import tensorflow as tf\nf = lambda x, k: tf.ones((20, 2**28)) + 1",
    ],
)
def test_memory_is_limited(answer):
    assert run(answer).outcome == "memory"


def test_the_disk_is_limited():
    fill = "import os\nfor i in range(100):\n    with open(f'{i}', 'wb') as file:\n        file.write(bytes(2**20))"
    reply = run(fill, "result = 1", limits=Limits(disk=8 * 2**20))
    assert (reply.outcome, reply.error) == ("raised", "OSError: [Errno 28] No space left on device")
    reply = run("open('one', 'wb').write(bytes(2**24))", "result = 1", limits=Limits(disk=8 * 2**20))
    assert reply.outcome == "raised"


ANYTHING = """
class Anything:
    def __eq__(self, other): return True
    def __array__(self, *_): return np.ones(3)
    def __float__(self): return 1.0
    def __reduce__(self): return (print, ("pickled",))
import numpy as np
"""


@pytest.mark.parametrize(
    "answer",
    [
        ANYTHING + "f = lambda x, k: Anything()",
        ANYTHING + "f = lambda x, k: [1, {'a': Anything()}]",
        ANYTHING + "f = lambda x, k: np.array([Anything()], dtype=object)",
        "f = lambda x, k: (lambda: 1)",
        "f = lambda x, k: {1: 2}",
        "def f(x, k):\n    x = []\n    x.append(x)\n    return x",
        "f = lambda x, k: bytearray(3)",
        "import numpy as np\nf = lambda x, k: np.zeros(2**20)",
        "f = lambda x, k: 'x' * 2**21",
    ],
)
def test_what_is_no_plain_data_or_too_large_is_refused(answer):
    reply = run(answer, limits=Limits(seconds=5, reply=2**20))
    assert (reply.outcome, reply.where, reply.results) == ("refused", "probe", ())
    assert reply.error


def test_an_object_that_lies_about_being_an_array_is_only_the_array_it_gives():
    (result,) = values(
        run(
            "class Lie:\n    def numpy(self):\n        return np.array([5.0])\nimport numpy as np\nf = lambda x, k: Lie()",
            draws=DRAWS[:1],
        )
    )
    np.testing.assert_array_equal(result, [5.0])


PATCHED = """
kernel = get_ipython().kernel
async def do_execute(*arguments, **settings):
    return {reply}
kernel.do_execute = do_execute
"""


@pytest.mark.parametrize(
    "reply",
    [
        "{'status': 'ok', 'execution_count': 1, 'user_expressions': {}}",
        "{'status': 'ok', 'execution_count': 1, 'user_expressions': {'value': 'full marks'}}",
        "{'status': 'ok', 'execution_count': 1, 'user_expressions': {'value': {'status': 'ok', 'data': {'text/plain': 7}}}}",
        "{'status': 'ok', 'execution_count': 1, 'user_expressions': {'value': {'status': 'ok', 'data': {'text/plain': \"'?'\"}}}}",
        "{'status': 'ok', 'execution_count': 1, 'user_expressions': {'value': {'status': 'ok', 'data': {'text/plain': 'A' * 3 * 2**19}}}}",
    ],
)
def test_a_kernel_that_was_patched_forges_nothing_that_is_taken_for_data(reply):
    assert run(PATCHED.format(reply=reply), limits=Limits(seconds=5, reply=2**20)).outcome == "refused"


def test_a_forged_reply_of_the_right_form_is_only_data():
    forged = "{'status': 'ok', 'execution_count': 1, 'user_expressions': {'value': {'status': 'ok', 'data': {'text/plain': \"'AAAA'\"}}}}"
    reply = run(PATCHED.format(reply=forged), draws=DRAWS[:1])
    assert reply.results == (b"\0\0\0",)
    with pytest.raises(ValueError, match="does not begin"):
        decode(reply.results[0], 100)


FLOOD = """
import threading
def flood():
    kernel = get_ipython().kernel
    while True:
        kernel.session.send(kernel.iopub_socket, "stream", {"name": "stdout", "text": "x" * 2**22}, parent=kernel.get_parent())
threading.Thread(target=flood, daemon=True).start()
def f(x, k):
    return k
"""


def test_a_flood_of_messages_harms_neither_the_grader_nor_the_next_job():
    jobs = [Job("a", (), FLOOD, "result = f(x, k)", DRAWS, limits=SHORT), Job("b", (), "y = 1", "result = y", DRAWS)]
    flood, good = run_jobs(jobs)
    assert flood.outcome in ("answered", "timeout", "memory", "refused")
    assert len(flood.printed) <= PRINTED
    assert good.outcome == "answered"


def test_a_reply_too_large_to_be_received_never_arrives():
    huge = PATCHED.format(reply="{'status': 'ok', 'execution_count': 1, 'user_expressions': {'value': 'x' * 2**26}}")
    reply = run(huge, limits=Limits(seconds=5, reply=2**20))
    assert (reply.outcome, reply.where) == ("timeout", "probe")


def test_patching_what_checks_use_changes_no_result_but_its_own():
    patch = """
import builtins, numpy as np, numpy.testing, json, base64
numpy.testing.assert_allclose = numpy.testing.assert_array_equal = np.allclose = lambda *a, **k: True
builtins.isinstance = lambda *a: True
np.ndarray.__eq__ = None if False else np.ndarray.__eq__
def f(x, k):
    return 0.0
"""
    reply = run(patch)
    assert reply.outcome != "answered" or values(reply) == [0.0, 0.0, 0.0]


def test_a_job_finds_nothing_that_another_left():
    leave = """
import os, socket, sys, builtins
open("/scratch/left", "w").write("x")
open("/dev/shm/left", "w").write("x")
server = socket.socket(socket.AF_UNIX)
server.bind("\\0left")
server.listen()
builtins.left = sys.left = 1
import numpy
numpy.left = 1
if not os.fork():
    os.setsid()
    while True:
        pass
"""
    look = """
import os, socket, sys, builtins, numpy
def reached():
    try:
        socket.socket(socket.AF_UNIX).connect("\\0left")
        return True
    except OSError:
        return False
found = [os.path.exists("/scratch/left"), os.path.exists("/dev/shm/left"), reached(),
         hasattr(builtins, "left"), hasattr(sys, "left"), hasattr(numpy, "left")]
found.append(len([name for name in os.listdir("/proc") if name.isdigit()]) > 1)
"""
    jobs = [Job("a", (), leave, "result = 1", DRAWS), Job("b", (), look, "result = found", DRAWS[:1])]
    left, looked = run_jobs(jobs)
    assert left.outcome == "answered"
    assert values(looked) == [[False] * 7]


def test_the_hint_is_the_sentence_of_the_lesson_s_check():
    setup = ("from labkit import check",)
    job = Job(
        "a",
        setup,
        "y = 2\ndef fails():\n    raise ValueError",
        "result = y",
        DRAWS[:1],
        check="check(y == 3, 'y is\\n3 ✗')",
    )
    (reply,) = run_jobs([job])
    assert (reply.outcome, reply.hint) == ("answered", "y is 3 ✗")
    for check in ("check(y == 2, 'no')", "1 / 0", "fails()", "while True:\n    pass", "import os; os._exit(1)"):
        (reply,) = run_jobs([Job("a", setup, job.answer, "result = y", DRAWS[:1], check=check, limits=SHORT)])
        assert (reply.outcome, reply.hint, len(reply.results)) == ("answered", "", 1)


def test_what_is_printed_is_kept_from_its_beginning():
    reply = run("print('first')\nfor _ in range(3000): print('more')\ndef f(x, k): return k")
    assert reply.outcome == "answered"
    assert reply.printed.startswith("first\nmore\n")
    assert len(reply.printed) == PRINTED


def test_jobs_run_in_worker_processes_and_in_threads():
    jobs = [Job(str(i), (), f"y = {i}", "result = y", DRAWS[:1]) for i in range(3)]
    for pool in (ProcessPoolExecutor(2), ThreadPoolExecutor(2)):
        with pool:
            replies = list(pool.map(run_jobs, [[job] for job in jobs]))
        assert [values(reply) for (reply,) in replies] == [[0], [1], [2]]


def test_when_the_warm_process_dies_there_is_another_and_then_the_cold_start():
    assert run("y = 1", "result = y").outcome == "answered"
    for _ in range(3):
        if forkserver._server:
            os.kill(forkserver._server._process.pid, signal.SIGKILL)
            forkserver._server._process.wait()
        assert run("y = 1", "result = y").outcome == "answered"
    assert forkserver._failures >= 2
    forkserver._failures = 0


def test_without_a_sandbox_nothing_runs_unless_told_so(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    available.cache_clear()
    try:
        with pytest.raises(CourseError, match=r"bubblewrap is missing.*--unsafe-no-sandbox"):
            run("y = 1", "result = y")
        (reply,) = run_jobs([Job("a", (), "y = 1", "result = y", DRAWS[:1])], sandboxed=False)
        assert values(reply) == [1]
    finally:
        available.cache_clear()
