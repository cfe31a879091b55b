from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.core.settings.schedule import ScheduleSettings
from dreamer_app.core.states import SuspendReason
from dreamer_app.service.scheduler import Scheduler, Usage

WARSAW = ZoneInfo("Europe/Warsaw")
OUTSIDE, QUIET, ENOUGH = SuspendReason.OUTSIDE_SCHEDULE, SuspendReason.BLACKOUT_HOURS, SuspendReason.QUOTA_REACHED


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW).astimezone(UTC)


def scheduler(**settings: object) -> Scheduler:
    return Scheduler(ScheduleSettings.model_validate(settings), WARSAW)


def nights_only(**settings: object) -> Scheduler:
    return scheduler(by_day=False, night_start="23:00", night_end="06:00", **settings)


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-05-05T22:59:59", False),
        ("2026-05-05T23:00:00", True),
        ("2026-05-06T00:00:00", True),
        ("2026-05-06T05:59:59", True),
        ("2026-05-06T06:00:00", False),
    ],
)
def test_both_ends_of_a_night_across_midnight_are_kept(moment: str, inside: bool) -> None:
    timing = nights_only().timing(local(moment), Usage())
    assert (OUTSIDE not in timing.against) is inside
    assert timing.idle_needed == (600 if inside else 1800)
    assert (timing.ends_in is not None) is inside


def test_a_night_counts_to_the_day_on_which_it_begins() -> None:
    friday = nights_only(night_days=("fri",))
    assert friday.night_at(local("2026-05-09T03:00")) is not None, "early on Saturday"
    assert friday.night_at(local("2026-05-08T03:00")) is None, "early on Friday"


def test_the_night_of_a_clock_change_is_an_hour_shorter_or_longer() -> None:
    night = nights_only()
    for moment, hours in (("2026-03-29T01:00", 6), ("2026-10-25T01:00", 8), ("2026-05-05T01:00", 7)):
        found = night.night_at(local(moment))
        assert found is not None and found.end - found.start == timedelta(hours=hours)
    assert night.timing(local("2026-03-29T05:30"), Usage()).ends_in == 1800


def test_hours_that_summer_time_swallows_do_not_exist() -> None:
    gap = scheduler(by_day=False, night_start="02:10", night_end="03:05")
    assert gap.night_at(local("2026-03-29T03:00")) is None
    assert gap.next_chance(local("2026-03-29T00:00")) == local("2026-03-30T02:10")


def test_by_day_it_may_dream_but_not_in_quiet_hours() -> None:
    office = scheduler(quiet_hours=("mon-fri 09:00-17:00",))
    assert office.timing(local("2026-05-05T12:00"), Usage()).against == {QUIET}
    assert not office.timing(local("2026-05-09T12:00"), Usage()).against
    before = office.timing(local("2026-05-05T08:50"), Usage())
    assert not before.against and before.ends_in == 600
    assert office.next_chance(local("2026-05-05T12:00")) == local("2026-05-05T17:00")


def test_enough_is_enough_until_noon() -> None:
    some = scheduler(goal_dreams=10, goal_minutes=60, goal_watt_hours=100)
    now = local("2026-05-05T03:00")
    assert not some.timing(now, Usage(9, 59, 99)).against
    for usage in (Usage(10), Usage(0, 60), Usage(0, 0, 100)):
        assert some.timing(now, usage).against == {ENOUGH}
    assert not scheduler(goal_dreams=0, goal_minutes=0).timing(now, Usage(10_000, 10_000)).against
    assert some.noon_before(now) == local("2026-05-04T12:00")
    assert some.noon_before(local("2026-05-05T12:00")) == local("2026-05-05T12:00")


def test_a_night_that_was_slept_through_is_caught_up_by_day() -> None:
    night = nights_only()
    now = local("2026-05-06T09:00")
    assert night.timing(now, Usage(), missed=True).against == frozenset()
    assert night.timing(now, Usage()).against == {OUTSIDE}
    assert nights_only(catch_up=False).timing(now, Usage(), missed=True).against == {OUTSIDE}
    last = night.last_night(now)
    assert last is not None and (last.start, last.end) == (local("2026-05-05T23:00"), local("2026-05-06T06:00"))


def test_no_night_at_all_is_never() -> None:
    never = scheduler(by_day=False, night_start="01:00", night_end="01:00")
    now = local("2026-05-06T09:00")
    assert never.timing(now, Usage()).against == {OUTSIDE}
    assert never.next_chance(now) is None and never.last_night(now) is None
    always_quiet = scheduler(quiet_hours=("00:00-12:00", "12:00-00:00"))
    assert always_quiet.next_chance(now) is None


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.times(),
    st.times(),
    st.sampled_from(["Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]),
)
def test_at_every_moment_in_every_zone_the_answers_agree(moment: datetime, start, end, zone: str) -> None:
    settings = ScheduleSettings.model_validate(
        {"by_day": False, "night_start": f"{start:%H:%M}", "night_end": f"{end:%H:%M}"}
    )
    schedule = Scheduler(settings, ZoneInfo(zone))
    now = moment.replace(tzinfo=UTC)
    timing, night = schedule.timing(now, Usage()), schedule.night_at(now)
    assert (OUTSIDE in timing.against) is (night is None)
    chance = schedule.next_chance(now)
    if night is not None:
        assert chance == now and timing.ends_in is not None and 0 < timing.ends_in <= 25 * 3600
    elif settings.night is not None:
        assert chance is not None and now < chance <= now + timedelta(hours=49)
        assert schedule.night_at(chance) is not None
    last = schedule.last_night(now)
    assert last is None or last.end <= now
