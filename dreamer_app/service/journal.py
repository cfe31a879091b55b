"""The Dream Journal: what was dreamt, and a person's word about it. It proves nothing and starts no worker."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from dreamer_app.academy.lessons_store import LessonsStore
from dreamer_app.academy.record import folder_of
from dreamer_app.core.errors import DreamerError, UsageError
from dreamer_app.core.journal_query import JournalQuery, parse
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Dream, DreamState, Frozen, Night, Review
from dreamer_app.engine.recovery import bring_review_up_to_date
from dreamer_app.service.comparisons import Comparison, Comparisons
from dreamer_app.service.nightmare_report import NightmareReport, report_of, reports
from dreamer_app.store.listing import NamedCount, Order, StateCount
from dreamer_app.store.nightmares import Nightmare
from dreamer_app.store.records import (
    ActionKind,
    AttemptRecord,
    Decision,
    DreamFilter,
    DreamSummary,
    Hit,
    ReviewAction,
    Statistics,
    Suspension,
)
from dreamer_app.store.store import Store

SHORTEST_BEGINNING = 4

_log = logging.getLogger(__name__)


class JournalCounts(Frozen):
    """What stands beside the entries of the sidebar.

    Attributes:
        states: Dreams by the machine's and by a person's word.
        nights: Dreams by night, the latest first.
        libraries: Dreams by library, by name.
    """

    states: tuple[StateCount, ...]
    nights: tuple[NamedCount, ...]
    libraries: tuple[NamedCount, ...]

    def of(self, state: DreamState, review: Review | None = None) -> int:
        """Dreams in a state, with one word or any."""
        return sum(n.dreams for n in self.states if n.state is state and review in (None, n.review))


class DreamPage(Frozen):
    """Everything that the journal knows about one dream.

    Attributes:
        dream: The dream with the verdict that decided it.
        folder: Where its files are, None unless it is verified.
        attempts: Every run, later proofs included.
        decisions: Every decision, undone ones included.
        nightmares: Other versions of its libraries under which it does not hold.
    """

    dream: Dream
    folder: str | None
    attempts: tuple[AttemptRecord, ...]
    decisions: tuple[Decision, ...]
    nightmares: tuple[Nightmare, ...] = ()


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
        self._comparisons = Comparisons(store, paths)

    def list(self, wanted: DreamFilter | None = None) -> tuple[DreamSummary, ...]:
        """Dreams, newest first."""
        return self._store.dreams.list(wanted)

    def ids(self, query: JournalQuery, order: Order = Order.NEWEST, limit: int | None = None) -> Sequence[str]:
        """Identifiers of all dreams that a query wants, or of the first ones, in order; `page` reads their lines."""
        return self._store.listing.ids(query, order, limit)

    def page(self, ids: Sequence[str]) -> tuple[DreamSummary, ...]:
        """The lines of some dreams."""
        return self._store.listing.page(ids)

    def counts(self) -> JournalCounts:
        """What stands beside the entries of the sidebar."""
        listing = self._store.listing
        return JournalCounts(states=listing.states(), nights=listing.nights(), libraries=listing.libraries())

    def states(self) -> tuple[StateCount, ...]:
        """The part of `counts` that a decision changes."""
        return self._store.listing.states()

    def comparisons(self, page: DreamPage) -> tuple[Comparison, ...]:
        """What a dream's code can be compared with, the most telling pair first."""
        return self._comparisons.of(page.dream, page.attempts)

    def nights(self) -> tuple[Night, ...]:
        """Nights, newest first."""
        return self._store.nights.list()

    def gaps(self, limit: int = 20) -> tuple[Suspension, ...]:
        """Nights that were skipped, held or ended, newest first."""
        return self._store.suspensions.latest(limit)

    def statistics(self) -> Statistics:
        """What the journal adds up to."""
        return self._store.stats.all()

    def search(self, query: str, limit: int = 20) -> tuple[Hit, ...]:
        """Verified dreams that match every word, the best first; with qualifiers as in the journal's search box, every
        dream that has all of it, the newest first.

        Raises:
            UsageError: A qualifier makes no sense.
        """
        asked = parse(query)
        if asked.problems:
            raise UsageError("This search makes no sense", "; ".join(asked.problems), "See docs/journal.md.")
        if not asked.terms and not any(word.negated or word.phrase for word in asked.words):
            return self._store.search.search(query, limit)
        return tuple(Hit(dream=line, excerpt="") for line in self.page(self.ids(asked)[:limit]))

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
            nightmares=self._store.nightmares.of_dream(identifier),
        )

    def nightmares(self, library: str | None = None) -> tuple[NightmareReport, ...]:
        """What does not hold, of every library of which anything is known, or of one."""
        table = self._store.nightmares
        return reports(table) if library is None else (report_of(table, library),)

    def decide(self, text: str, review: Review, reason: str = "") -> Decision:
        """Write a person's word, in the journal and in the dream's folder.

        Raises:
            UsageError: No dream or several are meant, or it is not verified.
        """
        identifier = self.resolve(text)
        self.review([identifier], review, reason)
        self.settle()
        return self._store.reviews.of(identifier)[-1]

    def review(self, dream_ids: Sequence[str], review: Review, reason: str = "") -> ReviewAction:
        """Write one word about one dream or many, as one action. Quick: what follows from it is left to `settle`.

        Raises:
            UsageError: No dream is named, or one is not verified; then nothing is written.
        """
        return self._store.reviews.act(dream_ids, ActionKind(review.value), review, reason)

    def note(self, dream_ids: Sequence[str], text: str) -> ReviewAction:
        """Write a note about dreams, leaving their words as they are.

        Raises:
            UsageError: No dream is named, or one is not verified.
        """
        return self._store.reviews.act(dream_ids, ActionKind.NOTE, None, text)

    def flag(self, dream_ids: Sequence[str], *, on: bool) -> ReviewAction:
        """Flag dreams to come back to, or take their flags away; their words stay as they are.

        Raises:
            UsageError: No dream is named, or one is not verified.
        """
        return self._store.reviews.act(dream_ids, ActionKind.FLAG if on else ActionKind.UNFLAG, None)

    def undo(self, text: str | None = None) -> Decision:
        """Take back the latest decision about one dream, or the latest action of all.

        Raises:
            UsageError: There is none.
        """
        decision = self._store.reviews.undo(None if text is None else self.resolve(text))
        if decision is None:
            raise UsageError("There is nothing to undo", f"No decision holds{f' for {text}' if text else ''}.")
        self.settle()
        return decision

    def undo_action(self) -> ReviewAction | None:
        """Take back the latest action that holds; None when there is none. `settle` does what follows."""
        return self._store.reviews.undo_action()

    def undo_one(self, action_id: int) -> ReviewAction | None:
        """Take one action back, whatever came after it; None when it does not hold. `settle` does what follows."""
        return self._store.reviews.undo_one(action_id)

    def redo_action(self) -> ReviewAction | None:
        """Give the action that was taken back last again; None when there is none. `settle` does what follows."""
        return self._store.reviews.redo_action()

    def undoable(self) -> ReviewAction | None:
        """What `undo_action` would take back."""
        return self._store.reviews.undoable()

    def redoable(self) -> ReviewAction | None:
        """What `redo_action` would give again."""
        return self._store.reviews.redoable()

    def latest_actions(self, limit: int = 10) -> tuple[ReviewAction, ...]:
        """What a person did last, the newest first."""
        return self._store.reviews.latest(limit)

    def settle(self) -> int:
        """Do what follows from decisions: write them into the dreams' folders, learn and forget lessons.

        Blocking, harmless to repeat, and never in the way: what fails stays due and is done at the next call.

        Returns:
            How many dreams were brought up to date.
        """
        done = 0
        for identifier in sorted(self._store.dreams.stale_folders()):
            try:
                self._settle(identifier)
                done += 1
            except (DreamerError, OSError):
                _log.exception("what follows from the decision about %s stays due", identifier)
        return done

    def _settle(self, dream_id: str) -> None:
        dream = self._store.dreams.get(dream_id)
        while dream is not None:
            self._lessons.follow(dream)
            bring_review_up_to_date(self._store, self._paths, dream_id)
            followed, dream = dream, self._store.dreams.get(dream_id)
            if dream is not None and dream.review is followed.review:
                break  # nobody decided otherwise meanwhile
