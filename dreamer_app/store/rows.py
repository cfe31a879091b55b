"""Between rows and values: the only place that knows how a dream lies in the tables."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dreamer_app.core.solving import NearMiss
from dreamer_app.core.types import (
    Candidate,
    Cost,
    Dream,
    DreamState,
    GateVerdict,
    LibraryPin,
    Night,
    NightEnd,
    Provenance,
    Receipt,
    Review,
    Scenario,
    Tier,
    Verdict,
)
from dreamer_app.store.records import DreamSummary


def summary(row: sqlite3.Row) -> DreamSummary:
    """A row of the view `dream_summary` as a value."""
    return DreamSummary(
        id=row["id"],
        title=row["title"],
        libraries=tuple((row["libraries"] or "").split("\n")) if row["libraries"] else (),
        state=DreamState(row["state"]),
        review=Review(row["review"]),
        tier=Tier(row["tier"]) if row["tier"] else None,
        origin=row["origin"],
        pattern=row["pattern"],
        night_id=row["night_id"],
        created_at=datetime.fromisoformat(row["created_at"]),
        stopped_by=row["stopped_by"],
        difficulty=row["difficulty"],
        flagged=bool(row["flagged"]),
    )


def dream(
    row: sqlite3.Row, attempt: sqlite3.Row | Mapping[str, Any], receipts: Sequence[sqlite3.Row | Receipt]
) -> Dream:
    """A row of `dream`, its deciding attempt and that attempt's receipts as a value."""
    verdict = None
    if attempt["accepted"] is not None:
        verdict = Verdict(
            accepted=bool(attempt["accepted"]),
            tier=Tier(attempt["tier"]) if attempt["tier"] else None,
            receipts=tuple(line if isinstance(line, Receipt) else receipt(line) for line in receipts),
        )
    return Dream(
        id=row["id"],
        night_id=row["night_id"],
        created_at=datetime.fromisoformat(row["created_at"]),
        state=DreamState(row["state"]),
        review=Review(row["review"]),
        scenario=Scenario.model_validate_json(row["scenario"]),
        candidate=Candidate(solution=attempt["solution"], coder=attempt["coder"]),
        verdict=verdict,
        requirements=tuple(json.loads(row["requirements"])),
        provenance=Provenance.model_validate_json(row["provenance"]),
        cost=Cost.model_validate_json(row["cost"]),
    )


def dream_values(value: Dream, now: datetime) -> dict[str, str | float | None]:
    """The columns of `dream` that follow from a dream."""
    stopped = value.verdict.stopped_by if value.verdict else None
    tier = value.verdict.tier if value.verdict and value.verdict.accepted else None
    return {
        "id": value.id,
        "night_id": value.night_id,
        "created_at": value.created_at.isoformat(),
        "changed_at": now.isoformat(),
        "state": value.state.value,
        "review": value.review.value,
        "tier": tier.value if tier else None,
        "stopped_by": stopped.gate if stopped else None,
        "title": value.scenario.title,
        "pattern": value.scenario.pattern,
        "origin": value.scenario.origin,
        "difficulty": value.scenario.difficulty.score,
        "scenario": value.scenario.model_dump_json(),
        "requirements": json.dumps(list(value.requirements)),
        "provenance": value.provenance.model_dump_json(),
        "cost": value.cost.model_dump_json(),
    }


def receipt(row: sqlite3.Row) -> Receipt:
    """A row of `receipt` as a value."""
    return Receipt(
        gate=row["gate"],
        name=row["name"],
        version=row["version"],
        verdict=GateVerdict(row["verdict"]),
        evidence=json.loads(row["evidence"]),
        seconds=row["seconds"],
    )


def receipt_values(attempt_id: int, n: int, value: Receipt) -> tuple[int, int, str, str, str, str, str, float]:
    """The columns of `receipt`."""
    evidence = json.dumps(value.evidence, sort_keys=True)
    return attempt_id, n, value.gate, value.name, value.version, value.verdict.value, evidence, value.seconds


def near_miss(row: sqlite3.Row) -> NearMiss:
    """A row of `near_miss` as a value."""
    return NearMiss(
        candidate=Candidate(solution=row["solution"], coder=row["coder"]),
        stage=row["stage"],
        reason=row["reason"],
        failed_tests=tuple(json.loads(row["failed_tests"])),
        fresh=bool(row["fresh"]),
    )


def night(row: sqlite3.Row) -> Night:
    """A row of `night` as a value."""
    return Night(
        id=row["id"],
        started_at=datetime.fromisoformat(row["started_at"]),
        ended_at=datetime.fromisoformat(row["ended_at"]) if row["ended_at"] else None,
        end=NightEnd(row["end"]) if row["end"] else None,
        libraries=tuple(LibraryPin.model_validate(pin) for pin in json.loads(row["libraries"])),
        seed=row["seed"],
        figures=json.loads(row["figures"]),
    )


def night_values(value: Night) -> tuple[str, str, str | None, str | None, str, int, str]:
    """The columns of `night`, in their order."""
    return (
        value.id,
        value.started_at.isoformat(),
        value.ended_at.isoformat() if value.ended_at else None,
        value.end.value if value.end else None,
        json.dumps([pin.model_dump(mode="json") for pin in value.libraries]),
        value.seed,
        json.dumps(dict(value.figures), sort_keys=True),
    )
