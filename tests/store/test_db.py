from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.core.errors import UsageError
from dreamer_app.store.db import open_database
from dreamer_app.store.lock import BaseFolderLock


def _two_tables(db) -> None:
    db.execute("CREATE TABLE one (x)")
    db.execute("CREATE TABLE two (x)")


def _breaks_halfway(db) -> None:
    db.execute("CREATE TABLE one (x)")
    raise KeyboardInterrupt


def test_a_migration_that_is_cut_off_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    with pytest.raises(KeyboardInterrupt):
        open_database(file, [("first", _breaks_halfway)])
    db = open_database(file, [("first", _two_tables)])
    assert {"one", "two"} <= set(db.table_names())
    db.close()


def test_migrations_run_once_and_in_order(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    later = ("second", lambda db: db.execute("INSERT INTO one VALUES (1)") and None)
    for _ in range(2):
        db = open_database(file, [("first", _two_tables), later])
        assert db.execute("SELECT count(*) FROM one").fetchone() == (1,)
        db.close()


def test_the_database_is_durable_and_shared(tmp_path: Path) -> None:
    db = open_database(tmp_path / "x.sqlite", [])
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    db.close()


def test_only_one_may_dream_in_a_folder(tmp_path: Path) -> None:
    first = BaseFolderLock(tmp_path / "dreamer.lock")
    second = BaseFolderLock(tmp_path / "dreamer.lock")
    with first:
        assert first.held and not second.try_acquire()
        with pytest.raises(UsageError, match="Another night is under way"):
            second.acquire()
    assert not first.held
    with second:
        assert second.held
    second.release()
