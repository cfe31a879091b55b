"""The shape of `dream.json`, as DESIGN promises it to anybody who opens a dream folder, and its two translations.

It keeps everything that is needed to get the Dream back, so that the folders alone are a complete backup. No file is
opened here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from dreamer_app.core.types import (
    ApiUse,
    Candidate,
    Cost,
    Difficulty,
    Dream,
    DreamState,
    Frozen,
    Knowledge,
    LibraryPin,
    Naturalness,
    Provenance,
    Quote,
    Receipt,
    Relation,
    Review,
    Scenario,
    Tier,
    Triviality,
    Verdict,
)

SOLUTION = "solution.py"
TESTS = "test_solution.py"
REQUIREMENTS = "requirements.txt"
DOCUMENT = "dream.json"


class KnowledgeRecord(Frozen):
    """What the dream was woven from."""

    cluster: str
    nodes: tuple[str, ...]
    edges: tuple[Relation, ...]
    quotes: tuple[Quote, ...]
    examples: tuple[str, ...] = ()


class ScenarioRecord(Frozen):
    """What was asked for."""

    title: str
    prompt: str
    entry_point: str
    signature: str
    kind: Literal["function", "app"]
    pattern: str
    broken: str | None = None
    base: str | None = None


class GuardianRecord(Frozen):
    """The machine's word with its receipts."""

    accepted: Literal[True]
    receipts: tuple[Receipt, ...]


class ProvenanceRecord(Provenance):
    """How to repeat it, with who wrote the solution."""

    coder: str


class DreamRecord(Frozen):
    """`dream.json`.

    Attributes:
        synthetic: Always true; a document without it is not one of ours.
        files: SHA-256 of every other file of the folder.
    """

    schema_version: Literal[1]
    synthetic: Literal[True]
    dream_id: str
    night_id: str
    created_at: datetime
    origin: str
    tier: Tier
    review: Review
    libraries: tuple[LibraryPin, ...]
    knowledge: KnowledgeRecord
    scenario: ScenarioRecord
    uses_api: tuple[ApiUse, ...]
    difficulty: Difficulty
    naturalness: Naturalness
    triviality: Triviality
    guardian: GuardianRecord
    provenance: ProvenanceRecord
    cost: Cost
    files: Mapping[str, str]


def texts(dream: Dream) -> dict[str, str]:
    """The other files of a dream's folder, by name."""
    return {
        SOLUTION: _ended(dream.candidate.solution),
        TESTS: _ended(dream.scenario.tests),
        REQUIREMENTS: "".join(f"{line}\n" for line in dream.requirements),
    }


def to_record(dream: Dream) -> DreamRecord:
    """The document of a verified dream.

    Raises:
        ValueError: The dream is not verified.
    """
    verdict = dream.verdict
    if dream.state is not DreamState.VERIFIED or verdict is None or not verdict.accepted or verdict.tier is None:
        raise ValueError(f"dream {dream.id} is not verified and gets no folder")
    scenario = dream.scenario
    return DreamRecord(
        schema_version=1,
        synthetic=True,
        dream_id=dream.id,
        night_id=dream.night_id,
        created_at=dream.created_at,
        origin=scenario.origin,
        tier=verdict.tier,
        review=dream.review,
        libraries=scenario.libraries,
        knowledge=KnowledgeRecord(
            cluster=scenario.knowledge.cluster,
            nodes=scenario.knowledge.nodes,
            edges=scenario.knowledge.relations,
            quotes=scenario.knowledge.quotes,
            examples=scenario.knowledge.examples,
        ),
        scenario=ScenarioRecord(
            title=scenario.title,
            prompt=scenario.prompt,
            entry_point=scenario.entry_point,
            signature=scenario.signature,
            kind=scenario.kind,
            pattern=scenario.pattern,
            broken=scenario.broken,
            base=scenario.base,
        ),
        uses_api=scenario.uses_api,
        difficulty=scenario.difficulty,
        naturalness=scenario.naturalness,
        triviality=scenario.triviality,
        guardian=GuardianRecord(accepted=True, receipts=verdict.receipts),
        provenance=ProvenanceRecord(**dream.provenance.model_dump(), coder=dream.candidate.coder),
        cost=dream.cost,
        files={name: digest(text) for name, text in texts(dream).items()},
    )


def to_dream(record: DreamRecord, solution: str, tests: str, requirements: tuple[str, ...]) -> Dream:
    """The dream that a folder holds."""
    knowledge = record.knowledge
    provenance = record.provenance.model_dump()
    coder = str(provenance.pop("coder"))
    scenario = Scenario(
        **record.scenario.model_dump(),
        tests=tests,
        libraries=record.libraries,
        uses_api=record.uses_api,
        knowledge=Knowledge(
            cluster=knowledge.cluster,
            nodes=knowledge.nodes,
            relations=knowledge.edges,
            quotes=knowledge.quotes,
            examples=knowledge.examples,
        ),
        difficulty=record.difficulty,
        naturalness=record.naturalness,
        triviality=record.triviality,
        origin=record.origin,
        seed=record.provenance.seed,
    )
    return Dream(
        id=record.dream_id,
        night_id=record.night_id,
        created_at=record.created_at,
        state=DreamState.VERIFIED,
        review=record.review,
        scenario=scenario,
        candidate=Candidate(solution=solution, coder=coder),
        verdict=Verdict(accepted=True, tier=record.tier, receipts=record.guardian.receipts),
        requirements=requirements,
        provenance=Provenance.model_validate(provenance),
        cost=record.cost,
    )


def digest(text: str) -> str:
    """SHA-256 of a text as it lies on the disk."""
    return hashlib.sha256(text.encode()).hexdigest()


def ordered(record: DreamRecord) -> dict[str, JsonValue]:
    """The document as plain JSON values, in the order of the fields."""
    document: dict[str, JsonValue] = record.model_dump(mode="json")
    return document


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"
