"""Plots and tables follow `labkit.use`, whatever the system's locale."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from labkit import use
from labkit.tables import table_html, table_text
from tests.labkit.notebooks import outputs


def ticks(axis):
    """The texts along an axis, and at its end."""
    axis.figure.canvas.draw()
    return [label.get_text() for label in axis.get_ticklabels()], axis.get_offset_text().get_text()


def drawn(xs, ys):
    axes = plt.figure().subplots()
    axes.plot(xs, ys)
    axes.set_xticks(xs)
    return axes


def test_ticks_in_each_language():
    axes = drawn([0, 0.25, 0.5], [0, 1, 2])
    before = ticks(axes.xaxis)
    assert before[0] == ["0.00", "0.25", "0.50"]
    use("fr")
    axes = drawn([-0.25, 0.25, 0.5], [0, 1, 2])
    assert ticks(axes.xaxis)[0] == ["\N{MINUS SIGN}0,25", "0,25", "0,50"]
    use("en")
    assert ticks(axes.xaxis)[0] == ["\N{MINUS SIGN}0.25", "0.25", "0.50"]
    plt.close("all")


def test_what_stands_at_the_end_of_an_axis():
    use("ro")
    axes = drawn([100_000.5, 100_000.75], [0, 1])
    axes.ticklabel_format(axis="x", useOffset=100_000.5)
    assert ticks(axes.xaxis) == (["0,00", "0,25"], "+1,000005e5")
    axes.ticklabel_format(axis="x", useOffset=100_000.5, useMathText=True)
    assert "{,}" in ticks(axes.xaxis)[1] and "." not in ticks(axes.xaxis)[1]
    plt.close("all")


def test_other_scales_are_as_before():
    use("fr")
    axes = plt.figure().subplots()
    axes.set(xscale="log", xlim=(0.01, 1))
    assert "10^{-1}" in "".join(ticks(axes.xaxis)[0])
    plt.close("all")


TABLE = pd.DataFrame({"mean": [0.5, -12.25], "n": [3, 4]}, index=["a.b", "c"])


def test_a_table_in_each_language():
    assert table_html(TABLE) == TABLE._repr_html_()
    assert table_text(TABLE) == repr(TABLE)
    use("fr")
    assert table_html(TABLE) == TABLE._repr_html_().replace("0.50", "0,50").replace("12.25", "12,25")
    assert table_text(TABLE) == repr(TABLE).replace("0.50", "0,50").replace("12.25", "12,25")


@pytest.mark.parametrize("rows", [60, 61, 100])
def test_long_tables_are_cut_as_before(rows):
    table = pd.DataFrame({"x": np.arange(rows) + 0.5})
    english = table_html(table), table_text(table)
    use("ro")
    assert (table_html(table), table_text(table)) == tuple(text.replace(".5", ",5") for text in english)


def test_a_notebook_shows_tables_and_plots_in_its_language():
    set_up = "import labkit, sys\nlabkit.use('fr')\n'pandas' in sys.modules"
    table = "import pandas as pd\npd.DataFrame({'x': [0.5]})"
    (first,), (shown,), (english,) = outputs(set_up, table, "labkit.use('en')\npd.DataFrame({'x': [0.5]})")
    assert first.data["text/plain"] == "False"
    assert "0,5" in shown.data["text/html"] and "0,5" in shown.data["text/plain"]
    assert "0.5" in english.data["text/html"] and "0.5" in english.data["text/plain"]
