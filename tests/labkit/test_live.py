import numpy as np
import pytest

from labkit import LivePlot, use
from labkit.live import moving_average
from tests.labkit.notebooks import outputs


def test_moving_average_by_hand():
    np.testing.assert_allclose(moving_average([1, 3, 5, 7], 2), [1, 2, 4, 6])
    np.testing.assert_allclose(moving_average([1, 3, 5], 10), [1, 2, 3])
    assert moving_average([], 3).shape == (0,)


def test_what_is_drawn():
    plot = LivePlot("CartPole", solved_at=475, window=2)
    for value in (1, 3, 5):
        plot.add(value)
    axes = plot.figure().axes[0]
    raw, smooth, solved = axes.lines
    assert list(raw.get_xdata()) == [1, 2, 3]
    assert list(raw.get_ydata()) == [1, 3, 5]
    assert list(smooth.get_ydata()) == [1, 2, 4]
    assert set(solved.get_ydata()) == {475}
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["return", "mean of the last 2", "solved: 475"]
    assert (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()) == ("CartPole", "episode", "return")


def test_without_a_line_to_reach_there_is_none():
    assert len(LivePlot().figure().axes[0].lines) == 2


def test_labels_are_translated_unless_given():
    use("fr")
    plot = LivePlot(ylabel="erreur")
    plot.add(0.5)
    assert (plot.xlabel, plot.ylabel) == ("épisode", "erreur")
    assert plot.alt() == "Courbe d'apprentissage\u202f: erreur par épisode, 1 valeur, la dernière\u202f: 0,5"
    plot.add(1.0)
    assert plot.alt().endswith("2 valeurs, moyenne des 2 dernières\u202f: 0,8")  # 0.75


def test_before_the_first_value():
    plot = LivePlot("CartPole", solved_at=475)
    assert plot.alt() == "CartPole"
    assert [len(line.get_xdata()) for line in plot.figure().axes[0].lines] == [0, 0, 2]


def test_outside_a_notebook_nothing_is_shown(capsys):
    with LivePlot() as plot:
        plot.add(1.0)
    assert plot.values == [1.0]
    assert capsys.readouterr() == ("", "")


def test_an_interruption_is_passed_on():
    with pytest.raises(KeyboardInterrupt), LivePlot() as plot:
        plot.add(1.0)
        raise KeyboardInterrupt


CELL = """
from labkit import LivePlot
print("before")
with LivePlot("CartPole", solved_at=3) as plot:
    for value in (1, 2, 3):
        plot.add(value)
        print("episode", value)
    plot.add(4)
print("after")
"""


def test_a_notebook_shows_one_picture_and_keeps_what_is_printed():
    (cell,) = outputs(CELL)
    printed = "".join(output.text for output in cell if output.output_type == "stream")
    assert printed == "before\nepisode 1\nepisode 2\nepisode 3\nafter\n"
    pictures = [output for output in cell if output.output_type == "display_data"]
    assert len(pictures) == 1
    # It comes first, so that a progress bar is not cut in two by it.
    kinds = [output.output_type for output in cell]
    assert kinds[:2] == ["stream", "display_data"]
    assert cell[0].text == "before\n"
    alt = "CartPole: return by episode, 4 values, mean of the last 4: 2.5"  # the last state
    assert pictures[0].data["text/plain"] == alt
    assert pictures[0].metadata["image/png"]["alt"] == alt
    assert pictures[0].data["image/png"].startswith("iVBORw0KGgo")


def test_an_interrupted_cell_shows_the_curve_so_far():
    source = "from labkit import LivePlot\nwith LivePlot() as plot:\n    plot.add(1)\n    plot.add(3)\n    raise KeyboardInterrupt"
    (cell,) = outputs(source, allow_errors=True)
    picture = next(output for output in cell if output.output_type == "display_data")
    assert "2 values, mean of the last 2: 2.0" in picture.data["text/plain"]


def test_two_plots_in_a_cell_stay_apart():
    source = "from labkit import LivePlot\nfor title in 'ab':\n    with LivePlot(title) as plot:\n        plot.add(1)\n        plot.add(2)"
    (cell,) = outputs(source)
    assert [output.data["text/plain"][0] for output in cell] == ["a", "b"]
