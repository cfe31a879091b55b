"""Puts workers under guard while they are open: the wake path can stop them, and the sentinel holds their brake.

It decides nothing; when the sentinel dies the dreams die with it, and the night goes on under the next one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Listener
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.states import SuspendReason
from dreamer_app.engine.wake_path import Streams, WakePath, WakeRecord
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.sentinel.client import SentinelClient
from dreamer_app.sentinel.watch import SentinelWatch
from dreamer_app.sentinel.wire import Message
from dreamer_app.service.senses import Senses
from dreamer_app.service.workshop import Crew, CrewOrder, Workshop

if TYPE_CHECKING:
    from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox

_log = logging.getLogger(__name__)

GENERATION = "wake-generation"
"""Name of the file that program and sentinel share."""


def open_guard(
    paths: DataPaths,
    clock: Clock,
    streams: Sequence[Streams] = (),
    told: Callable[[WakeRecord], None] = lambda _: None,
) -> Guarding:
    """A guard with a sentinel of its own, which is started; blocking. Without one where it cannot be had.

    Args:
        paths: The base folder.
        clock: For dates.
        streams: Of models; cut at every waking.
        told: Gets the record of every waking, on some thread.
    """
    sentinel: SentinelClient | None = None
    try:
        sentinel = SentinelClient(paths.base / GENERATION)
        sentinel.start()
    except (OSError, InfrastructureError) as error:
        _log.warning("no sentinel: %s", error)
        if sentinel is not None:
            sentinel.close()
        sentinel = None
    return Guarding(WakePath(clock, streams, told, sentinel), sentinel)


class Guarding:
    """One guard over all workers of a program.

    Args:
        wake_path: Stops them.
        sentinel: Stops them whatever this program is doing; None where there is none.

    Attributes:
        seen_ms: How long after its event the sentinel knew of it, the last time that it braked.
    """

    def __init__(self, wake_path: WakePath, sentinel: SentinelClient | None = None) -> None:
        self.wake_path = wake_path
        self.sentinel = sentinel
        self.seen_ms = 0.0
        self._sandbox: DockerSandbox | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        if sentinel is not None:
            sentinel.hear["braked"] = self._braked
            sentinel.hear["lost"] = self._lost
            sentinel.hear["ready"] = self._ready

    def over(self, workshop: Workshop) -> Workshop:
        """The same workshop, with its workers and the answers of its models under guard; attended ones are not."""
        imagination = workshop.imagination

        @asynccontextmanager
        async def opened(paths: DataPaths, settings: Settings, listener: Listener) -> AsyncIterator[Sandbox]:
            async with workshop.sandbox(paths, settings, listener) as sandbox, self.guarded(sandbox):
                yield sandbox

        @asynccontextmanager
        async def imagined(
            order: CrewOrder, paths: DataPaths, settings: Settings, listener: Listener
        ) -> AsyncIterator[Crew]:
            assert imagination is not None
            async with imagination(order, paths, settings, listener) as crew:
                self.wake_path.also(crew.models)
                try:
                    yield crew
                finally:
                    self.wake_path.no_longer(crew.models)

        return replace(
            workshop,
            sandbox=opened,
            imagination=imagined if imagination is not None else None,
            attended=workshop.attended or workshop.sandbox,
        )

    def sees(self, senses: Senses) -> Senses:
        """The same senses, with the sentinel as eyes where there is one."""
        client = self.sentinel
        if client is None:
            return senses
        return replace(senses, presence=lambda emit, settings: SentinelWatch(client, emit, settings.presence))

    @asynccontextmanager
    async def guarded(self, sandbox: Sandbox) -> AsyncIterator[None]:
        """Guard these workers for as long as the block runs."""
        from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox  # noqa: PLC0415  9 MB, for nights only

        self._loop = asyncio.get_running_loop()
        if isinstance(sandbox, DockerSandbox):
            self._sandbox = sandbox
            sandbox.rebraked = self._hold_brake
            await self._arm()
        self.wake_path.attach(sandbox)
        try:
            yield
        finally:
            self.wake_path.attach(None)
            if self._sandbox is not None:  # it may be closed later than the sentinel, whose figure is gone then
                self._sandbox.gate.follow(lambda: 0)
            self._sandbox = self._loop = None
            if self.sentinel is not None:
                await asyncio.to_thread(self.sentinel.disarm)

    def close(self) -> None:
        """End the sentinel; blocking. Idempotent."""
        if self.sentinel is not None:
            self.sentinel.close()

    async def _arm(self) -> None:
        if self.sentinel is None or self._sandbox is None or self._sandbox.brake is None:
            return
        self._sandbox.gate.follow(self.sentinel.generation)
        await self._hold_brake()

    async def _hold_brake(self) -> None:
        """Have the sentinel hold the brake that the sandbox holds."""
        if self.sentinel is None or self._sandbox is None or self._sandbox.brake is None:
            return
        if not await asyncio.to_thread(self.sentinel.arm, self._sandbox.brake):
            _log.warning("the sentinel does not hold the brake; the program itself does")

    def _braked(self, message: Message) -> None:
        self.seen_ms = (message["seen"] - message["at"]) * 1000
        self.wake_path.trigger(SuspendReason.USER_ACTIVE, float(message["at"]), str(message["source"]))

    def _lost(self, _message: Message) -> None:
        if self._sandbox is not None:
            self._sandbox.kill("the sentinel died")

    def _ready(self, _message: Message) -> None:
        if self._loop is not None and self._sandbox is not None:
            asyncio.run_coroutine_threadsafe(self._go_on(), self._loop)

    async def _go_on(self) -> None:
        """After the death of a sentinel: the next one holds the brake, and work begins anew unless it must not."""
        await self._arm()
        if self._sandbox is not None and not self.wake_path.awake:
            await self._sandbox.thaw()
