"""Writes docs/trust.md: how often the Guardian is wrong, from the verdicts that `make bench BENCH=guardian` has kept.

It computes nothing that was not measured: a class without verdicts has no line. Not part of `make docs`, because the
verdicts are not in the repository.

Usage: python docs/make_trust_page.py [FILE]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from tests.bench.verdict_ledger import Ledger, interval  # noqa: E402

GOOD = "good"


def page(ledger: Ledger) -> str:
    """The page."""
    return "\n".join([*_head(), *_false_accepts(ledger), *_false_rejects(ledger), *_gates(ledger)]) + "\n"


def _head() -> Iterator[str]:
    yield "<!-- Written by docs/make_trust_page.py from the verdicts of `make bench BENCH=guardian`. -->"
    yield "# How often the proof is wrong"
    yield ""
    yield "Bad dreams are made by seed from good ones, a class of badness at a time, and judged like any other dream."
    yield "A changed solution counts as wrong only where it was seen to answer differently on inputs that its tests do"
    yield "not contain, so equivalent changes are not among them. Intervals are Wilson's, 95 %."
    yield ""


def _false_accepts(ledger: Ledger) -> Iterator[str]:
    kinds = sorted({row.kind for row in ledger.rows.values() if row.kind != GOOD})
    yield "| Planted | Judged | Accepted | 95 % interval | Stopped by |"
    yield "| --- | --- | --- | --- | --- |"
    for kind in kinds:
        rows = ledger.of(kind)
        if not rows:
            continue
        accepted = sum(not row.stopped_by for row in rows)
        low, high = interval(accepted, len(rows))
        gates = sorted({row.stopped_by for row in rows if row.stopped_by})
        stopped = ", ".join(f"{gate} {sum(row.stopped_by == gate for row in rows)}" for gate in gates)
        yield f"| {kind} | {len(rows)} | {accepted} | {low:.1%} to {high:.1%} | {stopped} |"


def _false_rejects(ledger: Ledger) -> Iterator[str]:
    rows = ledger.of(GOOD)
    rejected = sum(bool(row.stopped_by) for row in rows)
    low, high = interval(rejected, len(rows))
    yield ""
    yield f"Of {len(rows)} good dreams {rejected} were rejected ({low:.1%} to {high:.1%}). They are woven from the"
    yield "documentation of five libraries, and the weaver has screened them; what people write by hand may fare worse."


def _gates(ledger: Ledger) -> Iterator[str]:
    rows = ledger.examined()
    if not rows:
        return
    yield ""
    yield f"{len(rows)} bad dreams of all classes met every gate, whatever the others said:"
    yield ""
    yield "| Gate | Would let through alone | Get through without it |"
    yield "| --- | --- | --- |"
    for gate in [f"G{number}" for number in range(10)]:
        alone = sum(gate not in (row.refusing or ()) for row in rows)
        without = sum(row.refusing == (gate,) for row in rows)
        yield f"| {gate} | {alone} | {without} |"


def newest() -> Path:
    """The ledger that was written to last.

    Raises:
        SystemExit: There is none.
    """
    found = sorted(
        (HERE.parent / ".cache/bench/guardian").glob("*/verdicts.jsonl"), key=lambda file: file.stat().st_mtime
    )
    if not found:
        raise SystemExit("no verdicts yet: make bench BENCH=guardian")
    return found[-1]


if __name__ == "__main__":
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else newest()
    (HERE / "trust.md").write_text(page(Ledger(source)), encoding="utf-8")
    print("docs/trust.md")
