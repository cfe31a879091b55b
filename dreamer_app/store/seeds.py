"""Seeds: what somebody's day gives to dream about, such as a reported failure. Rows only."""

from __future__ import annotations

import json
from datetime import datetime

from dreamer_app.core.clock import Clock
from dreamer_app.core.types import Frozen
from dreamer_app.store.connection import Connection


class Seed(Frozen):
    """Something to dream about.

    Attributes:
        id: Counted up; 0 before it is stored.
        told_at: Timezone-aware UTC, None before it is stored.
        by: Who told it, e.g. `mcp`, `api`, `cli`.
        what: What was tried and what went wrong, in the words of whoever told it.
        code: What was run, possibly empty.
        error: What came of it, possibly empty.
        library: Distribution name, None when it was not said.
        apis: Dotted paths that it is about, possibly none.
        lesson_id: The lesson that did not work, None when it was none.
    """

    id: int = 0
    told_at: datetime | None = None
    by: str
    what: str
    code: str = ""
    error: str = ""
    library: str | None = None
    apis: tuple[str, ...] = ()
    lesson_id: str | None = None


class SeedTable:
    """Seeds by the order in which they were told."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def put(self, seed: Seed) -> Seed:
        """Keep a seed; the same one told again is kept once.

        Returns:
            It as it is stored.
        """
        body = seed.model_dump_json(exclude={"id", "told_at"})
        now = self._clock.now().isoformat()
        with self._connection.transaction() as db:
            db.execute("INSERT OR IGNORE INTO seed (told_at, body) VALUES (?, ?)", (now, body))
            row = db.execute("SELECT id, told_at, body FROM seed WHERE body = ?", (body,)).fetchone()
        return _seed(row["id"], row["told_at"], row["body"])

    def about(self, api: str, limit: int = 10) -> tuple[Seed, ...]:
        """Seeds that are about an API, newest first."""
        found = self._connection.read(
            """SELECT id, told_at, body FROM seed WHERE EXISTS
            (SELECT 1 FROM json_each(body, '$.apis') WHERE value = ? COLLATE NOCASE) ORDER BY id DESC LIMIT ?""",
            (api, limit),
        )
        return tuple(_seed(row["id"], row["told_at"], row["body"]) for row in found)

    def all(self) -> tuple[Seed, ...]:
        """Every seed, oldest first."""
        found = self._connection.read("SELECT id, told_at, body FROM seed ORDER BY id")
        return tuple(_seed(row["id"], row["told_at"], row["body"]) for row in found)


def _seed(number: int, told_at: str, body: str) -> Seed:
    return Seed.model_validate({**json.loads(body), "id": number, "told_at": told_at})
