"""The sandbox over Docker: lends single-use workers and stops all of them at once when the computer is needed.

Freezing climbs a ladder. The parent group of all workers is frozen where that is possible, which stops the last
instruction within a tenth of a millisecond. At the same time every running job is cancelled by one byte on its open
stream, and every container is paused for the record. Whoever has neither died nor been paused after half a second,
under a parent that could not be frozen, is killed. Nothing starts until `thaw`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.errors import InterruptedByWakeError
from dreamer_app.core.types import LibraryPin
from dreamer_app.sandbox.docker.launch import Launcher
from dreamer_app.sandbox.docker.pool import Pool
from dreamer_app.sandbox.docker.wake_gate import WakeGate
from dreamer_app.sandbox.docker.worker import DockerWorker
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, Environment, PytestJob, PytestResult
from dreamer_app.sandbox.sandbox import Purpose, Worker

KILL_AFTER = 0.5
"""Seconds after which a worker that is neither dead nor paused is killed (DESIGN, The wake path)."""

KILL_LEAD = 0.05
"""Seconds that the signals which kill frozen workers get before these may take them; a frozen process cannot die."""


class Brake(Protocol):
    """The parent group of all workers."""

    def freeze(self) -> bool:
        """Stop every process in it at once; whether it stands still. Must be quick, never raises."""
        ...

    def thaw(self) -> bool:
        """Let it go on; whether it does. Never raises."""
        ...

    def cpu_seconds(self) -> float | None:
        """Processor time of all workers so far, None where it cannot be read."""
        ...


class DockerSandbox:
    """Lends sealed workers.

    Args:
        launcher: Makes containers.
        environments: Finds or builds an environment.
        brake: The parent group, None where it cannot be frozen.
        keep: Prewarmed workers per environment.
        parallel: Workers that are started at the same time.
        clock: For the age of waiting workers.
    """

    def __init__(
        self,
        launcher: Launcher,
        environments: Callable[[Sequence[LibraryPin]], Awaitable[Environment]],
        brake: Brake | None,
        *,
        keep: int = 1,
        parallel: int = 2,
        clock: Clock | None = None,
    ) -> None:
        self.launcher = launcher
        self._environments = environments
        self.brake = brake
        self.gate = WakeGate()
        self._pool = Pool(launcher.launch, keep, parallel, clock or SystemClock(), self.gate)
        self._lent: set[DockerWorker] = set()
        self._wake_lock = asyncio.Lock()

    @property
    def lent(self) -> tuple[DockerWorker, ...]:
        """Workers that somebody uses now."""
        return tuple(self._lent)

    @property
    def ready(self) -> tuple[DockerWorker, ...]:
        """Workers that wait to be lent."""
        return tuple(self._pool.ready)

    async def environment(self, libraries: Sequence[LibraryPin]) -> Environment:
        """Find or build the environment with these libraries and the test tools.

        Raises:
            InfrastructureError: No index answers, the disk is full.
            SourceError: There is no wheel for a library.
        """
        return await self._environments(libraries)

    async def warm(self, environment: Environment) -> None:
        """Begin to make workers before the first one is asked for."""
        await self._pool.warm(environment)

    def worker(self, environment: Environment, purpose: Purpose) -> AbstractAsyncContextManager[Worker]:
        """Lend a fresh, prewarmed worker; it is removed when the context ends."""
        return self._lend(environment, purpose)

    @asynccontextmanager
    async def _lend(self, environment: Environment, purpose: Purpose) -> AsyncIterator[Worker]:
        lent = LentWorker(self, environment, purpose, await self._acquire(environment))
        try:
            yield lent
        finally:
            await self._release(lent.end(), environment)

    async def _acquire(self, environment: Environment) -> DockerWorker:
        generation = await self.gate.passable()
        worker = await self._pool.acquire(environment)
        self._lent.add(worker)
        try:
            self.gate.check(generation)
        except InterruptedByWakeError:
            await self._release(worker, environment)
            raise
        return worker

    async def _release(self, worker: DockerWorker, environment: Environment) -> None:
        self._lent.discard(worker)
        await self._pool.release(worker, environment)

    async def replace(self, worker: DockerWorker, environment: Environment) -> DockerWorker:
        """A fresh worker for one that its job left unclean."""
        fresh = await self._acquire(environment)
        await self._release(worker, environment)
        return fresh

    async def freeze(self, reason: str) -> None:
        """Stop all work at once. Idempotent; running jobs end with InterruptedByWakeError."""
        if not self.gate.close(reason):
            return
        braked = self.brake is not None and self.brake.freeze()
        busy = list(self._lent)
        for worker in busy:
            worker.interrupt(reason)
        async with self._wake_lock:
            names = list(self.launcher.containers)
            async with asyncio.TaskGroup() as group:
                for name in names:
                    group.create_task(self._stop(name, busy, braked))
                if not braked:
                    group.create_task(self._pool.call_off())

    async def _stop(self, name: str, busy: Sequence[DockerWorker], braked: bool) -> None:
        """Have one container dead or paused; kill it when neither happens in time."""
        pausing = asyncio.create_task(asyncio.to_thread(self.launcher.pause, name), name=f"pause {name}")
        dying = next((worker for worker in busy if worker.name == name), None)
        waits: set[asyncio.Task[bool]] = {pausing}
        if dying is not None:
            waits.add(asyncio.create_task(dying.wait_cancelled(KILL_AFTER), name=f"cancel {name}"))
        stopped = False
        loop = asyncio.get_running_loop()
        deadline = loop.time() + KILL_AFTER
        while waits and not stopped and (left := deadline - loop.time()) > 0:
            done, waits = await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            stopped = any(task.result() for task in done)
        if not stopped and not braked:
            await asyncio.to_thread(self.launcher.kill, name)
        await asyncio.gather(*waits)

    async def thaw(self) -> None:
        """Allow work again."""
        async with self._wake_lock:
            if not self.gate.closed:
                return
            names = list(self.launcher.containers)
            await asyncio.gather(*(asyncio.to_thread(self.launcher.unpause, name) for name in names))
            if self.brake is not None:
                self.brake.thaw()
            self.gate.open()
            self._pool.thawed()

    async def close(self) -> None:
        """Remove every worker of this session."""
        self.gate.close("the program ends")
        for worker in list(self._lent):
            worker.interrupt("the program ends")
        async with asyncio.TaskGroup() as group:
            for name in list(self.launcher.containers):
                group.create_task(asyncio.to_thread(self.launcher.kill, name))
            await asyncio.sleep(KILL_LEAD)
            if self.brake is not None:
                self.brake.thaw()
        await self._pool.close()
        for name in list(self.launcher.containers):
            await self.launcher.remove(name)
        await asyncio.to_thread(self.launcher.disconnect)


class LentWorker:
    """A worker as its borrower sees it: replaced by a fresh one when a job left it unclean."""

    def __init__(
        self, sandbox: DockerSandbox, environment: Environment, purpose: Purpose, worker: DockerWorker
    ) -> None:
        self._sandbox = sandbox
        self._environment = environment
        self._purpose = purpose
        self._worker = worker
        self._ended = False
        self._unclean = False

    @property
    def name(self) -> str:
        """`dreamer-worker-N`."""
        return self._worker.name

    @property
    def purpose(self) -> Purpose:
        """What it was lent for."""
        return self._purpose

    async def battery(self, job: BatteryJob) -> BatteryResult:
        """Run every variant.

        Raises:
            WorkerLostError: The worker vanished, broke its protocol, or was given back already.
            InterruptedByWakeError: The computer was taken back meanwhile.
        """
        result = await (await self._usable()).battery(job)
        self._unclean = not self._worker.usable
        return result

    async def pytest(self, job: PytestJob) -> PytestResult:
        """Run plain pytest once.

        Raises:
            WorkerLostError: As above.
            InterruptedByWakeError: As above.
        """
        result = await (await self._usable()).pytest(job)
        self._unclean = not self._worker.usable
        return result

    async def _usable(self) -> DockerWorker:
        if self._unclean and not self._ended:
            self._worker = await self._sandbox.replace(self._worker, self._environment)
            self._unclean = False
        return self._worker

    def end(self) -> DockerWorker:
        """No further job; the worker behind it."""
        self._ended = True
        self._worker.usable = False
        return self._worker
