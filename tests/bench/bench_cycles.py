"""Sleeping and waking without end: the same dreams come of it as without, and nothing is left behind.

One night is dreamt in peace and one is stopped and let go on all the time; then workers that wait are stopped and let
go on a thousand times while handles, threads, memory, containers and control groups are counted. Everything is real:
the sentinel, the brake, Docker's workers, the Guardian. DREAMER_BENCH_DREAMS sets the dreams of a night,
DREAMER_BENCH_CYCLES the cycles.
"""

from __future__ import annotations

import asyncio
import math
import os
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.events import Broadcast
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import DreamState
from dreamer_app.engine.dream_engine import DreamEngine
from dreamer_app.engine.wake_path import WakeRecord
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.service.dreamer import Dreamer, NightOrder
from dreamer_app.service.guarding import Guarding, open_guard
from tests.e2e.real_night import workshop
from tests.sandbox.conftest import docker_workplace
from tests.sandbox.runs import states, ticks
from tests.service.test_guarding_workers import held

DREAMS = int(os.environ.get("DREAMER_BENCH_DREAMS", "20"))
CYCLES = int(os.environ.get("DREAMER_BENCH_CYCLES", "1000"))
LIBRARIES = ("toolz", "more-itertools")
SEED = 7
WAITING = 2
"""Workers that wait to be lent while everything is stopped and let go on."""
WORK_SECONDS = (0.2, 8.0)
"""Least and longest time between two stops of a night; as many are shorter than their geometric mean as longer."""

Records = asyncio.Queue[WakeRecord]


def guard(paths: DataPaths) -> tuple[Guarding, Records]:
    """A guard, and what it says of every stop."""
    records: Records = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def told(record: WakeRecord) -> None:
        loop.call_soon_threadsafe(records.put_nowait, record)

    return open_guard(paths, SystemClock(), told=told), records


async def stop_and_go_on(guarding: Guarding, records: Records, engine: DreamEngine | None = None) -> None:
    """One cycle, as the program that stays does it."""
    assert guarding.sentinel is not None
    guarding.sentinel.wake(time.monotonic(), "bench")
    await records.get()
    if engine is not None:
        await engine.hold("bench")
    await guarding.wake_path.thaw()
    if engine is not None:
        await engine.go_on()


async def night(folder: Path, *, peace: bool) -> tuple[set[str], int, float]:
    """A night about one library: its verified scenarios, how often it was stopped, and how long it took."""
    paths = DataPaths(folder)
    paths.create()
    guarding, records = guard(paths)
    dreamer = Dreamer(paths, lambda: guarding.over(workshop()), Broadcast())
    await dreamer.ingest([f"pypi:{library}" for library in LIBRARIES])
    began, stops, chance = time.monotonic(), 0, random.Random(SEED)
    order = NightOrder(libraries=LIBRARIES, dreams=DREAMS, seed=SEED, workers=1)
    dreaming = asyncio.ensure_future(dreamer.night(order))
    while not dreaming.done() and not peace:
        await asyncio.wait([dreaming], timeout=math.exp(chance.uniform(*map(math.log, WORK_SECONDS))))
        if dreamer.engine is not None and not dreaming.done():
            await stop_and_go_on(guarding, records, dreamer.engine)
            stops += 1
    await dreaming
    verified = set(dreamer.store.dreams.ids(DreamState.VERIFIED))
    dreamer.close()
    guarding.close()
    return verified, stops, time.monotonic() - began


async def nights() -> None:
    """Both nights."""
    found = []
    for peace in (True, False):
        with tempfile.TemporaryDirectory() as folder:
            found.append(await night(Path(folder), peace=peace))
    (quiet, _, short), (stopped, stops, long) = found
    same = "the same" if quiet == stopped else f"DIFFERENT: {len(quiet & stopped)} in common"
    print(f"  {len(quiet)} dreams in {short:.0f} s; stopped {stops} times: {len(stopped)} in {long:.0f} s, {same}")
    if quiet != stopped:
        raise AssertionError("a night that was stopped dreamt something else")


async def until_ready(sandbox: DockerSandbox) -> None:
    """Until as many workers wait as are to wait: one that the engine has lost track of is replaced."""
    async with asyncio.timeout(60):
        async for _ in ticks():
            if len(sandbox.ready) == WAITING:
                return


async def waiting() -> None:
    """Workers that wait, stopped and let go on."""
    with tempfile.TemporaryDirectory() as folder:
        async with docker_workplace(Path(folder)) as place:
            sandbox = await place.open(keep=WAITING)
            guarding, records = guard(place.paths)
            async with guarding.guarded(sandbox):
                await sandbox.warm(place.environment)
                await until_ready(sandbox)
                assert guarding.sentinel is not None and guarding.sentinel.pid is not None
                sentinel = psutil.Process(guarding.sentinel.pid)
                began, lost = time.monotonic(), 0
                for number in range(1, CYCLES + 1):
                    await stop_and_go_on(guarding, records)
                    lost += WAITING - len(sandbox.ready)
                    await until_ready(sandbox)
                    if number in {CYCLES // 10, CYCLES}:
                        found = held((await states(sandbox)).values(), Path(f"/proc/{sentinel.pid}"))
                        counted = [_count(value) for value in found.values()]
                        kib = [one.memory_info().rss // 1024 for one in (psutil.Process(), sentinel)]
                        print(f"  {number:5d} cycles in {time.monotonic() - began:.0f} s: replaced {lost}, ", end="")
                        print(
                            *(f"{name} {value}" for name, value in zip(found, counted, strict=True)), sep=", ", end=""
                        )
                        print(f"; memory {kib[0]} KiB, of the sentinel {kib[1]} KiB", flush=True)
            guarding.close()


def _count(value: object) -> int:
    """Of something that may be counted already, by kind or not at all."""
    if isinstance(value, Counter):
        return value.total()
    return len(value) if isinstance(value, list) else int(str(value))


def main() -> None:
    """Print both."""
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    if DREAMS:
        asyncio.run(nights())
    if CYCLES:
        asyncio.run(waiting())


if __name__ == "__main__":
    main()
