"""Nights: when they began and ended, and why. It does not know what runs in them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from dreamer_app.core.clock import Clock
from dreamer_app.core.types import Night, NightEnd
from dreamer_app.store import rows
from dreamer_app.store.connection import Connection
from dreamer_app.store.stats import StatisticsTable


class NightTable:
    """The journal's nights."""

    def __init__(self, connection: Connection, statistics: StatisticsTable, clock: Clock) -> None:
        self._connection = connection
        self._statistics = statistics
        self._clock = clock

    def open(self, night: Night) -> None:
        """Write a night that begins."""
        with self._connection.transaction() as db:
            db.execute("INSERT INTO night VALUES (?, ?, ?, ?, ?, ?, ?)", rows.night_values(night))

    def close(self, night_id: str, end: NightEnd, figures: Mapping[str, float]) -> Night:
        """Write why a night ended, once; a night that is closed stays as it is.

        Args:
            night_id: The night.
            end: Why.
            figures: What only the engine knows; the counts that follow from the journal are added.
        """
        counted = dict(figures) | self._statistics.figures(night_id)
        with self._connection.transaction() as db:
            night = self.get(night_id)
            assert night is not None, f"night {night_id} was never opened"
            if night.ended_at is None:
                ended = max(self._clock.now(), night.started_at)  # the wall clock may have been set back
                night = night.model_copy(update={"ended_at": ended, "end": end, "figures": counted})
                values = rows.night_values(night)
                db.execute(
                    "UPDATE night SET ended_at = ?, end = ?, figures = ? WHERE id = ?",
                    (values[2], values[3], values[6], night_id),
                )
            return night

    def note(self, night_id: str, figures: Mapping[str, float]) -> None:
        """Add figures that are known only after a night, such as its energy."""
        with self._connection.transaction() as db:
            night = self.get(night_id)
            assert night is not None, f"night {night_id} was never opened"
            figures = dict(night.figures) | dict(figures)
            db.execute("UPDATE night SET figures = ? WHERE id = ?", (json.dumps(figures, sort_keys=True), night_id))

    def close_crashed(self) -> tuple[Night, ...]:
        """Close every night that a dead session left open. The caller holds the base folder's lock."""
        left = self._connection.read("SELECT id FROM night WHERE ended_at IS NULL ORDER BY id")
        return tuple(self.close(row["id"], NightEnd.CRASHED, {}) for row in left)

    def get(self, night_id: str) -> Night | None:
        """One night."""
        found = self._connection.read("SELECT * FROM night WHERE id = ?", (night_id,))
        return rows.night(found[0]) if found else None

    def list(self) -> tuple[Night, ...]:
        """All nights, newest first."""
        found = self._connection.read("SELECT * FROM night ORDER BY started_at DESC, id DESC")
        return tuple(rows.night(row) for row in found)
