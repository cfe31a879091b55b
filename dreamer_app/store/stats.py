"""Counts that follow from the journal: the funnel by gate, dreams per library, figures of a night. Reads only."""

from __future__ import annotations

import json

from dreamer_app.core.types import DreamState, Review, Tier
from dreamer_app.store.connection import Connection
from dreamer_app.store.records import Experience, GateCount, LibraryCount, Statistics

_DECIDING = """WITH deciding AS (
    SELECT attempt.id FROM attempt JOIN dream ON dream.id = attempt.dream_id
    WHERE attempt.purpose = 'dream' AND attempt.accepted IS NOT NULL AND dream.state IN ('verified', 'failed')
    AND (:night IS NULL OR dream.night_id = :night)
    AND attempt.n = (SELECT max(n) FROM attempt AS other WHERE other.dream_id = dream.id AND purpose = 'dream'))
    SELECT gate, min(receipt.name) AS name, min(receipt.n) AS place, count(*) AS entered,
    sum(verdict = 'passed') AS passed FROM receipt JOIN deciding ON deciding.id = receipt.attempt_id
    GROUP BY gate ORDER BY place, gate"""


class StatisticsTable:
    """What the journal adds up to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def funnel(self, night_id: str | None = None) -> tuple[GateCount, ...]:
        """How many candidates entered and passed each gate, of one night or of all."""
        found = self._connection.read(_DECIDING, {"night": night_id})
        return tuple(
            GateCount(gate=row["gate"], name=row["name"], entered=row["entered"], passed=row["passed"]) for row in found
        )

    def libraries(self) -> tuple[LibraryCount, ...]:
        """What was dreamt about each library, by name."""
        found = self._connection.read(
            """SELECT name, sum(state = 'verified') AS verified, sum(state = 'failed') AS failed,
            (SELECT count(DISTINCT dream_api.name) FROM dream_api JOIN dream AS d ON d.id = dream_api.dream_id
             WHERE d.state = 'verified' AND dream_api.library = dream_library.name) AS apis
            FROM dream_library JOIN dream ON dream.id = dream_library.dream_id GROUP BY name ORDER BY name"""
        )
        return tuple(
            LibraryCount(name=row["name"], verified=row["verified"], failed=row["failed"], apis=row["apis"])
            for row in found
        )

    def figures(self, night_id: str) -> dict[str, float]:
        """The figures of a night that its rows prove: `verified`, `rejected`, `interrupted`, `stopped_by.<gate>`,
        `bridges` (verified dreams of two or more libraries), `api_nodes` (distinct, in verified dreams).
        """
        states = self._connection.read(
            "SELECT state, stopped_by, count(*) AS n FROM dream WHERE night_id = ? GROUP BY state, stopped_by",
            (night_id,),
        )
        figures: dict[str, float] = {"verified": 0, "rejected": 0, "interrupted": 0}
        names = {"verified": "verified", "failed": "rejected", "interrupted": "interrupted", "running": "interrupted"}
        for row in states:
            figures[names[row["state"]]] += row["n"]
            if row["state"] == DreamState.FAILED:
                figures[f"stopped_by.{row['stopped_by']}"] = row["n"]
        figures["bridges"] = self._bridges(night_id)
        [row] = self._connection.read(
            """SELECT count(DISTINCT name) AS n FROM dream_api JOIN dream ON dream.id = dream_id
            WHERE state = 'verified' AND night_id = ?""",
            (night_id,),
        )
        figures["api_nodes"] = row["n"]
        return figures

    def experience(self, limit: int = 5000) -> tuple[Experience, ...]:
        """What became of the latest judged dreams that were woven from a cluster, oldest first."""
        found = self._connection.read(
            """SELECT * FROM (SELECT id, state, changed_at, json_extract(scenario, '$.knowledge.cluster') AS cluster,
            json_extract(scenario, '$.difficulty.parts.unsolved') AS unsolved,
            json_extract(scenario, '$.uses_api') AS uses, origin, json_extract(cost, '$.tokens') AS tokens
            FROM dream WHERE state IN ('verified', 'failed') ORDER BY changed_at DESC, id LIMIT ?)
            ORDER BY changed_at, id""",
            (limit,),
        )
        return tuple(
            Experience(
                cluster=row["cluster"],
                verified=row["state"] == DreamState.VERIFIED,
                solve_rate=None if row["unsolved"] is None else 1 - float(row["unsolved"]),
                apis=tuple(use["name"] for use in json.loads(row["uses"])),
            )
            for row in found
        )

    def all(self) -> Statistics:
        """Everything at once."""
        [nights] = self._connection.read("SELECT count(*) AS n FROM night")
        states = self._connection.read("SELECT state, count(*) AS n FROM dream GROUP BY state")
        reviews = self._connection.read(
            "SELECT review, count(*) AS n FROM dream WHERE state = 'verified' GROUP BY review"
        )
        tiers = self._connection.read("SELECT tier, count(*) AS n FROM dream WHERE state = 'verified' GROUP BY tier")
        return Statistics(
            nights=nights["n"],
            states={DreamState(row["state"]): row["n"] for row in states},
            reviews={Review(row["review"]): row["n"] for row in reviews},
            tiers={Tier(row["tier"]): row["n"] for row in tiers},
            funnel=self.funnel(),
            libraries=self.libraries(),
            bridges=self._bridges(None),
        )

    def _bridges(self, night_id: str | None) -> int:
        [row] = self._connection.read(
            """SELECT count(*) AS n FROM dream WHERE state = 'verified' AND (:night IS NULL OR night_id = :night)
            AND (SELECT count(*) FROM dream_library WHERE dream_id = dream.id) > 1""",
            {"night": night_id},
        )
        return int(row["n"])
