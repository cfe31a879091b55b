"""Every answer that is being streamed, so that all of them can be cut at one word.

Cancelling the task of an asynchronous request closes its socket within about a millisecond, and the server stops
generating; closing a response from outside does not (5 s, measured). So every request runs as a task that is known
here. An event loop that is blocked cancels nothing, so the connections are known here, too, and shut down as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from dreamer_app.core.errors import InterruptedByWakeError

T = TypeVar("T")


class Connection(Protocol):
    """As much of a socket as is needed to cut it; the one inside a transport has no more."""

    def fileno(self) -> int:
        """Its number, -1 once it is closed."""
        ...

    def shutdown(self, how: int, /) -> None:
        """End it for both sides, from any thread."""
        ...


class Streams:
    """The answers under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._connections: list[Connection] = []
        self._aborted = False

    def __len__(self) -> int:
        return len(self._tasks)

    async def run(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Do the work of one request, as a task that `abort_all` can cut.

        Raises:
            InterruptedByWakeError: It was cut, or nothing may start now.
            Exception: Whatever the work raises.
        """
        try:
            async with asyncio.TaskGroup() as group:
                with self._lock:
                    if self._aborted:
                        raise _interrupted()
                    task = group.create_task(work())
                    self._tasks.add(task)
                task.add_done_callback(self._forget)
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        if task.cancelled():
            raise _interrupted()
        return task.result()

    def opened(self, connection: Connection) -> None:
        """Answers come over this connection, one after the other, until it is closed."""
        with self._lock:
            self._connections = [one for one in self._connections if one.fileno() != -1] + [connection]

    def abort_all(self) -> None:
        """Cut every answer and start none until `allow`. Idempotent, from any thread, whatever the event loop does."""
        with self._lock:
            self._aborted = True
            tasks = tuple(self._tasks)
            connections, self._connections = self._connections, []
        for task in tasks:
            loop = task.get_loop()
            if loop is _running():
                task.cancel()
            elif not loop.is_closed():
                loop.call_soon_threadsafe(task.cancel)
        for connection in connections:  # last: by now the end of an answer cannot be taken for the server's doing
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def allow(self) -> None:
        """Requests may be made again."""
        with self._lock:
            self._aborted = False

    def _forget(self, task: asyncio.Task[Any]) -> None:
        with self._lock:
            self._tasks.discard(task)


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _interrupted() -> InterruptedByWakeError:
    return InterruptedByWakeError("The computer was taken back", "a model was cut off in the middle of an answer")
