"""Measures the wake path on this computer, with real workers at full load and the real sentinel.

Nothing is believed that a program says of itself: work stopped when the processor time of the workers' group no longer
grew; a stream was cut when its server saw the end. It needs the base folder for itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator

from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import DreamerError, InfrastructureError
from dreamer_app.core.events import Listener, Progress
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import SuspendReason
from dreamer_app.engine.wake_path import WakeRecord
from dreamer_app.sandbox.brake.brake import Brake
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.jobs import BatteryJob, Environment, Variant
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.service.guarding import Guarding, open_guard
from dreamer_app.service.wake_figures import STAGES, WakeTestReport, figures

LOAD = "def test_it():\n    while True:\n        pass\n"
LOAD_SECONDS = 600.0
WORK_SECONDS = 0.2
"""Of full load before each stop."""

STEP = 0.0002
QUIET = 0.03
"""Seconds without growth after which work has stopped; the scheduler accounts every 10 ms at most."""

PATIENCE = 10.0


async def measure_wake(
    sandbox: Sandbox, paths: DataPaths, clock: Clock, listener: Listener, *, workers: int, cycles: int
) -> WakeTestReport:
    """Stop full load again and again.

    Raises:
        InfrastructureError: Workers cannot be had, or their processor time cannot be read.
    """
    if not isinstance(sandbox, DockerSandbox) or sandbox.brake is None or sandbox.brake.cpu_seconds() is None:
        raise InfrastructureError(
            "There is nothing to measure",
            "the workers have no brake whose processor time can be read",
            "Run `dreamer doctor`.",
        )
    stream, loop = SilentStream(), asyncio.get_running_loop()
    records: asyncio.Queue[WakeRecord] = asyncio.Queue()

    def told(record: WakeRecord) -> None:
        loop.call_soon_threadsafe(records.put_nowait, record)

    guarding = await asyncio.to_thread(open_guard, paths, clock, [stream], told)
    try:
        environment = await sandbox.environment([])
        async with guarding.guarded(sandbox), _busy(sandbox, environment, workers, listener):
            test = _Cycle(sandbox.brake, guarding, stream, records)
            for number in range(1, cycles + 1):
                await test.run(release=number == cycles)
                listener(Progress(task="wake-test", step="stopped and let go on", done=number, total=cycles))
    finally:
        await asyncio.to_thread(guarding.close)
        stream.close()
    return WakeTestReport(
        workers=workers,
        cycles=cycles,
        brake=sandbox.brake.name,
        sentinel=guarding.sentinel is not None,
        stages={stage: figures(test.times[stage]) for stage in STAGES if test.times[stage]},
    )


class SilentStream:
    """A model that says nothing, and the moment at which its server sees that nobody listens any more."""

    def __init__(self) -> None:
        self._ends: list[socket.socket] = []
        self.ended_at: float | None = None

    def open(self) -> None:
        """Begin to wait for an answer."""
        self.close()
        self.ended_at = None
        self._ends = list(socket.socketpair())
        threading.Thread(target=self._serve, args=(self._ends[1],), daemon=True).start()

    def abort_all(self) -> None:
        """Listen no more."""
        if self._ends:
            with contextlib.suppress(OSError):
                self._ends[0].shutdown(socket.SHUT_RDWR)

    def allow(self) -> None:
        """Nothing is remembered."""

    async def release(self) -> None:
        """No memory is held."""

    def close(self) -> None:
        """Let go of both ends."""
        self.abort_all()
        for end in self._ends:
            end.close()
        self._ends = []

    def _serve(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            server.recv(1)
        self.ended_at = time.monotonic()


class _Cycle:
    """One stop after the other."""

    def __init__(
        self, brake: Brake, guarding: Guarding, stream: SilentStream, records: asyncio.Queue[WakeRecord]
    ) -> None:
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self._records = records
        self._brake = brake
        self._guarding = guarding
        self._stream = stream

    async def run(self, *, release: bool) -> None:
        """Work, stop, measure, go on; with `release` the workers are killed instead."""
        path, sentinel = self._guarding.wake_path, self._guarding.sentinel
        await asyncio.sleep(WORK_SECONDS)
        self._stream.open()
        stopped = asyncio.create_task(asyncio.to_thread(_last_growth, self._brake))
        event = time.monotonic()
        if sentinel is None:
            path.trigger(SuspendReason.USER_REQUEST, event, "wake-test")
        else:
            sentinel.wake(event, "wake-test")
        self._note("stopped", event, await stopped)
        async with asyncio.timeout(PATIENCE):
            record = await self._records.get()
        self.times["event"].append(self._guarding.seen_ms if sentinel is not None else record.event_ms)
        if record.paused_ms is not None:
            self.times["paused"].append(record.paused_ms)
        self._note("stream", event, self._stream.ended_at)
        if release:
            begun = time.monotonic()
            await path.release(SuspendReason.MEMORY_LOW)
            self._note("released", begun, time.monotonic())
        else:
            await path.thaw()

    def _note(self, stage: str, event: float, at: float | None) -> None:
        if at is not None:
            self.times[stage].append(max(at - event, 0.0) * 1000)


def _last_growth(brake: Brake) -> float:
    """The moment at which the workers' processor time grew for the last time; blocking."""
    used, grown, started = brake.cpu_seconds(), time.monotonic(), time.monotonic()
    while (now := time.monotonic()) - grown < QUIET and now - started < PATIENCE:
        if (seen := brake.cpu_seconds()) != used:
            used, grown = seen, now
        time.sleep(STEP)
    return grown


@contextlib.asynccontextmanager
async def _busy(
    sandbox: DockerSandbox, environment: Environment, workers: int, listener: Listener
) -> AsyncIterator[None]:
    """So many workers in an endless loop each. They are nobody's, so that a stop does not use them up."""
    job = BatteryJob(
        solution="", tests=LOAD, test_names=("test_it",), variants=(Variant(id="load", wall=LOAD_SECONDS),)
    )
    made = []
    try:
        for number in range(1, workers + 1):
            made.append(await sandbox.launcher.launch(environment))
            listener(Progress(task="wake-test", step="workers started", done=number, total=workers))
        tasks = [asyncio.create_task(worker.battery(job), name="load") for worker in made]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        await sandbox.thaw()
        for worker in made:
            with contextlib.suppress(DreamerError):
                await worker.remove()
