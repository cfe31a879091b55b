"""What a person decided about dreams, with every decision kept and the last one undoable.

Only verified dreams can be decided about. The dream's folder is brought up to date by others; until then its row says
that the folder is stale.
"""

from __future__ import annotations

from datetime import datetime

from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import DreamState, Review
from dreamer_app.store.connection import Connection
from dreamer_app.store.records import Decision


class ReviewTable:
    """Decisions."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def decide(self, dream_id: str, review: Review, reason: str = "") -> Decision:
        """Write a decision.

        Raises:
            UsageError: There is no such dream, or it is not verified.
        """
        with self._connection.transaction() as db:
            found = db.execute("SELECT state, review FROM dream WHERE id = ?", (dream_id,)).fetchone()
            if found is None or found["state"] != DreamState.VERIFIED:
                raise UsageError(
                    "Only verified dreams can be reviewed",
                    f"{dream_id} is {found['state'] if found else 'not in the journal'}.",
                    "`dreamer journal list` shows the verified ones.",
                )
            decision = Decision(
                dream_id=dream_id,
                review=review,
                previous=Review(found["review"]),
                reason=reason,
                decided_at=self._clock.now(),
            )
            db.execute(
                "INSERT INTO decision (dream_id, review, previous, reason, decided_at) VALUES (?, ?, ?, ?, ?)",
                (dream_id, review.value, decision.previous.value, reason, decision.decided_at.isoformat()),
            )
            db.execute("UPDATE dream SET review = ?, folder_stale = 1 WHERE id = ?", (review.value, dream_id))
            return decision

    def undo(self, dream_id: str | None = None) -> Decision | None:
        """Take back the latest decision that holds, of one dream or of all.

        Returns:
            The decision that was taken back, None when there is none.
        """
        with self._connection.transaction() as db:
            found = db.execute(
                "SELECT * FROM decision WHERE undone_at IS NULL AND (:id IS NULL OR dream_id = :id) "
                "ORDER BY id DESC LIMIT 1",
                {"id": dream_id},
            ).fetchone()
            if found is None:
                return None
            now = self._clock.now()
            db.execute("UPDATE decision SET undone_at = ? WHERE id = ?", (now.isoformat(), found["id"]))
            db.execute(
                "UPDATE dream SET review = ?, folder_stale = 1 WHERE id = ?", (found["previous"], found["dream_id"])
            )
            return Decision(
                dream_id=found["dream_id"],
                review=Review(found["review"]),
                previous=Review(found["previous"]),
                reason=found["reason"],
                decided_at=datetime.fromisoformat(found["decided_at"]),
                undone_at=now,
            )

    def of(self, dream_id: str) -> tuple[Decision, ...]:
        """Every decision about a dream, oldest first."""
        found = self._connection.read("SELECT * FROM decision WHERE dream_id = ? ORDER BY id", (dream_id,))
        return tuple(
            Decision(
                dream_id=row["dream_id"],
                review=Review(row["review"]),
                previous=Review(row["previous"]),
                reason=row["reason"],
                decided_at=datetime.fromisoformat(row["decided_at"]),
                undone_at=datetime.fromisoformat(row["undone_at"]) if row["undone_at"] else None,
            )
            for row in found
        )
