"""Attempts and the receipts of their gates. It decides nothing about a dream's state."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from dreamer_app.core.solving import NearMiss
from dreamer_app.core.types import Candidate, Verdict
from dreamer_app.store import rows
from dreamer_app.store.connection import Connection
from dreamer_app.store.records import AttemptRecord


class AttemptTable:
    """Candidates with their runs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(
        self,
        dream_id: str,
        candidate: Candidate,
        started_at: datetime,
        purpose: Literal["dream", "again", "edit"] = "dream",
    ) -> int:
        """Open an attempt before its run.

        Returns:
            Its key.
        """
        with self._connection.transaction() as db:
            cursor = db.execute(
                "INSERT INTO attempt (dream_id, n, purpose, edited, started_at, coder, solution) SELECT :id, "
                "1 + COALESCE((SELECT max(n) FROM attempt WHERE dream_id = :id), 0), :purpose, :edited, :at, :coder, "
                ":solution",
                {
                    "id": dream_id,
                    "purpose": "dream" if purpose == "dream" else "again",
                    "edited": purpose == "edit",
                    "at": started_at.isoformat(),
                    "coder": candidate.coder,
                    "solution": candidate.solution,
                },
            )
            return int(cursor.lastrowid or 0)

    def keep_near_misses(self, dream_id: str, misses: Sequence[NearMiss], when: datetime) -> None:
        """Keep wrong solutions of a dream as labelled negatives; those of an earlier trial give way."""
        with self._connection.transaction() as db:
            db.execute("DELETE FROM near_miss WHERE dream_id = ?", (dream_id,))
            db.executemany(
                "INSERT INTO near_miss VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        dream_id,
                        number,
                        when.isoformat(),
                        miss.candidate.coder,
                        miss.candidate.solution,
                        miss.stage,
                        miss.reason,
                        json.dumps(miss.failed_tests),
                        miss.fresh,
                    )
                    for number, miss in enumerate(misses, 1)
                ],
            )

    def near_misses(self, dream_id: str) -> tuple[NearMiss, ...]:
        """The wrong solutions of a dream, in the order in which they were tried."""
        found = self._connection.read("SELECT * FROM near_miss WHERE dream_id = ? ORDER BY n", (dream_id,))
        return tuple(rows.near_miss(row) for row in found)

    def close(self, attempt_id: int, verdict: Verdict) -> None:
        """Write the verdict and every receipt of an attempt."""
        with self._connection.transaction() as db:
            db.execute(
                "UPDATE attempt SET accepted = ?, tier = ? WHERE id = ?",
                (verdict.accepted, verdict.tier.value if verdict.tier else None, attempt_id),
            )
            db.execute("DELETE FROM receipt WHERE attempt_id = ?", (attempt_id,))
            db.executemany(
                "INSERT INTO receipt VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [rows.receipt_values(attempt_id, n, receipt) for n, receipt in enumerate(verdict.receipts)],
            )

    def deciding(self, dream_id: str) -> tuple[sqlite3.Row, list[sqlite3.Row]] | None:
        """The attempt that decides what a dream is, and its receipts: a person's latest solution that was proved, or
        else the latest one of a night.
        """
        found = self._connection.read(
            "SELECT * FROM attempt WHERE dream_id = ? AND (purpose = 'dream' OR (edited AND accepted)) "
            "ORDER BY n DESC LIMIT 1",
            (dream_id,),
        )
        return (found[0], self._receipts(found[0]["id"])) if found else None

    def of(self, dream_id: str) -> tuple[AttemptRecord, ...]:
        """Every attempt of a dream, oldest first."""
        found = self._connection.read("SELECT * FROM attempt WHERE dream_id = ? ORDER BY n", (dream_id,))
        return tuple(
            AttemptRecord(
                n=row["n"],
                purpose="edit" if row["edited"] else row["purpose"],
                started_at=datetime.fromisoformat(row["started_at"]),
                coder=row["coder"],
                solution=row["solution"],
                accepted=None if row["accepted"] is None else bool(row["accepted"]),
                receipts=tuple(rows.receipt(line) for line in self._receipts(row["id"])),
            )
            for row in found
        )

    def _receipts(self, attempt_id: int) -> list[sqlite3.Row]:
        return self._connection.read("SELECT * FROM receipt WHERE attempt_id = ? ORDER BY n", (attempt_id,))
