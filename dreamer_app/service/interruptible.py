"""Stopping work that is under way from any thread: a night by its own brake, everything else by cancellation."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

from dreamer_app.engine.wake import WakeReason

Waker = Callable[[WakeReason], None]


class Interruptible:
    """At most one piece of work."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[object] | None = None
        self._waker: Waker | None = None
        self._last_call: Callable[[], None] | None = None

    def stop(self, reason: WakeReason) -> None:
        """Stop the work that is under way, if any."""
        with self._guard:
            loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._stop, reason)

    def _stop(self, reason: WakeReason) -> None:
        if self._waker is not None:
            self._waker(reason)
        elif self._task is not None:
            self._task.cancel()

    def finish(self) -> None:
        """Let the work come to an end of its own where it can, else stop it. Belongs to the event loop's thread."""
        if self._last_call is not None:
            self._last_call()
        else:
            self.stop(WakeReason.STOPPED)

    @asynccontextmanager
    async def under_way(self) -> AsyncIterator[None]:
        """The work of the present task, for as long as the block runs."""
        with self._guard:
            self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        try:
            yield
        finally:
            self._task = None
            with self._guard:
                self._loop = None

    @contextmanager
    def woken_by(self, waker: Waker, last_call: Callable[[], None]) -> Iterator[None]:
        """Inside the block the first call stops the work instead of a cancellation; the other lets it finish."""
        self._waker, self._last_call = waker, last_call
        try:
            yield
        finally:
            self._waker = self._last_call = None
