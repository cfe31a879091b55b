"""Says what is worth saying: waits for the person to be back, shows notices, and carries their answers on.

It never blocks: a silent notification daemon costs its own time-out and nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from dreamer_app.core.clock import Clock
from dreamer_app.core.events import Event, NightEnded
from dreamer_app.core.i18n import tr
from dreamer_app.core.settings import NotificationSettings
from dreamer_app.core.states import Snapshot, SuspendReason
from dreamer_app.core.types import Night
from dreamer_app.desktop.memory import Memory
from dreamer_app.desktop.notifications import DEFAULT, Notice, Notifier, Urgency
from dreamer_app.service.announcing import LATER, Morning, is_silent, morning_of, problem_of, silence_ends
from dreamer_app.service.presenter import why

REVIEW, LATER_KEY, FIX, QUIT = "review", "later", "fix", "quit"

PROBLEM_LASTS = timedelta(seconds=60)
"""A problem that goes away by itself, as many do in the first moments of a start, is nobody's business."""

_BACK = frozenset({SuspendReason.USER_ACTIVE, SuspendReason.IDLE_SOURCE_UNAVAILABLE})
"""Reasons that say somebody is here; without a source of input nobody can tell, and the summary is not held back."""


class Announcer:
    """Shows notices at the right moment.

    Args:
        notifier: Shows them.
        memory: What was said before.
        settings: As they are at the moment of asking.
        clock: What time it is.
        answered: Told what the person chose: `review`, `fix` or `quit`.
    """

    def __init__(
        self,
        notifier: Notifier,
        memory: Memory,
        settings: Callable[[], NotificationSettings],
        clock: Clock,
        answered: Callable[[str], None],
    ) -> None:
        self._notifier = notifier
        self._memory = memory
        self._settings = settings
        self._clock = clock
        self._answered = answered
        self._snapshot: Snapshot | None = None
        self._night: Night | None = None
        self._due: datetime | None = None
        self._problem: tuple[SuspendReason, datetime] | None = None
        self._changed = asyncio.Event()

    def heard(self, event: Event) -> None:
        """A night may be over."""
        if isinstance(event, NightEnded):
            self._night, self._due = event.night, None
            self._changed.set()

    def saw(self, snapshot: Snapshot) -> None:
        """The program is like this now."""
        self._snapshot = snapshot
        self._changed.set()

    async def run(self) -> None:
        """Announce until cancelled."""
        try:
            while True:
                self._changed.clear()
                wait = await self._announce()
                try:
                    async with asyncio.timeout(wait):
                        await self._changed.wait()
                except TimeoutError:
                    continue
        finally:
            await self._notifier.close()

    async def say_still_running(self) -> None:
        """Once ever: closing the window does not end the program."""
        if self._memory.read().told_background:
            return
        self._memory.note(told_background=True)
        notice = Notice(
            tr("Still awake in the background"),
            tr("The Dreamer stays in the tray and dreams when nobody needs the computer."),
            {DEFAULT: tr("Open"), QUIT: tr("Quit")},  # a daemon carries out the only action at a careless click
            Urgency.LOW,
        )
        await self._notifier.show(notice, self._answered)

    async def _announce(self) -> float | None:
        """Show what is due.

        Returns:
            Seconds until something may be due, None when only a change can make it so.
        """
        problem = await self._tell_problem()
        morning = await self._tell_morning()
        waits = [wait for wait in (problem, morning) if wait is not None]
        return min(waits, default=None)

    async def _tell_morning(self) -> float | None:
        """Show what the night was like once somebody is back; seconds until then, None when nobody knows."""
        morning = self._waiting()
        if morning is None:
            return None
        now = self._clock.now().astimezone()
        if self._due is None:
            if self._snapshot is None or not _BACK & set(self._snapshot.reasons):
                return None
            self._due = now + timedelta(seconds=self._settings().after_seconds)
        due = max(self._due, silence_ends(self._settings(), now))
        if due > now:
            return (due - now).total_seconds()
        self._memory.note(announced_night=morning.night_id)
        self._due = None
        await self._show_morning(morning)
        return None

    def _waiting(self) -> Morning | None:
        if self._night is None or self._snapshot is None or not self._settings().morning:
            return None
        return morning_of(self._night, self._snapshot.to_review, self._memory.read().announced_night)

    async def _show_morning(self, morning: Morning) -> None:
        def answered(key: str) -> None:
            if key == LATER_KEY:
                self._memory.note(announced_night="")
                self._due = self._clock.now().astimezone() + LATER
                self._changed.set()
            else:
                self._answered(REVIEW)

        actions = {DEFAULT: tr("Open"), REVIEW: tr("Review"), LATER_KEY: tr("Later")}
        await self._notifier.show(Notice(morning.title, morning.body, actions), answered)

    async def _tell_problem(self) -> float | None:
        """Show a problem that lasts; seconds until one has lasted, None when there is none."""
        settings, now = self._settings(), self._clock.now()
        if self._snapshot is None or not settings.problems or is_silent(settings, now.astimezone()):
            return None
        told = self._memory.read().problems
        reason = problem_of(self._snapshot, told, now)
        if reason is None:
            self._problem = None
            return None
        if self._problem is None or self._problem[0] is not reason:
            self._problem = (reason, now)
        left = (self._problem[1] + PROBLEM_LASTS - now).total_seconds()
        if left > 0:
            return left
        self._memory.note(problems={**told, reason.value: now})
        notice = Notice(
            tr("I cannot dream: {reason}", reason=why(reason)),
            self._snapshot.detail or tr(reason.fix),
            {DEFAULT: tr("Open"), FIX: tr("Fix…")},
            Urgency.LOW,
        )
        await self._notifier.show(notice, lambda _key: self._answered(FIX))
        return None
