"""What a dream's code can be compared with: its first attempt, your edit, a documentation example, a near duplicate.

It finds the pairs and their texts; how a difference is shown belongs to the interface.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Dream, Frozen, Receipt
from dreamer_app.store.knowledge import KnowledgeTables
from dreamer_app.store.records import AttemptRecord
from dreamer_app.store.store import Store

NOVELTY_GATE = "G4"


class ComparisonKind(StrEnum):
    """What stands on the left of a comparison; on the right is always what the dream is now, or your edit of it."""

    FIRST_ATTEMPT = "first_attempt"
    YOUR_EDIT = "your_edit"
    DOCUMENTATION = "documentation"
    NEAR_DUPLICATE = "near_duplicate"


class Comparison(Frozen):
    """Two texts, the earlier or foreign one on the left.

    Attributes:
        kind: Which pair it is.
        left: Source.
        right: Source.
        left_name: Where the left text comes from: an attempt's number, an example's key, a dream's identifier.
        right_name: The same for the right text.
        similarity: As the novelty gate measured it, 0 to 1; None where it was not asked.
    """

    kind: ComparisonKind
    left: str
    right: str
    left_name: str
    right_name: str
    similarity: float | None = None


class Comparisons:
    """Finds what a dream can be compared with.

    Args:
        store: The journal database.
        paths: Where the knowledge is.
    """

    def __init__(self, store: Store, paths: DataPaths) -> None:
        self._store = store
        self._paths = paths

    def of(self, dream: Dream, attempts: tuple[AttemptRecord, ...]) -> tuple[Comparison, ...]:
        """Every pair that there is, the most telling first."""
        return (*_own(attempts), *self._foreign(dream))

    def _foreign(self, dream: Dream) -> Iterator[Comparison]:
        evidence = _novelty(dream)
        nearest = evidence.get("nearest_dream")
        twin = self._store.dreams.get(nearest) if isinstance(nearest, str) else None
        if twin is not None:
            yield Comparison(
                kind=ComparisonKind.NEAR_DUPLICATE,
                left=twin.candidate.solution,
                right=dream.candidate.solution,
                left_name=twin.id,
                right_name=dream.id,
                similarity=_number(evidence.get("similarity_to_dream")),
            )
        key = evidence.get("nearest_example") or dream.scenario.triviality.nearest_example
        code = self._example(key) if isinstance(key, str) else None
        if code is not None:
            yield Comparison(
                kind=ComparisonKind.DOCUMENTATION,
                left=code,
                right=dream.candidate.solution,
                left_name=str(key),
                right_name=dream.id,
                similarity=_number(evidence.get("similarity_to_example")),
            )

    def _example(self, key: str) -> str | None:
        """The code of a documentation example; None when its library is no longer known."""
        library = key.split(":")[1] if key.count(":") > 1 else ""  # `example:<library>:<place>`
        if not self._paths.knowledge.exists():
            return None
        tables = KnowledgeTables(self._paths.knowledge)
        try:
            body = tables.body(library, key)
        finally:
            tables.close()
        if body is None:
            return None
        code = json.loads(body).get("example", {}).get("code")
        return code if isinstance(code, str) else None


def _own(attempts: tuple[AttemptRecord, ...]) -> Iterator[Comparison]:
    tried = [attempt for attempt in attempts if attempt.purpose == "dream"]
    edits = [attempt for attempt in attempts if attempt.purpose == "edit"]
    solution = tried[-1] if tried else None
    if solution is None:
        return
    for edit in reversed(edits):
        if edit.solution != solution.solution:
            yield Comparison(
                kind=ComparisonKind.YOUR_EDIT,
                left=solution.solution,
                right=edit.solution,
                left_name=str(solution.n),
                right_name=str(edit.n),
            )
    if tried[0].solution != solution.solution:
        yield Comparison(
            kind=ComparisonKind.FIRST_ATTEMPT,
            left=tried[0].solution,
            right=solution.solution,
            left_name=str(tried[0].n),
            right_name=str(solution.n),
        )


def _novelty(dream: Dream) -> dict[str, object]:
    receipts: tuple[Receipt, ...] = dream.verdict.receipts if dream.verdict else ()
    return next((dict(receipt.evidence) for receipt in receipts if receipt.gate == NOVELTY_GATE), {})


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
