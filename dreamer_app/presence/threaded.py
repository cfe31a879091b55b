"""A source that looks from a thread of its own and mends itself: what is lost is tried again until it is stopped.

Must not know what is looked at.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
from abc import ABC, abstractmethod

from dreamer_app.presence.reporter import CannotSee, Reporter, failed
from dreamer_app.presence.source import Emit, Sight, SourceStatus

log = logging.getLogger(__name__)

RETRY = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between tries; the last one is repeated. Long enough to stay under two wake-ups a second."""

JOIN = 2.0
"""Seconds that `stop` waits for the thread; it is a daemon, so one that hangs in a library holds nobody up."""


class ThreadedSource(ABC):
    """Base of sources that block in a call of their own.

    Args:
        name: Short and unique.
        sight: What it sees of the input while it works.
        sees_end: Whether every INPUT of it is followed by a QUIET.
    """

    def __init__(self, name: str, sight: Sight, *, sees_end: bool = False) -> None:
        self.name = name
        self.reporter = Reporter(name, sight, sees_end=sees_end)
        self._stop = threading.Event()
        self._ringing = threading.Lock()
        self._bell, self._ring = -1, -1
        self._thread: threading.Thread | None = None

    @property
    def status(self) -> SourceStatus:
        """How it is now."""
        return self.reporter.status

    def start(self, emit: Emit) -> None:
        """Begin to look; returns at once."""
        if self._thread is not None or self.stopping:
            return
        self._bell, self._ring = os.pipe()
        self.reporter.open(emit)
        self._thread = threading.Thread(target=self._keep_looking, name=f"presence-{self.name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking; nothing is emitted afterwards."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self.reporter.close()
        self._stop.set()
        with self._ringing:
            os.close(self._ring)
            self._ring = -1
        self.interrupt()
        if thread is not threading.current_thread():
            thread.join(JOIN)

    def attend(self, *, closely: bool) -> None:  # noqa: B027  (most sources need not care)
        """Nothing to do: the source is told of events and never polls."""

    @abstractmethod
    def look(self) -> None:
        """Look until `stopping`; call `reporter.works` once it sees.

        Raises:
            CannotSee: It cannot see now; it will be called again.
        """

    def interrupt(self) -> None:  # noqa: B027  (most sources wait for nothing else)
        """End a `look` that waits for something else than `wait_for`."""

    def wake(self) -> None:
        """Let `wait_for` return early, for there is something new to do."""
        with self._ringing:
            if self._ring >= 0:
                os.write(self._ring, b".")

    @property
    def stopping(self) -> bool:
        """Whether `look` must return."""
        return self._stop.is_set()

    def wait_for(self, *descriptors: int, patience: float | None = None) -> bool:
        """Wait until one of them can be read; False when it is time to stop, woken, or the time is over.

        Args:
            *descriptors: Of sockets or pipes.
            patience: Seconds; None waits for ever.
        """
        if not hasattr(select, "poll"):  # Windows can wait for nothing but the time, and nothing else is asked there
            return self._stop.wait(patience) and False
        poll = select.poll()
        for descriptor in (self._bell, *descriptors):
            poll.register(descriptor, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll(None if patience is None else patience * 1000)}
        if self._bell in ready:
            os.read(self._bell, 64)
        return bool(ready - {self._bell}) and not self.stopping

    def _keep_looking(self) -> None:
        failures = 0
        while not self.stopping:
            try:
                self.look()
            except CannotSee as why:
                self.reporter.fails(why)
            except Exception as error:
                log.exception("Source %s failed", self.name)
                self.reporter.fails(failed(error))
            else:
                failures = 0
            self._stop.wait(RETRY[min(failures, len(RETRY) - 1)])
            failures += 1
        with contextlib.suppress(OSError):
            os.close(self._bell)
