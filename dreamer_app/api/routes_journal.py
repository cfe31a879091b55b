"""Routes of the Dream Journal: read and decide. They run in threads, because the database may be busy."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from dreamer_app.core.types import DreamState, Frozen, Night, Review
from dreamer_app.service.journal import DreamJournal, DreamPage
from dreamer_app.service.nightmare_report import NightmareReport
from dreamer_app.store.records import Decision, DreamFilter, DreamSummary, Hit

Limit = Annotated[int, Query(ge=1, le=1000)]


class Word(Frozen):
    """A person's word about a dream.

    Attributes:
        reason: Why, for later.
    """

    reason: str = ""


class Undo(Frozen):
    """Which decision to take back.

    Attributes:
        dream: Only a decision about this dream; None means the latest of all.
    """

    dream: str | None = None


def router(journal: DreamJournal) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["journal"])

    @routes.get("/journal")
    def list_dreams(
        state: DreamState | None = DreamState.VERIFIED,
        review: Review | None = None,
        library: str | None = None,
        night: str | None = None,
        limit: Limit = 100,
    ) -> tuple[DreamSummary, ...]:
        """Dreams, newest first."""
        return journal.list(DreamFilter(state=state, review=review, library=library, night_id=night, limit=limit))

    @routes.get("/journal/search")
    def search(query: str, limit: Limit = 20) -> tuple[Hit, ...]:
        """Verified dreams in which every word occurs, best first."""
        return journal.search(query, limit)

    @routes.post("/journal/undo")
    def undo(which: Undo | None = None) -> Decision:
        """Take back the latest decision."""
        return journal.undo(which.dream if which else None)

    @routes.get("/journal/{dream}")
    def show(dream: str) -> DreamPage:
        """One dream with everything about it."""
        return journal.show(dream)

    @routes.post("/journal/{dream}/approve")
    def approve(dream: str, word: Word | None = None) -> Decision:
        """Say that a dream is worth keeping."""
        return journal.decide(dream, Review.APPROVED, word.reason if word else "")

    @routes.post("/journal/{dream}/reject")
    def reject(dream: str, word: Word | None = None) -> Decision:
        """Say that a dream is not worth keeping. Nothing is deleted."""
        return journal.decide(dream, Review.REJECTED, word.reason if word else "")

    @routes.get("/nights")
    def nights(limit: Limit = 100) -> tuple[Night, ...]:
        """Nights, newest first."""
        return journal.nights()[:limit]

    @routes.get("/nightmares")
    def nightmares(library: str | None = None) -> tuple[NightmareReport, ...]:
        """Documentation examples that do not run and dreams that a new version broke, library by library."""
        return journal.nightmares(library)

    return routes
