"""The whole guard over real workers: a sentinel that dies takes the dreams with it, and many stops leave nothing."""

from __future__ import annotations

import asyncio
import os
import queue
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.errors import InterruptedByWakeError, WorkerLostError
from dreamer_app.engine.wake_path import WakeRecord
from dreamer_app.service.guarding import open_guard
from tests.sandbox.conftest import Workplace, base_folder, workplace  # noqa: F401  fixtures
from tests.sandbox.runs import observed, outcome, run, states, ticks, until_running, until_stopped
from tests.sandbox.test_brake import kill_the_brake

pytestmark = pytest.mark.docker

CYCLES = 30
LAZY_THREADS = ("dreamer-stop", "asyncio")
"""Pools that grow to a fixed size as they are used."""


async def test_when_the_sentinel_dies_the_dreams_do_and_the_next_one_brakes(workplace: Workplace) -> None:  # noqa: F811
    sandbox, environment = workplace.sandbox, workplace.environment
    guarding = await asyncio.to_thread(open_guard, workplace.paths, SystemClock())
    assert guarding.sentinel is not None
    async with guarding.guarded(sandbox):
        async with sandbox.worker(environment, "dream") as worker, asyncio.TaskGroup() as group:
            job = group.create_task(outcome(worker))
            await until_running(sandbox, worker.name)
            assert guarding.sentinel.pid is not None
            os.kill(guarding.sentinel.pid, signal.SIGKILL)
            assert isinstance(await job, InterruptedByWakeError | WorkerLostError)
            await until_stopped(sandbox)
        async with sandbox.worker(environment, "dream") as worker:  # as soon as the next one holds the brake
            assert observed(await run(worker, "", "observe('a', 1)")) == 1
        async with sandbox.worker(environment, "dream") as worker, asyncio.TaskGroup() as group:
            job = group.create_task(outcome(worker))
            await until_running(sandbox, worker.name)
            guarding.sentinel.wake(time.monotonic(), "a test")
            assert isinstance(await job, InterruptedByWakeError)
        await guarding.wake_path.thaw()
    guarding.close()
    assert not sandbox.gate.closed, "workers may outlive their sentinel"


async def test_the_sentinel_holds_the_brake_that_replaced_a_dead_one(workplace: Workplace) -> None:  # noqa: F811
    sandbox = await workplace.open(keep=0, rungs=("socket",))
    guarding = await asyncio.to_thread(open_guard, workplace.paths, SystemClock())
    assert guarding.sentinel is not None
    told: queue.SimpleQueue[bool] = queue.SimpleQueue()
    guarding.sentinel.hear["braked"] = lambda message: told.put(bool(message["done"]))
    async with guarding.guarded(sandbox):
        await asyncio.to_thread(kill_the_brake, sandbox)
        await sandbox.freeze("a test")
        await guarding.wake_path.thaw()
        guarding.sentinel.wake(time.monotonic(), "a test")
        assert await asyncio.to_thread(told.get, timeout=20), "it pulled a brake that is there"
        await sandbox.freeze("a test")
        await guarding.wake_path.thaw()
    guarding.close()


async def test_thirty_sleeps_and_wakings_leave_nothing_behind(workplace: Workplace) -> None:  # noqa: F811
    sandbox = await workplace.open(keep=2)
    records: asyncio.Queue[WakeRecord] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    guarding = await asyncio.to_thread(
        open_guard,
        workplace.paths,
        SystemClock(),
        (),
        lambda record: loop.call_soon_threadsafe(records.put_nowait, record),
    )
    assert guarding.sentinel is not None
    async with guarding.guarded(sandbox):
        await sandbox.warm(workplace.environment)
        async for _ in ticks():
            if len(sandbox.ready) == 2:
                break
        counted = []
        for _ in range(2):
            for _ in range(CYCLES // 2):
                guarding.sentinel.wake(time.monotonic(), "a test")
                await records.get()
                await guarding.wake_path.thaw()
            found = await states(sandbox)
            counted.append(held(found.values(), Path(f"/proc/{guarding.sentinel.pid}")))
        assert counted[0] == counted[1]
        assert all(worker.usable for worker in sandbox.ready), "nobody who waits is used up by a waking"
    guarding.close()


def held(workers: Iterable[str], sentinel: Path) -> dict[str, object]:
    """What this program, its sentinel, the engine and the kernel hold for workers in these states."""
    return {
        "workers": Counter(workers),
        "handles": len(list(Path("/proc/self/fd").iterdir())),
        "threads": sum(not thread.name.startswith(LAZY_THREADS) for thread in threading.enumerate()),
        "handles of the sentinel": len(list((sentinel / "fd").iterdir())),
        "threads of the sentinel": len(list((sentinel / "task").iterdir())),
        "groups": sorted(map(str, Path("/sys/fs/cgroup").glob(f"*/dreamertest{os.getpid()}n*/test/*/"))),
    }
