"""Why it did not dream, and how much it did: every skipped, cut and held night with all of its reasons.

It listens to the resident program and writes to the journal; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.states import SuspendReason
from dreamer_app.core.types import Night, NightEnd
from dreamer_app.energy.policy.machine import strongest
from dreamer_app.service.scheduler import Scheduler, Stretch, Usage
from dreamer_app.store.records import Suspension
from dreamer_app.store.store import Store

AWAY = SuspendReason.SYSTEM_SUSPEND


@dataclass
class _Held:
    """A night that stands still."""

    began_at: datetime
    night_id: str | None
    first: SuspendReason
    reasons: set[SuspendReason]
    who: str
    milliseconds: float | None = None


@dataclass
class _Hours:
    """Night hours that are going by."""

    stretch: Stretch
    dreamt: bool
    reasons: set[SuspendReason] = field(default_factory=set)


class NightLedger:
    """Keeps account. Methods that read or write the journal block.

    Args:
        store: The journal.
        awake_at: When the program last ran, None at its first start.
    """

    def __init__(self, store: Store, awake_at: datetime | None) -> None:
        self._store = store
        self._awake_at = awake_at
        self._held: _Held | None = None
        self._hours: _Hours | None = None
        self._pending: list[Suspension] = []
        self.missed: Stretch | None = None

    def watched(self, now: datetime, reasons: Iterable[SuspendReason], scheduler: Scheduler, *, dreaming: bool) -> None:
        """A moment went by."""
        self._pass_by(now, scheduler)
        stretch = scheduler.night_at(now)
        if stretch is not None:
            if self._hours is None or self._hours.stretch != stretch:
                self._hours = _Hours(stretch, dreamt=dreaming)
            self._hours.dreamt |= dreaming
            self._hours.reasons.update(reasons)
            self.missed = None
        if self._held is not None:
            self._held.reasons.update(reasons)
        self._awake_at = now

    def held(
        self,
        now: datetime,
        night_id: str | None,
        first: SuspendReason,
        reasons: Iterable[SuspendReason],
        who: str = "",
    ) -> None:
        """A night was stopped, by whom is in words and may be unknown."""
        if self._held is None:
            self._held = _Held(now, night_id, first, {first, *reasons}, who)

    def stood_still(self, milliseconds: float) -> None:
        """All of its workers stand still, so long after the cause."""
        if self._held is not None and self._held.milliseconds is None:
            self._held.milliseconds = milliseconds

    def went_on(self, now: datetime) -> None:
        """It goes on."""
        if self._held is not None:
            self._pending.append(self._suspension(self._held, ended_at=now))
            self._held = None

    def ended(self, reason: SuspendReason) -> None:
        """It was ended for that reason."""
        if self._held is not None:
            self._held.reasons.add(reason)
            self._pending.append(self._suspension(self._held, ended_at=None))
            self._held = None

    def over(self, end: NightEnd | None) -> None:
        """A night is over; unless somebody woke it, it made up for a missed one."""
        if end is not NightEnd.WOKEN:
            self.missed = None

    @property
    def due(self) -> bool:
        """Whether something is to be written."""
        return bool(self._pending)

    def settle(self) -> int:
        """Write what is to be written; how many.

        Raises:
            InfrastructureError: The journal cannot be written.
        """
        pending, self._pending = self._pending, []
        for place, suspension in enumerate(pending):
            try:
                self._store.suspensions.add(suspension)
            except InfrastructureError:
                self._pending = pending[place:] + self._pending
                raise
        return len(pending)

    def usage(self, since: datetime) -> Usage:
        """What was dreamt since then in nights that are over."""
        nights = [night for night in self._store.nights.list() if night.ended_at and night.ended_at > since]
        energy = [night.figures["watt_hours"] for night in nights if "watt_hours" in night.figures]
        return Usage(
            dreams=int(sum(night.figures.get("verified", 0) for night in nights)),
            minutes=sum(_minutes(night, since) for night in nights),
            watt_hours=sum(energy) if energy else None,
        )

    def note_cost(self, night_id: str, minutes: float, watt_hours: float | None) -> None:
        """Add what a night took to its figures: minutes by the clock that never jumps, and energy where it is known."""
        energy = {"watt_hours": round(watt_hours, 3)} if watt_hours is not None else {}
        self._store.nights.note(night_id, {"minutes": round(minutes, 1)} | energy)

    def _pass_by(self, now: datetime, scheduler: Scheduler) -> None:
        """Night hours that are over: skipped, if nothing was dreamt in them."""
        if self._hours is not None and self._hours.stretch.end <= now:
            hours, self._hours = self._hours, None
            if not hours.dreamt:
                self._skip(hours.stretch, hours.reasons)
            return
        last = scheduler.last_night(now)
        if last is not None and self._awake_at is not None and self._awake_at < last.start:
            self._skip(last, {AWAY})
            self.missed = last

    def _skip(self, stretch: Stretch, reasons: set[SuspendReason]) -> None:
        self._pending.append(
            Suspension(
                kind="skipped", began_at=stretch.start, ended_at=stretch.end, reasons=strongest(reasons or {AWAY})
            )
        )

    def _suspension(self, held: _Held, ended_at: datetime | None) -> Suspension:
        rest = [reason for reason in strongest(held.reasons) if reason is not held.first]
        return Suspension(
            kind="cut" if ended_at is None else "held",
            began_at=held.began_at,
            ended_at=ended_at,
            night_id=held.night_id,
            reasons=(held.first, *rest),
            milliseconds=held.milliseconds,
            detail=held.who,
        )


def _minutes(night: Night, since: datetime) -> float:
    """How long it took since then; what was measured bounds what the wall clock says, which may have been set."""
    if night.ended_at is None:
        return 0.0
    shown = max(0.0, (night.ended_at - max(night.started_at, since)).total_seconds() / 60)
    return min(shown, night.figures.get("minutes", shown))
