"""The weaver in a process of its own: what it weaves, which workers it asks for, and that nothing of it is left."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from dreamer_app.core.errors import InfrastructureError, InterruptedByWakeError
from dreamer_app.core.events import Event, Progress
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import LibraryPin
from dreamer_app.oracle.graph import GraphStore
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, Environment, VariantResult
from dreamer_app.weaver.recorded_weaver import apart
from dreamer_app.weaver.recorded_weaver.apart import WeaverApart, recorded_weaver
from dreamer_app.weaver.recorded_weaver.recorded_weaver import RecordedWeaver
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from tests.weaver.apart_child import ENDS, FAILS, NEVER_ENDS
from tests.weaver.graph import PINS, DocstringGraph


class OneWorker:
    """A sandbox whose worker answers, but for so many runs in the beginning that somebody cuts short."""

    def __init__(self, *, taken_back: int = 0) -> None:
        self.taken_back = taken_back
        self.jobs: list[BatteryJob] = []
        self.lent = 0
        self.passable = asyncio.Event()
        self.passable.set()
        self.asked = asyncio.Event()
        self.insisted = asyncio.Event()

    async def environment(self, libraries: Sequence[LibraryPin]) -> Environment:
        return Environment(id="e" * 8, path="/deps", pins=tuple(libraries), python="3.11", image="i")

    @asynccontextmanager
    async def worker(self, environment: Environment, purpose: str) -> AsyncIterator[OneWorker]:
        self.asked.set()
        await self.passable.wait()
        self.lent += 1
        yield self
        self.lent -= 1

    async def battery(self, job: BatteryJob) -> BatteryResult:
        self.jobs.append(job)
        if len(self.jobs) > 1:
            self.insisted.set()
        if self.taken_back >= len(self.jobs):
            raise InterruptedByWakeError("Interrupted", "somebody is here")
        return BatteryResult(
            variants=tuple(
                VariantResult(id=one.id, status="finished", tests={}, seconds=0, cpu_seconds=0) for one in job.variants
            )
        )


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(apart, "PROGRAM", "tests.weaver.apart_child")
    return tmp_path / "knowledge.sqlite"


def request(seed: int) -> WeaveRequest:
    return WeaveRequest(libraries=PINS, seed=seed)


def weaving(file: Path, sandbox: OneWorker, told: list[Event] | None = None) -> WeaverApart:
    listener = told.append if told is not None else lambda _event: None
    return WeaverApart(file, sandbox, Settings(), listener)  # type: ignore[arg-type]


def children() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "tests.weaver.apart_child" in one.cmdline()]


def nothing_runs(sandbox: OneWorker) -> bool:
    return sandbox.lent == 0 and not children()


async def test_scenarios_steps_and_runs_cross_the_wire(file: Path) -> None:
    sandbox, told = OneWorker(), list[Event]()
    titles = [woven.scenario.title async for woven in weaving(file, sandbox, told).weave(request(ENDS))]
    assert titles == ["task 1", "task 4"]
    assert told == [Progress(task="weave scripted", step="e" * 8)]
    assert [job.test_names for job in sandbox.jobs] == [("test_it",)]
    assert nothing_runs(sandbox)


async def test_a_nudge_ends_no_child_and_its_run_is_run_again(file: Path) -> None:
    sandbox = OneWorker(taken_back=2)
    titles = [woven.scenario.title async for woven in weaving(file, sandbox).weave(request(ENDS))]
    assert titles == ["task 1", "task 4"]
    assert [job.test_names for job in sandbox.jobs] == [("test_it",)] * 3
    assert nothing_runs(sandbox)


async def test_the_end_of_a_night_that_is_held_ends_the_child(file: Path) -> None:
    sandbox = OneWorker(taken_back=10**6)

    async def night() -> None:
        _ = [woven async for woven in weaving(file, sandbox).weave(request(ENDS))]

    dreaming = asyncio.ensure_future(night())
    async with asyncio.timeout(20):
        await sandbox.insisted.wait()
    assert children()
    dreaming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dreaming
    assert nothing_runs(sandbox)


async def test_while_the_computer_is_needed_there_is_no_child(file: Path) -> None:
    sandbox = OneWorker()
    sandbox.passable.clear()
    stream = weaving(file, sandbox).weave(request(ENDS))
    first = asyncio.ensure_future(anext(stream))
    await sandbox.asked.wait()
    assert not children() and not first.done()
    sandbox.passable.set()
    assert (await first).scenario.title == "task 1"
    await stream.aclose()
    assert nothing_runs(sandbox)


async def test_a_fault_in_the_child_is_told(file: Path) -> None:
    sandbox = OneWorker()
    with pytest.raises(InfrastructureError, match="the loom is torn"):
        _ = [woven async for woven in weaving(file, sandbox).weave(request(FAILS))]
    assert nothing_runs(sandbox)


async def test_a_child_that_is_killed_is_told_too(file: Path) -> None:
    sandbox = OneWorker()
    stream = weaving(file, sandbox).weave(request(NEVER_ENDS))
    await anext(stream)
    await anext(stream)
    [child] = children()
    assert os.getpgid(child.pid) != os.getpgid(0)  # Ctrl-C in a terminal is not for it
    child.kill()
    with pytest.raises(InfrastructureError, match="ended"):
        await anext(stream)
    assert nothing_runs(sandbox)


async def test_who_wants_no_more_leaves_no_child(file: Path) -> None:
    sandbox = OneWorker()
    stream = weaving(file, sandbox).weave(request(NEVER_ENDS))
    await anext(stream)
    await stream.aclose()
    assert nothing_runs(sandbox)


def test_only_a_graph_in_a_file_can_be_read_elsewhere(tmp_path: Path) -> None:
    kept = GraphStore(tmp_path / "knowledge.sqlite")
    assert isinstance(recorded_weaver(kept, OneWorker(), Settings()), WeaverApart)  # type: ignore[arg-type]
    assert isinstance(recorded_weaver(DocstringGraph(), OneWorker(), Settings()), RecordedWeaver)  # type: ignore[arg-type]
    kept.close()
