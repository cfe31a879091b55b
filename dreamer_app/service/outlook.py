"""Puts together what the policy is told: senses, schedule, wishes and faults of one moment as `Signals`.

It collects what comes between two looks, from any thread, and forgets it once it was told.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from dreamer_app.core.clock import Clock
from dreamer_app.core.i18n import tr
from dreamer_app.core.states import SuspendReason
from dreamer_app.energy.policy.signals import InputSeen, Signals, Timing, Touch, Wish
from dreamer_app.energy.reading import EnergyReading
from dreamer_app.presence.source import PresenceEvent, PresenceKind
from dreamer_app.service.senses import Energy, Presence
from dreamer_app.service.who_woke import BY_EVENT, REQUEST, in_words, measured

TOUCHES = {
    PresenceKind.INPUT: Touch.SOME,
    PresenceKind.MOTION: Touch.MOTION,
    PresenceKind.PRESS: Touch.PRESS,
    PresenceKind.UNLOCKED: Touch.PRESS,
    PresenceKind.BACK: Touch.SOME,
}
"""What a fact about a person is as input."""

MOST = 200
"""Inputs kept between two looks; more of them say nothing more."""


class Outlook:
    """What is seen and asked for.

    Args:
        clock: What time it is.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._inputs: list[InputSeen] = []
        self._requests: list[float] = []
        self._wishes: list[Wish] = []
        self._open_requests = 0
        self._asleep = False
        self.paused = False
        self.closing = False
        self.keep_dreaming = False
        self.cause_at: float | None = None
        self._cause = ""
        self._reading = EnergyReading()
        self._names: dict[SuspendReason, tuple[str, ...]] = {}

    def note(self, event: PresenceEvent) -> bool:
        """Take a fact about a person in; whether it may change anything. From any thread."""
        touch = TOUCHES.get(event.kind)
        with self._lock:
            if touch is not None and len(self._inputs) < MOST:
                # Sources tell the computer's own monotonic time; only order and distances matter to the policy.
                self._inputs.append(InputSeen(self._clock.monotonic(), touch, event.pixels))
            if event.kind is PresenceKind.SLEEPING:
                self._asleep = True
            elif event.kind is PresenceKind.RESUMED:
                self._asleep = False
            self._caused(in_words(event))
        return event.kind is not PresenceKind.QUIET

    def request(self, *, began: bool | None = None) -> None:
        """A program asks for the model: it began to, it is done, or neither is known. From any thread."""
        with self._lock:
            self._requests.append(self._clock.monotonic())
            if began is not None:
                self._open_requests = max(0, self._open_requests + (1 if began else -1))
            self._caused(tr(REQUEST))

    def wish(self, wish: Wish) -> None:
        """A person asks for something."""
        with self._lock:
            self._wishes.append(wish)
            self._caused("")

    def which(self, reasons: Sequence[SuspendReason]) -> str:
        """Names of the programs behind the strongest reason; empty where there are none."""
        return ", ".join(self._names.get(reasons[0], ())) if reasons else ""

    def who(self, reason: SuspendReason) -> str:
        """Who or what it was, where that is known and belongs to this reason."""
        if reason not in BY_EVENT:
            return measured(reason, self._reading)
        return self._cause if self.cause_at is not None else ""

    def signals(
        self,
        presence: Presence,
        energy: Energy,
        timing: Timing,
        faults: frozenset[SuspendReason],
        *,
        workers: int,
        night_under_way: bool,
    ) -> Signals:
        """Everything of this moment; what came since the last look is told once."""
        seen, self._reading = presence.now(), energy.reading()
        self._names = {SuspendReason.EXCLUSIVE_APP: seen.exclusive, SuspendReason.IDLE_INHIBITED: seen.inhibited_by}
        with self._lock:
            inputs, self._inputs = tuple(self._inputs), []
            requests, self._requests = tuple(self._requests), []
            wishes, self._wishes = tuple(self._wishes), []
        return Signals(
            idle_seconds=seen.idle_seconds,
            inputs=inputs,
            requests=requests,
            requests_open=self._open_requests > 0,
            inhibited=bool(seen.inhibited_by),
            exclusive=bool(seen.exclusive),
            locked=seen.locked or seen.away,
            asleep=self._asleep,
            paused=self.paused,
            closing=self.closing,
            keep_dreaming=self.keep_dreaming,
            wishes=wishes,
            timing=timing,
            faults=faults,
            energy=self._reading,
            workers=workers,
            night_under_way=night_under_way,
        )

    def _caused(self, by: str) -> None:
        if self.cause_at is None:
            self.cause_at, self._cause = self._clock.monotonic(), by
