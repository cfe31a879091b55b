"""Evidence in plain words."""

from __future__ import annotations

import gzip
import json

from dreamer_app.core.types import GateVerdict, Receipt
from dreamer_app.ui.journal.evidence import NAMES, evidence_lines
from tests.house.tracked import ROOT


def test_every_figure_of_a_gate_has_a_name() -> None:
    names: set[str] = set()

    def walk(part: object) -> None:
        if isinstance(part, dict):
            evidence = part.get("evidence")
            names.update(evidence if isinstance(evidence, dict) else ())
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    with gzip.open(ROOT / "tests" / "ui" / "demo" / "journal.json.gz", "rt", encoding="utf-8") as file:
        walk(json.load(file))
    assert len(names) > 20
    assert {name.replace("_", " ") for name in names} - {"survivors"} <= NAMES


def test_a_mutant_that_survived_is_a_change_that_no_test_notices() -> None:
    survivors = [
        {"operator": "comparison boundary", "line": 3, "diff": "-a < b\n+a <= b", "noticed_with": "[1], 2"},
        {"operator": "constant"},
        {"operator": "argument swap", "line": 4, "diff": "-f(a, b)\n+f(b, a)", "equivalent": True},
    ]
    receipt = Receipt(
        gate="G9",
        name="mutation",
        version="1",
        verdict=GateVerdict.PASSED,
        evidence={"executed": 20, "survivors": survivors},
        seconds=1.0,
    )
    lines = evidence_lines(receipt)
    unnoticed, equivalent = "a change that no test notices", "a change that seems to make no difference"
    assert [name for name, _ in lines] == [unnoticed, unnoticed, equivalent, "executed"]
    assert lines[0][1] == "line 3: a < b → a <= b · noticed with [1], 2"
    assert "constant" in lines[1][1]


def test_the_mutant_that_is_kept_whole_shows_its_change_and_not_its_source() -> None:
    kept = {
        "operator": "constant",
        "line": 3,
        "diff": "-a = 1\n+a = 2",
        "wrong": "a = 2\nb = 3",
        "right": "a = 1\nb = 3",
    }
    receipt = Receipt(
        gate="G9",
        name="mutation",
        version="1",
        verdict=GateVerdict.PASSED,
        evidence={"executed": 20, "kept_mutant": kept},
        seconds=1.0,
    )
    assert evidence_lines(receipt)[1] == ("a change that tests notice", "line 3: a = 1 → a = 2")
