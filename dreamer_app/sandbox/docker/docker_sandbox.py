"""The sandbox over Docker: lends single-use workers and stops all of them at once when the computer is needed.

Stopping climbs a ladder. The brake freezes the parent group of all workers where there is one, which stops the last
instruction within a tenth of a millisecond. At the same time every running job is cancelled by one byte on its open
stream, and the stop crew has every container paused for the record. None of that needs the event loop. Nothing starts
until `thaw`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.errors import InterruptedByWakeError
from dreamer_app.core.types import LibraryPin
from dreamer_app.sandbox.brake.brake import Brake
from dreamer_app.sandbox.docker.launching import Launching
from dreamer_app.sandbox.docker.pool import Pool
from dreamer_app.sandbox.docker.stop_crew import StopCrew
from dreamer_app.sandbox.docker.wake_gate import WakeGate
from dreamer_app.sandbox.docker.worker import DockerWorker
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, Environment, PytestJob, PytestResult
from dreamer_app.sandbox.sandbox import Halt, Purpose, Worker

STILL_SECONDS = 0.5
"""How long the kernel may take until every task stands still; measured: 0.02 s, 0.2 s under heavy foreign load."""

STOP_SECONDS = 2.0
"""Longest wait for the engine to have everything paused, or unpaused; a hung one must not hold up a night."""

KILL_LEAD = 0.05
"""Seconds that the signals which kill frozen workers get before these may take them; a frozen process cannot die."""


class DockerSandbox:
    """Lends sealed workers.

    Args:
        launcher: Makes workers: containers, or processes under bubblewrap.
        environments: Finds or builds an environment.
        brake: Holds the parent group, None where it cannot be frozen.
        new_brake: Finds a brake anew when this one has died; blocking.
        keep: Prewarmed workers per environment.
        parallel: Workers that are started at the same time.
        clock: For the age of waiting workers.
        ended: Called once, when everything is closed.

    Attributes:
        brake: As above, or the one that replaced it.
        rebraked: Called when another brake has replaced a dead one, for whoever holds it, too.
    """

    def __init__(
        self,
        launcher: Launching,
        environments: Callable[[Sequence[LibraryPin]], Awaitable[Environment]],
        brake: Brake | None,
        *,
        new_brake: Callable[[], Brake | None] = lambda: None,
        keep: int = 1,
        parallel: int = 2,
        clock: Clock | None = None,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self.launcher = launcher
        self._environments = environments
        self.brake = brake
        self._new_brake = new_brake
        self._ended = ended
        self.rebraked: Callable[[], Awaitable[None]] = _nobody_else
        self.gate = WakeGate()
        launcher.gate = self.gate
        self._pool = Pool(launcher.launch, keep, parallel, clock or SystemClock(), self.gate)
        self._crew = StopCrew(launcher)
        self._lent: set[DockerWorker] = set()
        self._wake_lock = asyncio.Lock()
        self._loop = asyncio.get_running_loop()
        self._last: Halt | None = None
        self._told_to_pause: list[str] = []
        self._braked = False
        self._overtaken = ""
        self._closed = False

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

    def halt(self, reason: str) -> Halt | None:
        """Stop all work at once, from any thread, with no event loop and no waiting; None when it stands still.

        Running jobs end with InterruptedByWakeError as soon as the event loop runs. Nothing starts until `thaw`.
        """
        if not self.gate.close(reason):
            self._overtaken = self._overtaken or reason  # should a thaw be under way
            return None
        ordered = time.monotonic()
        brake = self.brake
        self._braked = brake is not None and brake.freeze()
        busy = list(self._lent)
        for worker in busy:
            worker.cancel(reason)
        names = list(self.launcher.containers)
        if self._braked:  # the engine would answer for the others only after the thaw
            names = [name for name in names if name not in self.launcher.changing]
        self._told_to_pause = names
        still = self._crew.run(lambda: _still(brake))
        self._last = Halt(ordered, still, self._crew.stop(names, braked=self._braked))
        self._loop.call_soon_threadsafe(_interrupt, busy, reason)
        return self._last

    def kill(self, reason: str) -> None:
        """`halt`, and end every worker, from any thread. Work goes on with new ones after `thaw`."""
        self.halt(reason)
        if self.brake is not None:
            self._crew.run(self.brake.kill)

    async def freeze(self, reason: str) -> None:
        """`halt`, and wait until everything is paused, for two seconds at most. Idempotent."""
        if self.halt(reason) is None:
            return
        async with self._wake_lock:
            await self._stopped()
            if not self._braked:
                await self._pool.call_off()

    async def thaw(self) -> None:
        """Allow work again."""
        async with self._wake_lock:
            if not self.gate.closed:
                return
            self._overtaken, elsewhere = "", self.gate.elsewhere()
            await self._stopped()
            paused = self._crew.release(self._told_to_pause)
            await _in_time(paused.values())
            going = {name for name, result in paused.items() if result.done() and result.result()}
            for worker in self.ready:
                worker.usable = worker.usable and worker.name in going
            await self._thaw_group()
            if self.gate.open(elsewhere) and not self._overtaken:
                self._pool.thawed()
            else:
                self.halt(self._overtaken or "somebody came back")

    async def release(self) -> None:
        """Freeze, then kill every worker, so that all of their memory is free again. Idempotent."""
        await self.freeze("memory is needed")
        async with self._wake_lock:
            for worker in (*self.ready, *self._lent):
                worker.usable = False
            if self.brake is not None and await asyncio.wrap_future(self._crew.run(self.brake.kill)):
                return
            await self._kill_one_by_one()

    async def close(self) -> None:
        """Remove every worker of this session. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self.gate.close("the program ends")
        for worker in list(self._lent):
            worker.interrupt("the program ends")
        if self.brake is None or not await asyncio.wrap_future(self._crew.run(self.brake.kill)):
            await self._kill_one_by_one()
        await self._thaw_group()
        await self._pool.close()
        for name in list(self.launcher.containers):
            await self.launcher.remove(name)
        self._crew.close()
        await asyncio.to_thread(self._shut)

    def _shut(self) -> None:
        self._ended()
        if self.brake is not None:  # last, for hanging up on a brake that lives counts as a death
            self.brake.close()
        self.launcher.disconnect()

    async def _stopped(self) -> None:
        """Wait for the last stop, but not for an engine that hangs."""
        if self._last is not None:
            await _in_time([self._last.still, self._last.paused])

    async def _kill_one_by_one(self) -> None:
        """Through the engine; the group must be thawed for it, and the dead do not go on."""
        dying = self._crew.kill(list(self.launcher.containers))
        await asyncio.sleep(KILL_LEAD)
        await self._thaw_group()
        await _in_time(dying)

    async def _thaw_group(self) -> None:
        """Thaw the parent, by a new brake when the old one has died; whoever finds it kills what it held."""
        if self.brake is None or await asyncio.to_thread(self.brake.thaw):
            return
        self.brake.close()
        self.brake = await asyncio.to_thread(self._new_brake)
        for worker in self.ready:
            worker.usable = False
        if self.brake is not None:
            await asyncio.to_thread(self.brake.thaw)
            await self.rebraked()


async def _nobody_else() -> None:
    """Only the sandbox holds the brake."""


def _still(brake: Brake | None) -> float | None:
    return time.monotonic() if brake is not None and brake.settled(STILL_SECONDS) else None


def _interrupt(workers: Iterable[DockerWorker], reason: str) -> None:
    for worker in workers:
        worker.interrupt(reason)


async def _in_time(futures: Iterable[Future[Any]]) -> None:
    """Wait for these, for two seconds at most."""
    waiting = [asyncio.wrap_future(future) for future in futures]
    if waiting:
        await asyncio.wait(waiting, timeout=STOP_SECONDS)


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
