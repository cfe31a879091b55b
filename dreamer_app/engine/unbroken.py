"""Writing that a cancellation may delay by its own few milliseconds but never cut in two.

A thread cannot be cancelled; if its awaiter were, nobody would know whether the write took place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Scribe:
    """One thread for everything that is written, in order, and no slower for what other threads do."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="dreamer-scribe")

    async def write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run blocking work to its end. A cancellation that comes meanwhile is raised afterwards.

        Raises:
            CancelledError: After the work is done.
            Exception: Whatever the work raises.
        """
        future = asyncio.get_running_loop().run_in_executor(self._executor, partial(work, *args, **kwargs))
        cancelled: asyncio.CancelledError | None = None
        while not future.done():
            try:
                await asyncio.wait([future])
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled
        return future.result()

    def close(self) -> None:
        """Finish what is being written and end the thread."""
        self._executor.shutdown(wait=True)
