"""What does not hold, library by library, as every surface tells it. It runs nothing."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from dreamer_app.core.types import Frozen
from dreamer_app.store.nightmares import ExampleRun, Nightmare, NightmareTable


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


def report_of(table: NightmareTable, library: str) -> NightmareReport:
    """What is known of a library; blocking."""
    name = canonicalize_name(library)
    return NightmareReport(library=name, run=table.run_of(name), nightmares=table.of(name))


def reports(table: NightmareTable) -> tuple[NightmareReport, ...]:
    """What is known of every library; blocking."""
    return tuple(report_of(table, library) for library in table.libraries())


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


def _section(one: Nightmare) -> str:
    title = one.title or one.key
    place = f"`{one.place}`" if one.kind == "example" else f"Dream `{one.key}`, proved with {one.place}"
    return (
        f"\n## {title}\n\n{place}, run with {one.version}: {one.why}.\n\n    {one.error}\n\n"
        f"```python\n{one.reproduction.strip()}\n```\n"
    )
