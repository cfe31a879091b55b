"""The values that travel: identifiers depend on what is asked for and on nothing else."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from dreamer_app.core.types import (
    ApiUse,
    Difficulty,
    GateVerdict,
    Knowledge,
    LibraryPin,
    Naturalness,
    Receipt,
    Scenario,
    Triviality,
    Verdict,
)


def scenario(**changes: object) -> Scenario:
    values: dict[str, object] = {
        "title": "Count words",
        "prompt": "Count the words.",
        "kind": "function",
        "entry_point": "count_words",
        "signature": "def count_words(text: str) -> dict[str, int]:",
        "tests": "def test_x():\n    assert count_words('a') == {'a': 1}\n",
        "libraries": (LibraryPin(name="toolz", version="1.0"),),
        "uses_api": (ApiUse(name="toolz.frequencies", library="toolz", kind="function"),),
        "knowledge": Knowledge(cluster="community:toolz:1"),
        "difficulty": Difficulty(score=0.2, parts={}),
        "naturalness": Naturalness(score=0.8, parts={}),
        "triviality": Triviality(necessary_apis=(), documented_shapes=True, nearest_example=None, similarity=0.0),
        "pattern": "lift",
        "origin": "recorded",
        "seed": 1,
    }
    return Scenario.model_validate({**values, **changes})


def test_the_identifier_depends_on_what_is_asked() -> None:
    assert scenario().id == scenario(title="Other title", seed=2).id
    assert scenario().id != scenario(prompt="Count the letters.").id
    assert scenario().id != scenario(tests="def test_x():\n    assert count_words('') == {}\n").id
    assert len(scenario().id) == 16


def test_values_do_not_change_and_know_their_fields() -> None:
    with pytest.raises(ValidationError):
        scenario().title = "New"  # type: ignore[misc]  # the assignment is what is tested
    with pytest.raises(ValidationError):
        scenario(colour="red")


def test_a_rejected_verdict_names_the_gate_that_stopped_it() -> None:
    receipts = tuple(
        Receipt(gate=gate, name="n", version="1", verdict=verdict, evidence={}, seconds=0)
        for gate, verdict in (("G0", GateVerdict.PASSED), ("G1", GateVerdict.FAILED))
    )
    stopped = Verdict(accepted=False, tier=None, receipts=receipts).stopped_by
    assert stopped is not None
    assert stopped.gate == "G1"
    assert Verdict(accepted=True, tier=None, receipts=receipts[:1]).stopped_by is None
