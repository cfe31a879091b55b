"""The resident program: looks, asks the policy, does what it says, and keeps what tray, API and command line show.

Everything here belongs to one event loop. `run` is its whole life; the verbs may be called while it runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.errors import DreamerError, UsageError
from dreamer_app.core.events import Broadcast
from dreamer_app.core.settings import Settings
from dreamer_app.core.states import DreamerState, Force, Snapshot, SuspendReason
from dreamer_app.core.types import Review
from dreamer_app.energy.policy.machine import step, strongest
from dreamer_app.energy.policy.shown import seconds_to_sleep, shown_reasons, shown_state
from dreamer_app.energy.policy.signals import Signals, Wish
from dreamer_app.energy.policy.state import Action, Begin, Brake, End, LastCall, Phase, PolicyState, Resize, Thaw
from dreamer_app.engine.wake import WakeReason
from dreamer_app.presence.source import PresenceEvent
from dreamer_app.service.crews import proofs_at_once
from dreamer_app.service.dreamer import Dreamer, NightOrder
from dreamer_app.service.night_ledger import NightLedger
from dreamer_app.service.night_shift import NightShift
from dreamer_app.service.notices import notices
from dreamer_app.service.outlook import Outlook
from dreamer_app.service.resident import SnapshotListener
from dreamer_app.service.resident_memory import Memory, recall, remember
from dreamer_app.service.scheduler import Scheduler, Usage
from dreamer_app.service.senses import BLIND, Senses, WakePath

_log = logging.getLogger(__name__)

CLOSE_BEAT = 1.0
"""Seconds between looks while dreaming, held or about to dream."""

CALM_BEAT = 15.0
"""Seconds between looks otherwise; what happens meanwhile is told by the senses."""

ACCOUNT_BEAT = 300.0
"""Seconds between looks into the journal."""

ENDS = {
    SuspendReason.USER_REQUEST: WakeReason.STOPPED,
    SuspendReason.SHUTTING_DOWN: WakeReason.STOPPED,
    SuspendReason.OUTSIDE_SCHEDULE: WakeReason.TIME,
    SuspendReason.BLACKOUT_HOURS: WakeReason.TIME,
    SuspendReason.QUOTA_REACHED: WakeReason.ENOUGH,
}
"""How a night ends for a reason; for every other one because the computer is needed."""


class Residency:
    """The running application (`Resident`).

    Args:
        dreamer: Dreams; it tells its events to `events`.
        events: What happens in a night.
        clock: What time it is.
        senses: What it sees with; without them it dreams only when told to.
        wake_path: Stops all work without this event loop.
        zone: Whose wall clock the schedule means; None for the system's.
    """

    def __init__(
        self,
        dreamer: Dreamer,
        events: Broadcast,
        clock: Clock | None = None,
        *,
        senses: Senses = BLIND,
        wake_path: WakePath | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        self._dreamer = dreamer
        self._clock = clock or SystemClock()
        self._senses = senses
        self._zone = zone
        self._listeners: list[SnapshotListener] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._group: asyncio.TaskGroup | None = None
        self._news = asyncio.Event()
        self._sensing = asyncio.Lock()
        self._outlook = Outlook(self._clock)
        self._shift = NightShift(dreamer, events, self._clock, self._news.set, wake_path)
        self._scheduler = Scheduler(dreamer.settings.schedule, zone)
        self._presence = senses.presence(self._seen, dreamer.settings)
        self._energy = senses.energy(dreamer.settings)
        memory = recall(dreamer.paths.resident_memory)
        self._outlook.paused, self._until = memory.paused, memory.until
        self._ledger = NightLedger(dreamer.store, memory.awake_at)
        self._usage = Usage()
        self._faulty_since: float | None = None
        self._accounted_at = -ACCOUNT_BEAT
        self._accounted_night: str | None = None
        self._to_review = 0
        self.settings_problem = ""
        self._policy = PolicyState(since=self._clock.monotonic())
        self._snapshot = Snapshot(state=DreamerState.AWAKE, since=self._clock.now())

    @property
    def snapshot(self) -> Snapshot:
        """How it is now."""
        return self._snapshot

    def subscribe(self, listener: SnapshotListener) -> Callable[[], None]:
        """Be told of every change, on the event loop's thread; the result ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def run(self) -> None:
        """Live until `shut_down`, or until cancelled; no night is under way afterwards."""
        self._loop = asyncio.get_running_loop()
        self._presence.start()
        self._energy.start()
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                while not self._outlook.closing or self._shift.under_way:
                    self._news.clear()
                    self.look()
                    await self.account()
                    await self._pause()
        finally:
            self._group = self._loop = None
            self._shift.close()
            await asyncio.to_thread(self._presence.stop)
            await asyncio.to_thread(self._energy.stop)
            self._remember()
            self._publish(None)

    def look(self) -> None:
        """One look at everything, and what follows from it. Never blocks."""
        if self._until is not None and self._clock.now() >= self._until:
            self._outlook.paused, self._until = False, None
        now, settings = self._clock.monotonic(), self._dreamer.settings
        signals = self._outlook.signals(
            self._presence,
            self._energy,
            self._scheduler.timing(self._clock.now(), self._used(), missed=self._ledger.missed is not None),
            self._faults(now),
            workers=proofs_at_once(settings),
            night_under_way=self._shift.under_way,
        )
        before = self._policy.phase
        done = step(self._policy, signals, now, settings)
        self._policy = done.state
        self._shift.heed_input(on=not self._outlook.keep_dreaming and now >= self._policy.grace_until)
        for action in done.actions:
            self._act(action)
        if self._policy.phase.dreams:
            self._shift.overrule(now)
        if self._policy.phase.dreams is not before.dreams:
            self._presence.attend(closely=self._policy.phase.dreams)
        if (self._policy.phase in _CLOSELY) is not (before in _CLOSELY):
            self._energy.attend(closely=self._policy.phase in _CLOSELY)
        if self._shift.stood_still_at is not None and self._outlook.cause_at is not None:
            self._ledger.stood_still(1000 * (self._shift.stood_still_at - self._outlook.cause_at))
        if not self._policy.phase.frozen or self._shift.stood_still_at is not None:
            self._outlook.cause_at = None
        self._ledger.watched(
            self._clock.now(), self._policy.reasons, self._scheduler, dreaming=self._policy.phase.dreams
        )
        self._publish(signals)

    async def dream_now(self) -> None:
        """Start at once; a pause is over.

        Raises:
            UsageError: A hard reason stands against it; the message names it.
        """
        self._outlook.paused, self._until = False, None
        self._shift.fault = self._faulty_since = None
        self.look()
        if self._group is None or self._outlook.closing:
            raise UsageError("Not dreaming", SuspendReason.SHUTTING_DOWN.text)
        hard = [reason for reason in strongest(self._policy.reasons) if reason.force is Force.HARD]
        if hard:
            raise UsageError("Not dreaming", hard[0].text, hard[0].fix)
        await self._put_away()
        self._outlook.wish(Wish.DREAM_NOW)
        self.look()
        self._remember()

    async def stop(self) -> None:
        """End the night now."""
        self._outlook.wish(Wish.STOP)
        self.look()
        await self._put_away()

    async def finish(self) -> None:
        """End the night after the dreams under way."""
        self._outlook.wish(Wish.FINISH)
        self.look()

    async def pause(self, until: datetime | None = None) -> None:
        """Do not dream until then, or until `resume`."""
        self._outlook.paused, self._until = True, until
        self.look()
        self._remember()
        await self._put_away()

    async def resume(self) -> None:
        """End a pause."""
        self._outlook.paused, self._until = False, None
        self.look()
        self._remember()

    async def keep_dreaming(self, *, on: bool) -> None:
        """Go on with one worker while somebody uses the computer; heat, battery and games still stop it."""
        self._outlook.keep_dreaming = on
        self.look()

    async def wake(self, reason: SuspendReason) -> None:
        """Give the computer back at once."""
        if reason is SuspendReason.API_REQUEST:
            self._outlook.request()
        else:
            self._outlook.wish(Wish.WAKE)
        self.look()

    async def shut_down(self) -> None:
        """End everything of ours; nothing is left running when it returns."""
        self._outlook.closing = True
        self.look()
        await self._put_away()
        self._news.set()

    def apply(self, settings: Settings) -> None:
        """Use other settings from now on; a night under way keeps what it began with."""
        old = self._dreamer.settings
        self._dreamer.settings = settings
        self._scheduler = Scheduler(settings.schedule, self._zone)
        if self._group is not None and (settings.presence, settings.energy) != (old.presence, old.energy):
            self._group.create_task(self._sense_anew(old, settings))
        self.look()

    async def _sense_anew(self, old: Settings, settings: Settings) -> None:
        """Other eyes and meters; the old ones close first, for they may share what they look through."""
        async with self._sensing:
            if settings.presence != old.presence:
                await asyncio.to_thread(self._presence.stop)
                self._presence = self._senses.presence(self._seen, settings)
                self._presence.start()
                self._presence.attend(closely=self._policy.phase.dreams)
            if settings.energy != old.energy:
                await asyncio.to_thread(self._energy.stop)
                self._energy = self._senses.energy(settings)
                self._energy.start()
                self._energy.attend(closely=self._policy.phase in _CLOSELY)
        self.look()

    def _act(self, action: Action) -> None:
        night = self._shift.night.id if self._shift.night else None
        match action:
            case Begin(workers=workers) if self._group is not None:
                self._shift.begin(self._group, NightOrder(workers=proofs_at_once(self._dreamer.settings)), workers)
            case Brake(reason=reason):
                self._ledger.held(self._clock.now(), night, reason, self._policy.reasons, self._outlook.who(reason))
                if self._policy.phase.frozen:
                    self._shift.hold(reason)
            case Thaw():
                self._ledger.went_on(self._clock.now())
                self._shift.go_on()
            case Resize(workers=workers):
                self._shift.resize(workers)
            case LastCall():
                self._shift.finish()
            case End(reason=reason):
                self._ledger.ended(reason)
                self._shift.wake(ENDS.get(reason, WakeReason.PRESENCE), reason)

    def _seen(self, event: PresenceEvent) -> None:
        """A fact about a person; from the threads of the senses."""
        loop = self._loop
        if self._outlook.note(event) and loop is not None:
            try:
                loop.call_soon_threadsafe(self._heed)
            except RuntimeError:
                _log.debug("the event loop has ended")

    def _heed(self) -> None:
        """Look at once where it matters; otherwise the next look is soon enough."""
        if self._policy.phase in _CLOSELY:
            self.look()

    async def _put_away(self) -> None:
        """Wait until a night that is being ended is over."""
        if self._policy.phase is Phase.RELEASE:
            await self._shift.ended()
            self.look()

    async def _pause(self) -> None:
        """Wait for news, or for the next look."""
        beat = CLOSE_BEAT if self._policy.phase in _CLOSELY else CALM_BEAT
        try:
            async with asyncio.timeout(beat):
                await self._news.wait()
        except TimeoutError:
            pass

    def _faults(self, now: float) -> frozenset[SuspendReason]:
        """What was missing in the last night, until it is worth another try."""
        if self._shift.fault is None:
            self._faulty_since = None
            return frozenset()
        if self._faulty_since is None:
            self._faulty_since = now
        if now - self._faulty_since >= self._dreamer.settings.interruptions.retry_minutes * 60:
            self._shift.fault = self._faulty_since = None
            return frozenset()
        return frozenset({self._shift.fault.reason})

    def _used(self) -> Usage:
        """What was dreamt since noon, the night under way included."""
        last = self._shift.last
        night = self._shift.night or (last if last is not None and last.id != self._accounted_night else None)
        if night is None:
            return self._usage
        minutes = (self._clock.monotonic() - self._shift.began_at) / 60
        known = [part for part in (self._energy.watt_hours(), self._usage.watt_hours) if part is not None]
        energy = sum(known) if known else None
        return Usage(self._usage.dreams + self._shift.verified, self._usage.minutes + minutes, energy)

    async def account(self) -> None:
        """Write to the journal and read from it, now and then."""
        last = self._shift.last.id if self._shift.last else None
        over = last != self._accounted_night
        if over and self._shift.last is not None:
            self._ledger.over(self._shift.last.end)
        due = self._clock.monotonic() - self._accounted_at >= ACCOUNT_BEAT
        try:
            wrote = await asyncio.to_thread(self._ledger.settle) if self._ledger.due else 0
            if over and last is not None:
                minutes, energy = (self._clock.monotonic() - self._shift.began_at) / 60, self._energy.watt_hours()
                await asyncio.to_thread(self._ledger.note_cost, last, minutes, energy)
            if over or due or wrote:
                noon = self._scheduler.noon_before(self._clock.now())
                self._usage = await asyncio.to_thread(self._ledger.usage, noon)
                reviews = (await asyncio.to_thread(self._dreamer.journal.statistics)).reviews
                self._to_review = reviews.get(Review.PENDING, 0)
                self._accounted_at, self._accounted_night = self._clock.monotonic(), last
                await asyncio.to_thread(self._remember)
        except DreamerError as error:
            _log.warning("the journal is kept later: %s", error)

    def _remember(self) -> None:
        memory = Memory(paused=self._outlook.paused, until=self._until, awake_at=self._clock.now())
        remember(self._dreamer.paths.resident_memory, memory)

    def _publish(self, signals: Signals | None) -> None:
        new = self._shown(signals) if signals is not None else self._snapshot
        if new != self._snapshot:
            self._snapshot = new
            for listener in tuple(self._listeners):
                listener(new)

    def _shown(self, signals: Signals) -> Snapshot:
        policy, settings = self._policy, self._dreamer.settings
        now, mono = self._clock.now(), self._clock.monotonic()
        state, reasons = shown_state(policy, signals, mono, settings), shown_reasons(policy)
        night, fault = self._shift.night, self._shift.fault
        left = seconds_to_sleep(policy, signals, mono, settings)
        expected = self._scheduler.next_chance(now) if left is None else now + timedelta(seconds=left)
        return Snapshot(
            state=state,
            since=self._snapshot.since if state is self._snapshot.state else now,
            reasons=reasons,
            detail=fault.detail if fault and fault.reason in reasons else self._outlook.which(reasons),
            until=self._until,
            next_dream=None if policy.phase.dreams or expected is None or expected <= now else _minute(expected),
            keep_dreaming=signals.keep_dreaming,
            finishing=policy.finishing and self._shift.under_way,
            night_id=night.id if night else None,
            libraries=tuple(pin.name for pin in night.libraries) if night else (),
            verified=self._shift.verified,
            workers=policy.workers if night and policy.phase.dreams else 0,
            workers_wanted=policy.workers,
            cpu_celsius=_whole(signals.energy.cpu_celsius),
            gpu_celsius=_whole(signals.energy.gpu_celsius),
            watts=_whole(signals.energy.watts),
            to_review=self._to_review,
            notices=notices(policy, mono, self._energy.sensors(), self.settings_problem),
        )


_CLOSELY = frozenset({Phase.SETTLE, Phase.DREAM, Phase.SHED, Phase.BRAKE, Phase.CLASSIFY, Phase.RELEASE})


def _minute(moment: datetime) -> datetime:
    """Rounded up, so that the shown time does not change with every look."""
    return (moment + timedelta(seconds=59)).replace(second=0, microsecond=0)


def _whole(value: float | None) -> float | None:
    return None if value is None else float(round(value))
