from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dreamer_app.core.errors import UsageError
from dreamer_app.core.events import Broadcast
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import DreamerState, Snapshot, SuspendReason
from dreamer_app.core.types import NightEnd
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.residency import Residency
from tests.engine.fakes import FakeJudge
from tests.service.fakes import FakeWorld
from tests.service.senses import until


class Home:
    """A resident program over a temporary base folder whose judge waits to be told."""

    def __init__(self, base: Path) -> None:
        self.go_on = asyncio.Event()
        self.judging = asyncio.Event()
        self.world = FakeWorld(50, FakeJudge(self._answer))
        self.events = Broadcast()
        self.dreamer = Dreamer(DataPaths(base), self.world.workshop, self.events)
        self.resident = Residency(self.dreamer, self.events)
        self.seen: list[Snapshot] = []
        self.resident.subscribe(self.seen.append)

    def _answer(self, n: int) -> Any:
        async def waits() -> None:
            self.judging.set()
            await self.go_on.wait()

        return waits()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Residency]:
        await self.dreamer.ingest(["pypi:toolz"])
        async with asyncio.TaskGroup() as group:
            life = group.create_task(self.resident.run())
            await asyncio.sleep(0)
            yield self.resident
            await self.resident.shut_down()
            await life


@pytest.fixture
def home(tmp_path: Path):
    home = Home(tmp_path)
    yield home
    home.dreamer.close()


async def test_a_night_starts_shows_and_is_stopped(home: Home) -> None:
    async with home.running() as resident:
        await resident.dream_now()
        assert resident.snapshot.state is DreamerState.DREAMING
        await home.judging.wait()
        shown = await until(resident, lambda now: now.night_id is not None)
        assert shown.libraries == ("toolz",) and shown.workers > 0 and not shown.reasons
        await resident.stop()
        assert resident.snapshot.state is not DreamerState.DREAMING and resident.snapshot.night_id is None
    night = home.dreamer.journal.nights()[0]
    assert night.end is NightEnd.STOPPED and home.world.closed == 1
    assert DreamerState.WAKING in {now.state for now in home.seen}


async def test_finishing_judges_what_is_under_way_and_begins_nothing_new(home: Home) -> None:
    async with home.running() as resident:
        await resident.dream_now()
        await home.judging.wait()
        await resident.finish()
        assert resident.snapshot.finishing
        under_way = set(home.world.judge.asked)
        home.go_on.set()
        ended = await until(resident, lambda now: now.state is not DreamerState.DREAMING)
        assert not ended.finishing
    [night] = home.dreamer.journal.nights()
    assert night.end is NightEnd.STOPPED and night.figures["interrupted"] == 0
    assert night.figures["verified"] == len(home.world.judge.asked) and under_way <= set(home.world.judge.asked)
    assert len(home.world.judge.asked) <= night.figures["workers"]


async def test_somebody_comes_back(home: Home) -> None:
    async with home.running() as resident:
        await resident.dream_now()
        await home.judging.wait()
        await resident.wake(SuspendReason.USER_ACTIVE)
        assert resident.snapshot.state is DreamerState.WAKING
        assert resident.snapshot.reasons[0] is SuspendReason.USER_ACTIVE
        await home.world.sandbox.stood_still.wait()
        assert not home.dreamer.journal.nights()[0].end, "the night waits to be told what it was"
        await resident.dream_now()
        await home.world.sandbox.moves.wait()
        assert resident.snapshot.state is DreamerState.DREAMING


async def test_a_pause_ends_the_night_and_dreaming_now_ends_the_pause(home: Home) -> None:
    until = datetime(2031, 1, 1, tzinfo=UTC)
    async with home.running() as resident:
        await resident.dream_now()
        await home.judging.wait()
        await resident.pause(until)
        assert resident.snapshot.state is DreamerState.PAUSED and resident.snapshot.until == until
        assert resident.snapshot.reasons[0] is SuspendReason.USER_REQUEST
        await resident.dream_now()
        assert resident.snapshot.state is DreamerState.DREAMING and resident.snapshot.until is None


async def test_what_is_missing_blocks_with_its_fix(home: Home) -> None:

    async with home.running() as resident:
        home.world.known.clear()
        await resident.dream_now()
        shown = await until(resident, lambda now: now.state is DreamerState.BLOCKED)
        assert SuspendReason.NO_KNOWLEDGE in shown.reasons and shown.detail


async def test_closing_ends_everything_and_starts_nothing_more(home: Home) -> None:
    async with home.running() as resident:
        await resident.dream_now()
        await home.judging.wait()
        await resident.shut_down()
        assert home.world.closed == 1
        with pytest.raises(UsageError, match="closing"):
            await resident.dream_now()


async def test_a_listener_that_has_left_hears_nothing(home: Home) -> None:
    heard: list[Snapshot] = []
    leave = home.resident.subscribe(heard.append)
    leave()
    leave()
    async with home.running() as resident:
        await resident.pause()
    assert not heard and home.seen
