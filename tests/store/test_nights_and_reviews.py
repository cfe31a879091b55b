from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.errors import InfrastructureError, UsageError
from dreamer_app.core.types import Night, NightEnd, Review
from dreamer_app.store.store import Store
from tests import builders


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def store(clock: ManualClock):
    memory = Store(None, clock)
    yield memory
    memory.close()


def _night(clock: ManualClock, number: int = 1) -> Night:
    return Night(id=f"20260102T030405Z-{number}", started_at=clock.now(), libraries=(builders.TOOLZ,), seed=3)


def test_a_night_ends_once_and_keeps_its_figures(store: Store, clock: ManualClock) -> None:
    night = _night(clock)
    store.nights.open(night)
    assert store.nights.get(night.id) == night
    store.dreams.begin(builders.running(1))
    store.dreams.settle(builders.verified(1))
    store.dreams.begin(builders.running(2))
    store.dreams.settle(builders.failed(2, "G9"))
    store.dreams.begin(builders.running(3))
    clock.advance(60)
    ended = store.nights.close(night.id, NightEnd.WOKEN, {"scenarios": 3})
    assert ended.ended_at == clock.now() and ended.end is NightEnd.WOKEN
    assert ended.figures == {
        "scenarios": 3,
        "verified": 1,
        "rejected": 1,
        "interrupted": 1,
        "stopped_by.G9": 1,
        "bridges": 0,
        "api_nodes": 1,
    }
    assert store.nights.close(night.id, NightEnd.ENOUGH, {}) == ended
    assert store.nights.list() == (ended,)


def test_nights_that_a_crash_left_open_are_closed_honestly(store: Store, clock: ManualClock) -> None:
    store.nights.open(_night(clock, 1))
    store.nights.close(_night(clock, 1).id, NightEnd.TIME, {})
    store.nights.open(_night(clock, 2))
    [crashed] = store.nights.close_crashed()
    assert crashed.id == _night(clock, 2).id and crashed.end is NightEnd.CRASHED
    assert store.nights.close_crashed() == ()


def test_decisions_are_kept_and_can_be_undone(store: Store, clock: ManualClock) -> None:
    dream = builders.verified()
    store.dreams.adopt(dream)
    store.reviews.decide(dream.id, Review.APPROVED, "useful")
    clock.advance(1)
    store.reviews.decide(dream.id, Review.REJECTED)
    assert store.dreams.get(dream.id).review is Review.REJECTED
    assert store.dreams.stale_folders() == {dream.id}
    undone = store.reviews.undo()
    assert undone.review is Review.REJECTED and undone.undone_at == clock.now()
    assert store.dreams.get(dream.id).review is Review.APPROVED
    store.reviews.undo(dream.id)
    assert store.dreams.get(dream.id).review is Review.PENDING
    assert store.reviews.undo() is None
    assert [decision.review for decision in store.reviews.of(dream.id)] == [Review.APPROVED, Review.REJECTED]
    store.dreams.folder_written(dream.id)
    assert store.dreams.stale_folders() == frozenset()


def test_only_verified_dreams_can_be_reviewed(store: Store) -> None:
    store.dreams.begin(builders.running())
    for identifier in (builders.running().id, "nothing"):
        with pytest.raises(UsageError, match="Only verified"):
            store.reviews.decide(identifier, Review.APPROVED)


def test_search_finds_titles_tasks_code_and_api_names(store: Store) -> None:
    for n in (1, 2):
        store.dreams.adopt(builders.verified(n))
    store.dreams.begin(builders.running(3))
    store.dreams.settle(builders.failed(3))
    first = builders.scenario(1).id
    both = {first, builders.scenario(2).id}

    def found(query: str) -> set[str]:
        return {hit.dream.id for hit in store.search.search(query)}

    assert found("toolz.groupby") == both
    assert found("group words") == both
    assert found("cote") == both  # accents do not matter
    assert found("lambda") == both
    assert found("by 1 letters") == {first}
    assert found('"') == set() and found("NEAR( AND *") == set() and found("") == set()
    assert {hit.dream.id for hit in store.search.search("toolz", verified_only=False)} == both | {
        builders.scenario(3).id
    }
    assert (
        "[groupby]" in store.search.search("groupby")[0].excerpt
        or "[toolz" in store.search.search("groupby")[0].excerpt
    )


def test_statistics_count_the_funnel_and_libraries(store: Store, clock: ManualClock) -> None:
    store.nights.open(_night(clock))
    store.dreams.adopt(builders.verified(1, (builders.TOOLZ, builders.BOLTONS)))
    store.dreams.adopt(builders.verified(2))
    store.dreams.begin(builders.running(3))
    store.dreams.settle(builders.failed(3, "G5"))
    store.dreams.begin(builders.running(4))
    store.dreams.interrupt_running()
    statistics = store.stats.all()
    assert [(step.gate, step.entered, step.passed) for step in statistics.funnel] == [
        ("G0", 3, 3),
        ("G5", 3, 2),
        ("G6", 2, 2),
        ("G9", 2, 2),
    ]
    assert [(line.name, line.verified, line.failed, line.apis) for line in statistics.libraries] == [
        ("boltons", 1, 0, 1),
        ("toolz", 2, 1, 1),
    ]
    assert statistics.bridges == 1 and statistics.nights == 1
    assert store.stats.funnel("another night") == ()


def test_a_later_proof_does_not_change_what_decided_the_dream(store: Store, clock: ManualClock) -> None:
    dream = builders.verified()
    store.dreams.adopt(dream)
    attempt = store.attempts.begin(dream.id, dream.candidate, clock.now(), "again")
    store.attempts.close(attempt, builders.verdict(stopped_by="G5"))
    assert store.dreams.get(dream.id) == dream
    assert [record.purpose for record in store.attempts.of(dream.id)] == ["dream", "again"]
    assert [step.passed for step in store.stats.funnel()] == [1, 1, 1, 1]


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "dreamer.sqlite").write_text("this is no database, it only looks like a file" * 100)
    with pytest.raises(InfrastructureError, match="cannot be opened"):
        Store(tmp_path / "dreamer.sqlite")


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    Store(tmp_path / "d.sqlite").close()
    with sqlite3.connect(tmp_path / "d.sqlite") as raw:
        raw.execute("INSERT INTO migration (name) VALUES ('dreams-99')")
    raw.close()
    with pytest.raises(InfrastructureError, match="newer version"):
        Store(tmp_path / "d.sqlite")
