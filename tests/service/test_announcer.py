"""The morning summary once a night when the person is back, problems once a day, silence in silent hours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.events import NightEnded
from dreamer_app.core.i18n import use_language
from dreamer_app.core.settings import NotificationSettings
from dreamer_app.core.states import DreamerState, Snapshot, SuspendReason
from dreamer_app.core.types import Night
from dreamer_app.desktop.memory import Memory
from dreamer_app.desktop.notifications import Notice
from dreamer_app.service.announcer import PROBLEM_LASTS, Announcer
from dreamer_app.service.announcing import is_silent, silence_ends
from tests.ui.waiting import until

NOON = datetime(2026, 3, 4, 12, 0).astimezone()
NEVER_SILENT = NotificationSettings(quiet_start="00:00", quiet_end="00:00", after_seconds=0)


class Shown:
    """Takes notices in place of a daemon and keeps how to answer them."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.answer: list[Any] = []

    async def show(self, notice: Notice, answered: Any) -> bool:
        self.notices.append(notice)
        self.answer.append(answered)
        return True

    async def close(self) -> None:
        pass


class Stage:
    """An announcer with everything around it."""

    def __init__(self, tmp_path: Path) -> None:
        use_language("en")
        self.clock = ManualClock(NOON)
        self.memory = Memory(tmp_path / "desktop.json")
        self.settings = NEVER_SILENT
        self.shown = Shown()
        self.answers: list[str] = []
        self.announcer = Announcer(
            self.shown,
            self.memory,
            lambda: self.settings,
            self.clock,
            self.answers.append,  # type: ignore[arg-type]
        )

    def night_over(self, verified: int = 42, name: str = "night-1") -> None:
        night = Night(
            id=name, started_at=NOON, ended_at=NOON, libraries=(), seed=1, figures={"verified": float(verified)}
        )
        self.announcer.heard(NightEnded(night=night))

    def becomes(self, state: DreamerState, *reasons: SuspendReason, detail: str = "") -> None:
        self.announcer.saw(Snapshot(state=state, since=NOON, reasons=reasons, to_review=8, detail=detail))

    def comes_back(self) -> None:
        self.becomes(DreamerState.AWAKE, SuspendReason.USER_ACTIVE)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    made = Stage(tmp_path)
    running = asyncio.ensure_future(made.announcer.run())
    yield made
    running.cancel()
    await asyncio.wait([running])


async def settled() -> None:
    """Everything that can happen now has happened."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_summary_waits_until_somebody_is_there_and_is_shown_once(stage: Stage) -> None:
    stage.becomes(DreamerState.DREAMING)
    stage.night_over()
    await settled()
    assert stage.shown.notices == []
    stage.comes_back()
    await until(lambda: stage.shown.notices)
    stage.comes_back()
    stage.night_over()
    await settled()
    assert [(notice.title, notice.body) for notice in stage.shown.notices] == [
        ("While you were away", "I dreamt 42 new solutions. 8 to review.")
    ]
    assert list(stage.shown.notices[0].actions.values()) == ["Open", "Review", "Later"]


async def test_review_leads_to_the_journal_and_later_comes_again(stage: Stage) -> None:
    stage.night_over()
    stage.comes_back()
    await until(lambda: stage.shown.notices)
    stage.shown.answer[0]("later")
    await settled()
    assert len(stage.shown.notices) == 1
    stage.clock.advance(2 * 3600 + 1)
    stage.comes_back()
    await until(lambda: len(stage.shown.notices) == 2)
    stage.shown.answer[1]("review")
    assert stage.answers == ["review"]


async def test_an_empty_night_is_not_announced(stage: Stage) -> None:
    stage.night_over(verified=0)
    stage.comes_back()
    await settled()
    assert stage.shown.notices == []


async def test_switched_off_is_off(stage: Stage) -> None:
    stage.settings = NotificationSettings(morning=False, problems=False)
    stage.night_over()
    stage.comes_back()
    stage.becomes(DreamerState.BLOCKED, SuspendReason.MODEL_UNAVAILABLE)
    await settled()
    assert stage.shown.notices == []


async def blocked_for_long(stage: Stage, detail: str = "") -> None:
    for _ in range(2):
        stage.becomes(DreamerState.BLOCKED, SuspendReason.MODEL_UNAVAILABLE, detail=detail)
        await settled()
        stage.clock.advance(PROBLEM_LASTS.total_seconds())
    stage.becomes(DreamerState.BLOCKED, SuspendReason.MODEL_UNAVAILABLE, detail=detail)
    await settled()


async def test_a_problem_that_goes_away_by_itself_is_not_told(stage: Stage) -> None:
    stage.becomes(DreamerState.BLOCKED, SuspendReason.IDLE_SOURCE_UNAVAILABLE)
    await settled()
    stage.clock.advance(PROBLEM_LASTS.total_seconds() - 1)
    stage.becomes(DreamerState.AWAKE, SuspendReason.NOT_IDLE_YET)
    await settled()
    stage.clock.advance(10)
    stage.becomes(DreamerState.BLOCKED, SuspendReason.IDLE_SOURCE_UNAVAILABLE)
    await settled()
    assert stage.shown.notices == []


async def test_a_problem_is_told_once_a_day_and_again_after_a_start(stage: Stage) -> None:
    for hours in (0, 1, 22):
        stage.clock.advance(hours * 3600)
        await blocked_for_long(stage)
        stage.comes_back()
        await settled()
    assert [notice.title for notice in stage.shown.notices] == ["I cannot dream: the model does not answer"]
    stage.clock.advance(3601)
    await blocked_for_long(stage, detail="port 11434")
    await until(lambda: len(stage.shown.notices) == 2)
    assert stage.shown.notices[1].body == "port 11434"


async def test_what_only_time_mends_is_no_problem(stage: Stage) -> None:
    stage.becomes(DreamerState.BLOCKED, SuspendReason.CPU_HOT)
    await settled()
    assert stage.shown.notices == []


async def test_staying_in_the_background_is_said_once_ever(stage: Stage) -> None:
    await stage.announcer.say_still_running()
    await stage.announcer.say_still_running()
    assert len(stage.shown.notices) == 1


@pytest.mark.parametrize(
    ("start", "end", "hour", "silent"),
    [
        ("22:00", "07:00", 23, True),
        ("22:00", "07:00", 6, True),
        ("22:00", "07:00", 7, False),
        ("22:00", "07:00", 12, False),
        ("12:00", "13:00", 12, True),
        ("12:00", "13:00", 13, False),
        ("00:00", "00:00", 0, False),
    ],
)
def test_silent_hours_may_reach_across_midnight(start: str, end: str, hour: int, silent: bool) -> None:
    settings = NotificationSettings(quiet_start=start, quiet_end=end)
    at = NOON.replace(hour=hour)
    assert is_silent(settings, at) is silent
    assert (silence_ends(settings, at) == at) is not silent
    assert not is_silent(settings, silence_ends(settings, at))


def test_silence_from_evening_ends_next_morning() -> None:
    settings = NotificationSettings(quiet_start="22:00", quiet_end="07:00")
    evening = NOON.replace(hour=23)
    assert silence_ends(settings, evening) == (evening + timedelta(days=1)).replace(hour=7)


async def test_in_silent_hours_the_summary_waits(stage: Stage) -> None:
    stage.settings = NotificationSettings(quiet_start="11:00", quiet_end="13:00", after_seconds=0)
    stage.night_over()
    stage.comes_back()
    await settled()
    assert stage.shown.notices == []
    stage.clock.advance(3601)
    stage.comes_back()
    await until(lambda: stage.shown.notices)
