"""Names that a person met during the day, which say what the next night should be about. Rows only.

Failures that an agent reported lie in `store.seeds`, a person's word in `store.reviews`; here they are listed with the
rest. What they are worth is the Academy's matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from dreamer_app.core.clock import Clock
from dreamer_app.core.types import Frozen
from dreamer_app.store.connection import Connection


class SeedKind(StrEnum):
    """Where a seed comes from."""

    USE = "use"
    FAILURE = "failure"
    WISH = "wish"
    REPORT = "report"
    REJECTED = "rejected"


class SownName(Frozen):
    """One API or library that a night should be about.

    Attributes:
        id: Of the row; None for reports and for rejected dreams, which are kept elsewhere.
        kind: Where it comes from.
        name: Dotted path of an API, or the import name of a library.
        source: Folder, file or dream that it was found in.
        note: The error, the reason of the rejection, or empty.
        times: How often it was met there.
        sown_at: Timezone-aware UTC.
    """

    id: int | None = None
    kind: SeedKind
    name: str
    source: str
    note: str = ""
    times: int = 1
    sown_at: datetime


class SowingTable:
    """Sown names."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def sow(self, kind: SeedKind, source: str, found: Iterable[tuple[str, int]], note: str = "") -> int:
        """Write what was found in a source, replacing what was found there before.

        Args:
            kind: Where it comes from.
            source: Folder, file or words.
            found: Names, and how often each was met.
            note: The same for all.

        Returns:
            How many seeds the source has now.
        """
        now = self._clock.now().isoformat()
        rows = [(kind.value, name, source, note, times, now) for name, times in found]
        with self._connection.transaction() as db:
            db.execute("DELETE FROM sown WHERE kind = ? AND source = ?", (kind.value, source))
            db.executemany(
                "INSERT INTO sown (kind, name, source, note, times, sown_at) VALUES (?, ?, ?, ?, ?, ?)", rows
            )
        return len(rows)

    def list(self) -> tuple[SownName, ...]:
        """Every name, newest first; among them those that an agent reported a failure of, and the APIs of every dream
        that a person rejected, with the reason.
        """
        found = self._connection.read(
            """SELECT id, kind, name, source, note, times, sown_at FROM sown
            UNION ALL SELECT NULL, 'report', api.value, json_extract(body, '$.by'),
                json_extract(body, '$.what'), 1, told_at
            FROM seed, json_each(body, '$.apis') AS api
            UNION ALL SELECT NULL, 'rejected', dream_api.name, dream.id, COALESCE((SELECT reason FROM decision
                WHERE dream_id = dream.id AND undone_at IS NULL ORDER BY id DESC LIMIT 1), ''), 1,
                COALESCE((SELECT max(decided_at) FROM decision WHERE dream_id = dream.id), dream.changed_at)
            FROM dream JOIN dream_api ON dream_api.dream_id = dream.id WHERE dream.review = 'rejected'
            ORDER BY sown_at DESC, source, name"""
        )
        return tuple(
            SownName(
                id=row["id"],
                kind=SeedKind(row["kind"]),
                name=row["name"],
                source=row["source"],
                note=row["note"],
                times=row["times"],
                sown_at=datetime.fromisoformat(row["sown_at"]),
            )
            for row in found
        )

    def forget(self, text: str) -> int:
        """Remove the seeds of a source, or those of one name.

        Returns:
            How many.
        """
        with self._connection.transaction() as db:
            return db.execute("DELETE FROM sown WHERE source = ? OR name = ?", (text, text)).rowcount
