"""The resident program with eyes and meters: nobody tells it to dream, and nobody tells it to stop."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dreamer_app.core.errors import UsageError
from dreamer_app.core.settings import Settings
from dreamer_app.core.states import DreamerState, SuspendReason
from dreamer_app.core.types import NightEnd
from dreamer_app.presence.source import PresenceKind
from tests.service.senses import FakeEnergy, WatchedHome, until

HALF_AN_HOUR = 30 * 60 + 15


@pytest.fixture
def home(tmp_path: Path):
    home = WatchedHome(tmp_path)
    yield home
    home.dreamer.close()


async def until_stored(home: WatchedHome, count: int) -> None:
    """Until the ledger has written that many rows; the resident may be writing them at this moment."""
    async with asyncio.timeout(20):
        while len(await asyncio.to_thread(home.dreamer.store.suspensions.latest)) < count:
            await home.resident.account()
    assert len(home.dreamer.store.suspensions.latest()) == count


async def test_it_falls_asleep_by_itself_and_a_touch_holds_the_night_until_it_was_a_nudge(home: WatchedHome) -> None:
    async with home.running() as resident:
        home.pass_by(HALF_AN_HOUR)
        assert resident.snapshot.state is DreamerState.DREAMING
        await home.judging.wait()
        home.presence.touch(PresenceKind.MOTION)
        await asyncio.sleep(0)
        assert resident.snapshot.state is DreamerState.WAKING
        await home.world.sandbox.stood_still.wait()
        home.pass_by(35)
        assert resident.snapshot.state is DreamerState.DREAMING
        await home.world.sandbox.moves.wait()
        await until_stored(home, 1)
        [held] = home.dreamer.store.suspensions.latest()
        assert held.kind == "held" and held.reasons[0] is SuspendReason.USER_ACTIVE and held.milliseconds is not None
        assert held.ended_at is not None and held.ended_at - held.began_at >= timedelta(seconds=30)
    assert home.presence.closely[0] is True and home.energy.closely[0] is True
    assert home.presence.running == home.energy.running == 0


async def test_who_stays_ends_the_night_and_the_journal_knows_who_it_was(home: WatchedHome) -> None:
    async with home.running() as resident:
        home.pass_by(HALF_AN_HOUR)
        await home.judging.wait()
        for _ in range(65):
            home.presence.touch()
            home.pass_by(1)
        await until(resident, lambda now: now.state is DreamerState.AWAKE)
        await until_stored(home, 1)
        [night] = home.dreamer.journal.nights()
        [cut] = home.dreamer.store.suspensions.of_night(night.id)
        assert night.end is NightEnd.WOKEN and cut.kind == "cut" and cut.ended_at is None
        assert cut.reasons[0] is SuspendReason.USER_ACTIVE
        assert cut.detail == "a key or a button (test)"


async def test_heat_and_its_reasons_reach_the_snapshot(home: WatchedHome) -> None:
    async with home.running() as resident:
        home.pass_by(HALF_AN_HOUR)
        await home.judging.wait()
        home.energy.now = replace(home.energy.now, cpu_celsius=95.0)
        home.pass_by(3)
        assert resident.snapshot.state is DreamerState.BLOCKED and resident.snapshot.cpu_celsius == 95
        assert resident.snapshot.reasons[0] is SuspendReason.CPU_HOT
        with pytest.raises(UsageError, match="hot"):
            await resident.dream_now()
        await resident.stop()
        await until_stored(home, 1)
        [hot] = home.dreamer.journal.gaps()
        assert hot.reasons[0] is SuspendReason.CPU_HOT and hot.detail == "95 °C"


async def test_the_game_that_stops_it_is_named(home: WatchedHome) -> None:
    async with home.running() as resident:
        home.pass_by(HALF_AN_HOUR)
        await home.judging.wait()
        home.presence.seen = replace(home.presence.seen, exclusive=("Steam game 440",))
        home.presence.tell(PresenceKind.EXCLUSIVE_STARTED, "Steam game 440")
        home.pass_by(1)
        shown = resident.snapshot
        assert not shown.workers and shown.reasons[0] is SuspendReason.EXCLUSIVE_APP
        assert shown.detail == "Steam game 440"
        await until_stored(home, 1)
        assert home.dreamer.journal.gaps()[0].detail == "Steam game 440 (test)"


async def test_a_night_without_dreams_is_stored_with_all_reasons(tmp_path: Path) -> None:
    home = WatchedHome(tmp_path, schedule={"by_day": False, "night_start": "23:00", "night_end": "06:00"})
    async with home.running() as resident:
        home.energy.now = replace(home.energy.now, on_battery=True)
        home.pass_by(5 * 3600, beat=60)
        assert resident.snapshot.state is DreamerState.BLOCKED
        home.presence.touch()
        home.pass_by(6 * 3600, beat=60)
        await until_stored(home, 1)
    [skipped] = home.dreamer.store.suspensions.latest()
    assert skipped.kind == "skipped" and skipped.night_id is None
    assert skipped.began_at == datetime(2026, 5, 5, 23, tzinfo=UTC) and skipped.ended_at.hour == 6
    assert skipped.reasons[0] is SuspendReason.ON_BATTERY and SuspendReason.NOT_IDLE_YET in skipped.reasons
    home.dreamer.close()


async def test_a_night_slept_through_is_noted_and_caught_up(tmp_path: Path) -> None:
    home = WatchedHome(tmp_path, schedule={"by_day": False, "night_start": "23:00", "night_end": "06:00"})
    async with home.running() as resident:
        home.clock.advance(11 * 3600)
        home.presence.touched_at = home.clock.monotonic()
        resident.look()
        await until_stored(home, 1)
        [skipped] = home.dreamer.store.suspensions.latest()
        assert skipped.reasons == (SuspendReason.SYSTEM_SUSPEND,)
        home.pass_by(HALF_AN_HOUR)
        assert resident.snapshot.state is DreamerState.DREAMING
    home.dreamer.close()


@pytest.mark.parametrize("hours", [-3, 3, 24 * 366])
async def test_a_wall_clock_that_jumps_neither_ends_a_night_nor_keeps_it_from_ending(
    home: WatchedHome, hours: int
) -> None:
    async with home.running() as resident:
        home.pass_by(HALF_AN_HOUR)
        await home.judging.wait()
        home.clock.turn(hours * 3600)
        home.pass_by(60)
        assert resident.snapshot.state is DreamerState.DREAMING
        home.presence.touch()
        await asyncio.sleep(0)
        assert resident.snapshot.state is DreamerState.WAKING
        for _ in range(65):
            home.presence.touch()
            home.pass_by(1)
        await until(resident, lambda shown: shown.state is DreamerState.AWAKE)
        home.pass_by(HALF_AN_HOUR, beat=5)
        async with asyncio.timeout(20):  # rest is counted by the clock that never jumps
            while resident.snapshot.state is not DreamerState.DREAMING:
                await asyncio.sleep(0.01)  # the thread that cleans up after the first night has to end
                home.pass_by(1)
    first = home.dreamer.store.nights.list()[-1]
    assert first.ended_at is not None and first.ended_at >= first.started_at


async def test_a_pause_outlives_the_program_and_ends_by_itself(home: WatchedHome) -> None:
    until = home.clock.now() + timedelta(hours=1)
    async with home.running() as resident:
        await resident.pause(until)
    home.resident = home.made()
    async with home.running() as resident:
        home.pass_by(35 * 60, beat=5)
        assert resident.snapshot.state is DreamerState.PAUSED and resident.snapshot.until == until
        home.pass_by(26 * 60, beat=5)
        assert resident.snapshot.state is DreamerState.DREAMING and resident.snapshot.until is None


async def test_other_settings_are_in_force_at_once(home: WatchedHome) -> None:
    async with home.running() as resident:
        home.pass_by(10 * 60)
        assert resident.snapshot.state is DreamerState.AWAKE
        resident.apply(Settings.model_validate({"schedule": {"idle_minutes": 5, "night_idle_minutes": 5}}))
        home.pass_by(15)
        assert resident.snapshot.state is DreamerState.DREAMING


async def test_other_settings_of_the_senses_make_new_ones_and_close_the_old(home: WatchedHome) -> None:
    async with home.running() as resident:
        old, home.energy = home.energy, FakeEnergy()
        home.energy.now = replace(home.energy.now, cpu_celsius=64.0)
        resident.apply(Settings.model_validate({"energy": {"cpu_shed": 79}, "presence": {"games": False}}))
        await until(resident, lambda now: now.cpu_celsius == 64)
        assert old.running == 0 and home.energy.running == 1 and home.presence.running == 1


async def test_the_next_dream_is_told(home: WatchedHome) -> None:
    async with home.running() as resident:
        home.pass_by(26 * 60)
        assert resident.snapshot.state is DreamerState.DROWSY
        expected = resident.snapshot.next_dream
        assert expected is not None and timedelta(0) < expected - home.clock.now() <= timedelta(minutes=6)


async def test_enough_dreams_let_the_computer_sleep(tmp_path: Path) -> None:
    home = WatchedHome(tmp_path, schedule={"goal_dreams": 2}, night={"dreams": 2})
    home.go_on.set()
    async with home.running() as resident:
        home.pass_by(HALF_AN_HOUR)
        await until(resident, lambda now: now.state is DreamerState.AWAKE)
        home.pass_by(30)
        assert SuspendReason.QUOTA_REACHED in resident.snapshot.reasons
        await resident.account()
        [night] = home.dreamer.journal.nights()
        assert night.end is NightEnd.ENOUGH and night.figures["watt_hours"] == 1.5
    home.dreamer.close()
