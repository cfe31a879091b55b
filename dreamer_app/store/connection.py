"""One connection to the journal database, safe from any thread.

Every write is a transaction that is either wholly there or not at all, and on disk when it returns. Database errors
become InfrastructureError. It knows no table.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.store.db import immediate, open_database
from dreamer_app.store.schema import JOURNAL

Parameters = Sequence[Any] | Mapping[str, Any]


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

    def read(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Rows of a query.

        Raises:
            InfrastructureError: The database is busy or damaged.
        """
        with self._lock, self._explained():
            return self._connection.execute(sql, parameters).fetchall()

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
                yield self._connection

    def close(self) -> None:
        """Let go of the file. Idempotent."""
        with self._lock:
            self._connection.close()

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
