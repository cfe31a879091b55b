"""What the store tells: summaries, decisions and counts, as values. No SQL here."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from dreamer_app.core.states import SuspendReason
from dreamer_app.core.types import DreamState, Frozen, LibraryPin, Receipt, Review, Tier


class DreamSummary(Frozen):
    """One line of the journal.

    Attributes:
        id: The dream's.
        title: Of its scenario.
        libraries: `name version` of each library under study.
        state: The machine's word.
        review: A person's word.
        tier: Only for verified dreams.
        origin: `recorded` or `model:<name>`.
        pattern: How it was woven.
        night_id: The night it was first dreamt in.
        created_at: Timezone-aware UTC.
        stopped_by: Gate that rejected it, None unless it failed.
        difficulty: 0 (trivial) to 1.
        flagged: Whether a person wants to come back to it.
    """

    id: str
    title: str
    libraries: tuple[str, ...]
    state: DreamState
    review: Review
    tier: Tier | None
    origin: str
    pattern: str
    night_id: str
    created_at: datetime
    stopped_by: str | None
    difficulty: float | None = None
    flagged: bool = False


class DreamFilter(Frozen):
    """Which dreams are wanted; everything that is None does not matter.

    Attributes:
        state: The machine's word.
        review: A person's word.
        library: Distribution name.
        night_id: The night it was first dreamt in.
        limit: At most this many, newest first; None means all.
    """

    state: DreamState | None = None
    review: Review | None = None
    library: str | None = None
    night_id: str | None = None
    limit: int | None = None


class AttemptRecord(Frozen):
    """One candidate with its run.

    Attributes:
        n: Counted from 1 within its dream.
        purpose: `dream` for the night's own proof, `again` for a later verification, `edit` for a person's solution.
        started_at: Timezone-aware UTC.
        coder: Who wrote the candidate.
        solution: Its source.
        accepted: None when the run was void.
        receipts: What the gates saw.
    """

    n: int
    purpose: Literal["dream", "again", "edit"]
    started_at: datetime
    coder: str
    solution: str
    accepted: bool | None
    receipts: tuple[Receipt, ...]


class Decision(Frozen):
    """A person's word about a dream, and when it was given.

    Attributes:
        dream_id: The dream.
        review: The word.
        previous: The word before.
        reason: Free text, possibly empty.
        decided_at: Timezone-aware UTC.
        undone_at: When it was taken back, None while it holds.
    """

    dream_id: str
    review: Review
    previous: Review
    reason: str
    decided_at: datetime
    undone_at: datetime | None = None


class ActionKind(StrEnum):
    """What a person did in one go; the interface names undo and redo after it."""

    APPROVE = "approved"
    REJECT = "rejected"
    RESET = "pending"
    NOTE = "note"
    FLAG = "flag"
    UNFLAG = "unflag"
    EDIT = "edit"


class ReviewAction(Frozen):
    """One go of a person over one dream or many.

    Attributes:
        id: Grows with time.
        kind: What was done.
        done_at: Timezone-aware UTC.
        undone_at: When it was taken back, None while it holds.
        dreams: Identifiers, in the order in which they were selected.
    """

    id: int
    kind: ActionKind
    done_at: datetime
    undone_at: datetime | None = None
    dreams: tuple[str, ...]


class Hit(Frozen):
    """One answer of the search.

    Attributes:
        dream: What was found.
        excerpt: The passage that matched, matches between `[` and `]`.
    """

    dream: DreamSummary
    excerpt: str


class Experience(Frozen):
    """What became of one dream, as far as the choice of the next one depends on it.

    Attributes:
        cluster: What it was woven from.
        verified: Whether the proof accepted it.
        solve_rate: Share of fresh solutions that passed; None where nobody was asked.
        apis: What it is about.
    """

    cluster: str
    verified: bool
    solve_rate: float | None
    apis: tuple[str, ...]


class GateCount(Frozen):
    """One step of the funnel.

    Attributes:
        gate: Identifier, e.g. `G5`.
        name: Plain words.
        entered: Candidates that reached it.
        passed: Candidates that it let through.
    """

    gate: str
    name: str
    entered: int
    passed: int


class LibraryCount(Frozen):
    """What was dreamt about one library.

    Attributes:
        name: Distribution name.
        verified: Verified dreams.
        failed: Rejected ones.
        apis: Distinct API nodes in verified dreams.
    """

    name: str
    verified: int
    failed: int
    apis: int


class NightFigures(Frozen):
    """One night in figures.

    Attributes:
        night_id: The night.
        started_at: Timezone-aware UTC.
        verified: Dreams proved.
        rejected: Dreams that a gate stopped.
        interrupted: Trials that were cut short.
        seconds: From falling asleep to waking up.
        watt_hours: Energy; None where it could not be read.
        peak_celsius: The highest temperature; None where none was read.
    """

    night_id: str
    started_at: datetime
    verified: int
    rejected: int
    interrupted: int
    seconds: float
    watt_hours: float | None = None
    peak_celsius: float | None = None

    @property
    def acceptance(self) -> float | None:
        """Proved of all that were judged, 0 to 1; None when none was."""
        judged = self.verified + self.rejected
        return self.verified / judged if judged else None


class ProvenDream(Frozen):
    """When a dream was proved.

    Attributes:
        id: The dream.
        title: Of its scenario.
        at: Timezone-aware UTC.
    """

    id: str
    title: str
    at: datetime


class ApiStep(Frozen):
    """API nodes of one library with a proven dream.

    Attributes:
        library: Distribution name.
        before: When the night began.
        after: When it was over.
        dreams: Dreams proved in it.
    """

    library: str
    before: int
    after: int
    dreams: int


class Statistics(Frozen):
    """What the journal holds in figures.

    Attributes:
        nights: Nights begun.
        states: Dreams by the machine's word.
        reviews: Verified dreams by a person's word.
        tiers: Verified dreams by tier.
        funnel: Gate by gate, in the order in which they run.
        libraries: Library by library.
        bridges: Verified dreams that need two libraries or more.
    """

    nights: int
    states: dict[DreamState, int]
    reviews: dict[Review, int]
    tiers: dict[Tier, int]
    funnel: tuple[GateCount, ...]
    libraries: tuple[LibraryCount, ...]
    bridges: int


class Interrupted(Frozen):
    """A trial that was cut short and waits to be dreamt again.

    Attributes:
        id: The dream.
        voided: How often it ended with lost workers.
        libraries: What it needs.
    """

    id: str
    voided: int
    libraries: tuple[LibraryPin, ...]


class Suspension(Frozen):
    """Once when it did not dream though it could have.

    Attributes:
        kind: `skipped`: the night hours went by without a night. `cut`: a night was ended. `held`: it stood still.
        began_at: When; of a skipped night when its hours began. Timezone-aware UTC.
        ended_at: When it went on, or the hours were over; None where that never came.
        night_id: The night that was cut or held.
        reasons: All of them, the strongest first; the first one woke it.
        milliseconds: From the cause to the workers standing still, None where that was not measured.
        detail: Who or what it was, in plain words; empty where nobody knows.
    """

    kind: Literal["skipped", "cut", "held"]
    began_at: datetime
    ended_at: datetime | None = None
    night_id: str | None = None
    reasons: tuple[SuspendReason, ...]
    milliseconds: float | None = None
    detail: str = ""
