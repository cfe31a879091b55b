"""How a source keeps its status and tells its facts: the bookkeeping that every source would otherwise repeat.

Must not know what is looked at nor in which thread.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

from dreamer_app.core.i18n import tr
from dreamer_app.presence.source import Emit, PresenceEvent, PresenceKind, Sight, SourceState, SourceStatus

log = logging.getLogger(__name__)

COALESCE = 0.05
"""Seconds within which a second event of one kind tells nothing new; a mouse reports up to 1000 times a second."""


class CannotSee(Exception):
    """Why a source does not work now.

    Attributes:
        detail: In plain words.
        fix: What a person can do about it.
    """

    def __init__(self, detail: str, fix: str = "") -> None:
        super().__init__(detail)
        self.detail, self.fix = detail, fix


def failed(error: BaseException) -> CannotSee:
    """Why a source does not work that has a fault of its own."""
    return CannotSee(tr("it failed: {why}", why=type(error).__name__), tr("Look at the log."))


class Reporter:
    """Status and facts of one source, from any thread.

    Args:
        name: The source.
        sight: What it sees of the input while it works.
        sees_end: Whether every INPUT of it is followed by a QUIET.
    """

    def __init__(self, name: str, sight: Sight = Sight.NONE, *, sees_end: bool = False) -> None:
        self.name = name
        self._lock = threading.RLock()
        self._emit: Emit | None = None
        self._status = SourceStatus(name, SourceState.UNAVAILABLE, sight, tr("not started"), sees_end=sees_end)
        self._told: dict[PresenceKind, float] = {}
        self._pixels = 0

    @property
    def status(self) -> SourceStatus:
        """How the source is now."""
        return self._status

    def open(self, emit: Emit) -> None:
        """From now on facts are passed on."""
        with self._lock:
            self._emit = emit
            self._status = replace(self._status, detail=tr("starting"), undecided=True)

    def close(self) -> None:
        """From now on they are dropped."""
        with self._lock:
            self._emit = None
            self._status = replace(
                self._status, state=SourceState.UNAVAILABLE, detail=tr("stopped"), fix="", undecided=False
            )

    def waits(self, detail: str) -> None:
        """Say what is waited for before the source sees anything, since the wait may be endless."""
        with self._lock:
            self._status = replace(self._status, detail=detail, fix="", undecided=True)

    def works(self, detail: str, *, fix: str = "", sight: Sight | None = None) -> None:
        """The source sees; after a loss that is told."""
        with self._lock:
            if self._emit is None:
                return
            before = self._status
            self._status = replace(
                before,
                state=SourceState.ACTIVE,
                detail=detail,
                fix=fix,
                sight=sight or before.sight,
                latency_ms=None,
                undecided=False,
            )
            if before.state is SourceState.LOST:
                self._pass_on(PresenceKind.SOURCE_RECOVERED, detail=detail)

    def fails(self, why: CannotSee) -> None:
        """The source does not see; where it did before, that is told."""
        with self._lock:
            if self._emit is None:
                return
            before = self._status
            state = SourceState.UNAVAILABLE if before.state is SourceState.UNAVAILABLE else SourceState.LOST
            self._status = replace(before, state=state, detail=why.detail, fix=why.fix, undecided=False)
            if before.state is SourceState.ACTIVE:
                self._pass_on(PresenceKind.SOURCE_LOST, detail=why.detail)

    def tell(self, kind: PresenceKind, *, at: float | None = None, detail: str = "") -> None:
        """Pass a fact on.

        Args:
            kind: What happened.
            at: When (`time.monotonic`); now when left out.
            detail: For people; never for input.
        """
        with self._lock:
            if kind is PresenceKind.QUIET:
                self._told.clear()
            self._pass_on(kind, at=at, detail=detail)

    def tell_input(self, kind: PresenceKind, *, pixels: int | None = None, latency_ms: float | None = None) -> None:
        """Pass input on, at most one event of a kind in 50 ms; the way of the pointer adds up until it is told."""
        now = time.monotonic()
        with self._lock:
            if pixels is not None:
                self._pixels += pixels
            if kind in self._told and now - self._told[kind] < COALESCE:
                return
            self._told[kind] = now
            if latency_ms is not None:
                self._status = replace(self._status, latency_ms=latency_ms)
            if pixels is not None:
                pixels, self._pixels = self._pixels, 0
            self._pass_on(kind, at=now, pixels=pixels)

    def _pass_on(
        self, kind: PresenceKind, *, at: float | None = None, detail: str = "", pixels: int | None = None
    ) -> None:
        if self._emit is None:
            return
        now = time.monotonic()
        self._status = replace(self._status, last_event_at=now)
        try:
            self._emit(PresenceEvent(now if at is None else at, kind, self.name, detail, pixels))
        except Exception:
            log.exception("A listener of presence failed")
