"""The journal database as one object: its table families over one connection. No rules of its own."""

from __future__ import annotations

from pathlib import Path

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.store.attempts import AttemptTable
from dreamer_app.store.connection import Connection
from dreamer_app.store.dreams import DreamTable
from dreamer_app.store.lessons import LessonTable
from dreamer_app.store.nights import NightTable
from dreamer_app.store.reviews import ReviewTable
from dreamer_app.store.search import SearchTable
from dreamer_app.store.stats import StatisticsTable


class Store:
    """Dreams, nights, attempts, decisions, lessons.

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
        self.reviews = ReviewTable(self._connection, clock)
        self.lessons = LessonTable(self._connection, clock)

    def close(self) -> None:
        """Let go of the file. Idempotent."""
        self._connection.close()
