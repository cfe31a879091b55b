from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.types import DreamState, Review
from dreamer_app.store.records import DreamFilter
from dreamer_app.store.store import Store
from tests import builders


@pytest.fixture
def store(tmp_path: Path):
    with_file = Store(tmp_path / "dreamer.sqlite", ManualClock())
    yield with_file
    with_file.close()


def test_a_running_dream_comes_back_as_it_was_written(store: Store) -> None:
    dream = builders.running()
    assert store.dreams.begin(dream)
    assert store.dreams.get(dream.id) == dream


@pytest.mark.parametrize("dream", [builders.verified(), builders.failed()])
def test_a_settled_dream_comes_back_with_every_receipt(store: Store, dream) -> None:
    store.dreams.begin(builders.running())
    assert store.dreams.settle(dream)
    assert store.dreams.get(dream.id) == dream


def test_what_was_settled_survives_reopening(tmp_path: Path) -> None:
    first = Store(tmp_path / "d.sqlite")
    first.dreams.begin(builders.running())
    first.dreams.settle(builders.verified())
    first.close()
    second = Store(tmp_path / "d.sqlite")
    assert second.dreams.get(builders.verified().id) == builders.verified()
    second.close()


def test_a_dream_is_never_there_twice(store: Store) -> None:
    assert store.dreams.begin(builders.running())
    assert not store.dreams.begin(builders.running())
    assert store.dreams.settle(builders.verified())
    assert not store.dreams.settle(builders.verified())
    assert not store.dreams.settle(builders.failed())
    assert not store.dreams.begin(builders.running())
    assert not store.dreams.adopt(builders.verified())
    assert len(store.dreams.list()) == 1
    assert len(store.attempts.of(builders.verified().id)) == 1


def test_a_verdict_must_agree_with_the_state(store: Store) -> None:
    store.dreams.begin(builders.running())
    with pytest.raises(ValueError, match="accepted=True"):
        store.dreams.settle(builders.verified().model_copy(update={"state": DreamState.FAILED}))
    with pytest.raises(ValueError, match="no verdict"):
        store.dreams.settle(builders.running())


def test_an_interrupted_trial_is_void_and_can_be_dreamt_again(store: Store) -> None:
    dream = builders.running()
    store.dreams.begin(dream)
    assert store.dreams.interrupt(dream.id)
    assert not store.dreams.interrupt(dream.id)
    assert not store.dreams.settle(builders.verified())
    assert dream.id not in store.dreams.known()
    [waiting] = store.dreams.waiting([builders.TOOLZ])
    assert waiting.id == dream.id
    assert store.dreams.woven(dream.id) == builders.woven()
    again = dream.model_copy(update={"night_id": "20260103T000000Z-2"})
    assert store.dreams.begin(again)
    assert store.dreams.get(dream.id) == again
    assert [attempt.accepted for attempt in store.attempts.of(dream.id)] == [None, None]


def test_waiting_trials_need_their_libraries_at_their_versions(store: Store) -> None:
    store.dreams.begin(builders.running(1, (builders.TOOLZ, builders.BOLTONS)))
    store.dreams.interrupt_running()
    assert store.dreams.waiting([builders.TOOLZ]) == ()
    other = builders.BOLTONS.model_copy(update={"version": "1.0"})
    assert store.dreams.waiting([builders.TOOLZ, other]) == ()
    assert len(store.dreams.waiting([builders.TOOLZ, builders.BOLTONS])) == 1


def test_a_trial_that_always_loses_its_workers_is_given_up(store: Store) -> None:
    dream = builders.running()
    for _ in range(20):
        store.dreams.begin(dream)
        store.dreams.interrupt_running()
    for _ in range(3):
        assert [trial.id for trial in store.dreams.waiting([builders.TOOLZ])] == [dream.id]
        store.dreams.begin(dream)
        store.dreams.interrupt(dream.id, blame=True)
    assert store.dreams.waiting([builders.TOOLZ]) == ()
    assert dream.id in store.dreams.known()


def test_adopting_takes_review_and_receipts_from_the_folder(store: Store) -> None:
    dream = builders.verified(review=Review.APPROVED)
    assert store.dreams.adopt(dream)
    assert store.dreams.get(dream.id) == dream


@pytest.mark.parametrize("settle", ["running", "interrupted"])
def test_adopting_settles_a_dream_that_a_crash_left_open(store: Store, settle: str) -> None:
    store.dreams.begin(builders.running())
    if settle == "interrupted":
        store.dreams.interrupt_running()
    assert store.dreams.adopt(builders.verified())
    assert store.dreams.get(builders.verified().id) == builders.verified()


def test_the_list_filters_and_sorts(store: Store) -> None:
    for dream in (builders.verified(1), builders.verified(2, (builders.TOOLZ, builders.BOLTONS))):
        store.dreams.adopt(dream)
    store.dreams.begin(builders.running(3))
    store.dreams.settle(builders.failed(3))
    ids = {n: builders.scenario(n).id for n in (1, 3)}
    both = builders.verified(2, (builders.TOOLZ, builders.BOLTONS)).id

    def listed(**wanted) -> set[str]:
        return {line.id for line in store.dreams.list(DreamFilter(**wanted))}

    assert listed() == {ids[1], both, ids[3]}
    assert listed(state=DreamState.VERIFIED) == {ids[1], both}
    assert listed(state=DreamState.FAILED) == {ids[3]}
    assert listed(library="boltons") == {both}
    assert listed(night_id="no such night") == set()
    assert len(store.dreams.list(DreamFilter(limit=2))) == 2
    [line] = [line for line in store.dreams.list() if line.id == both]
    assert line.libraries == ("boltons 25.0.0", "toolz 1.0.0")
    [stopped] = store.dreams.list(DreamFilter(state=DreamState.FAILED))
    assert stopped.stopped_by == "G6" and stopped.tier is None


def test_ids_match_by_their_beginning(store: Store) -> None:
    store.dreams.adopt(builders.verified())
    identifier = builders.verified().id
    assert store.dreams.matching(identifier[:5]) == (identifier,)
    assert store.dreams.matching("zz") == ()
    assert store.dreams.matching("%") == ()
