"""Evidence in plain words."""

from __future__ import annotations

from dreamer_app.core.types import GateVerdict, Receipt
from dreamer_app.ui.journal.words import evidence_lines


def test_a_mutant_that_survived_is_a_change_that_the_tests_would_not_notice() -> None:
    survivors = [{"operator": "comparison boundary", "line": 3, "diff": "-a < b\n+a <= b"}, {"operator": "constant"}]
    receipt = Receipt(
        gate="G9",
        name="mutation",
        version="1",
        verdict=GateVerdict.PASSED,
        evidence={"executed": 20, "survivors": survivors},
        seconds=1.0,
    )
    names = [name for name, _ in evidence_lines(receipt)]
    assert names == ["executed", *["a change that your tests would not notice"] * 2]
    assert "a <= b" in evidence_lines(receipt)[1][1]
