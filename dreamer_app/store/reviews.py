"""What a person decided about dreams, with every decision kept.

One go of a person is an action, over one dream or over many; the latest action that holds is taken back by `undo` and
given again by `redo`, across restarts. Only verified dreams can be decided about. What follows from a decision (the
dream's folder, its lesson) is brought up to date by others; until then the row says that it is due.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import DreamState, Review
from dreamer_app.store.connection import Connection
from dreamer_app.store.records import ActionKind, Decision, ReviewAction

_LATEST = "SELECT * FROM review_action WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1"
_NEXT = """SELECT * FROM review_action WHERE undone_at IS NOT NULL
    AND id > COALESCE((SELECT max(id) FROM review_action WHERE undone_at IS NULL), 0) ORDER BY id LIMIT 1"""


class ReviewTable:
    """Decisions."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def decide(self, dream_id: str, review: Review, reason: str = "") -> Decision:
        """Write a decision about one dream, which is an action of its own.

        Raises:
            UsageError: There is no such dream, or it is not verified.
        """
        self.act([dream_id], ActionKind(review.value), review, reason)
        return self.of(dream_id)[-1]

    def act(self, dream_ids: Sequence[str], kind: ActionKind, review: Review | None, reason: str = "") -> ReviewAction:
        """Write one decision about each of these dreams, all or none of them.

        Args:
            dream_ids: Each once.
            kind: What a person calls it.
            review: The word; None leaves each dream's word as it is, for a note.
            reason: Free text, kept with each decision.

        Raises:
            UsageError: No dream is named, one is not in the journal, or one is not verified.
        """
        ids = list(dict.fromkeys(dream_ids))
        now = self._clock.now()
        with self._connection.transaction() as db:
            known = {
                row["id"]: row
                for row in db.execute(
                    "SELECT id, state, review FROM dream WHERE id IN (SELECT value FROM json_each(?))",
                    [json.dumps(ids)],
                )
            }
            _check_reviewable(ids, known)
            action_id = db.execute(
                "INSERT INTO review_action (kind, dreams, done_at) VALUES (?, ?, ?)",
                (kind.value, len(ids), now.isoformat()),
            ).lastrowid
            assert action_id is not None
            db.executemany(
                "INSERT INTO decision (dream_id, review, previous, reason, decided_at, action_id) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        identifier,
                        (review or Review(known[identifier]["review"])).value,
                        known[identifier]["review"],
                        reason,
                        now.isoformat(),
                        action_id,
                    )
                    for identifier in ids
                ],
            )
            _apply(db, action_id, "review")
            return ReviewAction(id=action_id, kind=kind, done_at=now, dreams=tuple(ids))

    def undo(self, dream_id: str | None = None) -> Decision | None:
        """Take back the latest decision that holds about one dream, or the latest action of all.

        Returns:
            The latest decision that was taken back, None when there is none.
        """
        if dream_id is None:
            action = self.undo_action()
            return None if action is None else self.of(action.dreams[-1])[-1]
        now = self._clock.now()
        with self._connection.transaction() as db:
            found = db.execute(
                "SELECT * FROM decision WHERE undone_at IS NULL AND dream_id = ? ORDER BY id DESC LIMIT 1", (dream_id,)
            ).fetchone()
            if found is None:
                return None
            db.execute("UPDATE decision SET undone_at = ? WHERE id = ?", (now.isoformat(), found["id"]))
            db.execute(
                "UPDATE dream SET review = ?, folder_stale = 1 WHERE id = ?",
                (found["previous"], dream_id),
            )
            db.execute(
                "UPDATE review_action SET undone_at = ?1 WHERE id = ?2 AND NOT EXISTS "
                "(SELECT 1 FROM decision WHERE action_id = ?2 AND undone_at IS NULL)",
                (now.isoformat(), found["action_id"]),
            )
            return _decision(found).model_copy(update={"undone_at": now})

    def undo_action(self) -> ReviewAction | None:
        """Take back the latest action that holds.

        Returns:
            It, None when there is none.
        """
        return self._turn(_LATEST, self._clock.now().isoformat(), "previous")

    def undo_one(self, action_id: int) -> ReviewAction | None:
        """Take one action back, whatever came after it: later words about its dreams stay.

        Returns:
            It, None when there is no such action or it does not hold.
        """
        now = self._clock.now().isoformat()
        with self._connection.transaction() as db:
            found = db.execute("SELECT * FROM review_action WHERE id = ? AND undone_at IS NULL", [action_id]).fetchone()
            if found is None:
                return None
            for one in db.execute(
                "SELECT * FROM decision WHERE action_id = ? AND undone_at IS NULL", [action_id]
            ).fetchall():
                later = db.execute(
                    "SELECT id FROM decision WHERE dream_id = ? AND id > ? AND undone_at IS NULL ORDER BY id LIMIT 1",
                    (one["dream_id"], one["id"]),
                ).fetchone()
                if later is None:
                    changed = "UPDATE dream SET review = ?, folder_stale = 1 WHERE id = ?"
                    db.execute(changed, (one["previous"], one["dream_id"]))
                else:  # taken back itself, it must not bring this one's word back
                    db.execute("UPDATE decision SET previous = ? WHERE id = ?", (one["previous"], later["id"]))
            db.execute("UPDATE decision SET undone_at = ? WHERE action_id = ? AND undone_at IS NULL", (now, action_id))
            db.execute("UPDATE review_action SET undone_at = ? WHERE id = ?", (now, action_id))
            return self._with_dreams(found)

    def redo_action(self) -> ReviewAction | None:
        """Give the latest action that was taken back again, unless another one came after it.

        Returns:
            It, None when there is none.
        """
        return self._turn(_NEXT, None, "review")

    def undoable(self) -> ReviewAction | None:
        """What `undo_action` would take back."""
        return self._action(_LATEST)

    def redoable(self) -> ReviewAction | None:
        """What `redo_action` would give again."""
        return self._action(_NEXT)

    def latest(self, limit: int = 10) -> tuple[ReviewAction, ...]:
        """The latest actions, the newest first, those taken back included."""
        found = self._connection.read("SELECT * FROM review_action ORDER BY id DESC LIMIT ?", (limit,))
        return tuple(self._with_dreams(row) for row in found)

    def of(self, dream_id: str) -> tuple[Decision, ...]:
        """Every decision about a dream, oldest first."""
        found = self._connection.read("SELECT * FROM decision WHERE dream_id = ? ORDER BY id", (dream_id,))
        return tuple(_decision(row) for row in found)

    def _turn(self, which: str, undone_at: str | None, column: str) -> ReviewAction | None:
        with self._connection.transaction() as db:
            found = db.execute(which).fetchone()
            if found is None:
                return None
            db.execute("UPDATE decision SET undone_at = ? WHERE action_id = ?", (undone_at, found["id"]))
            db.execute("UPDATE review_action SET undone_at = ? WHERE id = ?", (undone_at, found["id"]))
            _apply(db, found["id"], column)
            return self._with_dreams(found)

    def _action(self, which: str) -> ReviewAction | None:
        found = self._connection.read(which)
        return self._with_dreams(found[0]) if found else None

    def _with_dreams(self, row: sqlite3.Row) -> ReviewAction:
        dreams = self._connection.read("SELECT dream_id FROM decision WHERE action_id = ? ORDER BY id", (row["id"],))
        return ReviewAction(
            id=row["id"],
            kind=ActionKind(row["kind"]),
            done_at=datetime.fromisoformat(row["done_at"]),
            undone_at=datetime.fromisoformat(row["undone_at"]) if row["undone_at"] else None,
            dreams=tuple(line["dream_id"] for line in dreams),
        )


def _apply(db: sqlite3.Connection, action_id: int, column: str) -> None:
    """Give every dream of an action the word that stands in a column of its decisions."""
    db.execute(
        f"UPDATE dream SET folder_stale = 1, review = (SELECT {column} FROM decision "  # noqa: S608
        "WHERE action_id = ?1 AND dream_id = dream.id) "
        "WHERE id IN (SELECT dream_id FROM decision WHERE action_id = ?1)",
        (action_id,),
    )


def _check_reviewable(ids: Sequence[str], known: dict[str, sqlite3.Row]) -> None:
    if not ids:
        raise UsageError("Nothing is selected", "A decision needs at least one dream.")
    for identifier in ids:
        state = known[identifier]["state"] if identifier in known else "not in the journal"
        if state != DreamState.VERIFIED:
            raise UsageError(
                "Only verified dreams can be reviewed",
                f"{identifier} is {state}.",
                "`dreamer journal list` shows the verified ones.",
            )


def _decision(row: sqlite3.Row) -> Decision:
    return Decision(
        dream_id=row["dream_id"],
        review=Review(row["review"]),
        previous=Review(row["previous"]),
        reason=row["reason"],
        decided_at=datetime.fromisoformat(row["decided_at"]),
        undone_at=datetime.fromisoformat(row["undone_at"]) if row["undone_at"] else None,
    )
