"""Evidence in plain words."""

from __future__ import annotations

from dreamer_app.core.types import GateVerdict, Receipt
from dreamer_app.ui.journal.words import evidence_lines


def test_a_mutant_that_survived_is_a_change_that_no_test_notices() -> None:
    survivors = [{"operator": "comparison boundary", "line": 3, "diff": "-a < b\n+a <= b"}, {"operator": "constant"}]
    receipt = Receipt(
        gate="G9",
        name="mutation",
        version="1",
        verdict=GateVerdict.PASSED,
        evidence={"executed": 20, "survivors": survivors},
        seconds=1.0,
    )
    lines = evidence_lines(receipt)
    assert [name for name, _ in lines] == [*["a change that no test notices"] * 2, "executed"]
    assert lines[0][1] == "line 3: a < b → a <= b"
    assert "constant" in lines[1][1]
