"""Nightmares as every surface asks for them: looking for them in a library's documentation, and the report.

The journal keeps what was found; workers are lent for the looking alone.
"""

from __future__ import annotations

import asyncio

from packaging.utils import canonicalize_name

from dreamer_app.academy.nightmares import examine
from dreamer_app.core.errors import UsageError
from dreamer_app.core.events import Listener, Progress, ignore
from dreamer_app.core.types import Frozen, LibraryPin
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.store.nightmares import ExampleRun, Nightmare
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom


class NightmareReport(Frozen):
    """What does not hold of one library.

    Attributes:
        library: Distribution name.
        run: The latest run of its documentation examples, None when they were never run.
        nightmares: Broken examples, and dreams that another version broke.
    """

    library: str
    run: ExampleRun | None
    nightmares: tuple[Nightmare, ...]

    def markdown(self) -> str:
        """The report as a page, one section for each nightmare."""
        head = f"<!-- synthetic: true -->\n# Nightmares of {self.library}\n\n{summary(self)}\n"
        return head + "".join(map(_section, self.nightmares))


def report_of(dreamer: Dreamer, library: str) -> NightmareReport:
    """What is known of a library; blocking."""
    name = canonicalize_name(library)
    table = dreamer.store.nightmares
    return NightmareReport(library=name, run=table.run_of(name), nightmares=table.of(name))


def reports(dreamer: Dreamer) -> tuple[NightmareReport, ...]:
    """What is known of every library; blocking."""
    return tuple(report_of(dreamer, library) for library in dreamer.store.nightmares.libraries())


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
    return await asyncio.to_thread(report_of, dreamer, pin.name)


def summary(report: NightmareReport) -> str:
    """How a library does, in a sentence or two."""
    dreams = sum(one.kind == "dream" for one in report.nightmares)
    parts = []
    if report.run is not None:
        counts = report.run.counts
        total, tried = sum(counts.values()), counts.get("held", 0) + counts.get("broken", 0)
        parts.append(
            f"{counts.get('held', 0)} of {tried} documentation examples of {report.library} {report.run.version} run"
            f" as they stand. Of {total} in all, {counts.get('fragment', 0)} are fragments and"
            f" {counts.get('needs', 0)} need something that a sealed worker does not have."
        )
    if dreams:
        parts.append(f"{dreams} proved dreams do not hold under another version.")
    return " ".join(parts) or "Nothing was looked for yet."


def _known(pins: tuple[LibraryPin, ...], library: str) -> LibraryPin:
    name = canonicalize_name(library)
    found = next((pin for pin in pins if pin.name == name), None)
    if found is None:
        known = ", ".join(pin.name for pin in pins) or "nothing"
        raise UsageError(
            "That library is not known", f"{library!r}; known: {known}.", f"dreamer ingest pypi:{library} reads it."
        )
    return found


def _section(one: Nightmare) -> str:
    title = one.title or one.key
    place = f"`{one.place}`" if one.kind == "example" else f"Dream `{one.key}`, proved with {one.place}"
    return (
        f"\n## {title}\n\n{place}, run with {one.version}: {one.why}.\n\n    {one.error}\n\n"
        f"```python\n{one.reproduction.strip()}\n```\n"
    )
