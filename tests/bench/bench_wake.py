"""How fast full load stops: the brake pulled by the sentinel, beside plain pauses and BOINC's documented path.

Work stopped is the last beat that any worker wrote into shared memory, in milliseconds after the event; `paused` is
when the engine knew all of them as paused. The event is the moment at which the sentinel's socket is written to.
DREAMER_BENCH_REPEAT sets the cycles of each row, DREAMER_BENCH_LONG=1000 adds that many cycles with 8 workers.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.engine.wake_path import WakeRecord
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.sandbox.docker.open import open_sandbox
from dreamer_app.sandbox.docker.slice import Slice
from dreamer_app.sandbox.runner.group import LOWEST_WEIGHT
from dreamer_app.service.guarding import Guarding, open_guard
from dreamer_app.service.wake_figures import figures
from tests.e2e.beating import Beating
from tests.sandbox.conftest import favour, own_slice, remove_group

REPEAT = int(os.environ.get("DREAMER_BENCH_REPEAT", "20"))
LONG = int(os.environ.get("DREAMER_BENCH_LONG", "0"))
FOREGROUND_SECONDS = 2.0
TARGETS = {8: (5, 50), 16: (None, 150)}
"""Milliseconds until work stopped, p50 and p99, by number of workers."""


class Scene:
    """Beating workers under guard; every method runs off the event loop."""

    def __init__(self, sandbox: DockerSandbox, guarding: Guarding, beating: Beating, records: list[WakeRecord]) -> None:
        self.sandbox, self.guarding, self.beating, self.records = sandbox, guarding, beating, records
        self.loop = asyncio.get_running_loop()

    def braked(self) -> tuple[float, float]:
        """One stop by the sentinel; milliseconds until work stopped and until all was paused."""
        assert self.guarding.sentinel is not None
        self.beating.until_all_beat()
        before, event = len(self.records), time.monotonic()
        self.guarding.sentinel.wake(event, "bench")
        last = self.beating.last_beat()
        while len(self.records) == before:
            time.sleep(0.001)
        paused = self.records[-1].paused_ms
        asyncio.run_coroutine_threadsafe(self.guarding.wake_path.thaw(), self.loop).result()
        return max(last / 1e6 - event * 1000, 0.0), paused or float("inf")

    def paused_in_threads(self) -> tuple[float, float]:
        """The same by `container.pause()` in threads."""
        return self._without_brake(self._pause_all)

    def as_boinc(self) -> tuple[float, float]:
        """The same as documented of BOINC with Docker jobs: a look each second, twice over, then `docker pause`."""

        def stop() -> None:
            time.sleep(random.uniform(0, 1) + random.uniform(0, 1))
            ids = [self.sandbox.launcher.containers[name] for name in self.beating.names]
            for one in ids:
                subprocess.run(
                    ["docker", "pause", one], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
                )

        return self._without_brake(stop)

    def _pause_all(self) -> None:
        with ThreadPoolExecutor(32) as threads:
            list(threads.map(self.sandbox.launcher.pause, self.beating.names))

    def _without_brake(self, stop: Callable[[], None]) -> tuple[float, float]:
        self.beating.until_all_beat()
        event = time.monotonic()
        stop()
        done = time.monotonic()
        while self.beating.states() != {"paused"}:  # version 1 of control groups refuses some
            self._pause_all()
        last = self.beating.last_beat()
        for name in self.beating.names:
            self.sandbox.launcher.unpause(name)
        return max(last / 1e6 - event * 1000, 0.0), (done - event) * 1000


@contextmanager
def busy_foreground() -> Iterator[None]:
    """Two endless loops at the usual weight."""
    programs = [subprocess.Popen(["python3", "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for program in programs:
            program.kill()
            program.wait()


@contextmanager
def locked_database(paths: DataPaths) -> Iterator[None]:
    """Somebody else writes for ever."""
    connection = sqlite3.connect(paths.database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()


def row(name: str, count: int, times: list[tuple[float, float]], *, target: bool = False) -> None:
    """One line of the table."""
    stopped, paused = figures([one for one, _ in times]), figures([two for _, two in times])
    p50, p99 = TARGETS.get(count, (None, None)) if target else (None, None)
    met = ""
    if p99 is not None:
        missed = stopped.p99 > p99 or (p50 is not None and stopped.p50 > p50)
        met = f"   {'MISSED' if missed else 'met'}: p50 ≤ {p50 or '-'}, p99 ≤ {p99}"
    print(
        f"  {count:2d}  {name:34s} {stopped.p50:7.1f} {stopped.p95:7.1f} {stopped.p99:7.1f} {stopped.max:7.1f}"
        f"   {paused.p50:6.0f} {paused.p95:6.0f} {paused.max:6.0f}  n={len(times)}{met}",
        flush=True,
    )


async def cycles(method: Callable[[], tuple[float, float]], count: int) -> list[tuple[float, float]]:
    """So many of one kind, off the event loop."""
    return [await asyncio.to_thread(method) for _ in range(count)]


async def blocked(scene: Scene) -> list[tuple[float, float]]:
    """Stops while the event loop hangs in one call of five seconds."""
    found: list[tuple[float, float]] = []
    for _ in range(max(REPEAT // 10, 2)):
        thread = threading.Thread(target=lambda: found.append(scene.braked()))
        thread.start()
        time.sleep(5)  # noqa: ASYNC251 the point of it
        await asyncio.to_thread(thread.join)
    return found


def speed(begin: Event, done: multiprocessing.Queue[int]) -> None:
    """Count turns of a loop for a while."""
    begin.wait()
    turns, end = 0, time.perf_counter() + FOREGROUND_SECONDS
    while time.perf_counter() < end:
        turns += 1
    done.put(turns)


def foreground_turns() -> int:
    """What a foreground with as many busy processes as cores gets done."""
    context = multiprocessing.get_context("spawn")
    begin, done = context.Event(), context.Queue()
    programs = [context.Process(target=speed, args=(begin, done)) for _ in range(os.cpu_count() or 1)]
    for program in programs:
        program.start()
    time.sleep(1)
    begin.set()
    turns = sum(done.get() for _ in programs)
    for program in programs:
        program.join()
    return turns


async def foreground(scene: Scene) -> None:
    """Paired runs: the workers frozen, the workers at full load."""
    shares = []
    for _ in range(5):
        await scene.sandbox.freeze("bench")
        alone = await asyncio.to_thread(foreground_turns)
        await scene.sandbox.thaw()
        shares.append(await asyncio.to_thread(foreground_turns) / alone)
    shares.sort()
    middle, least, most = (shares[place] * 100 for place in (2, 0, -1))
    print(f"  foreground keeps {middle:.1f} % of its speed (median of 5 pairs; {least:.1f} to {most:.1f})")


def weigh(group: Slice) -> None:
    """Give the workers the lowest weight, as the product does."""
    assert group.group is not None
    file = "cpu.weight" if group.group.version == 2 else "cpu.shares"
    (group.above[-1] / file).write_text(LOWEST_WEIGHT[group.group.version])


async def measure(folder: Path, count: int) -> None:
    """All rows of one number of workers."""
    paths = DataPaths(folder)
    paths.create()
    engine = Engine.connect()
    group = own_slice(engine.facts())  # at the usual weight, so that both cores are saturated whatever else runs
    engine.close()
    records: list[WakeRecord] = []
    guarding = open_guard(paths, SystemClock(), told=records.append)
    sandbox = await open_sandbox(Settings(), paths, keep=0, group=group)
    try:
        async with guarding.guarded(sandbox):
            beating = await asyncio.to_thread(Beating, sandbox, await sandbox.environment([]), count)
            scene = Scene(sandbox, guarding, beating, records)
            row("brake by the sentinel", count, await cycles(scene.braked, REPEAT), target=True)
            for name, condition in (
                ("busy foreground", busy_foreground()),
                ("database locked", locked_database(paths)),
            ):
                with condition:
                    row(f"brake, {name}", count, await cycles(scene.braked, REPEAT), target=True)
            row("brake, event loop blocked for 5 s", count, await blocked(scene), target=True)
            row("container.pause() in threads", count, await cycles(scene.paused_in_threads, REPEAT))
            row("BOINC's documented path", count, await cycles(scene.as_boinc, max(REPEAT // 4, 2)))
            if count == 8:
                weigh(group)
                await foreground(scene)
                favour(group)
            if LONG and count == 8:
                row("brake, long", count, await cycles(scene.braked, LONG), target=True)
            beating.close()
    finally:
        await sandbox.close()
        guarding.close()
        remove_group(group)


def main() -> None:
    """Print the table."""
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}; milliseconds after the event")
    print(f"  {'':38s} work stopped: p50     p95     p99     max   paused: p50  p95  max")
    for count in (8, 16):
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(Path(folder), count))


if __name__ == "__main__":
    main()
