"""Senses that tests move by hand, and a resident program that sees with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.events import Broadcast
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.states import Snapshot
from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensor_thread import SensorStatus
from dreamer_app.presence.source import PresenceEvent, PresenceKind
from dreamer_app.presence.watch import PresenceNow
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.residency import Residency
from dreamer_app.service.senses import Senses
from tests.energy.policy.world import COOL
from tests.engine.fakes import FakeJudge
from tests.service.fakes import FakeWorld


class FakePresence:
    """Idle for as long as the clock went on since the last touch."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.emit: Callable[[PresenceEvent], None] = lambda event: None
        self.touched_at = clock.monotonic()
        self.seen = PresenceNow(idle_seconds=0.0)
        self.closely: list[bool] = []
        self.running = 0

    def start(self) -> None:
        self.running += 1

    def stop(self) -> None:
        self.running -= 1

    def attend(self, *, closely: bool) -> None:
        self.closely.append(closely)

    def now(self) -> PresenceNow:
        return replace(self.seen, idle_seconds=self.clock.monotonic() - self.touched_at)

    def touch(self, kind: PresenceKind = PresenceKind.PRESS) -> None:
        self.touched_at = self.clock.monotonic()
        self.tell(kind)

    def tell(self, kind: PresenceKind, detail: str = "") -> None:
        self.emit(PresenceEvent(self.clock.monotonic(), kind, "test", detail))


class FakeEnergy:
    """Says what it is told to say."""

    def __init__(self) -> None:
        self.now: EnergyReading = COOL
        self.energy: float | None = 1.5
        self.statuses: tuple[SensorStatus, ...] = ()
        self.closely: list[bool] = []
        self.running = 0

    def start(self) -> None:
        self.running += 1

    def stop(self) -> None:
        self.running -= 1

    def attend(self, *, closely: bool) -> None:
        self.closely.append(closely)

    def reading(self) -> EnergyReading:
        return self.now

    def watt_hours(self) -> float | None:
        return self.energy

    def sensors(self) -> tuple[SensorStatus, ...]:
        return self.statuses


class WatchedHome:
    """A resident program with senses; its judge waits until `go_on` is set."""

    def __init__(self, base: Path, start: datetime = datetime(2026, 5, 5, 20, 0, tzinfo=UTC), **pages: Any) -> None:
        self.clock = ManualClock(start)
        self.presence = FakePresence(self.clock)
        self.energy = FakeEnergy()
        self.go_on, self.judging = asyncio.Event(), asyncio.Event()
        self.world = FakeWorld(50, FakeJudge(self._answer))
        self.events = Broadcast()
        self.paths = DataPaths(base)
        self.dreamer = Dreamer(
            self.paths, self.world.workshop, self.events, Settings.model_validate(pages), clock=self.clock
        )
        self.seen: list[Snapshot] = []
        self.resident = self.made()

    def made(self) -> Residency:
        def presence(emit: Callable[[PresenceEvent], None], settings: Settings) -> FakePresence:
            self.presence.emit = emit
            return self.presence

        senses = Senses(presence=presence, energy=lambda settings: self.energy)
        resident = Residency(self.dreamer, self.events, self.clock, senses=senses, zone=UTC)
        resident.subscribe(self.seen.append)
        return resident

    def _answer(self, n: int) -> Any:
        async def waits() -> None:
            self.judging.set()
            await self.go_on.wait()

        return waits()

    def pass_by(self, seconds: float, beat: float = 1.0) -> None:
        """Time passes, with a look each beat."""
        for _ in range(int(seconds / beat)):
            self.clock.advance(beat)
            self.resident.look()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Residency]:
        if not self.world.known:
            await self.dreamer.ingest(["pypi:toolz"])
        async with asyncio.TaskGroup() as group:
            life = group.create_task(self.resident.run())
            await asyncio.sleep(0)
            yield self.resident
            await self.resident.shut_down()
            await life


async def until(resident: Residency, holds: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot for which it holds, now or later."""
    changed = asyncio.Event()
    end = resident.subscribe(lambda _: changed.set())
    async with asyncio.timeout(20):
        while not holds(resident.snapshot):
            await changed.wait()
            changed.clear()
    end()
    return resident.snapshot
