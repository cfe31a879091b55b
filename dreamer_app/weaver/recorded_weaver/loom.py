"""Lends one `weave` worker to the families: made when first asked for, replaced when it is lost.

It must not look into jobs and must not keep anything between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType

from dreamer_app.core.errors import InterruptedByWakeError, WorkerLostError
from dreamer_app.core.types import LibraryPin
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, Environment
from dreamer_app.sandbox.sandbox import Sandbox, Worker

JOBS_PER_WORKER = 200
"""A worker is changed after this many jobs, so that leaks of a library never add up."""


class WorkerLoom:
    """A loom over one sandbox, used as an async context manager.

    Args:
        sandbox: Where workers come from.
        libraries: What the environment holds.
    """

    def __init__(self, sandbox: Sandbox, libraries: Sequence[LibraryPin]) -> None:
        self._sandbox = sandbox
        self._libraries = tuple(libraries)
        self._environment: Environment | None = None
        self._lease: AbstractAsyncContextManager[Worker] | None = None
        self._worker: Worker | None = None
        self._jobs = 0

    async def __aenter__(self) -> WorkerLoom:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._return()

    async def environment(self) -> Environment:
        """See `Loom.environment`."""
        if self._environment is None:
            self._environment = await self._sandbox.environment(self._libraries)
        return self._environment

    async def battery(self, job: BatteryJob) -> BatteryResult:
        """See `Loom.battery`."""
        try:
            return await self._run(job)
        except InterruptedByWakeError:
            await self._return()
            raise
        except WorkerLostError:
            await self._return()
            return await self._run(job)

    async def borrow(self) -> Worker:
        """Have a worker, or wait for one, as while the computer is needed.

        Raises:
            InfrastructureError: None can be had.
        """
        if self._worker is None:
            lease = self._sandbox.worker(await self.environment(), "weave")
            self._worker = await lease.__aenter__()
            self._lease, self._jobs = lease, 0
        return self._worker

    async def _run(self, job: BatteryJob) -> BatteryResult:
        if self._jobs >= JOBS_PER_WORKER:
            await self._return()
        worker = await self.borrow()
        self._jobs += 1
        return await worker.battery(job)

    async def _return(self) -> None:
        lease, self._lease, self._worker = self._lease, None, None
        if lease is not None:
            await lease.__aexit__(None, None, None)
