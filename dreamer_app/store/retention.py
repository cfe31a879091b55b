"""What of the journal may go, and letting it go. Nothing that a person approved is ever among it, whoever asks.

Rows only; the folders of dreams are others' matter.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from dreamer_app.core.clock import Clock
from dreamer_app.core.types import DreamState, Frozen, Review
from dreamer_app.store.connection import Connection

_MAY_GO = "review != 'approved' AND state != 'running'"


class OldDream(Frozen):
    """A dream that may go.

    Attributes:
        id: Its identifier.
        title: Of its scenario.
        state: The machine's word.
        review: A person's word.
        since: When either was said last; timezone-aware UTC.
    """

    id: str
    title: str
    state: DreamState
    review: Review
    since: datetime


class RetentionTable:
    """Lets rows of dreams go."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def candidates(self) -> tuple[OldDream, ...]:
        """Every dream that may go, the oldest first."""
        found = self._connection.read(
            f"""SELECT id, title, state, review, max(changed_at, COALESCE((SELECT max(COALESCE(undone_at, decided_at))
            FROM decision WHERE dream_id = dream.id), '')) AS since FROM dream WHERE {_MAY_GO} ORDER BY since, id"""  # noqa: S608
        )
        return tuple(OldDream.model_validate(dict(row)) for row in found)

    def forget(self, dream_ids: Collection[str]) -> frozenset[str]:
        """Remove dreams with all that hangs on them; they are never dreamt again.

        Returns:
            Those that are gone. One that was approved in the meantime, or runs, stays.
        """
        asked = json.dumps(sorted(dream_ids))
        chosen = f"SELECT id FROM dream WHERE {_MAY_GO} AND id IN (SELECT value FROM json_each(?))"  # noqa: S608
        with self._connection.transaction() as db:
            gone = frozenset(row["id"] for row in db.execute(chosen, (asked,)))
            asked, now = json.dumps(sorted(gone)), self._clock.now().isoformat()
            these = "(SELECT value FROM json_each(?))"
            db.execute(
                f"DELETE FROM dream_text WHERE rowid IN (SELECT text_id FROM dream WHERE id IN {these})",  # noqa: S608
                (asked,),
            )
            db.execute(f"DELETE FROM dream WHERE id IN {these}", (asked,))  # noqa: S608
            db.execute(
                "DELETE FROM review_action WHERE NOT EXISTS (SELECT 1 FROM decision WHERE action_id = review_action.id)"
            )
            db.executemany("INSERT OR REPLACE INTO cleaned VALUES (?, ?)", [(one, now) for one in sorted(gone)])
        return gone

    def remember(self, dream_ids: Collection[str]) -> None:
        """These are back."""
        with self._connection.transaction() as db:
            db.executemany("DELETE FROM cleaned WHERE dream_id = ?", [(one,) for one in dream_ids])
