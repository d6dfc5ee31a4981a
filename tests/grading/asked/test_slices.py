"""The slice of cells that is run before an answer."""

from coursekit.grading.asked.slices import Given, defined, needed, used

CODE = """
import numpy as np
from math import pi as p
x, y = 1, z
def f(a, b=c):
    global g
    g = a + d
    return [e for e in a if e]
class K(M):
    h = i
    def m(self):
        return j(self)
"""


def test_names_that_a_cell_binds_and_uses():
    assert defined(CODE) == {"np", "p", "x", "y", "f", "K"}
    assert used(CODE) - {"g"} == {"z", "c", "d", "M", "i", "j"}
    assert (defined("def f(:"), used("def f(:")) == ({"f"}, set())


def test_only_cells_that_are_needed_are_run():
    cells = [
        Given("imports", "import numpy as np"),
        Given("old", "def f():\n    return old()"),
        Given("slow", "rng = np.random.default_rng()\nresults = train(rng)"),
        Given("effect", "np.seterr(all='raise')"),
        Given("f", "def f():\n    return np.zeros(n)"),
        Given("n", "n = 3"),
    ]
    assert [cell.name for cell in needed(cells, {"f"})] == ["imports", "f"]  # n comes after f, but is it run?
    assert [cell.name for cell in needed(cells, {"f", "n"}, ["effect"])] == ["imports", "effect", "f", "n"]
