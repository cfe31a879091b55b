from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dreamer_app.academy.record import folder_of, write_record
from dreamer_app.core.errors import UsageError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import StorageSettings
from dreamer_app.core.types import DreamState, Review
from dreamer_app.engine.recovery import recover
from dreamer_app.service.retention import Retention
from dreamer_app.store.lock import BaseFolderLock
from dreamer_app.store.store import Store
from tests import builders

HARSH = StorageSettings(
    rejected_days=1, failed_days=1, unreviewed_days=1, log_days=1, unused_days=1, largest_gigabytes=0.000001
)


class Then:
    """A clock that is moved."""

    def __init__(self) -> None:
        self.time = builders.WHEN

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()


class House:
    """A base folder with dreams in it."""

    def __init__(self, base: Path, limits: StorageSettings = HARSH) -> None:
        self.paths = DataPaths(base)
        self.paths.create()
        self.clock = Then()
        self.store = Store(self.paths.database, self.clock)
        self.limits = limits
        self.retention = Retention(self.store, self.paths, lambda: self.limits, self.clock)

    def dream(self, n: int, review: Review = Review.PENDING) -> str:
        dream = builders.verified(n)
        write_record(self.paths.dreams, dream)
        self.store.dreams.adopt(dream)
        if review is not Review.PENDING:
            self.store.reviews.decide(dream.id, review)
        return dream.id

    def later(self, days: float) -> None:
        self.clock.time += timedelta(days=days)


@pytest.fixture
def house(tmp_path: Path):
    house = House(tmp_path)
    yield house
    house.store.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.sampled_from([*Review, "failed", "undone"]), min_size=1, max_size=8),
    days=st.integers(0, 4000),
    limits=st.builds(
        StorageSettings,
        rejected_days=st.integers(0, 100),
        failed_days=st.integers(0, 100),
        unreviewed_days=st.integers(0, 100),
        largest_gigabytes=st.floats(0, 0.001),
    ),
)
def test_nothing_that_was_approved_is_ever_in_a_plan(tmp_path: Path, words, days, limits) -> None:
    base = tmp_path / "base"
    shutil.rmtree(base, ignore_errors=True)
    house = House(base, limits)
    approved = set()
    for n, word in enumerate(words):
        if word == "failed":
            dream = builders.failed(n)
            house.store.dreams.begin(dream.model_copy(update={"state": DreamState.RUNNING, "verdict": None}))
            house.store.dreams.settle(dream)
            continue
        dream_id = house.dream(n, Review.PENDING if word == "undone" else word)
        if word == "undone":
            house.store.reviews.decide(dream_id, Review.APPROVED)
            house.store.reviews.undo(dream_id)
        if word is Review.APPROVED:
            approved.add(dream_id)
    house.later(days)
    plan = house.retention.plan()
    assert not approved & {item.name for item in plan.items}
    house.retention.clean(plan)
    assert approved <= house.store.dreams.ids(DreamState.VERIFIED)
    assert all(folder_of(house.paths.dreams, one).is_dir() for one in approved)
    house.store.close()


def test_rows_folders_text_and_decisions_go_together_and_are_not_dreamt_again(house: House) -> None:
    rejected, approved = house.dream(1, Review.REJECTED), house.dream(2, Review.APPROVED)
    house.later(2)
    plan = house.retention.plan()
    assert [(item.kind, item.name) for item in plan.items] == [("rejected", rejected)]
    assert house.store.dreams.get(rejected) is not None, "a plan touches nothing"
    done = house.retention.clean(plan)
    assert (done.undoable, done.freed) == (1, plan.freed) and plan.freed > 0
    assert house.store.dreams.get(rejected) is None
    assert not folder_of(house.paths.dreams, rejected).exists()
    assert {hit.dream.id for hit in house.store.search.search("letters")} == {approved}
    assert rejected in house.store.dreams.known()
    assert [action.dreams for action in house.store.reviews.latest()] == [(approved,)]
    assert not recover(house.store, house.paths).anything


def test_what_was_approved_after_the_plan_was_shown_stays(house: House) -> None:
    dream_id = house.dream(1, Review.REJECTED)
    house.later(2)
    plan = house.retention.plan()
    house.store.reviews.decide(dream_id, Review.APPROVED)
    assert house.retention.clean(plan).items == ()
    assert folder_of(house.paths.dreams, dream_id).is_dir()


def test_a_cleaning_is_taken_back_with_every_word(house: House) -> None:
    ids = [house.dream(1, Review.REJECTED), house.dream(2)]
    for one in house.store.dreams.stale_folders():
        dream = house.store.dreams.get(one)
        assert dream is not None
        shutil.rmtree(folder_of(house.paths.dreams, one))
        write_record(house.paths.dreams, dream)
    house.later(2)
    house.retention.clean(house.retention.plan())
    assert sorted(house.retention.undo()) == sorted(ids)
    assert [house.store.dreams.get(one).review for one in ids] == [Review.REJECTED, Review.PENDING]  # type: ignore[union-attr]
    assert not recover(house.store, house.paths).anything
    with pytest.raises(UsageError, match="no cleaning to take back"):
        house.retention.undo()
    house.later(2)
    house.retention.clean(house.retention.plan())
    house.later(house.limits.undo_days + 1)
    house.retention.clean(house.retention.plan())
    with pytest.raises(UsageError):
        house.retention.undo()


def test_what_is_not_needed_goes_by_age_then_by_size_the_oldest_first(house: House) -> None:
    house.limits = StorageSettings(unused_days=30, largest_gigabytes=0)
    for n, days in enumerate((40, 20, 10)):
        file = house.paths.sources / f"archive{n}"
        file.write_bytes(os.urandom(50_000))
        when = builders.WHEN.timestamp() - days * 86_400
        os.utime(file, (when, when))
    assert [(item.title, item.days, item.reason) for item in house.retention.plan().items] == [("archive0", 40, "age")]
    size = house.retention.plan().size
    house.limits = StorageSettings(unused_days=30, largest_gigabytes=(size - 80_000) / 1e9)
    plan = house.retention.plan()
    assert [(item.title, item.reason) for item in plan.items] == [("archive0", "age"), ("archive1", "size")]
    house.retention.clean(plan)
    assert [file.name for file in house.paths.sources.iterdir()] == ["archive2"]


def test_nothing_is_cleaned_while_a_night_needs_it(house: House) -> None:
    house.dream(1, Review.REJECTED)
    house.later(2)
    plan = house.retention.plan()
    with BaseFolderLock(house.paths.lock), pytest.raises(UsageError):
        house.retention.clean(plan)
    assert len(house.store.dreams.ids(DreamState.VERIFIED)) == 1


def test_after_a_night_it_cleans_only_where_the_settings_say_so(house: House) -> None:
    dream_id = house.dream(1, Review.REJECTED)
    house.later(2)
    house.limits = HARSH.model_copy(update={"clean_after_nights": False})
    house.retention.after_night()
    assert house.store.dreams.get(dream_id) is not None
    house.limits = HARSH
    house.retention.after_night()
    assert house.store.dreams.get(dream_id) is None
