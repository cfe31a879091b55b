"""The journal database for any thread: one connection that writes, and others that read beside it.

Every write is a transaction that is either wholly there or not at all, and on disk when it returns. Who reads sees all
that was written before and waits for nobody: neither for a writer at the disk nor for a long question of another
thread. Database errors become InfrastructureError. It knows no table.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.store.db import immediate, open_database, open_for_reading
from dreamer_app.store.schema import JOURNAL

Parameters = Sequence[Any] | Mapping[str, Any]

READERS_KEPT = 2
"""Reading connections that are kept for the next question; each has a cache of up to 2 MB."""


class Connection:
    """The journal database of one base folder.

    Args:
        file: The database; None keeps it in memory.

    Raises:
        InfrastructureError: It cannot be opened.
    """

    def __init__(self, file: Path | None) -> None:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection = open_database(file, JOURNAL).conn
        self._connection.row_factory = sqlite3.Row
        self._writer: int | None = None
        self._readers: list[sqlite3.Connection] = []
        self._closed = False

    def read(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Rows of a query.

        Raises:
            InfrastructureError: The database is busy or damaged.
        """
        with self._explained(), self._reading() as connection:
            return connection.execute(sql, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write several rows or none; nested use joins the outer transaction.

        Raises:
            InfrastructureError: The database is busy, damaged, or the disk is full.
        """
        with self._lock, self._explained():
            if self._connection.in_transaction:
                yield self._connection
                return
            with immediate(self._connection):
                self._writer = threading.get_ident()
                try:
                    yield self._connection
                finally:
                    self._writer = None

    def close(self) -> None:
        """Let go of the file. Idempotent."""
        with self._lock:
            self._closed = True
            self._connection.close()
        while self._readers:
            self._readers.pop().close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection of nobody else's; whoever writes reads what it has written so far."""
        if self._file is None or self._closed or self._writer == threading.get_ident():
            with self._lock:
                yield self._connection
            return
        try:
            reader = self._readers.pop()
        except IndexError:
            reader = open_for_reading(self._file)
            reader.row_factory = sqlite3.Row
        try:
            yield reader
        finally:
            if self._closed or len(self._readers) >= READERS_KEPT:
                reader.close()
            else:
                self._readers.append(reader)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise InfrastructureError(
                "The journal cannot be read or written",
                f"{self._file}: {error}",
                "Check that the disk has room. A damaged file can be moved away: dreams come back from their folders.",
            ) from error
