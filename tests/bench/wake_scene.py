"""Workers at full load that are stopped again and again, by our brake and by the ways of others, and what may be in the
way meanwhile. It measures and prints nothing by itself.
"""

from __future__ import annotations

import asyncio
import os
import queue
import random
import sqlite3
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.states import SuspendReason
from dreamer_app.engine.wake_path import WakeRecord
from dreamer_app.llm.streams import Streams
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.sandbox.docker.open import open_sandbox
from dreamer_app.sandbox.docker.slice import Slice
from dreamer_app.service.guarding import Guarding, open_guard
from tests.api.fakes import World
from tests.e2e.beating import Beating
from tests.sandbox.conftest import own_slice, remove_group

PATIENCE = 30.0

Times = tuple[float, float]
"""Milliseconds after the event until work stopped and until all was paused."""


@dataclass(frozen=True)
class Scene:
    """Beating workers under guard; every method runs off the event loop.

    Attributes:
        sandbox: Of the workers.
        guarding: Has the sentinel that stops them.
        beating: They.
        group: Theirs.
        loop: Of the program.
        streams: Of models; cut at every stop.
        records: Of every stop that is over, taken by whoever looks.
    """

    sandbox: DockerSandbox
    guarding: Guarding
    beating: Beating
    group: Slice
    loop: asyncio.AbstractEventLoop
    streams: Streams
    records: queue.SimpleQueue[WakeRecord]

    def braked(self, then: Callable[[], object] | None = None) -> Times:
        """One stop, as after input; `then` is done as soon as work has stopped."""
        return self.stopped_by(self.come_back, then)

    def come_back(self, at: float) -> None:
        """What happens at input."""
        assert self.guarding.sentinel is not None
        self.guarding.sentinel.wake(at, "bench")

    def asked(self, world: World) -> Times:
        """One stop by the first byte of a request to the API that is none for its status."""
        with world.connect() as connection:
            return self.stopped_by(lambda _event: connection.sendall(b"D"))

    def wake(self, reason: SuspendReason) -> None:
        """What the program does when its API is asked."""
        self.guarding.wake_path.trigger(reason, source="API")

    def stopped_by(self, event: Callable[[float], object], then: Callable[[], object] | None = None) -> Times:
        """One stop by whatever is done in `event`, which is told the time, once every worker works."""
        self.beating.until_all_beat()
        at = time.monotonic()
        event(at)
        if then is not None:
            self.beating.last_beat()
            then()
        paused = self.records.get(timeout=PATIENCE).paused_ms
        last = self.beating.last_beat()  # afterwards: whoever looks all the time delays what is measured
        asyncio.run_coroutine_threadsafe(self.guarding.wake_path.thaw(), self.loop).result()
        return max(last / 1e6 - at * 1000, 0.0), float("inf") if paused is None else paused

    def paused_in_threads(self) -> Times:
        """The same by `container.pause()` in threads."""
        return self._without_brake(self._pause_all)

    def as_boinc(self) -> Times:
        """The same as documented of BOINC with Docker jobs: its client looks each second, its wrapper again each second
        and then calls `docker pause` for one job after the other.
        """

        def stop() -> None:
            time.sleep(random.uniform(0, 1) + random.uniform(0, 1))
            for one in [self.sandbox.launcher.containers[name] for name in self.beating.names]:
                subprocess.run(
                    ["docker", "pause", one], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
                )

        return self._without_brake(stop)

    def _pause_all(self) -> None:
        with ThreadPoolExecutor(32) as threads:
            list(threads.map(self.sandbox.launcher.pause, self.beating.names))

    def _without_brake(self, stop: Callable[[], None]) -> Times:
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


@asynccontextmanager
async def scene(folder: Path, count: int, *, weighed: bool = False) -> AsyncIterator[Scene]:
    """So many workers at full load.

    Args:
        folder: For everything.
        count: Of workers.
        weighed: Whether their group has the lowest weight until it is stopped, as in the product; else it has the
            usual one, so that both cores are saturated whatever else runs.
    """
    paths = DataPaths(folder)
    paths.create()
    engine = Engine.connect()
    group = own_slice(engine.facts())
    engine.close()
    if weighed and group.group is not None:
        file = "cpu.weight" if group.group.version == 2 else "cpu.shares"
        group = replace(group, group=group.group._replace(weight=str(group.above[-1] / file)))
    records: queue.SimpleQueue[WakeRecord] = queue.SimpleQueue()
    streams = Streams()
    guarding = open_guard(paths, SystemClock(), [streams], records.put)
    sandbox = await open_sandbox(Settings(), paths, keep=0, group=group)
    try:
        async with guarding.guarded(sandbox):
            beating = await asyncio.to_thread(Beating, sandbox, await sandbox.environment([]), count)
            yield Scene(sandbox, guarding, beating, group, asyncio.get_running_loop(), streams, records)
            beating.close()
    finally:
        await sandbox.close()
        guarding.close()
        remove_group(group)


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
