"""A real engine that hangs or dies around a stop: work stops all the same, and goes on once the engine is back."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from dreamer_app.core.errors import InterruptedByWakeError, WorkerLostError
from dreamer_app.sandbox.docker import docker_sandbox, stop_crew
from dreamer_app.sandbox.docker.engine import Engine
from tests.sandbox.conftest import Workplace, docker_workplace
from tests.sandbox.private_engine import PrivateEngine, private_engine
from tests.sandbox.runs import observed, outcome, run, states, ticks, until_running

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may start an engine"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(scope="module")
def trouble() -> Iterator[PrivateEngine]:
    """An engine of this module's own."""
    with tempfile.TemporaryDirectory(prefix="dreamer-engine-") as folder, private_engine(Path(folder)) as engine:
        yield engine


@pytest.fixture
async def troubled(
    base_folder: Path, workplace: Workplace, trouble: PrivateEngine, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Workplace]:
    """Workers of that engine. What waits for an engine that hangs is not waited for long here."""
    usual = Engine.connect()
    trouble.take_image(workplace.environment.image, usual)
    usual.close()
    monkeypatch.setenv("DOCKER_HOST", trouble.address)
    monkeypatch.setattr(docker_sandbox, "STOP_SECONDS", 0.2)
    monkeypatch.setattr(stop_crew, "KILL_AFTER", 0.1)
    async with docker_workplace(base_folder) as place:
        yield place
    gc.collect()  # the SDK leaves sockets open that an engine refused; they are not another test's


@pytest.mark.parametrize("how", ["hangs", "dies"])
async def test_work_stops_and_goes_on(troubled: Workplace, trouble: PrivateEngine, how: str) -> None:
    for when in ("freezing", "frozen", "thawing"):
        await _stop_and_go_on(troubled, trouble, how, when)


async def _stop_and_go_on(place: Workplace, engine: PrivateEngine, how: str, when: str) -> None:
    sandbox = place.sandbox
    assert sandbox.brake is not None
    break_down, mend = (engine.hang, engine.go_on) if how == "hangs" else (engine.die, engine.start)
    async with sandbox.worker(place.environment, "dream") as worker, asyncio.TaskGroup() as jobs:
        job = jobs.create_task(outcome(worker))
        await until_running(sandbox, worker.name)
        if when == "freezing":
            break_down()
        await sandbox.freeze("the mouse moved")
        assert isinstance(await job, InterruptedByWakeError | WorkerLostError), when
        if when == "frozen":
            break_down()
        used = sandbox.brake.cpu_seconds()
        await asyncio.sleep(0.05)
        assert sandbox.brake.cpu_seconds() == used, when
        if when == "thawing":
            break_down()
        await sandbox.thaw()
        assert not sandbox.gate.closed, when
        mend()
    async with sandbox.worker(place.environment, "dream") as worker:
        assert observed(await run(worker, "", "observe('a', 1)")) == 1, when
    async for _ in ticks():
        if await states(sandbox) == {}:
            break
