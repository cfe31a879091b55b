"""Has every container paused, for the record and as the fallback of the brake, on threads of its own.

The event loop may be blocked and the engine may hang; neither may keep the others from being stopped. Whoever is
neither paused nor gone after half a second, under a parent that could not be frozen, is killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol, TypeVar

T = TypeVar("T")

KILL_AFTER = 0.5
"""Seconds after which a worker that is neither dead nor paused is killed (DESIGN, The wake path)."""

RETRY_PAUSE = 0.02
"""Seconds until the next try where a pause failed: version 1 of control groups cannot freeze a forking worker."""

THREADS = 32


class Containers(Protocol):
    """What the engine is asked for; every call blocks for as long as the engine takes, none raises."""

    def pause(self, name: str) -> bool:
        """Pause a container; whether it is paused now."""
        ...

    def unpause(self, name: str) -> bool:
        """Let a paused container go on; whether it was paused."""
        ...

    def kill(self, name: str) -> bool:
        """Kill a container; whether the engine accepted."""
        ...

    def at_work(self, name: str) -> bool:
        """Whether a container may be using the processor."""
        ...


class StopCrew:
    """Threads that outlive a blocked event loop.

    Args:
        containers: The engine's side.
    """

    def __init__(self, containers: Containers) -> None:
        self._containers = containers
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="dreamer-stop")

    def stop(self, names: Sequence[str], *, braked: bool) -> Future[float]:
        """Have these stopped; the result is the monotonic time at which none of them worked any more."""
        pausing = {name: self._threads.submit(self._pause, name) for name in names}
        return self._threads.submit(self._see_to_it, pausing, braked=braked)

    def release(self, names: Sequence[str]) -> dict[str, Future[bool]]:
        """Unpause these; each result says whether it had been paused."""
        return {name: self._threads.submit(self._containers.unpause, name) for name in names}

    def kill(self, names: Sequence[str]) -> list[Future[bool]]:
        """Kill these; each result says whether the engine accepted."""
        return [self._threads.submit(self._containers.kill, name) for name in names]

    def run(self, work: Callable[[], T]) -> Future[T]:
        """Do something else that must not wait for the event loop."""
        return self._threads.submit(work)

    def close(self) -> None:
        """Take no more work; what hangs in the engine is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _pause(self, name: str) -> bool:
        deadline = time.monotonic() + KILL_AFTER
        while True:
            if self._containers.pause(name) or not self._containers.at_work(name):
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(RETRY_PAUSE)

    def _see_to_it(self, pausing: dict[str, Future[bool]], *, braked: bool) -> float:
        wait(pausing.values(), timeout=KILL_AFTER)
        late = [name for name, pause in pausing.items() if not pause.done() or not pause.result()]
        if late and not braked:
            wait(self.kill(late))
        else:
            wait(pausing.values())
        return time.monotonic()
