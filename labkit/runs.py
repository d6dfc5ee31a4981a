"""The named results of training cells, for the cells that come after them."""

from typing import Any, NoReturn

from labkit.messages import _


class Runs(dict[str, Any]):
    """A dict of results by name; reading one that is not there yet says what to do.

    It raises NotImplementedError, as an exercise that is still to be written does, because
    that is usually why the result is missing.

    Raises:
        NotImplementedError: `runs[name]` was read before a cell stored it.
    """

    def __missing__(self, name: str) -> NoReturn:
        raise NotImplementedError(
            _("There is no result called {name!r} yet: run the cell that makes it first.").format(name=name)
        )
