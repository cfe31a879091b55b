"""What the journal's window reads: the first place beside its making, and news of a night beside everything else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from dreamer_app.core.journal_query import JournalQuery, where
from dreamer_app.service.journal import DreamJournal, JournalCounts
from dreamer_app.store.listing import Order
from dreamer_app.ui.widgets.highlight import lexed

FIRST_PLACE, FIRST_QUERY = "review", where(review="pending")
"""Where a person begins."""


FIRST_PAGE = 512
"""Dreams that are shown at once; the other 100,000 are there a moment later, before anybody has scrolled to them."""


class JournalReading(QObject):
    """Reads counts and lists.

    Args:
        journal: Where from; reading for the first place begins at once.

    Attributes:
        arrived: The whole list is there, after `ask` gave its beginning; carries the identifiers.
    """

    arrived = Signal(object)
    _read = Signal(int)

    def __init__(self, journal: DreamJournal, parent: QObject) -> None:
        super().__init__(parent)
        self._journal = journal
        self._beside = ThreadPoolExecutor(2, thread_name_prefix="journal")
        self._counts = self._beside.submit(journal.counts)
        self._first: Future[Sequence[str]] | None = self._beside.submit(
            journal.ids, FIRST_QUERY, Order.NEWEST, FIRST_PAGE
        )
        self._beside.submit(lexed, "")  # the rules of syntax colours are compiled at their first use
        self._whole: Future[Sequence[str]] | None = None
        self._asked = 0
        self._read.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)  # from a thread
        parent.destroyed.connect(lambda: self._beside.shutdown(wait=False, cancel_futures=True))

    def first_counts(self) -> JournalCounts:
        """The figures as they were when it was made."""
        return self._counts.result()

    def ask(self, query: JournalQuery, order: Order) -> Sequence[str]:
        """The dreams that a query wants, in order: all of them, or the beginning of a long list that follows."""
        first, self._first = self._first, None
        known = first is not None and query == FIRST_QUERY and order is Order.NEWEST
        ids = first.result() if first and known else self._journal.ids(query, order, FIRST_PAGE)
        self._asked += 1
        self._whole = None
        if len(ids) >= FIRST_PAGE:
            number = self._asked
            self._whole = self._beside.submit(self._journal.ids, query, order)
            self._whole.add_done_callback(lambda _whole: self._read.emit(number) if isValid(self) else None)
        return ids

    @property
    def more(self) -> bool:
        """Whether the rest of a long list is still to come."""
        return self._whole is not None

    def rest(self) -> Sequence[str] | None:
        """The whole list at once, for whoever needs it now; None when it was given already."""
        whole, self._whole = self._whole, None
        return None if whole is None else whole.result()

    def _pass_on(self, asked: int) -> None:
        if asked == self._asked and (ids := self.rest()) is not None:
            self.arrived.emit(ids)

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
