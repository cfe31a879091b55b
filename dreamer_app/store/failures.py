"""How dreams about an API fail: counted by the gate that stopped them, with the last thing that it saw. Reads only."""

from __future__ import annotations

import json
from typing import Any

from dreamer_app.core.types import Frozen
from dreamer_app.store.connection import Connection


class ApiFailure(Frozen):
    """One way in which programs with an API fail.

    Attributes:
        gate: The gate that stopped them.
        name: Of the gate, in plain words.
        times: Dreams that it stopped.
        title: Of the latest of them.
        evidence: What the gate saw in the latest.
    """

    gate: str
    name: str
    times: int
    title: str
    evidence: dict[str, Any]


class FailureTable:
    """What failed dreams teach."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_api(self, api: str, limit: int = 3) -> tuple[ApiFailure, ...]:
        """How dreams that need an API failed, the most frequent way first."""
        found = self._connection.read(
            """WITH failed AS (
                SELECT dream.id, dream.stopped_by, dream.title, dream.changed_at FROM dream
                JOIN dream_api ON dream_api.dream_id = dream.id
                WHERE dream.state = 'failed' AND lower(dream_api.name) = lower(:api))
            SELECT stopped_by, count(*) AS times, max(changed_at) AS latest, id, title FROM failed
            GROUP BY stopped_by ORDER BY times DESC, stopped_by LIMIT :limit""",
            {"api": api, "limit": limit},
        )
        return tuple(self._failure(row["stopped_by"], row["times"], row["id"], row["title"]) for row in found)

    def _failure(self, gate: str, times: int, dream_id: str, title: str) -> ApiFailure:
        found = self._connection.read(
            """SELECT receipt.name, receipt.evidence FROM receipt JOIN attempt ON attempt.id = receipt.attempt_id
            WHERE attempt.dream_id = ? AND receipt.gate = ? ORDER BY attempt.n DESC, receipt.n DESC LIMIT 1""",
            (dream_id, gate),
        )
        name, evidence = (found[0]["name"], json.loads(found[0]["evidence"])) if found else (gate, {})
        return ApiFailure(gate=gate, name=name, times=times, title=title, evidence=evidence)
