"""Programs without a desktop, put together: the resident one with its API, and the one that a coding agent starts.

They belong to the composition root and are a module of their own so that other commands do not wait for its imports.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable

from dreamer_app.api.parts import OLLAMA, ApiParts
from dreamer_app.api.server import ApiServer
from dreamer_app.core.clock import SystemClock
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Broadcast
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import DreamerState, SuspendReason
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.guarding import Guarding, open_guard
from dreamer_app.service.night_warmth import NightWarmth
from dreamer_app.service.real_senses import senses
from dreamer_app.service.residency import Residency
from dreamer_app.service.running import Address, RunningDreamer
from dreamer_app.service.settings_watch import SettingsWatch
from dreamer_app.service.workshop import Workshop

NEARLY_OR_DREAMING = frozenset({DreamerState.DROWSY, DreamerState.DREAMING})
"""When a request must find the API loaded: its first byte wakes."""


def run_headless(workshop: Callable[[], Workshop], paths: DataPaths, ready: Callable[[Address, str], None]) -> None:
    """Stay until SIGTERM, SIGINT or a request to quit; no worker and no file of ours is left behind.

    Args:
        workshop: Makes the parts.
        paths: The base folder.
        ready: Told once where it listens, and why other programs cannot connect although they should.

    Raises:
        UsageError: Another program runs over this base folder, or the settings are not valid.
        InfrastructureError: It cannot listen, or the journal cannot be used.
    """
    RunningDreamer.refuse_second(paths)  # before a second guard could lay hands on the first one's workers
    events = Broadcast()
    dreamer = Dreamer(paths, lambda: guarding.over(workshop()), events)
    try:
        guarding = open_guard(paths, SystemClock())
        try:
            asyncio.run(_live(dreamer, events, guarding, ready))
        finally:
            guarding.close()
    finally:
        dreamer.close()


def run_mcp(workshop: Callable[[], Workshop], paths: DataPaths) -> None:
    """Answer one coding agent over standard input and output until it closes them.

    Raises:
        InfrastructureError: The journal cannot be used.
    """
    from dreamer_app.api.mcp_server import mcp_server  # noqa: PLC0415  40 MB that only agents need

    dreamer = Dreamer(paths, workshop)

    def wake() -> None:
        running = RunningDreamer.find(paths)
        if running is not None:
            with contextlib.suppress(InfrastructureError):  # the agent's question is answered all the same
                running.touch()

    try:
        asyncio.run(mcp_server(dreamer.learned, dreamer.journal, wake).run_stdio_async())
    finally:
        dreamer.close()


async def _live(dreamer: Dreamer, events: Broadcast, guarding: Guarding, ready: Callable[[Address, str], None]) -> None:
    async with resident(dreamer, events, guarding) as (residency, api), asyncio.TaskGroup() as group:
        _on_signals(lambda: group.create_task(residency.shut_down()))
        ready(api.address, api.problem)
        await residency.run()


@contextlib.asynccontextmanager
async def resident(
    dreamer: Dreamer, events: Broadcast, guarding: Guarding, show: Callable[[], None] | None = None
) -> AsyncIterator[tuple[Residency, ApiServer]]:
    """The program that stays, with its API open; whoever enters has it `run`.

    Args:
        dreamer: Dreams.
        events: What the dreamer tells.
        guarding: Stops its workers.
        show: Brings a window to the front; None where there is none.

    Raises:
        UsageError: Another program runs over this base folder.
        InfrastructureError: It cannot listen.
    """
    loop = asyncio.get_running_loop()
    seen = guarding.sees(senses(dreamer.paths.base))
    residency = Residency(dreamer, events, senses=seen, wake_path=guarding.wake_path)

    def wake(reason: SuspendReason) -> None:
        guarding.wake_path.trigger(reason, source="API")
        asyncio.run_coroutine_threadsafe(residency.wake(reason), loop)

    api = ApiServer(
        ApiParts(
            paths=dreamer.paths,
            settings=dreamer.settings.api,
            resident=residency,
            journal=dreamer.journal,
            learned=dreamer.learned,
            wake=wake,
            upstream=dreamer.settings.api.upstream or dreamer.settings.model.base_url or OLLAMA,
            show=show,
        )
    )
    await api.start()
    warmth = NightWarmth(dreamer.store, SystemClock())
    events.subscribe(warmth.heard)
    residency.subscribe(warmth.saw)
    residency.subscribe(lambda snapshot: api.rouse() if snapshot.state in NEARLY_OR_DREAMING else None)
    try:
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(SettingsWatch(dreamer, residency).run())
            yield residency, api
            watching.cancel()
    finally:
        await api.stop()


def _on_signals(end: Callable[[], object]) -> None:
    """End in order at the first signal, at once at the second: what is left then is swept at the next start."""
    seen: list[int] = []

    def heard(number: int) -> None:
        if seen:
            os._exit(128 + number)
        seen.append(number)
        end()

    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, ValueError):
            asyncio.get_running_loop().add_signal_handler(number, heard, int(number))
