"""How warm the computer was in a night: one figure a minute, written once, when the night is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dreamer_app.core.types import Frozen
from dreamer_app.store.connection import Connection


class Warmth(Frozen):
    """One figure.

    Attributes:
        at: When, timezone-aware.
        celsius: Of the hottest of processor and graphics card.
    """

    at: datetime
    celsius: float


class WarmthTable:
    """Temperatures by night."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, night_id: str, values: Iterable[Warmth]) -> None:
        """Write those of a night."""
        with self._connection.transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO warmth (night_id, at, celsius) VALUES (?, ?, ?)",
                [(night_id, value.at.isoformat(), value.celsius) for value in values],
            )

    def of_night(self, night_id: str) -> tuple[Warmth, ...]:
        """Those of a night, in order."""
        found = self._connection.read("SELECT at, celsius FROM warmth WHERE night_id = ? ORDER BY at", (night_id,))
        return tuple(Warmth(at=datetime.fromisoformat(row["at"]), celsius=row["celsius"]) for row in found)
