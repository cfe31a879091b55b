"""The sentinel's hand on the brake: pulls it at the first sign of a person and says so afterwards, never before."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

from dreamer_app.sandbox.brake.brake import Brake
from dreamer_app.sentinel.generation import WakeGeneration
from dreamer_app.sentinel.wire import Message

STILL_SECONDS = 0.5

Tell = Callable[[Message], object]


class Guard:
    """Holds at most one brake. Every method is safe from any thread.

    Args:
        generation: Grows with every braking.
        tell: Takes messages for the application.
    """

    def __init__(self, generation: WakeGeneration, tell: Tell) -> None:
        self._generation = generation
        self._tell = tell
        self._lock = threading.Lock()
        self._brake: Brake | None = None
        self._input_brakes = True
        self._braked = False
        self._to_watch: queue.SimpleQueue[tuple[Brake, int] | None] = queue.SimpleQueue()
        self._watcher = threading.Thread(target=self._watch, name="still", daemon=True)
        self._watcher.start()

    def arm(self, brake: Brake) -> None:
        """Hold this brake from now on."""
        with self._lock:
            self._brake, self._braked = brake, False

    def disarm(self) -> None:
        """Hold none; the dreams are over."""
        with self._lock:
            brake, self._brake = self._brake, None
        if brake is not None:
            brake.close()

    def heed_input(self, *, on: bool) -> None:
        """Whether input brakes; off during the grace of *Dream now* and while somebody wants to dream on."""
        with self._lock:
            self._input_brakes = on

    def seen_input(self, at: float, source: str) -> None:
        """Somebody is there.

        Args:
            at: When, in seconds of the monotonic clock.
            source: Who saw it.
        """
        if self._input_brakes:
            self.brake(at, source)

    def brake(self, at: float, source: str) -> None:
        """Stop the dreams, unless they stand still already."""
        seen = time.monotonic()
        with self._lock:
            if self._brake is None or self._braked:
                return
            self._braked = True
            number = self._generation.grow()
            done = self._brake.freeze()
            ordered = time.monotonic()
            self._to_watch.put((self._brake, number))
        times: Message = {"at": at, "seen": seen, "ordered": ordered}
        self._tell({"event": "braked", **times, "source": source, "done": done, "generation": number})

    def thaw(self) -> None:
        """Let the dreams go on."""
        with self._lock:
            self._braked = False
            if self._brake is not None:
                self._brake.thaw()

    def kill(self) -> None:
        """End every dream at once."""
        with self._lock:
            if self._brake is not None:  # else the figure may be another program's
                self._generation.grow()
                self._braked = True
                self._brake.kill()

    def _watch(self) -> None:
        while (item := self._to_watch.get()) is not None:
            brake, number = item
            still = brake.settled(STILL_SECONDS)
            self._tell({"event": "still", "at": time.monotonic(), "still": still, "generation": number})
