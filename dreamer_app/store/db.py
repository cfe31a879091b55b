"""Opens SQLite databases and brings them to the present schema.

Each table family declares its own ordered migrations; this module applies the ones that a file has not seen. It knows
nothing of what the tables mean.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlite_utils

from dreamer_app.core.errors import InfrastructureError

Migration = tuple[str, Callable[[sqlite_utils.Database], None]]
"""A name that is never changed or reused, and what it does."""

BUSY_TIMEOUT_MS = 10_000


def open_database(file: Path | None, migrations: Sequence[Migration]) -> sqlite_utils.Database:
    """Open a database in WAL mode and apply the migrations that it lacks, each in a transaction.

    Args:
        file: Where it lives; None means in memory.
        migrations: In order.

    Raises:
        InfrastructureError: The file is not a database, cannot be written, or comes from a newer version.
    """
    try:
        connection = sqlite3.connect(str(file) if file else ":memory:", check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        db = sqlite_utils.Database(connection)
        _migrate(db, migrations, file)
    except sqlite3.Error as error:
        raise InfrastructureError(
            "The database cannot be opened",
            f"{file}: {error}",
            "Check the disk, or restore the file from a backup.",
        ) from error
    return db


def open_for_reading(file: Path) -> sqlite3.Connection:
    """Another connection to a database that is open already; nothing can be written through it."""
    connection = sqlite3.connect(str(file), check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA query_only=ON")
    return connection


def _migrate(db: sqlite_utils.Database, migrations: Sequence[Migration], file: Path | None) -> None:
    with immediate(db.conn):
        db.execute(
            "CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, applied_at TEXT DEFAULT CURRENT_TIMESTAMP)"
        )
    unknown = _applied(db) - {name for name, _ in migrations}
    if unknown:
        raise InfrastructureError(
            "The database comes from a newer version",
            f"{file} has the unknown migrations {', '.join(sorted(unknown))}",
            "Update The Dreamer, or use another --base-dir.",
        )
    for name, change in migrations:
        if name in _applied(db):
            continue
        with immediate(db.conn):
            # Asked again under the write lock: another program may have migrated the file meanwhile.
            if name not in _applied(db):
                change(db)
                db.execute("INSERT INTO migration (name) VALUES (?)", [name])


def _applied(db: sqlite_utils.Database) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM migration")}


@contextmanager
def immediate(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block in one transaction that holds the write lock from its first line; schema changes are part of it.

    Python opens transactions by itself only for INSERT, UPDATE and DELETE, so that a program killed between two
    CREATE statements would leave half a migration behind.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.rollback()
        raise
    connection.commit()
