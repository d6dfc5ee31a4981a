"""A training run: watched while it goes on, interrupted and taken up again, its best weights kept."""

import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from labkit.acting import NumpyNetwork
from labkit.live import LivePlot
from labkit.messages import _, ngettext
from labkit.numbers import number
from labkit.progress import progress

_Weights = list[npt.NDArray[Any]]  # of one network


class Training:
    """What a run has reached so far; the loop itself is yours.

        training = Training("DQN on CartPole", q_net, solved_at=475)   # in a cell of its own

        with training:                                                 # in the training cell
            for step in training.steps(50_000):
                ...
                training.add(episode_return)
                training.keep(score)

    Inside `with`, a progress bar and a plot show how it goes, and an interruption ends the loop
    quietly: the cell run again goes on from the same step. Without `with`, the loop is silent.

    Args:
        title: above the plot.
        networks: those whose best weights are kept: a Keras model or a NumpyNetwork, or a list.
        solved_at: mean return at which the problem counts as solved: a line in the plot.
        window: episodes in the moving average and in the stop rule.
        stop_at: the loop ends when the mean of the last `window` returns reaches this; None: never.

    Attributes:
        step: steps done so far.
        returns: undiscounted return of each finished training episode.
        scores: pairs (step, score), one for each call of `keep`.
        best: the highest score so far; None before the first.
    """

    def __init__(
        self,
        title: str,
        networks: Any,
        *,
        solved_at: float | None = None,
        window: int = 100,
        stop_at: float | None = None,
    ) -> None:
        self.title, self.solved_at, self.window, self.stop_at = title, solved_at, window, stop_at
        self.networks: list[Any] = list(networks) if isinstance(networks, Sequence) else [networks]
        self.step = 0
        self.returns: list[float] = []
        self.scores: list[tuple[int, float]] = []
        self.best: float | None = None
        self._best_weights: list[_Weights] = []
        self._last_weights: list[_Weights] = []  # those that the best ones replaced
        self._stopped = False
        self._seconds = 0.0
        self._began: float | None = None  # processor time at which `with` was entered
        self._plot: LivePlot | None = None
        self._bar: Any = None

    @property
    def seconds(self) -> float:
        """Processor time spent inside `with` so far, in seconds."""
        return self._seconds + (0.0 if self._began is None else time.process_time() - self._began)

    def __enter__(self) -> Self:
        self._plot = LivePlot(self.title, self.solved_at, self.window)
        self._plot.values.extend(self.returns)  # what was there before an interruption
        self._plot.__enter__()
        self._began = time.process_time()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        self._seconds, self._began = self.seconds, None
        if self._bar is not None:
            self._bar.close()
        if self._plot is not None:
            self._plot.close()
        self._bar = self._plot = None
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            print(_("Interrupted: run the cell again to go on."))
            return True
        return False

    def steps(self, total: int, unit: str | None = None) -> Iterator[int]:
        """The numbers of the steps still to do, up to `total` in all.

        A step counts as done when the loop comes back for the next one. `unit`, a plural, is
        what the bar calls them.
        """
        if self._plot is not None and (self._stopped or self.step >= total):
            print(
                ngettext(
                    "This training has ended, after {n} step: make it anew to begin again.",
                    "This training has ended, after {n} steps: make it anew to begin again.",
                    self.step,
                ).format(n=self.step)
            )
            return
        if self._last_weights:
            self._put(self._last_weights)
            self._last_weights = []
        self._bar = progress(total, unit or _("steps"), done=self.step) if self._plot is not None else None
        for step in range(self.step, total) if self._bar is None else self._bar:
            if self._stopped:
                break
            yield step
            self.step = step + 1

    def stop(self) -> None:
        """End the loop after this step."""
        self._stopped = True

    def add(self, episode_return: float) -> None:
        """Note the return of a finished training episode."""
        self.returns.append(float(episode_return))
        last = self.returns[-self.window :]
        mean = float(np.mean(last))
        if self.stop_at is not None and len(last) == self.window and mean >= self.stop_at:
            self.stop()
        if self._plot is not None:
            self._plot.add(episode_return)
        if self._bar is not None:
            self._bar.set_postfix_str(_("mean {mean:.1f}").format(mean=number(mean)), refresh=False)

    def keep(self, score: float) -> bool:
        """Keep the networks' weights if `score` is the highest so far.

        Args:
            score: how good they are: the mean return of a greedy test, say. NaN is never the best.

        Returns:
            Whether they were kept.
        """
        self.scores.append((self.step, float(score)))
        if np.isnan(score) or (self.best is not None and score <= self.best):
            return False
        self.best = float(score)
        self._best_weights = self._weights()
        return True

    def restore_best(self) -> None:
        """Put the best weights back into the networks.

        A run that goes on afterwards, in `steps`, goes on from the last weights, not from these: the
        rest of it (memory, target networks, optimizer) belongs to them.

        Raises:
            ValueError: none were kept.
        """
        if not self._best_weights:
            raise ValueError(_("No weights have been kept yet: train first, and call training.keep(score)."))
        self._last_weights = self._last_weights or self._weights()
        self._put(self._best_weights)

    def _weights(self) -> list[_Weights]:
        return [_keras(network).get_weights() for network in self.networks]

    def _put(self, all_weights: list[_Weights]) -> None:
        for network, weights in zip(self.networks, all_weights, strict=True):
            _keras(network).set_weights(weights)
            if isinstance(network, NumpyNetwork):
                network.refresh()


def _keras(network: Any) -> Any:
    """The Keras model itself."""
    return network.net if isinstance(network, NumpyNetwork) else network
