"""Who reads waits for nobody, and who writes sees what is not written yet."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.store.connection import READERS_KEPT, Connection

PATIENCE = 10.0
COUNT = "SELECT count(*) FROM seed"
WRITE = "INSERT INTO seed (told_at, body) VALUES ('now', ?)"


def count(connection: Connection) -> int:
    return int(connection.read(COUNT)[0][0])


def test_a_reader_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    connection = Connection(tmp_path / "journal.sqlite")
    found: list[int] = []
    with connection.transaction() as db:
        db.execute(WRITE, ["one"])
        assert count(connection) == 1
        other = threading.Thread(target=lambda: found.append(count(connection)))
        other.start()
        other.join(PATIENCE)
        assert found == [0]
    assert count(connection) == 1
    connection.close()


def test_readers_do_not_wait_for_each_other_and_few_are_kept(tmp_path: Path) -> None:
    connection = Connection(tmp_path / "journal.sqlite")
    together = threading.Barrier(4, timeout=PATIENCE)

    def read() -> None:
        with connection._reading() as reader:
            together.wait()
            reader.execute(COUNT).fetchall()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(connection._readers) == READERS_KEPT
    connection.close()
    assert connection._readers == []
    with pytest.raises(InfrastructureError):
        count(connection)


def test_nothing_can_be_written_by_reading(tmp_path: Path) -> None:
    connection = Connection(tmp_path / "journal.sqlite")
    with pytest.raises(InfrastructureError):
        connection.read(WRITE, ["one"])
    connection.close()
    assert sqlite3.connect(tmp_path / "journal.sqlite").execute(COUNT).fetchone() == (0,)


def test_in_memory_there_is_one(tmp_path: Path) -> None:
    connection = Connection(None)
    with connection.transaction() as db:
        db.execute(WRITE, ["one"])
    assert count(connection) == 1
    connection.close()
