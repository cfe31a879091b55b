"""Wrong answers beside the right ones, of many dreams at once: what training on preferences is made of.

It reads, and keeps mutants that were made again; which wrong answer is the best is others' matter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from pydantic_core import from_json

from dreamer_app.core.solving import NearMiss
from dreamer_app.core.types import GateVerdict
from dreamer_app.store import rows
from dreamer_app.store.connection import Connection

KeptMutant = Mapping[str, JsonValue] | None
"""What a receipt keeps of the mutant that the tests noticed; None when none can be made."""

_DECIDING = """SELECT (SELECT id FROM attempt WHERE dream_id = value AND (purpose = 'dream' OR (edited AND accepted))
    ORDER BY n DESC LIMIT 1) FROM json_each(:dreams)"""
_MUTANTS = f"""SELECT dream_id, json_extract(evidence, '$.kept_mutant') AS noticed, kept_mutant.attempt_id AS made, body
    FROM attempt LEFT JOIN receipt ON receipt.attempt_id = attempt.id AND gate = 'G9'
    LEFT JOIN kept_mutant ON kept_mutant.attempt_id = attempt.id WHERE attempt.id IN ({_DECIDING})"""  # noqa: S608 -- constants of this module
_KEEP = f"INSERT OR REPLACE INTO kept_mutant SELECT id, :body FROM attempt WHERE id IN ({_DECIDING})"  # noqa: S608


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


class NegativeTable:
    """Wrong answers of the dreams of a journal."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def failed_attempts(self, dreams: Sequence[str]) -> Mapping[str, Sequence[FailedAttempt]]:
        """Candidates for the scenarios of dreams that a gate stopped, by dream, oldest first."""
        found: dict[str, list[FailedAttempt]] = defaultdict(list)
        for dream, *stopped in self._connection.read(
            """SELECT dream_id, attempt.solution, receipt.gate, receipt.name FROM attempt
            JOIN receipt ON receipt.attempt_id = attempt.id
            WHERE dream_id IN (SELECT value FROM json_each(?)) AND accepted = 0 AND verdict = ?
            ORDER BY dream_id, attempt.n, receipt.n""",
            (json.dumps(dreams), GateVerdict.FAILED.value),
        ):
            found[dream].append(FailedAttempt(*stopped))
        return found

    def near_misses(self, dreams: Sequence[str]) -> Mapping[str, Sequence[NearMiss]]:
        """Wrong solutions that the coder of a dream discarded, by dream, in the order in which they were tried."""
        found: dict[str, list[NearMiss]] = defaultdict(list)
        for row in self._connection.read(
            "SELECT * FROM near_miss WHERE dream_id IN (SELECT value FROM json_each(?)) ORDER BY dream_id, n",
            (json.dumps(dreams),),
        ):
            found[row["dream_id"]].append(rows.near_miss(row))
        return found

    def mutants(self, dreams: Sequence[str]) -> Mapping[str, KeptMutant]:
        """The mutant that is kept of the proof that decided a dream; proofs of which nothing is kept yet are absent."""
        found = self._connection.read(_MUTANTS, {"dreams": json.dumps(dreams)})
        return {
            dream: from_json(noticed or body or "null")
            for dream, noticed, made, body in found
            if noticed is not None or made is not None
        }

    def keep_mutants(self, made: Mapping[str, KeptMutant]) -> None:
        """Keep what was made again for proofs whose receipts say nothing of it."""
        with self._connection.transaction() as db:
            db.executemany(
                _KEEP,
                [
                    {"dreams": json.dumps([dream]), "body": json.dumps(body) if body is not None else None}
                    for dream, body in made.items()
                ],
            )
