"""Verified dreams one after the other in the order of their identifiers, a page at a time, so that any number of them
fits into memory. It reads; what is done with them is others' matter.

Rows that this program wrote are not checked again where that is what takes the time: of the receipts, which are most of
a dream's rows, only those are read whole whose evidence is asked for.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from dreamer_app.core.types import Dream, GateVerdict, Receipt
from dreamer_app.store import rows
from dreamer_app.store.connection import Connection

PAGE = 500

# The plus keeps the index over states out of it: pages come in the order of the key and nothing is ever sorted.
_DREAMS = """SELECT dream.*, attempt.id AS attempt_id, attempt.solution, attempt.coder, attempt.accepted,
    attempt.tier AS proved_tier FROM dream JOIN attempt ON attempt.dream_id = dream.id
    WHERE dream.id > :after AND +dream.state = 'verified' AND attempt.n = (SELECT max(n) FROM attempt AS other
    WHERE other.dream_id = dream.id AND (purpose = 'dream' OR (edited AND accepted)))
    ORDER BY dream.id LIMIT :page"""
_OUTLINES = """SELECT id, origin, tier, review, json_extract(scenario, '$.libraries', '$.uses_api') AS needs
    FROM dream WHERE id > :after AND +state = 'verified' ORDER BY id LIMIT :page"""
_GATES = """SELECT attempt_id, group_concat(gate || char(31) || name || char(31) || version || char(31) || verdict,
    char(30)) AS gates FROM receipt WHERE attempt_id IN (SELECT value FROM json_each(?)) GROUP BY attempt_id"""
_TOLD = """SELECT * FROM receipt WHERE attempt_id IN (SELECT value FROM json_each(?))
    AND gate IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True)
class FailedAttempt:
    """A candidate that a gate stopped.

    Attributes:
        solution: Its source.
        gate: Identifier of the gate.
        name: The gate in plain words.
    """

    solution: str
    gate: str
    name: str


class DreamStream:
    """The journal's verified dreams as a stream."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def dreams(self, evidence: Collection[str] = ()) -> Iterator[Dream]:
        """Every verified dream with the verdict that decided it.

        Args:
            evidence: Gates whose receipts tell what they saw; those of the others say only that they passed.
        """
        wanted = json.dumps(sorted(evidence))
        for page in self._pages(_DREAMS):
            numbers = json.dumps([row["attempt_id"] for row in page])
            gates = dict(map(tuple, self._connection.read(_GATES, (numbers,))))
            told = {
                (line["attempt_id"], line["gate"]): rows.receipt(line)
                for line in self._connection.read(_TOLD, (numbers, wanted))
            }
            for row in page:
                number = row["attempt_id"]
                attempt = {name: row[name] for name in ("solution", "coder", "accepted")} | {"tier": row["proved_tier"]}
                receipts = [told.get((number, one.gate), one) for one in _bare(gates.get(number, ""))]
                yield rows.dream(row, attempt, receipts)

    def outlines(self) -> Iterator[sqlite3.Row]:
        """Of every verified dream its `id`, `origin`, `tier`, `review`, and what it `needs`: libraries and APIs as
        JSON.
        """
        for page in self._pages(_OUTLINES):
            yield from page

    def failed_attempts(self, dream_id: str) -> tuple[FailedAttempt, ...]:
        """Candidates for a dream's scenario that a gate stopped, oldest first."""
        found = self._connection.read(
            """SELECT attempt.solution, receipt.gate, receipt.name FROM attempt
            JOIN receipt ON receipt.attempt_id = attempt.id WHERE dream_id = ? AND accepted = 0 AND verdict = ?
            ORDER BY attempt.n, receipt.n""",
            (dream_id, GateVerdict.FAILED.value),
        )
        return tuple(FailedAttempt(row["solution"], row["gate"], row["name"]) for row in found)

    def _pages(self, sql: str) -> Iterator[list[sqlite3.Row]]:
        after = ""
        while page := self._connection.read(sql, {"after": after, "page": PAGE}):
            yield page
            after = page[-1]["id"]


@lru_cache(maxsize=512)
def _bare(gates: str) -> tuple[Receipt, ...]:
    """What all proofs that went through the same gates have in common."""
    lines = [line.split("\x1f") for line in gates.split("\x1e") if line]
    return tuple(
        Receipt(gate=gate, name=name, version=version, verdict=GateVerdict(verdict), evidence={}, seconds=0.0)
        for gate, name, version, verdict in lines
    )
