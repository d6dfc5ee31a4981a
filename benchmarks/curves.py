"""The picture of the learning curves."""

from collections.abc import Sequence
from io import BytesIO

from benchmarks.summary import Run, select
from benchmarks.tasks import NAMES, TASKS


def curves(runs: Sequence[Run]) -> bytes:
    """Greedy score against processor seconds, one panel a task and one line a run, as PNG."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter

    shown = [key for key in TASKS if any(run["task"] == key for run in runs)]
    if not shown:
        raise ValueError("there is no learning curve to draw yet")
    figure = Figure(figsize=(11, 3.6 * ((len(shown) + 1) // 2)), layout="constrained")
    panels = figure.subplots((len(shown) + 1) // 2, 2, squeeze=False).ravel()
    for axes, key in zip(panels, shown, strict=False):
        task = TASKS[key]
        for colour, name in enumerate(task.budget):
            for run in select(runs, key, name):
                points = run["points"]
                label = NAMES[name] if run is select(runs, key, name)[0] else None
                x, y = [point[1] for point in points], [point[3] for point in points]
                axes.plot(x, y, f"C{colour}", linewidth=1, marker=".", markersize=3, label=label)
                if run["reached"]:
                    axes.plot(x[-1:], y[-1:], f"C{colour}o", markersize=6)
        axes.axhline(task.threshold, color="0.5", linestyle="--", linewidth=1)
        axes.set(title=task.title, xlabel="CPU seconds (imports not counted)", ylabel="greedy score", xscale="log")
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.grid(alpha=0.3)
        axes.legend(fontsize="small")
    for axes in panels[len(shown) :]:
        axes.set_visible(False)
    png = BytesIO()
    figure.savefig(png, format="png", dpi=100)
    return png.getvalue()
