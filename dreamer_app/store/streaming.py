"""Verified dreams one after the other in the order of their identifiers, a page at a time, so that any number of them
fits into memory. It reads; what is done with them is others' matter.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from dreamer_app.core.types import Dream, GateVerdict
from dreamer_app.store import rows
from dreamer_app.store.connection import Connection

PAGE = 500

_DREAMS = """SELECT dream.*, attempt.id AS attempt_id, attempt.solution, attempt.coder, attempt.accepted,
    attempt.tier AS proved_tier FROM dream JOIN attempt ON attempt.dream_id = dream.id
    WHERE dream.id > :after AND dream.state = 'verified' AND attempt.n = (SELECT max(n) FROM attempt AS other
    WHERE other.dream_id = dream.id AND (purpose = 'dream' OR (edited AND accepted)))
    ORDER BY dream.id LIMIT :page"""
_OUTLINES = """SELECT id, origin, tier, review, json_extract(scenario, '$.libraries') AS libraries,
    json_extract(scenario, '$.uses_api') AS uses FROM dream WHERE id > :after AND state = 'verified'
    ORDER BY id LIMIT :page"""


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

    def dreams(self) -> Iterator[Dream]:
        """Every verified dream with the verdict that decided it."""
        for page in self._pages(_DREAMS):
            numbers = json.dumps([row["attempt_id"] for row in page])
            receipts: dict[int, list[sqlite3.Row]] = {}
            for line in self._connection.read(
                "SELECT * FROM receipt WHERE attempt_id IN (SELECT value FROM json_each(?)) ORDER BY attempt_id, n",
                (numbers,),
            ):
                receipts.setdefault(line["attempt_id"], []).append(line)
            for row in page:
                attempt = {name: row[name] for name in ("solution", "coder", "accepted")} | {"tier": row["proved_tier"]}
                yield rows.dream(row, attempt, receipts.get(row["attempt_id"], []))

    def outlines(self) -> Iterator[sqlite3.Row]:
        """Of every verified dream its `id`, `origin`, `tier`, `review`, and its `libraries` and `uses` as JSON."""
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
