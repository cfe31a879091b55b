"""Real workers when the computer is taken back: everything stops, nothing starts, and it goes on afterwards."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from dreamer_app.core.errors import InterruptedByWakeError
from dreamer_app.sandbox.brake.own_group import OwnGroup
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.launch import Launcher
from dreamer_app.sandbox.jobs import Environment, VariantResult
from tests.sandbox.conftest import Workplace
from tests.sandbox.runs import observed, outcome, run, states, task_states, ticks, until_running, until_stopped

pytestmark = pytest.mark.docker


async def test_freezing_ends_the_job_stops_all_work_and_thawing_goes_on(workplace: Workplace) -> None:
    sandbox = await workplace.open(keep=1)
    assert sandbox.brake is not None
    async with sandbox.worker(workplace.environment, "dream") as worker, asyncio.TaskGroup() as group:
        job = group.create_task(outcome(worker))
        await until_running(sandbox, worker.name)
        await sandbox.freeze("the mouse moved")
        assert isinstance(await job, InterruptedByWakeError)
        used = sandbox.brake.cpu_seconds()
        acquiring = group.create_task(_borrow(sandbox, workplace))
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert not acquiring.done()
        assert sandbox.brake.cpu_seconds() == used
        await sandbox.freeze("again")
        await sandbox.thaw()
        assert await acquiring == 1


async def _borrow(sandbox: DockerSandbox, workplace: Workplace) -> object:
    async with sandbox.worker(workplace.environment, "dream") as worker:
        return observed(await run(worker, "", "observe('a', 1)"))


async def test_freezing_without_a_parent_group_cancels_or_pauses(workplace: Workplace) -> None:
    sandbox = await workplace.open(keep=1)
    sandbox.brake = None
    async with sandbox.worker(workplace.environment, "dream") as worker, asyncio.TaskGroup() as group:
        job = group.create_task(outcome(worker))
        await until_running(sandbox, worker.name)
        await sandbox.freeze("the mouse moved")
        assert isinstance(await job, InterruptedByWakeError)
        # The engine learns of a death a moment after the stream that told us has ended.
        await until_stopped(sandbox)
        await sandbox.thaw()
    assert await _borrow(sandbox, workplace) == 1


async def test_a_fork_bomb_cannot_hold_the_computer(workplace: Workplace) -> None:
    sandbox = await workplace.open(keep=0)
    bomb = "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"
    async with sandbox.worker(workplace.environment, "dream") as worker, asyncio.TaskGroup() as group:

        async def bombed() -> Exception | VariantResult:
            try:
                return await run(worker, "", bomb, wall=20)
            except InterruptedByWakeError as error:
                return error

        job = group.create_task(bombed())
        await until_running(sandbox, worker.name)
        await sandbox.freeze("the mouse moved")
        assert isinstance(await job, InterruptedByWakeError)
        assert sandbox.brake is not None
        used = sandbox.brake.cpu_seconds()
        await asyncio.sleep(0.1)
        assert sandbox.brake.cpu_seconds() == used
        await sandbox.thaw()


async def test_a_worker_that_the_engine_is_starting_holds_nothing_up(workplace: Workplace) -> None:
    sandbox = await workplace.open(keep=0)
    assert sandbox.brake is not None and sandbox.brake.freeze()  # under a frozen parent a start does not end
    borrowing = asyncio.ensure_future(_borrow(sandbox, workplace))
    async for _ in ticks():
        if sandbox.launcher.changing:
            break
    halt = sandbox.halt("the mouse moved")
    assert halt is not None
    async with asyncio.timeout(20):
        await asyncio.wrap_future(halt.paused)
    await sandbox.thaw()
    with contextlib.suppress(InterruptedByWakeError):
        await borrowing
    assert await _borrow(sandbox, workplace) == 1


async def test_a_worker_comes_up_although_it_is_stopped_whenever_it_is_about_to_start(workplace: Workplace) -> None:
    sandbox = await workplace.open(keep=1)
    launcher = sandbox.launcher
    assert isinstance(launcher, Launcher)
    create = launcher._create
    made: list[tuple[str, str]] = []

    def stopped(environment: Environment) -> tuple[str, str]:
        made.append(create(environment))
        sandbox.halt("the mouse moved")
        return made[-1]

    launcher._create = stopped  # type: ignore[method-assign]
    await sandbox.warm(workplace.environment)
    async with asyncio.timeout(30):
        async for _ in ticks():
            await sandbox.thaw()
            if sandbox.ready:
                break
    assert len(made) == 1


async def test_closing_while_frozen_leaves_nothing(workplace: Workplace) -> None:
    sandbox = await workplace.open(keep=1)
    async with sandbox.worker(workplace.environment, "dream"):
        await sandbox.freeze("the mouse moved")
        await sandbox.close()
    assert await states(sandbox) == {}


async def test_a_task_in_uninterruptible_sleep_holds_nothing_up(workplace: Workplace) -> None:
    sandbox = await workplace.open(keep=0)
    # Whoever has called clone with CLONE_VFORK sleeps so until the child has ended.
    stuck = """
import ctypes, platform
clone = {"x86_64": 56, "aarch64": 220}[platform.machine()]
if ctypes.CDLL(None).syscall(clone, 0x4000 | 17, 0, 0, 0, 0) <= 0:
    while True:
        pass
"""
    async with (
        sandbox.worker(workplace.environment, "dream") as worker,
        sandbox.worker(workplace.environment, "dream") as other,
        asyncio.TaskGroup() as group,
    ):
        job, busy = group.create_task(outcome(worker, stuck)), group.create_task(outcome(other))
        await until_running(sandbox, other.name)
        async for _ in ticks():
            assert not job.done(), job.result()
            if "D" in await asyncio.to_thread(task_states, sandbox, worker.name):
                break
        await sandbox.freeze("the mouse moved")
        assert isinstance(await job, InterruptedByWakeError) and isinstance(await busy, InterruptedByWakeError)
        assert isinstance(sandbox.brake, OwnGroup)
        used = sandbox.brake.cpu_seconds()
        await asyncio.sleep(0.05)
        assert sandbox.brake.cpu_seconds() == used
        await sandbox.release()
        assert await asyncio.to_thread(_left, sandbox.brake) == "", "their memory is free again"
        await sandbox.thaw()
    assert await _borrow(sandbox, workplace) == 1


def _left(brake: OwnGroup) -> str:
    """The processes that are still in the group, frozen or not."""
    found = ""
    for file in Path(brake.group.folder).glob("*/cgroup.procs"):
        with contextlib.suppress(OSError):  # the engine removes the group meanwhile
            found += file.read_text()
    return found
