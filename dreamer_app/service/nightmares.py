"""Looking for nightmares in a library's documentation. The journal keeps what was found."""

from __future__ import annotations

import asyncio

from packaging.utils import canonicalize_name

from dreamer_app.academy.nightmares import examine
from dreamer_app.core.errors import UsageError
from dreamer_app.core.events import Listener, Progress, ignore
from dreamer_app.core.types import LibraryPin
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.nightmare_report import NightmareReport, report_of
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom


async def look_for_nightmares(dreamer: Dreamer, library: str, listener: Listener = ignore) -> NightmareReport:
    """Run all documentation examples of a library in sealed workers, and keep what does not hold.

    Args:
        dreamer: The service.
        library: One that was ingested.
        listener: Hears how far it is.

    Raises:
        UsageError: The library is not known, or a night is under way.
        InfrastructureError: Workers cannot be had.
        CancelledError: Called off; what was known before is kept.
    """
    graph = await asyncio.to_thread(dreamer.graph)
    pin = _known(graph.libraries(), library)
    examples = await asyncio.to_thread(graph.examples, pin.name)

    def told(done: int) -> None:
        step = f"{done} of {len(examples)} documentation examples run"
        listener(Progress(task=f"nightmares {pin.name}", step=step, done=done, total=len(examples)))

    async with dreamer.workers() as sandbox, WorkerLoom(sandbox, [pin]) as loom:
        found, counts = await examine(examples, pin, loom.battery, told)
    await asyncio.to_thread(dreamer.store.nightmares.keep_run, pin, found, counts)
    return await asyncio.to_thread(report_of, dreamer.store.nightmares, pin.name)


def _known(pins: tuple[LibraryPin, ...], library: str) -> LibraryPin:
    name = canonicalize_name(library)
    found = next((pin for pin in pins if pin.name == name), None)
    if found is None:
        known = ", ".join(pin.name for pin in pins) or "nothing"
        raise UsageError(
            "That library is not known", f"{library!r}; known: {known}.", f"dreamer ingest pypi:{library} reads it."
        )
    return found
