"""The journal database as one object: its table families over one connection. No rules of its own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.types import Dream, Review
from dreamer_app.store.attempts import AttemptTable
from dreamer_app.store.connection import Connection
from dreamer_app.store.dreams import DreamTable
from dreamer_app.store.failures import FailureTable
from dreamer_app.store.lessons import LessonTable
from dreamer_app.store.listing import ListingTable
from dreamer_app.store.negatives import NegativeTable
from dreamer_app.store.nightmares import NightmareTable
from dreamer_app.store.nights import NightTable
from dreamer_app.store.records import ActionKind
from dreamer_app.store.report import ReportTable
from dreamer_app.store.retention import RetentionTable
from dreamer_app.store.reviews import ReviewTable
from dreamer_app.store.sealed import SealedTable
from dreamer_app.store.search import SearchTable
from dreamer_app.store.seeds import SeedTable
from dreamer_app.store.sowing import SowingTable
from dreamer_app.store.stats import StatisticsTable
from dreamer_app.store.streaming import DreamStream
from dreamer_app.store.suspensions import SuspensionTable
from dreamer_app.store.warmth import WarmthTable


class Store:
    """Dreams, nights, attempts, decisions, lessons, seeds.

    Args:
        file: The database; None keeps it in memory.
        clock: What time it is.

    Raises:
        InfrastructureError: The database cannot be opened.
    """

    def __init__(self, file: Path | None, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self._connection = Connection(file)
        self.attempts = AttemptTable(self._connection)
        self.search = SearchTable(self._connection)
        self.dreams = DreamTable(self._connection, self.attempts, self.search, clock)
        self.stats = StatisticsTable(self._connection)
        self.nights = NightTable(self._connection, self.stats, clock)
        self.nightmares = NightmareTable(self._connection, clock)
        self.reviews = ReviewTable(self._connection, clock)
        self.stream = DreamStream(self._connection)
        self.negatives = NegativeTable(self._connection)
        self.lessons = LessonTable(self._connection, clock)
        self.listing = ListingTable(self._connection)
        self.suspensions = SuspensionTable(self._connection)
        self.warmth = WarmthTable(self._connection)
        self.failures = FailureTable(self._connection)
        self.seeds = SeedTable(self._connection, clock)
        self.sowing = SowingTable(self._connection, clock)
        self.report = ReportTable(self._connection)
        self.retention = RetentionTable(self._connection, clock)
        self.sealed = SealedTable(self._connection, clock)

    def take_edit(self, dream: Dream) -> bool:
        """Keep a person's own solution with its verdict; a proved one takes back the word that the old one had.

        Returns:
            Whether it was proved.
        """
        with self._connection.transaction():
            proved = self.dreams.take_edit(dream)
            found = self.dreams.get(dream.id)
            if proved and found is not None and found.review is not Review.PENDING:
                self.reviews.act([dream.id], ActionKind.EDIT, Review.PENDING)
            return proved

    def transaction(self) -> AbstractContextManager[object]:
        """Everything that is written inside is written or nothing of it; the calls of all tables join."""
        return self._connection.transaction()

    def close(self) -> None:
        """Let go of the file. Idempotent."""
        self._connection.close()
