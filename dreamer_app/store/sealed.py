"""Sealed tasks, which are never dreamt, shown or exported, and what was measured with them. It decides nothing."""

from __future__ import annotations

import json
from typing import Any

from dreamer_app.core.clock import Clock
from dreamer_app.core.types import WovenScenario
from dreamer_app.store.connection import Connection


class SealedTable:
    """Tasks that are kept apart for measuring."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def seal(self, library: str, version: str, woven: WovenScenario) -> None:
        """Keep a task apart; one that was dreamt already is not taken."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO sealed_task SELECT ?, ?, ?, ?, ? "
                "WHERE NOT EXISTS (SELECT 1 FROM dream WHERE id = ?)",
                (
                    woven.scenario.id,
                    library,
                    version,
                    self._clock.now().isoformat(),
                    woven.model_dump_json(),
                    woven.scenario.id,
                ),
            )

    def of(self, library: str, version: str) -> tuple[WovenScenario, ...]:
        """The sealed tasks of a library at a version, in a stable order."""
        found = self._connection.read(
            "SELECT body FROM sealed_task WHERE library = ? AND version = ? ORDER BY id", (library, version)
        )
        return tuple(WovenScenario.model_validate_json(row["body"]) for row in found)

    def ids(self) -> frozenset[str]:
        """Identifiers that must never be dreamt."""
        return frozenset(row["id"] for row in self._connection.read("SELECT id FROM sealed_task"))

    def keep(self, document: dict[str, Any]) -> None:
        """Keep a measurement."""
        with self._connection.transaction() as db:
            db.execute(
                "INSERT INTO mastery (library, measured_at, body) VALUES (?, ?, ?)",
                (document["library"], document["measured_at"], json.dumps(document)),
            )

    def measured(self) -> tuple[dict[str, Any], ...]:
        """The latest measurement of each library, by name."""
        found = self._connection.read(
            "SELECT body FROM mastery WHERE id IN (SELECT max(id) FROM mastery GROUP BY library) ORDER BY library"
        )
        return tuple(json.loads(row["body"]) for row in found)
