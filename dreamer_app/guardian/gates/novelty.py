"""G4, novelty: neither an earlier dream again nor one documentation example copied.

A near copy is rejected with the match shown, so that a person can judge the judge. It compares code only; whether the
libraries are needed is decided by execution, later.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterable

from pydantic import JsonValue

from dreamer_app.core.clock import Clock
from dreamer_app.core.likeness import LikenessIndex
from dreamer_app.core.types import LibraryPin, Scenario
from dreamer_app.guardian.normal_form import normal_form, shingles
from dreamer_app.guardian.novelty import imprint
from dreamer_app.guardian.receipts import Finding, StaticGate, listed, rejected
from dreamer_app.guardian.trial import Trial
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Example

MIN_NECESSARY = 2
"""API nodes that a scenario must claim to need; the ablation gate proves or refutes the claim."""


class NoveltyGate(StaticGate):
    """Rejects duplicates and memorised examples."""

    id = "G4"
    name = "novelty"
    version = "1"

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self._examples: dict[LibraryPin, LikenessIndex] = {}
        self._lock = threading.Lock()

    def read(self, trial: Trial) -> Finding:
        """Compare with every earlier dream and every documentation example of the libraries."""
        scenario = trial.scenario
        mark = imprint(trial.candidate.solution, scenario.entry_point, [use.name for use in scenario.uses_api])
        match = trial.novelty.nearest_to(mark, {one for one in (trial.exclude, scenario.base) if one is not None})
        example, similarity = self._nearest_example(trial)
        evidence: dict[str, JsonValue] = {
            "nearest_dream": match.dream if match else None,
            "similarity_to_dream": round(match.similarity, 3) if match else 0.0,
            "nearest_example": example,
            "similarity_to_example": round(similarity, 3),
            "claimed_similarity": scenario.triviality.similarity,
        }
        if match is not None and match.similarity >= trial.settings.novelty:
            return rejected(f"{match.reason} as dream {match.dream}", **evidence)
        if similarity >= trial.settings.memorised:
            return rejected(f"nearly a copy of the example {example}", **evidence)
        untrue = _untrue_claims(scenario, trial.knowledge)
        if untrue:
            return rejected(untrue[0], claims=listed(untrue), **evidence)
        return Finding(True, evidence)

    def _nearest_example(self, trial: Trial) -> tuple[str | None, float]:
        knowledge = trial.knowledge

        def canonical(path: str) -> str:
            api = knowledge.api(path)
            return api.key if api else path

        own = shingles(normal_form(trial.solution_tree, canonical))
        best: tuple[str | None, float] = (None, 0.0)
        for pin in trial.scenario.libraries:
            with self._lock:
                index = self._examples.get(pin)
                if index is None:
                    index = self._examples[pin] = _indexed(knowledge.examples(pin.name), knowledge)
            best = max(best, index.nearest(own), key=lambda found: found[1])
        return best


def _indexed(examples: Iterable[Example], knowledge: KnowledgeGraph) -> LikenessIndex:
    """The examples of one library in normal form."""
    index = LikenessIndex()
    for example in examples:
        index.add(example.key, _example_shingles(example, knowledge))
    return index


def _example_shingles(example: Example, knowledge: KnowledgeGraph) -> frozenset[str]:
    """Its shingles, none when it is not Python."""

    def canonical(path: str) -> str:
        api = knowledge.api(path)
        return api.key if api else path

    known = {key.rpartition(".")[2]: key for key in example.uses}
    for source in (f"{example.setup}\n{example.code}", example.code):
        try:
            return shingles(normal_form(ast.parse(source), canonical, known))
        except (SyntaxError, ValueError):
            continue
    return frozenset()


def _untrue_claims(scenario: Scenario, knowledge: KnowledgeGraph) -> list[str]:
    """What the scenario says of its own triviality and cannot be so."""
    claim, names = scenario.triviality, {use.name for use in scenario.uses_api}
    found = [f"{name} is claimed necessary but not used" for name in claim.necessary_apis if name not in names]
    if len(set(claim.necessary_apis)) < MIN_NECESSARY:
        found.append(f"fewer than {MIN_NECESSARY} API nodes are claimed necessary")
    if claim.nearest_example is not None and knowledge.example(claim.nearest_example) is None:
        found.append(f"the example {claim.nearest_example} does not exist")
    return found
