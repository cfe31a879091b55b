"""The wake path: from any reason, on any thread, to a quiet computer, with the time of every stage.

It triggers what stops by itself, the sandbox and the streams of models, and waits for nothing. It decides neither when
to wake nor what happens afterwards.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from dreamer_app.core.clock import Clock
from dreamer_app.core.states import SuspendReason
from dreamer_app.core.types import Frozen
from dreamer_app.sandbox.sandbox import Halt, Sandbox

RECORDS = 1000


class Streams(Protocol):
    """Answers of models under way."""

    def abort_all(self) -> None:
        """Cut every answer and start none until `allow`; from any thread, without waiting."""
        ...

    def allow(self) -> None:
        """Requests may be made again."""
        ...

    async def release(self) -> None:
        """Have the memory of the models given back, within seconds."""
        ...


class Sentinel(Protocol):
    """Holds the brake, too, and pulls it by itself."""

    def heed_input(self, *, on: bool) -> None:
        """Whether input brakes."""
        ...

    def thaw(self) -> bool:
        """Let the dreams go on; whether it knows."""
        ...


class WakeRecord(Frozen):
    """One waking. Milliseconds after the event; None where a stage did not happen or could not be told.

    Attributes:
        at: When it was triggered; UTC.
        reason: Why.
        source: Who saw it.
        event_ms: Until this program knew.
        ordered_ms: Until the brake was pulled.
        stopped_ms: Until the kernel said that every worker stands still.
        paused_ms: Until the engine knew every worker as paused or gone.
        stream_ms: Until every answer of a model was cut.
        released_ms: Until all memory of the workers was free again.
    """

    at: datetime
    reason: SuspendReason
    source: str
    event_ms: float
    ordered_ms: float | None = None
    stopped_ms: float | None = None
    paused_ms: float | None = None
    stream_ms: float | None = None
    released_ms: float | None = None


class WakePath:
    """Stops everything, from any thread.

    Args:
        clock: For dates.
        streams: Of models.
        told: Gets the record of a waking once its stages are over, on some thread.
        sentinel: Told when work goes on; None where there is none.
    """

    def __init__(
        self,
        clock: Clock,
        streams: Sequence[Streams] = (),
        told: Callable[[WakeRecord], None] = lambda _: None,
        sentinel: Sentinel | None = None,
    ) -> None:
        self._sentinel = sentinel
        self._heeding = True
        self._clock = clock
        self._streams = list(streams)
        self._told = told
        self._lock = threading.Lock()
        self._sandbox: Sandbox | None = None
        self._awake = False
        self._event = 0.0
        self.records: deque[WakeRecord] = deque(maxlen=RECORDS)

    @property
    def awake(self) -> bool:
        """Whether everything was stopped and nothing may go on yet."""
        return self._awake

    @property
    def awake_since(self) -> float | None:
        """When the event was that stopped everything (`time.monotonic`); None while work may go on."""
        return self._event if self._awake else None

    def attach(self, sandbox: Sandbox | None) -> None:
        """These workers are stopped from now on; None when there are none any more."""
        with self._lock:
            self._sandbox = sandbox
            self._awake = False

    def also(self, streams: Streams) -> None:
        """These streams are cut, too, from now on."""
        self._streams.append(streams)
        if self._awake:
            streams.abort_all()

    def no_longer(self, streams: Streams) -> None:
        """These streams have ended and are forgotten."""
        self._streams.remove(streams)

    def trigger(self, reason: SuspendReason, at: float | None = None, source: str = "") -> bool:
        """Stop everything; False when it stands still already. Returns within a millisecond or so.

        Args:
            reason: Why.
            at: When the event happened, in seconds of the monotonic clock; None means now.
            source: Who saw it.
        """
        known = time.monotonic()
        event = known if at is None else at
        with self._lock:
            if self._awake:
                return False
            self._awake, self._event = True, event
        for streams in self._streams:  # first, for it is but a word, and what halts keeps the interpreter busy
            streams.abort_all()
        halt = self._sandbox.halt(reason.value) if self._sandbox is not None else None
        record = WakeRecord(
            at=self._clock.now(),
            reason=reason,
            source=source,
            event_ms=_ms(event, known),
            ordered_ms=None if halt is None else _ms(event, halt.ordered),
            stream_ms=_ms(event, time.monotonic()) if self._streams else None,
        )
        if halt is None:
            self._keep(record)
        else:
            halt.paused.add_done_callback(lambda _: self._keep(_finished(record, event, halt)))
        return True

    def heed_input(self, *, on: bool) -> None:
        """Whether input stops everything by itself: not during a grace, nor while somebody wants to dream on."""
        if self._sentinel is not None and on is not self._heeding:
            self._heeding = on
            self._sentinel.heed_input(on=on)

    async def thaw(self) -> None:
        """Allow work and answers again. What brakes meanwhile is a new waking."""
        with self._lock:
            self._awake = False
        if self._sentinel is not None:
            await asyncio.to_thread(self._sentinel.thaw)
        if self._sandbox is not None:
            await self._sandbox.thaw()
        for streams in self._streams:
            streams.allow()

    async def release(self, reason: SuspendReason) -> None:
        """Kill what is frozen and unload the models; what was cut short is done again later.

        Somebody who asks for a model by our own API may mean the very one that is loaded, so that one stays.
        """
        async with asyncio.TaskGroup() as group:
            for streams in () if reason is SuspendReason.API_REQUEST else tuple(self._streams):
                group.create_task(streams.release())
            if self._sandbox is not None:
                await self._sandbox.release()
                self._note_released(_ms(self._event, time.monotonic()))

    def _note_released(self, released: float) -> None:
        with self._lock:
            if self._awake and self.records:
                self.records[-1] = self.records[-1].model_copy(update={"released_ms": released})

    def _keep(self, record: WakeRecord) -> None:
        with self._lock:
            self.records.append(record)
        self._told(record)


def _finished(record: WakeRecord, event: float, halt: Halt) -> WakeRecord:
    still = halt.still.result()
    paused = None if halt.paused.cancelled() or halt.paused.exception() else _ms(event, halt.paused.result())
    return record.model_copy(update={"stopped_ms": None if still is None else _ms(event, still), "paused_ms": paused})


def _ms(start: float, end: float) -> float:
    return round(max(end - start, 0.0) * 1000, 3)
