"""What the journal's window reads: the first place beside its making, and news of a night beside everything else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from dreamer_app.core.journal_query import JournalQuery, where
from dreamer_app.service.journal import DreamJournal, JournalCounts
from dreamer_app.store.listing import Order
from dreamer_app.ui.widgets.highlight import lexed

FIRST_PLACE, FIRST_QUERY = "review", where(review="pending")
"""Where a person begins."""


class JournalReading:
    """Reads counts and lists.

    Args:
        journal: Where from; reading for the first place begins at once.
    """

    def __init__(self, journal: DreamJournal) -> None:
        self._journal = journal
        beside = ThreadPoolExecutor(2)
        self._counts = beside.submit(journal.counts)
        self._first: Future[Sequence[str]] | None = beside.submit(journal.ids, FIRST_QUERY)
        beside.submit(lexed, "")  # the rules of syntax colours are compiled at their first use
        beside.shutdown(wait=False)

    def first_counts(self) -> JournalCounts:
        """The figures as they were when it was made."""
        return self._counts.result()

    def ids(self, query: JournalQuery, order: Order) -> Sequence[str]:
        """Every dream that a query wants, in order."""
        first, self._first = self._first, None
        if first is not None and query == FIRST_QUERY and order is Order.NEWEST:
            return first.result()
        return self._journal.ids(query, order)

    async def news(self, query: JournalQuery, order: Order) -> tuple[JournalCounts, Sequence[str]]:
        """Counts and list as they are now, read on a thread."""
        return await asyncio.to_thread(lambda: (self._journal.counts(), self._journal.ids(query, order)))


class Settling:
    """Does what follows from decisions, on a thread and one after the other, again for those made meanwhile.

    Args:
        journal: Whose decisions.
    """

    def __init__(self, journal: DreamJournal) -> None:
        self._journal = journal
        self._under_way = self._due = False

    async def settle(self) -> None:
        """Something was decided."""
        self._due = True
        if self._under_way:
            return
        self._under_way = True
        try:
            while self._due:
                self._due = False
                await asyncio.to_thread(self._journal.settle)
        finally:
            self._under_way = False
