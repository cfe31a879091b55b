"""Why it did not dream: nights skipped, cut and held, each with all of its reasons. Written once, never changed."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from dreamer_app.core.states import SuspendReason
from dreamer_app.store.connection import Connection
from dreamer_app.store.records import Suspension

KNOWN = frozenset(SuspendReason)


class SuspensionTable:
    """The journal's gaps."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, value: Suspension) -> None:
        """Write one."""
        with self._connection.transaction() as db:
            db.execute(
                """INSERT INTO suspension (kind, began_at, ended_at, night_id, reasons, milliseconds, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?)""",
                (
                    value.kind,
                    value.began_at.isoformat(),
                    value.ended_at.isoformat() if value.ended_at else None,
                    value.night_id,
                    json.dumps([reason.value for reason in value.reasons]),
                    value.milliseconds,
                    value.detail,
                ),
            )

    def of_night(self, night_id: str) -> tuple[Suspension, ...]:
        """What happened to one night, in order."""
        return self._found("WHERE night_id = ? ORDER BY began_at, id", (night_id,))

    def since(self, moment: datetime) -> tuple[Suspension, ...]:
        """Everything from that moment on, in order."""
        return self._found("WHERE began_at >= ? ORDER BY began_at, id", (moment.isoformat(),))

    def latest(self, limit: int = 20) -> tuple[Suspension, ...]:
        """The latest, newest first."""
        return self._found("ORDER BY began_at DESC, id DESC LIMIT ?", (limit,))

    def _found(self, where: str, parameters: tuple[str | int, ...]) -> tuple[Suspension, ...]:
        rows = self._connection.read(f"SELECT * FROM suspension {where}", parameters)  # noqa: S608
        return tuple(_suspension(row) for row in rows)


def _suspension(row: sqlite3.Row) -> Suspension:
    return Suspension(
        kind=row["kind"],
        began_at=datetime.fromisoformat(row["began_at"]),
        ended_at=datetime.fromisoformat(row["ended_at"]) if row["ended_at"] else None,
        night_id=row["night_id"],
        # A reason of a later version is left out: the others still hold.
        reasons=tuple(SuspendReason(text) for text in json.loads(row["reasons"]) if text in KNOWN),
        milliseconds=row["milliseconds"],
        detail=row["detail"],
    )
