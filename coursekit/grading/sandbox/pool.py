"""Where jobs run: in processes of this machine, or on the workers of a Dask cluster."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from coursekit.problems import CourseError

RETRIES = 3


@contextmanager
def pool(workers: int, dask: str = "") -> Iterator[Executor]:
    """An executor; what has not begun when the block is left never does.

    Args:
        workers: processes of this machine.
        dask: address of a Dask scheduler, whose workers have the same coursekit installed; it replaces the processes.

    Raises:
        CourseError: there is no scheduler there, or Dask is not installed.
    """
    if not dask:
        executor = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
        try:
            yield executor
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise CourseError("--dask needs Dask: pip install 'dask[distributed]'") from error
    try:
        client: Any = Client(dask, timeout=20)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise CourseError(f"no Dask scheduler answers at {dask} ({error}): start one, or mend the address") from error
    with client:
        executor = client.get_executor(pure=False, retries=RETRIES)
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)
