"""One sealed worker as the host sees it: sends jobs over the attached stream and believes only well-formed answers.

It never uses `docker exec` and never opens anything that a worker wrote. Whatever goes wrong ends the worker's use.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Self

from dreamer_app.core.errors import InfrastructureError, InterruptedByWakeError, WorkerLostError
from dreamer_app.sandbox.docker import protocol
from dreamer_app.sandbox.docker.channel import Channel
from dreamer_app.sandbox.docker.imports import library_imports
from dreamer_app.sandbox.jobs import (
    BatteryJob,
    BatteryResult,
    Environment,
    PytestJob,
    PytestResult,
    Variant,
    VariantResult,
)

READY_SECONDS = 90.0
SEND_SECONDS = 20.0
ANSWER_GRACE = 10.0
"""Seconds beyond a run's own limit before the host gives a worker up; the supervisor does so after 3."""


class DockerWorker:
    """A worker that waits for jobs.

    Args:
        name: Of its container.
        channel: Attached before the container started.
        remove: Kills and removes the container; idempotent, never raises.
        roots: Top-level packages of its environment.
    """

    def __init__(
        self, name: str, channel: Channel, remove: Callable[[], Awaitable[None]], roots: Collection[str] = ()
    ) -> None:
        self._name = name
        self._channel = channel
        self._remove = remove
        self._roots = frozenset(roots)
        self._lock = asyncio.Lock()
        self._interruption: InterruptedByWakeError | None = None
        self.imported: set[str] = set()
        self.usable = True

    @classmethod
    async def opened(
        cls,
        name: str,
        channel: Channel,
        remove: Callable[[], Awaitable[None]],
        environment: Environment,
        also: Sequence[str],
    ) -> Self:
        """One that has imported an environment's libraries; removed when it does not get so far. See `start`."""
        worker = cls(name, channel, remove, {root for pin in environment.pins for root in pin.import_names})
        try:
            await channel.open()
            await worker.start(environment.preload, also)
        except BaseException:
            await asyncio.shield(worker.remove())
            raise
        return worker

    @property
    def name(self) -> str:
        """`dreamer-worker-N`."""
        return self._name

    async def start(self, preload: Sequence[str], also: Sequence[str] = ()) -> protocol.Ready:
        """Let the worker import its libraries.

        Args:
            preload: Modules that must be importable.
            also: Modules that are worth importing ahead; their absence is no error.

        Raises:
            WorkerLostError: It did not come up.
            InfrastructureError: A module that must be importable is not.
        """
        message = {"type": "hello", "preload": list(preload), "also": list(also), "deps": "/deps"}
        async with self._lock:
            try:
                await self._send(message)
                ready = await self._receive(READY_SECONDS)
                if not isinstance(ready, protocol.Ready):
                    raise protocol.lost(f"it answered {ready.type!r} instead of being ready")
            except WorkerLostError:
                self.usable = False
                raise
        if ready.errors:
            self.usable = False
            raise InfrastructureError(
                "A library cannot be imported", "; ".join(ready.errors)[:1000], "Choose another version of it."
            )
        self.imported.update(preload, also)
        return ready

    async def battery(self, job: BatteryJob) -> BatteryResult:
        """Run every variant.

        Raises:
            WorkerLostError: The worker vanished or broke its protocol; nothing is known about the candidate.
            InterruptedByWakeError: The computer was taken back meanwhile.
        """
        results: list[VariantResult] = []
        async with self._lock:
            try:
                self._check()
                for content, variants in await asyncio.to_thread(self._packed, job):
                    await self._channel.send(content, SEND_SECONDS)
                    slack = ANSWER_GRACE
                    for variant in variants:
                        payload = await self._channel.receive((variant.wall or job.wall) + slack)
                        names = job.test_names if variant.test_names is None else variant.test_names
                        result, lost = await asyncio.to_thread(_answer, payload, variant, names)
                        results.append(result)
                        slack = ANSWER_GRACE + (READY_SECONDS if lost else 0)
                    await self._receive_done(slack)
            except BaseException:
                self.usable = False
                raise
        return BatteryResult(variants=tuple(results))

    async def pytest(self, job: PytestJob) -> PytestResult:
        """Run plain pytest once.

        Raises:
            WorkerLostError: The worker vanished or broke its protocol.
            InterruptedByWakeError: The computer was taken back meanwhile.
        """
        sources = [source for name, source in job.files.items() if name.endswith(".py")]
        async with self._lock:
            try:
                self._check()
                await self._send(protocol.pytest_message(job, self._imports(sources)))
                frame = await self._receive(job.wall + ANSWER_GRACE)
                if not isinstance(frame, protocol.PytestFrame):
                    raise protocol.lost(f"it answered {frame.type!r} instead of a pytest run")
                result = protocol.pytest_result(frame)
                await self._receive_done(ANSWER_GRACE + (READY_SECONDS if frame.reason == "lost" else 0))
            except BaseException:
                self.usable = False
                raise
        return result

    def cancel(self, reason: str) -> None:
        """End the worker's use at once, from any thread; the cancel byte is with the kernel when this returns."""
        self.usable = False
        self._interruption = InterruptedByWakeError("Interrupted", f"{self._name} was stopped: {reason}")
        self._channel.send_now(protocol.CANCEL)

    def interrupt(self, reason: str) -> None:
        """Cancel, and end the running job; on the event loop's thread."""
        if self._interruption is None:
            self.cancel(reason)
        assert self._interruption is not None
        self._channel.fail(self._interruption)

    def hang_up(self) -> None:
        """Close the stream; the worker dies at the end of its input."""
        self._channel.close()

    async def wait_cancelled(self, seconds: float) -> bool:
        """Whether the worker's stream ended within this time, i.e. all its processes are dead."""
        return await self._channel.ended(seconds)

    async def remove(self) -> None:
        """Kill and remove the container. Idempotent, never raises."""
        self.usable = False
        self._channel.close()
        await self._remove()

    def _check(self) -> None:
        if self._interruption is not None:
            raise self._interruption
        if not self.usable:
            raise protocol.lost(f"{self._name} has been used up")

    def _packed(self, job: BatteryJob) -> list[tuple[bytes, tuple[Variant, ...]]]:
        """The frames of a battery; a weaver's has hundreds of programs in it, so this is no work for an event loop."""
        imports = self._imports([job.solution, job.tests])
        return [(protocol.pack(message), part) for message, part in protocol.battery_messages(job, imports)]

    def _imports(self, sources: Sequence[str]) -> frozenset[str]:
        names = library_imports(sources, self._roots)
        self.imported.update(names)
        return names

    async def _send(self, message: Mapping[str, object]) -> None:
        await self._channel.send(protocol.pack(message), SEND_SECONDS)

    async def _receive(self, seconds: float) -> protocol.Frame:
        return await asyncio.to_thread(protocol.parse_frame, await self._channel.receive(seconds))

    async def _receive_done(self, seconds: float) -> None:
        frame = await self._receive(seconds)
        if not isinstance(frame, protocol.Done):
            raise protocol.lost(f"it answered {frame.type!r} instead of ending the job")
        self.usable = frame.clean


def _answer(payload: bytes, variant: Variant, names: tuple[str, ...]) -> tuple[VariantResult, bool]:
    """What a frame says about a variant, and whether the child that ran it was lost."""
    frame = protocol.parse_frame(payload)
    if not isinstance(frame, protocol.VariantFrame):
        raise protocol.lost(f"it answered {frame.type!r} instead of a variant")
    return protocol.variant_result(frame, variant, names), frame.reason == "lost"
