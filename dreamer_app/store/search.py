"""Full-text search over title, task text, code and API names. It ranks; it does not decide what is shown."""

from __future__ import annotations

from collections.abc import Iterable

from dreamer_app.core.journal_query import Word
from dreamer_app.core.types import Dream
from dreamer_app.store import rows
from dreamer_app.store.connection import Connection
from dreamer_app.store.records import Hit

EXCERPT_TOKENS = 12
WEIGHTS = (0.0, 8.0, 3.0, 1.0, 5.0)
"""bm25 weights of dream_id, title, prompt, code, apis: a name or a title says more than a line of code."""


class SearchTable:
    """The FTS5 index over all dreams."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def index(self, dream: Dream) -> None:
        """Make a dream that has its row findable, replacing what was indexed for it before."""
        scenario = dream.scenario
        with self._connection.transaction() as db:
            [known] = db.execute("SELECT text_id FROM dream WHERE id = ?", (dream.id,))
            db.execute("DELETE FROM dream_text WHERE rowid = ?", (known["text_id"],))
            cursor = db.execute(
                "INSERT INTO dream_text (dream_id, title, prompt, code, apis) VALUES (?, ?, ?, ?, ?)",
                (
                    dream.id,
                    scenario.title,
                    scenario.prompt,
                    dream.candidate.solution,
                    "\n".join(use.name for use in scenario.uses_api),
                ),
            )
            db.execute("UPDATE dream SET text_id = ? WHERE id = ?", (cursor.lastrowid, dream.id))

    def search(self, query: str, limit: int = 20, *, verified_only: bool = True) -> tuple[Hit, ...]:
        """Dreams in which every word of the query occurs, best first; words match from their beginning.

        Args:
            query: Plain words; nothing in it is an operator.
            limit: At most this many.
            verified_only: Leave out failed and unfinished dreams.
        """
        phrases = match_expression(Word(text=word) for word in query.split())
        if not phrases:
            return ()
        found = self._connection.read(
            """SELECT dream_summary.*, snippet(dream_text, -1, '[', ']', ' … ', :tokens) AS excerpt
            FROM dream_text JOIN dream ON dream.text_id = dream_text.rowid
            JOIN dream_summary ON dream_summary.id = dream.id
            WHERE dream_text MATCH :phrases AND (NOT :verified_only OR dream.state = 'verified')
            ORDER BY bm25(dream_text, :w0, :w1, :w2, :w3, :w4), dream_summary.id LIMIT :limit""",
            {
                "phrases": phrases,
                "tokens": EXCERPT_TOKENS,
                "verified_only": verified_only,
                "limit": limit,
                **{f"w{n}": weight for n, weight in enumerate(WEIGHTS)},
            },
        )
        return tuple(Hit(dream=rows.summary(row), excerpt=row["excerpt"]) for row in found)


def match_expression(words: Iterable[Word]) -> str:
    """What FTS5 is asked: every word from its beginning, every phrase whole; nothing in them is an operator."""
    return " ".join(
        '"' + word.text.replace('"', '""') + ('"' if word.phrase else '"*')
        for word in words
        if any(character.isalnum() for character in word.text)
    )
