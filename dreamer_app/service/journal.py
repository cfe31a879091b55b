"""The Dream Journal: what was dreamt, and a person's word about it. It proves nothing and starts no worker."""

from __future__ import annotations

from pathlib import Path

from dreamer_app.academy.lessons_store import LessonsStore
from dreamer_app.academy.record import folder_of
from dreamer_app.core.errors import UsageError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Dream, DreamState, Frozen, Night, Review
from dreamer_app.engine.recovery import bring_review_up_to_date
from dreamer_app.store.records import AttemptRecord, Decision, DreamFilter, DreamSummary, Hit, Statistics
from dreamer_app.store.store import Store

SHORTEST_BEGINNING = 4


class DreamPage(Frozen):
    """Everything that the journal knows about one dream.

    Attributes:
        dream: The dream with the verdict that decided it.
        folder: Where its files are, None unless it is verified.
        attempts: Every run, later proofs included.
        decisions: Every decision, undone ones included.
    """

    dream: Dream
    folder: str | None
    attempts: tuple[AttemptRecord, ...]
    decisions: tuple[Decision, ...]


class DreamJournal:
    """Reads and reviews dreams.

    Args:
        store: The journal database.
        paths: Where the folders are.
        lessons: Learn what is approved and forget what is not any more.
    """

    def __init__(self, store: Store, paths: DataPaths, lessons: LessonsStore) -> None:
        self._store = store
        self._paths = paths
        self._lessons = lessons

    def list(self, wanted: DreamFilter | None = None) -> tuple[DreamSummary, ...]:
        """Dreams, newest first."""
        return self._store.dreams.list(wanted)

    def nights(self) -> tuple[Night, ...]:
        """Nights, newest first."""
        return self._store.nights.list()

    def statistics(self) -> Statistics:
        """What the journal adds up to."""
        return self._store.stats.all()

    def search(self, query: str, limit: int = 20) -> tuple[Hit, ...]:
        """Verified dreams that match every word."""
        return self._store.search.search(query, limit)

    def resolve(self, text: str) -> str:
        """The dream that an identifier, its beginning (4 characters or more) or a folder's name means.

        Raises:
            UsageError: No dream or several are meant.
        """
        start = Path(text.rstrip("/")).name.removeprefix("dream_").lower()
        found = self._store.dreams.matching(start) if len(start) >= SHORTEST_BEGINNING else ()
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(
                "Several dreams are meant", f"{text!r} begins {', '.join(found)}.", "Type some more characters."
            )
        raise UsageError("There is no such dream", f"{text!r}", "`dreamer journal list --all` shows every dream.")

    def show(self, text: str) -> DreamPage:
        """One dream with everything about it.

        Raises:
            UsageError: No dream or several are meant.
        """
        identifier = self.resolve(text)
        dream = self._store.dreams.get(identifier)
        if dream is None:
            raise UsageError("There is no such dream", identifier)
        folder = folder_of(self._paths.dreams, identifier)
        return DreamPage(
            dream=dream,
            folder=str(folder) if dream.state is DreamState.VERIFIED else None,
            attempts=self._store.attempts.of(identifier),
            decisions=self._store.reviews.of(identifier),
        )

    def decide(self, text: str, review: Review, reason: str = "") -> Decision:
        """Write a person's word, in the journal and in the dream's folder.

        Raises:
            UsageError: No dream or several are meant, or it is not verified.
        """
        decision = self._store.reviews.decide(self.resolve(text), review, reason)
        self._spread(decision.dream_id)
        return decision

    def undo(self, text: str | None = None) -> Decision:
        """Take back the latest decision, of one dream or of all.

        Raises:
            UsageError: There is none.
        """
        decision = self._store.reviews.undo(None if text is None else self.resolve(text))
        if decision is None:
            raise UsageError("There is nothing to undo", f"No decision holds{f' for {text}' if text else ''}.")
        self._spread(decision.dream_id)
        return decision

    def _spread(self, dream_id: str) -> None:
        """Carry a decision to the dream's folder and to the lessons."""
        bring_review_up_to_date(self._store, self._paths, dream_id)
        dream = self._store.dreams.get(dream_id)
        if dream is not None:
            self._lessons.follow(dream)
