"""The seam between the house and its sealed workers; backends implement it, everybody else calls it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from dreamer_app.core.types import LibraryPin
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, Environment, PytestJob, PytestResult

Purpose = Literal["dream", "weave"]
"""`dream`: one dream's proof, then thrown away. `weave`: recording for scenarios, never used for a verdict."""


@dataclass(frozen=True)
class Halt:
    """The moments of one stop, in seconds of the monotonic clock.

    Attributes:
        ordered: When the order was given.
        still: When the kernel said that every worker stands still; None when it did not, or cannot say so.
        paused: When the engine knew each worker as paused or gone.
    """

    ordered: float
    still: Future[float | None]
    paused: Future[float]


class Worker(Protocol):
    """One sealed worker. Between jobs it kills every stray process and wipes its folders."""

    @property
    def name(self) -> str:
        """`dreamer-worker-N`."""
        ...

    async def battery(self, job: BatteryJob) -> BatteryResult:
        """Run every variant.

        Raises:
            WorkerLostError: The worker vanished or broke its protocol; nothing is known about the candidate.
            InterruptedByWakeError: The computer was taken back meanwhile.
        """
        ...

    async def pytest(self, job: PytestJob) -> PytestResult:
        """Run plain pytest once.

        Raises:
            WorkerLostError: As above.
            InterruptedByWakeError: As above.
        """
        ...


class Sandbox(Protocol):
    """Makes environments and lends workers."""

    async def environment(self, libraries: Sequence[LibraryPin]) -> Environment:
        """Find or build the environment with these libraries and the test tools.

        Raises:
            InfrastructureError: No index answers, the disk is full.
            SourceError: There is no wheel for a library.
        """
        ...

    def worker(self, environment: Environment, purpose: Purpose) -> AbstractAsyncContextManager[Worker]:
        """Lend a fresh, prewarmed worker; it is removed when the context ends."""
        ...

    def halt(self, reason: str) -> Halt | None:
        """Stop all work at once, from any thread, with no event loop and no waiting; None when it stands still.

        Running jobs end with InterruptedByWakeError as soon as the event loop runs. Nothing starts until `thaw`.
        """
        ...

    async def freeze(self, reason: str) -> None:
        """`halt`, and wait until everything is paused, for two seconds at most. Idempotent."""
        ...

    async def thaw(self) -> None:
        """Allow work again."""
        ...

    async def release(self) -> None:
        """Freeze, then kill every worker, so that all of their memory is free again. Idempotent."""
        ...

    async def close(self) -> None:
        """Remove every worker of this session."""
        ...
