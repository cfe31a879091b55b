"""What the clock on the wall says about dreaming: night hours, quiet hours, what is enough, what was missed.

Hours are local wall-clock time, so the night of a change to or from summer time is shorter or longer than others; all
comparisons are made in UTC. It starts and stops nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from dreamer_app.core.settings.schedule import Hours, ScheduleSettings, read_hours
from dreamer_app.core.states import SuspendReason
from dreamer_app.energy.policy.signals import Timing

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One occurrence of daily hours, in UTC; the end is not part of it."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether the moment is in it."""
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Usage:
    """What was dreamt since noon.

    Attributes:
        dreams: Verified dreams.
        minutes: Time in nights.
        watt_hours: Energy, None when it could not be measured.
    """

    dreams: int = 0
    minutes: float = 0.0
    watt_hours: float | None = None


class Scheduler:
    """Reads the settings against the clock.

    Args:
        settings: When to dream.
        zone: Whose wall clock; None for the system's, as it is set at each moment.
    """

    def __init__(self, settings: ScheduleSettings, zone: tzinfo | None = None) -> None:
        self._settings = settings
        self._zone = zone
        self._quiet = tuple(read_hours(text) for text in settings.quiet_hours)

    def timing(self, now: datetime, usage: Usage, *, missed: bool = False) -> Timing:
        """What holds at this moment.

        Args:
            now: UTC.
            usage: What was dreamt since noon.
            missed: Whether the last night could not be dreamt because the computer slept or was off.
        """
        settings = self._settings
        night = self.night_at(now)
        against: set[SuspendReason] = set()
        if night is None and not settings.by_day and not (missed and settings.catch_up):
            against.add(SuspendReason.OUTSIDE_SCHEDULE)
        if self._quiet_at(now) is not None:
            against.add(SuspendReason.BLACKOUT_HOURS)
        if self._enough(usage):
            against.add(SuspendReason.QUOTA_REACHED)
        ends = [stretch.start for hours in self._quiet if (stretch := self._next(hours, now)) is not None]
        if night is not None and not settings.by_day:
            ends.append(night.end)
        return Timing(
            against=frozenset(against),
            idle_needed=60 * (settings.idle_minutes if night is None else settings.night_idle_minutes),
            ends_in=min(((end - now).total_seconds() for end in ends), default=None),
        )

    def night_at(self, now: datetime) -> Stretch | None:
        """The night hours that hold this moment."""
        return None if self._settings.night is None else self._holding(self._settings.night, now)

    def last_night(self, now: datetime) -> Stretch | None:
        """The latest night hours that are over."""
        hours = self._settings.night
        if hours is None:
            return None
        past = [stretch for stretch in self._around(hours, now) if stretch.end <= now]
        return max(past, key=lambda stretch: stretch.end, default=None)

    def next_chance(self, now: datetime) -> datetime | None:
        """When the schedule allows dreaming next; now when it does already, None when never within a week."""
        moment = now
        for _ in range(20):
            quiet = self._quiet_at(moment)
            if quiet is not None:
                moment = quiet.end
            elif self._settings.by_day or self.night_at(moment) is not None:
                return moment
            else:
                night = None if self._settings.night is None else self._next(self._settings.night, moment)
                if night is None:
                    return None
                moment = night.start
        return None

    def noon_before(self, now: datetime) -> datetime:
        """The latest local noon, in UTC: where a day of dreams begins."""
        today = self._utc(self._local(now), NOON)
        return today if today <= now else self._utc(self._local(now) - timedelta(days=1), NOON)

    def _enough(self, usage: Usage) -> bool:
        settings = self._settings
        return (
            0 < settings.goal_dreams <= usage.dreams
            or 0 < settings.goal_minutes <= usage.minutes
            or 0 < settings.goal_watt_hours <= (usage.watt_hours or 0)
        )

    def _quiet_at(self, now: datetime) -> Stretch | None:
        found = (self._holding(hours, now) for hours in self._quiet)
        return max((quiet for quiet in found if quiet is not None), key=lambda quiet: quiet.end, default=None)

    def _holding(self, hours: Hours, now: datetime) -> Stretch | None:
        return next((stretch for stretch in self._around(hours, now) if stretch.holds(now)), None)

    def _next(self, hours: Hours, now: datetime) -> Stretch | None:
        return next((stretch for stretch in self._around(hours, now) if stretch.start > now), None)

    def _around(self, hours: Hours, now: datetime) -> list[Stretch]:
        """Every occurrence from a week ago to a week ahead, in order."""
        today = self._local(now)
        days = (today + timedelta(days=step) for step in range(-8, 9))
        return [
            stretch for day in days if day.weekday() in hours.days and (stretch := self._on(hours, day)) is not None
        ]

    def _on(self, hours: Hours, day: date) -> Stretch | None:
        last = day if hours.end > hours.start else day + timedelta(days=1)
        start, end = self._utc(day, hours.start), self._utc(last, hours.end)
        return Stretch(start, end) if start < end else None  # hours that a change to summer time swallowed

    def _local(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self._zone).astimezone(UTC)
