"""Dreams that lie in folders: known-good ones and planted bad ones, each with the gate that must stop it.

A folder holds `dream.toml`, `solution.py` and `suite.py` (named so that pytest does not collect it). A bad dream takes
whatever it does not bring along from the good one that it names as its base.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dreamer_app.core.settings import GuardianSettings
from dreamer_app.core.types import (
    ApiUse,
    Candidate,
    Difficulty,
    Knowledge,
    LibraryPin,
    Naturalness,
    Scenario,
    Triviality,
)
from dreamer_app.guardian.novelty import NoveltyIndex
from dreamer_app.guardian.trial import Trial
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.sandbox.jobs import Environment
from tests.guardian.knowledge import EXAMPLES, PINS, SmallGraph

PLANTED = Path(__file__).parents[1] / "planted"
NOWHERE = Environment(id="none", path="none", pins=(), python="3.11", image="none")


@dataclass(frozen=True)
class Planted:
    """One folder."""

    name: str
    scenario: Scenario
    candidate: Candidate
    gate: str | None
    why: str


def names(kind: str) -> list[str]:
    return sorted(folder.name for folder in (PLANTED / kind).iterdir() if (folder / "dream.toml").exists())


def load(kind: str, name: str, pins: Mapping[str, LibraryPin] = PINS) -> Planted:
    folder = PLANTED / kind / name
    facts = tomllib.loads((folder / "dream.toml").read_text(encoding="utf-8"))
    base = PLANTED / "good" / facts["base"] if "base" in facts else folder
    merged: dict[str, Any] = {**tomllib.loads((base / "dream.toml").read_text(encoding="utf-8")), **facts}

    def text(file: str) -> str:
        own = folder / file
        return (own if own.exists() else base / file).read_text(encoding="utf-8")

    scenario = scenario_of(merged, text("suite.py"), pins)
    return Planted(
        name, scenario, Candidate(solution=text("solution.py"), coder="recorded"), facts.get("gate"), facts["why"]
    )


def scenario_of(facts: dict[str, Any], tests: str, pins: Mapping[str, LibraryPin]) -> Scenario:
    library = {imported: pin.name for pin in pins.values() for imported in pin.import_names}
    uses = tuple(
        ApiUse(name=use["name"], library=library.get(root := use["name"].partition(".")[0], root), kind=use["kind"])
        for use in facts["uses"]
    )
    return Scenario(
        title=facts["title"],
        prompt=facts["title"] + ".",
        kind=facts["kind"],
        entry_point=facts["entry_point"],
        signature=facts["signature"],
        tests=tests,
        libraries=tuple(pins[name] for name in facts["libraries"]),
        uses_api=uses,
        knowledge=Knowledge(cluster="community:planted:0"),
        difficulty=Difficulty(score=0.5, parts={}),
        naturalness=Naturalness(score=0.9, parts={}),
        triviality=Triviality(
            necessary_apis=tuple(facts.get("necessary", [use.name for use in uses[:3]])),
            documented_shapes=True,
            nearest_example=None,
            similarity=0.1,
        ),
        pattern="planted",
        origin="recorded",
        seed=11,
    )


def trial(
    planted: Planted,
    *,
    solution: str | None = None,
    tests: str | None = None,
    knowledge: KnowledgeGraph | None = None,
    novelty: NoveltyIndex | None = None,
    environment: Environment = NOWHERE,
    exclude: str | None = None,
    **scenario: Any,
) -> Trial:
    """A trial of a planted dream, changed where the arguments say so."""
    changes = {**({"tests": tests} if tests is not None else {}), **scenario}
    candidate = planted.candidate if solution is None else Candidate(solution=solution, coder="recorded")
    return Trial(
        planted.scenario.model_copy(update=changes),
        candidate,
        environment,
        knowledge=knowledge or SmallGraph(examples=EXAMPLES[:1]),
        settings=GuardianSettings(),
        novelty=novelty or NoveltyIndex(),
        exclude=exclude,
    )
