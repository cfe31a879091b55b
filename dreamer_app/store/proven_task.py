"""What training files need of a verified dream, as one flat value: an export makes thousands of them in a second.

A dream's whole value takes ten times as long to make, because it is checked in all its depth; what is read here was
checked when it was written. It decides nothing and opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dreamer_app.core.types import Dream, DreamState, LibraryPin, Review, Tier

LIKENESS = "G4"
"""The gate that measures how much a dream is like earlier ones."""


class PassedGate(NamedTuple):
    """A gate that a solution passed, by identifier, name and version of its rules."""

    gate: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Nearest:
    """The earlier dream that a dream is most like.

    Attributes:
        dream: Its identifier.
        similarity: 0 to 1.
    """

    dream: str
    similarity: float


class ProvenTask(NamedTuple):
    """A verified dream as training files tell it.

    Attributes:
        id: Of the dream.
        title: One line.
        prompt: The task text. Markdown.
        signature: The pinned line.
        entry_point: Name that the solution defines.
        tests: Source of its tests.
        solution: Source of the proven solution.
        origin: `recorded` or `model:<name>`.
        tier: How far it was proved.
        review: A person's word.
        libraries: Libraries under study, exact.
        apis: Names of the APIs that it needs.
        quotes: Passages of documentation behind it.
        requirements: Exact pins of everything its tests need.
        difficulty: 0 to 1.
        naturalness: 0 to 1.
        nearest: None when nothing was alike.
        gates: What it passed; empty unless it was asked for.
    """

    id: str
    title: str
    prompt: str
    signature: str
    entry_point: str
    tests: str
    solution: str
    origin: str
    tier: Tier
    review: Review
    libraries: tuple[LibraryPin, ...]
    apis: tuple[str, ...]
    quotes: tuple[str, ...]
    requirements: tuple[str, ...]
    difficulty: float
    naturalness: float
    nearest: Nearest | None = None
    gates: tuple[PassedGate, ...] = ()


def proven_task(dream: Dream, *, gates: bool = False) -> ProvenTask:
    """A dream as training files tell it, with the gates that it passed when they are asked for.

    Raises:
        ValueError: It is not verified.
    """
    verdict, scenario = dream.verdict, dream.scenario
    if dream.state is not DreamState.VERIFIED or verdict is None or verdict.tier is None:
        raise ValueError(f"dream {dream.id} is not verified and is not exported")
    likeness = next((one.evidence for one in verdict.receipts if one.gate == LIKENESS), {})
    return ProvenTask(
        id=dream.id,
        title=scenario.title,
        prompt=scenario.prompt,
        signature=scenario.signature,
        entry_point=scenario.entry_point,
        tests=scenario.tests,
        solution=dream.candidate.solution,
        origin=scenario.origin,
        tier=verdict.tier,
        review=dream.review,
        libraries=scenario.libraries,
        apis=tuple(use.name for use in scenario.uses_api),
        quotes=tuple(quote.text for quote in scenario.knowledge.quotes),
        requirements=dream.requirements,
        difficulty=scenario.difficulty.score,
        naturalness=scenario.naturalness.score,
        nearest=nearest(likeness.get("nearest_dream"), likeness.get("similarity_to_dream")),
        gates=tuple(PassedGate(one.gate, one.name, one.version) for one in verdict.receipts) if gates else (),
    )


def nearest(dream: object, similarity: object) -> Nearest | None:
    """What a receipt says of likeness; None when it says nothing that can be read."""
    if isinstance(dream, str) and isinstance(similarity, int | float):
        return Nearest(dream, round(similarity, 3))
    return None
