"""When it dreams: idle time, night hours, quiet hours, how much is enough."""

from __future__ import annotations

import re
from datetime import time
from typing import Literal

from pydantic import field_validator, model_validator

from dreamer_app.core.frozen import Frozen
from dreamer_app.core.settings.section import Section, setting

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

CLOCK_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"

_HOURS = re.compile(r"^(?:([a-z,-]+) )?(\d\d:\d\d)-(\d\d:\d\d)$")


class Hours(Frozen):
    """A daily stretch of local time; one whose end is not after its beginning reaches into the next day.

    Attributes:
        start: First moment, local wall clock.
        end: First moment after it.
        days: Days on which it begins, Monday is 0.
    """

    start: time
    end: time
    days: frozenset[int] = frozenset(range(7))


def read_hours(text: str) -> Hours:
    """`09:00-17:00`, `mon-fri 09:00-17:00` or `sat,sun 10:00-12:00` as a value.

    Raises:
        ValueError: It is none of these.
    """
    found = _HOURS.match(text.strip().lower())
    if found is None:
        raise ValueError(f"{text!r} is not like `09:00-17:00` or `mon-fri 09:00-17:00`")
    days, start, end = found.groups()
    chosen = frozenset().union(*(_days(part) for part in days.split(","))) if days else frozenset(range(7))
    return Hours(start=time.fromisoformat(start), end=time.fromisoformat(end), days=chosen)


def _days(text: str) -> frozenset[int]:
    names = text.split("-")
    if not all(name in WEEKDAYS for name in names) or len(names) > 2:
        raise ValueError(f"{text!r} is no day of the week; they are {', '.join(WEEKDAYS)}")
    first, last = WEEKDAYS.index(names[0]), WEEKDAYS.index(names[-1])
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))


class ScheduleSettings(Section):
    """When it dreams, and how much is enough."""

    idle_minutes: float = setting(
        30,
        title="Idle time",
        description="By day it dreams after this long without mouse or keyboard.",
        unit="min",
        ge=1,
        le=24 * 60,
    )
    by_day: bool = setting(
        True, title="Dream by day", description="Dream outside the night hours too, after the idle time."
    )
    night_start: str = setting(
        "00:00",
        title="Night begins",
        description="Local time; the night may reach across midnight.",
        pattern=CLOCK_TIME,
    )
    night_end: str = setting(
        "06:00",
        title="Night ends",
        description="Local time; the same as its beginning means no night hours.",
        pattern=CLOCK_TIME,
    )
    night_days: tuple[Weekday, ...] = setting(
        WEEKDAYS, title="Nights of the week", description="Days on which a night may begin."
    )
    night_idle_minutes: float = setting(
        10,
        title="Idle time at night",
        description="In the night hours it dreams after this long without mouse or keyboard.",
        unit="min",
        ge=1,
        le=24 * 60,
    )
    last_call_minutes: float = setting(
        5,
        title="Last call",
        description="This long before dreaming must end, no further dream is begun.",
        unit="min",
        ge=0,
        le=120,
    )
    catch_up: bool = setting(
        True,
        title="Catch up",
        description="A night that the computer slept through is dreamt at the next idle time, even by day.",
    )
    quiet_hours: tuple[str, ...] = setting(
        (),
        title="Quiet hours",
        description="Never dream then, for example `mon-fri 09:00-17:00`.",
        max_length=20,
    )
    goal_dreams: int = setting(
        100,
        title="Enough dreams",
        description="Verified dreams from noon to noon after which the computer may sleep; 0 means no such goal.",
        ge=0,
        le=100_000,
    )
    goal_minutes: float = setting(
        480,
        title="Enough time",
        description="Time spent dreaming from noon to noon after which the computer may sleep; 0 means no such goal.",
        unit="min",
        ge=0,
        le=24 * 60,
    )
    goal_watt_hours: float = setting(
        0,
        title="Enough energy",
        description="Measured energy from noon to noon after which the computer may sleep; 0 means no such goal.",
        unit="Wh",
        ge=0,
        le=100_000,
    )

    @field_validator("quiet_hours")
    @classmethod
    def _readable(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            read_hours(text)
        return value

    @model_validator(mode="after")
    def _night_is_easier(self) -> ScheduleSettings:
        if self.night_idle_minutes > self.idle_minutes:
            raise ValueError(
                f"night_idle_minutes ({self.night_idle_minutes:g}) must not be more than idle_minutes "
                f"({self.idle_minutes:g})"
            )
        return self

    @property
    def night(self) -> Hours | None:
        """The night hours, None when there are none."""
        if self.night_start == self.night_end or not self.night_days:
            return None
        days = frozenset(WEEKDAYS.index(day) for day in self.night_days)
        return Hours(start=time.fromisoformat(self.night_start), end=time.fromisoformat(self.night_end), days=days)
