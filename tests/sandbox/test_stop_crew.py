"""What happens when the engine refuses, hangs or dies while everything is to be stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from dreamer_app.core.errors import InterruptedByWakeError
from dreamer_app.sandbox.docker import docker_sandbox, stop_crew
from dreamer_app.sandbox.docker.stop_crew import StopCrew
from tests.sandbox.conftest import Workplace
from tests.sandbox.runs import observed, outcome, run, until_running


class Containers:
    """An engine whose pauses go as told: `ok`, `refused`, `gone` or `hangs`."""

    def __init__(self, pauses: dict[str, str]) -> None:
        self.pauses = pauses
        self.killed: set[str] = set()
        self.hanging = threading.Event()

    def pause(self, name: str) -> bool:
        if self.pauses[name] == "hangs":
            self.hanging.wait()
        return self.pauses[name] == "ok"

    def unpause(self, name: str) -> bool:
        return self.pauses[name] == "ok"

    def kill(self, name: str) -> bool:
        self.killed.add(name)
        return True

    def at_work(self, name: str) -> bool:
        return self.pauses[name] != "gone"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop_crew, "KILL_AFTER", 0.05)


@pytest.mark.usefixtures("impatient")
def test_whoever_is_neither_paused_nor_gone_is_killed() -> None:
    containers = Containers({"one": "ok", "two": "refused", "three": "gone", "four": "hangs"})
    crew = StopCrew(containers)
    crew.stop(list(containers.pauses), braked=False).result()
    assert containers.killed == {"two", "four"}
    containers.hanging.set()
    crew.close()


@pytest.mark.usefixtures("impatient")
def test_under_a_frozen_parent_nobody_is_killed() -> None:
    containers = Containers({"one": "ok", "two": "refused"})
    crew = StopCrew(containers)
    crew.stop(["one", "two"], braked=True).result()
    assert containers.killed == set()
    released = crew.release(["one", "two"])
    assert {name: result.result() for name, result in released.items()} == {"one": True, "two": False}
    crew.close()


@pytest.fixture
def hung(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """An engine that takes no pause and no unpause until this is set."""
    again = threading.Event()
    monkeypatch.setattr(docker_sandbox, "STOP_SECONDS", 0.2)
    yield again
    again.set()


@pytest.mark.docker
async def test_an_engine_that_hangs_keeps_nothing_running_and_holds_up_nobody(
    workplace: Workplace, hung: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = await workplace.open(keep=1)
    assert sandbox.brake is not None
    usual = sandbox.launcher.pause, sandbox.launcher.unpause
    monkeypatch.setattr(sandbox.launcher, "pause", lambda name: hung.wait() and usual[0](name))
    monkeypatch.setattr(sandbox.launcher, "unpause", lambda name: hung.wait() and usual[1](name))
    async with sandbox.worker(workplace.environment, "dream") as worker, asyncio.TaskGroup() as jobs:
        job = jobs.create_task(outcome(worker))
        await until_running(sandbox, worker.name)
        await sandbox.freeze("the mouse moved")
        assert isinstance(await job, InterruptedByWakeError)
        used = sandbox.brake.cpu_seconds()
        await asyncio.sleep(0.05)
        assert sandbox.brake.cpu_seconds() == used
        await sandbox.thaw()
    async with sandbox.worker(workplace.environment, "dream") as worker:
        assert observed(await run(worker, "", "observe('a', 1)")) == 1


@pytest.mark.docker
async def test_who_comes_back_during_a_thaw_is_not_overlooked(workplace: Workplace) -> None:
    sandbox = await workplace.open(keep=0)
    await sandbox.freeze("the mouse moved")
    thawing = asyncio.create_task(sandbox.thaw())
    await asyncio.sleep(0)
    assert not thawing.done() and sandbox.gate.closed  # it is in the middle of it
    sandbox.halt("the mouse moved again")
    await thawing
    assert sandbox.gate.closed
    await sandbox.freeze("it stays so")
    await sandbox.thaw()
    assert not sandbox.gate.closed
