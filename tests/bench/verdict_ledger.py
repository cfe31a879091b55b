"""What has been judged already: one line a verdict, kept between runs, so that a long measurement goes in slices.

A ledger belongs to one set of rules and one set of dreams; whoever changes either begins a new one, and may carry over
the verdicts that the change cannot touch. Nothing is judged here.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import sqrt
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One verdict.

    Attributes:
        kind: Class of the dream.
        number: Within its class.
        stopped_by: The gate that refused it, empty when it was accepted.
        refusing: Every gate that refuses it when none stops the others; None when that was not looked at.
    """

    kind: str
    number: int
    stopped_by: str
    refusing: tuple[str, ...] | None = None


@dataclass
class Ledger:
    """Verdicts in a file that only grows.

    Args:
        file: Where they are.
    """

    file: Path
    rows: dict[tuple[str, int, bool], Row] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read what is there; a last line that was cut short does not count."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        text = self.file.read_text(encoding="utf-8") if self.file.exists() else ""
        for line in text.splitlines(keepends=True):
            if line.endswith("\n"):
                fields = json.loads(line)
                refusing = fields.pop("refusing")
                self._keep(Row(**fields, refusing=None if refusing is None else tuple(refusing)))

    def _keep(self, row: Row) -> None:
        self.rows[row.kind, row.number, row.refusing is not None] = row

    def add(self, row: Row) -> None:
        """Keep one verdict, at once."""
        self._keep(row)
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(row)) + "\n")

    def has(self, kind: str, number: int, *, every_gate: bool = False) -> bool:
        """Whether this verdict is there."""
        return (kind, number, every_gate) in self.rows

    def of(self, kind: str) -> list[Row]:
        """The verdicts of one class."""
        return [row for (name, _, every), row in self.rows.items() if name == kind and not every]

    def examined(self) -> list[Row]:
        """The bad dreams that every gate has looked at."""
        return [row for (_, _, every), row in self.rows.items() if every]


def carry(older: Ledger, newer: Ledger, *, still: Collection[str], judge_again: Collection[str]) -> int:
    """Take over what an earlier set of rules has refused, where the new one cannot but refuse it at the same gate.

    What was accepted is never taken over, nor what met every gate.

    Args:
        older: Verdicts of the earlier rules.
        newer: Verdicts of the new rules.
        still: Gates that neither changed in what they refuse, nor come after one that may now refuse first.
        judge_again: Classes whose dreams are others now.

    Returns:
        How many.
    """
    before = len(newer.rows)
    for (kind, number, every), row in older.rows.items():
        if not every and row.stopped_by in still and kind not in judge_again and not newer.has(kind, number):
            newer.add(row)
    return len(newer.rows) - before


def interval(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % interval of a share.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    if not of:
        return 0.0, 1.0
    share, square = hits / of, z * z
    middle, spread = share + square / (2 * of), z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = ((middle + sign * spread) / (1 + square / of) for sign in (-1, 1))
    return max(0.0, low), high


def class_line(kind: str, rows: Sequence[Row]) -> str:
    """One class: accepted, of how many, the interval, and who stopped the others."""
    accepted = sum(not row.stopped_by for row in rows)
    low, high = interval(accepted, len(rows))
    stopped = Counter(row.stopped_by for row in rows if row.stopped_by)
    words = ", ".join(f"{gate} {count}" for gate, count in sorted(stopped.items(), key=lambda one: int(one[0][1:])))
    return f"{kind:22s} {accepted:4d} of {len(rows):4d}   {low:6.2%} to {high:6.2%}   {words}"


def gate_lines(rows: Sequence[Row], gates: Sequence[str]) -> Iterator[str]:
    """What each gate is worth: bad dreams that pass when it is the only one, and when it alone is missing."""
    for gate in gates:
        alone = sum(gate not in (row.refusing or ()) for row in rows)
        without = Counter(row.kind for row in rows if row.refusing == (gate,))
        classes = ", ".join(f"{kind} {count}" for kind, count in sorted(without.items()))
        yield f"{gate:4s} alone lets {alone:3d} of {len(rows):3d} through; without it {without.total():3d}   {classes}"


def fingerprint(parts: Mapping[str, str]) -> str:
    """16 hexadecimal digits over everything that a ledger's verdicts depend on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
