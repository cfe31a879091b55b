"""What a night left, as figures that its rows prove: the material of the night report. No words, no drawing.

A library counts as learned only in the night that gave it its first proven dream.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Frozen, Night, Review
from dreamer_app.store.knowledge import KnowledgeTables
from dreamer_app.store.records import GateCount, NightFigures, ProvenDream, Suspension
from dreamer_app.store.store import Store
from dreamer_app.store.warmth import Warmth

SERIES = 14
"""Nights that a sparkline shows."""
API_KINDS = ("function", "class", "method")
"""What counts as public API: attributes are seldom used for themselves."""


class Learned(Frozen):
    """One library before and after a night.

    Attributes:
        library: Distribution name.
        version: The version dreamt about in that night.
        before: Public functions, classes and methods with a proven dream when the night began.
        after: The same when it ended.
        public: All of them; 0 when the library is no longer known.
        dreams: Dreams proved in this night.
        nightmares: Examples and dreams about it that are known not to hold.
    """

    library: str
    version: str
    before: int
    after: int
    public: int
    dreams: int
    nightmares: int = 0

    @property
    def first(self) -> bool:
        """Whether nothing was proven about it before this night."""
        return self.before == 0 and self.after > 0


class InsightKind(StrEnum):
    """The one thing that a report points out; each has an action."""

    GATE = "gate"
    REVIEW = "review"
    NOTHING_NEW = "nothing_new"
    CUT_SHORT = "cut_short"
    FAILED = "failed"


class Insight(Frozen):
    """What stands out, and what a person can do about it.

    Attributes:
        kind: Which sentence it is.
        dreams: How many dreams it is about.
        of: Out of how many.
        name: The gate's plain name, where it is about a gate.
        query: What to show in the journal; empty when that would say nothing.
    """

    kind: InsightKind
    dreams: int
    of: int = 0
    name: str = ""
    query: str = ""


class NightStory(Frozen):
    """Everything that the night report shows.

    Attributes:
        night: As stored.
        figures: Of this night and of those before it, the latest last, at most SERIES.
        gates: The funnel, in the order in which the gates run.
        learned: Library by library, the largest step first.
        proven: The night's proven dreams in the order in which they came.
        approved: How many of them a person approved so far.
        to_review: How many wait for a word.
        insight: The one thing to point out; None when there is nothing.
        held: When it stood still or was cut, and why.
        warmth: How warm the computer was.
        too_warm: Temperature in °C from which on it does not dream.
    """

    night: Night
    figures: tuple[NightFigures, ...]
    gates: tuple[GateCount, ...]
    learned: tuple[Learned, ...]
    proven: tuple[ProvenDream, ...]
    approved: int
    to_review: int
    insight: Insight | None
    held: tuple[Suspension, ...] = ()
    warmth: tuple[Warmth, ...] = ()
    too_warm: float | None = None

    @property
    def now(self) -> NightFigures:
        """The figures of this night."""
        return self.figures[-1]


class NightStories:
    """Tells nights.

    Args:
        store: The journal database.
        paths: Where the knowledge is.
        too_warm: Temperature in °C from which on it does not dream.
    """

    def __init__(self, store: Store, paths: DataPaths, too_warm: Callable[[], float | None] = lambda: None) -> None:
        self._store = store
        self._paths = paths
        self._too_warm = too_warm

    def nights(self) -> tuple[Night, ...]:
        """Nights that can be told, newest first."""
        return self._store.nights.list()

    def of(self, night_id: str | None = None) -> NightStory | None:
        """The story of a night, or of the latest one; None when there is no such night. Blocking."""
        nights = self.nights()
        place = next((n for n, night in enumerate(nights) if night_id in (None, night.id)), None)
        if place is None:
            return None
        night = nights[place]
        report = self._store.report
        proven = report.proven(night.id)
        reviews = report.reviews(night.id)
        gates = self._store.stats.funnel(night.id)
        figures = tuple(report.figures(one) for one in reversed(nights[place : place + SERIES]))
        return NightStory(
            night=night,
            figures=figures,
            gates=gates,
            learned=self._learned(night),
            proven=proven,
            approved=reviews.get(Review.APPROVED, 0),
            to_review=reviews.get(Review.PENDING, 0),
            held=self._store.suspensions.of_night(night.id),
            warmth=self._store.warmth.of_night(night.id),
            too_warm=self._too_warm(),
            insight=_insight(night, figures[-1], gates, reviews.get(Review.PENDING, 0)),
        )

    def _learned(self, night: Night) -> tuple[Learned, ...]:
        end = night.ended_at or datetime.max.replace(tzinfo=UTC)
        steps = self._store.report.apis(night.id, night.started_at, end)
        public = self._public([step.library for step in steps])
        versions = {pin.name: pin.version for pin in night.libraries}
        learned = [
            Learned(
                library=step.library,
                version=versions.get(step.library, ""),
                before=step.before,
                after=step.after,
                public=public.get(step.library, 0),
                dreams=step.dreams,
                nightmares=self._store.nightmares.count(step.library),
            )
            for step in steps
        ]
        return tuple(sorted(learned, key=lambda one: (one.before - one.after, one.library)))

    def _public(self, libraries: list[str]) -> dict[str, int]:
        """Public functions, classes and methods of each library that is known."""
        if not libraries or not self._paths.knowledge.exists():
            return {}
        tables = KnowledgeTables(self._paths.knowledge)
        try:
            counts = {library: tables.counts(library)[0] for library in libraries}
        finally:
            tables.close()
        return {library: sum(nodes.get(kind, 0) for kind in API_KINDS) for library, nodes in counts.items()}


def _insight(night: Night, figures: NightFigures, gates: tuple[GateCount, ...], pending: int) -> Insight | None:
    """What stands out most: an end that was a fault, a gate that stopped a third, nothing new, dreams that wait."""
    if night.end is not None and night.end.name in {"FAILED", "CRASHED"}:
        return Insight(kind=InsightKind.FAILED, dreams=figures.verified)
    worst = max(gates, key=lambda gate: gate.entered - gate.passed, default=None)
    tried = figures.verified + figures.rejected
    if worst is not None and (stopped := worst.entered - worst.passed) >= max(2, tried / 3):
        query = f"night:{night.id.lower()} gate:{worst.gate}"
        return Insight(kind=InsightKind.GATE, dreams=stopped, of=tried, name=worst.name, query=query)
    if night.end is not None and night.end.name == "SATURATED":
        return Insight(kind=InsightKind.NOTHING_NEW, dreams=figures.verified)
    if pending:
        return Insight(kind=InsightKind.REVIEW, dreams=pending, query=f"night:{night.id.lower()} review:pending")
    return None
