"""A learning curve that grows under the cell while an agent trains."""

import time
from io import BytesIO
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from labkit.display import in_notebook, show_png
from labkit.messages import _, ngettext
from labkit.numbers import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SHORTEST, _LONGEST = 0.5, 2.0  # seconds between two drawings
_REST = 5  # times as long as a drawing took, before the next one: the time is for training


def moving_average(values: npt.ArrayLike, window: int) -> npt.NDArray[np.float64]:
    """Mean of the last `window` values at each point; of all so far where there are fewer.

    Args:
        values: shape (n,).
        window: how many values, 1 or more.

    Returns:
        Shape (n,), float64.
    """
    sums = np.concatenate([[0.0], np.cumsum(np.asarray(values, dtype=np.float64))])
    ends = np.arange(1, len(sums))
    starts = np.maximum(ends - window, 0)
    averages: npt.NDArray[np.float64] = (sums[ends] - sums[starts]) / (ends - starts)
    return averages


class LivePlot:
    """Each episode's return, its moving average and the line to reach, redrawn in place.

    It leaves what the cell prints where it is, shows one picture however often it is redrawn,
    and shows nothing outside a notebook. It is redrawn every half second; where drawing is
    slow, every two seconds.

        with LivePlot("CartPole", solved_at=475) as plot:
            for episode in range(300):
                plot.add(train_one_episode())

    Args:
        title: above the plot.
        solved_at: mean return at which the problem counts as solved; None draws no line.
        window: episodes in the moving average.
        xlabel: under the plot; "episode" by default.
        ylabel: beside it; "return" by default.
    """

    def __init__(
        self,
        title: str = "",
        solved_at: float | None = None,
        window: int = 20,
        xlabel: str | None = None,
        ylabel: str | None = None,
    ) -> None:
        self.title, self.solved_at, self.window = title, solved_at, window
        self.xlabel = _("episode") if xlabel is None else xlabel
        self.ylabel = _("return") if ylabel is None else ylabel
        self.values: list[float] = []
        self._handle: Any = None
        self._next_drawing = 0.0
        self._drawn = 0  # how many values the picture shows

    def add(self, value: float) -> None:
        """Add one episode's return; redraw if the last drawing is old enough."""
        self.values.append(float(value))
        if time.monotonic() >= self._next_drawing:
            self._draw()

    def close(self) -> None:
        """Draw whatever has not been drawn yet."""
        if len(self.values) > self._drawn:
            self._draw()

    def __enter__(self) -> Self:
        self._draw()  # before the cell prints anything, so that a progress bar stays in one piece below
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()  # after an interruption too: the curve so far is worth seeing

    def figure(self) -> "Figure":
        """The plot as it stands now."""
        from matplotlib.figure import Figure  # without pyplot: the notebook shows no second copy
        from matplotlib.ticker import MaxNLocator

        figure = Figure(figsize=(7, 3.5), layout="constrained")
        axes = figure.subplots()
        episodes = np.arange(1, len(self.values) + 1)
        axes.plot(episodes, self.values, color="0.75", linewidth=1, label=self.ylabel)
        smooth_label = ngettext("the last", "mean of the last {n}", self.window).format(n=self.window)
        axes.plot(episodes, moving_average(self.values, self.window), "C0", linewidth=2, label=smooth_label)
        if self.solved_at is not None:
            label = _("solved: {value:g}").format(value=number(self.solved_at))
            axes.axhline(self.solved_at, color="C2", linestyle="--", label=label)
        axes.set(title=self.title, xlabel=self.xlabel, ylabel=self.ylabel)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
        axes.legend(loc="best")
        return figure

    def alt(self) -> str:
        """The plot in words."""
        title = self.title or _("Learning curve")
        if not self.values:
            return title
        n, mean = len(self.values), number(moving_average(self.values, self.window)[-1])
        window = min(self.window, n)
        last = ngettext("the last: {mean:.1f}", "mean of the last {window}: {mean:.1f}", window)
        whole = ngettext(
            "{title}: {ylabel} by {xlabel}, {n} value, {last}", "{title}: {ylabel} by {xlabel}, {n} values, {last}", n
        )
        last = last.format(window=window, mean=mean)
        return whole.format(title=title, ylabel=self.ylabel, xlabel=self.xlabel, n=n, last=last)

    def _draw(self) -> None:
        """Show the plot, in the place of the one before."""
        if not in_notebook():
            return
        began = time.monotonic()
        png = BytesIO()
        self.figure().savefig(png, format="png", dpi=80)
        self._handle = show_png(png.getvalue(), self.alt(), self._handle)
        self._drawn = len(self.values)
        now = time.monotonic()
        self._next_drawing = now + min(max(_SHORTEST, _REST * (now - began)), _LONGEST)
