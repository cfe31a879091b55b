from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dreamer_app.academy.record import read_record, write_record
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import DreamState, Night, NightEnd, Review
from dreamer_app.engine.recovery import Recovery, recover
from dreamer_app.store.store import Store
from tests import builders


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    paths = DataPaths(tmp_path)
    paths.create()
    return paths


@pytest.fixture
def store(paths: DataPaths):
    store = Store(paths.database)
    yield store
    store.close()


def test_where_all_is_well_nothing_is_done(store: Store, paths: DataPaths) -> None:
    write_record(paths.dreams, builders.verified())
    store.dreams.adopt(builders.verified())
    assert recover(store, paths) == Recovery()
    assert not Recovery().anything


def test_the_journal_is_rebuilt_from_the_folders(store: Store, paths: DataPaths) -> None:
    dreams = [builders.verified(n, review=Review.APPROVED) for n in (1, 2, 3)]
    for dream in dreams:
        write_record(paths.dreams, dream)
    recovery = recover(store, paths)
    assert set(recovery.adopted) == {dream.id for dream in dreams}
    assert all(store.dreams.get(dream.id) == dream for dream in dreams)
    assert recover(store, paths) == Recovery()


@pytest.mark.parametrize("killed", ["before the folder", "between folder and row", "after the row"])
def test_a_kill_at_any_step_of_settling_loses_and_doubles_nothing(store: Store, paths: DataPaths, killed: str) -> None:
    store.dreams.begin(builders.running())
    if killed != "before the folder":
        write_record(paths.dreams, builders.verified())
    if killed == "after the row":
        store.dreams.settle(builders.verified())
    recovery = recover(store, paths)
    dream = builders.verified()
    if killed == "before the folder":
        assert recovery.interrupted == 1
        assert store.dreams.get(dream.id).state is DreamState.INTERRUPTED
        assert [trial.id for trial in store.dreams.waiting([builders.TOOLZ])] == [dream.id]
    else:
        assert recovery.interrupted == 0
        assert store.dreams.get(dream.id) == dream
    assert recover(store, paths) == Recovery()


def test_a_lost_folder_comes_back_from_the_journal(store: Store, paths: DataPaths) -> None:
    folder = write_record(paths.dreams, builders.verified())
    store.dreams.adopt(builders.verified())
    store.reviews.decide(builders.verified().id, Review.APPROVED)
    shutil.rmtree(folder)
    assert recover(store, paths).rewritten == (builders.verified().id,)
    assert read_record(folder) == builders.verified(review=Review.APPROVED)


def test_a_decision_that_did_not_reach_the_folder_does_so_later(store: Store, paths: DataPaths) -> None:
    folder = write_record(paths.dreams, builders.verified())
    store.dreams.adopt(builders.verified())
    store.reviews.decide(builders.verified().id, Review.REJECTED)
    recover(store, paths)
    assert read_record(folder).review is Review.REJECTED
    assert store.dreams.stale_folders() == frozenset()


def test_a_damaged_folder_is_reported_and_never_adopted(store: Store, paths: DataPaths) -> None:
    folder = write_record(paths.dreams, builders.verified())
    (folder / "solution.py").write_text("def group(words):\n    return {}\n")
    [reason] = recover(store, paths).damaged
    assert "solution.py changed" in reason
    assert store.dreams.list() == ()


def test_unfinished_writing_and_open_nights_are_tidied(store: Store, paths: DataPaths) -> None:
    folder = write_record(paths.dreams, builders.verified())
    store.dreams.adopt(builders.verified())
    (folder / ".writing-dream.json-00").write_text("{")
    (paths.dreams / ".writing-dream_x-00").mkdir()
    store.nights.open(Night(id="20260102T030405Z-1", started_at=builders.WHEN, libraries=(builders.TOOLZ,), seed=1))
    recovery = recover(store, paths)
    assert recovery.removed == 2 and recovery.crashed == ("20260102T030405Z-1",)
    assert store.nights.list()[0].end is NightEnd.CRASHED
    assert sorted(path.name for path in paths.dreams.iterdir()) == [folder.name]
