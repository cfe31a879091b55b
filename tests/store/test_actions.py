"""What a person did in one go is taken back in one go, and given again, also after a restart."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import Review
from dreamer_app.store.db import open_database
from dreamer_app.store.records import ActionKind
from dreamer_app.store.schema import ATTEMPTS, DREAMS, NIGHTS, REVIEWS, SEARCH
from dreamer_app.store.store import Store
from tests import builders

IDS = [builders.scenario(n).id for n in (1, 2, 3)]


def _filled(file: Path | None) -> Store:
    store = Store(file, ManualClock())
    for n in (1, 2, 3):
        store.dreams.adopt(builders.verified(n))
    return store


def _words(store: Store) -> list[Review]:
    return [store.dreams.get(identifier).review for identifier in IDS]


def test_bulk_undo_and_redo_across_restarts(tmp_path: Path) -> None:
    store = _filled(tmp_path / "d.sqlite")
    store.reviews.act(IDS[:1], ActionKind.REJECT, Review.REJECTED, "dull")
    store.reviews.act(IDS, ActionKind.APPROVE, Review.APPROVED)
    store.close()

    store = Store(tmp_path / "d.sqlite")
    undoable = store.reviews.undoable()
    assert undoable is not None and undoable.kind is ActionKind.APPROVE and undoable.dreams == tuple(IDS)
    assert store.reviews.undo_action() == undoable
    assert _words(store) == [Review.REJECTED, Review.PENDING, Review.PENDING]
    store.close()

    store = Store(tmp_path / "d.sqlite")
    redoable = store.reviews.redoable()
    assert redoable is not None and redoable.id == undoable.id
    store.reviews.redo_action()
    assert _words(store) == [Review.APPROVED] * 3 and store.reviews.redoable() is None
    store.reviews.undo_action()
    store.reviews.undo_action()
    assert _words(store) == [Review.PENDING] * 3 and store.reviews.undo_action() is None
    assert store.reviews.redo_action().kind is ActionKind.REJECT  # in the order in which they were done
    store.close()


def test_after_a_new_action_what_was_undone_cannot_come_back() -> None:
    store = _filled(None)
    store.reviews.act(IDS, ActionKind.APPROVE, Review.APPROVED)
    store.reviews.undo_action()
    store.reviews.act(IDS[:1], ActionKind.REJECT, Review.REJECTED)
    assert store.reviews.redo_action() is None
    assert [action.undone_at is None for action in store.reviews.latest()] == [True, False]


def test_all_or_none_and_never_about_nothing() -> None:
    store = _filled(None)
    with pytest.raises(UsageError, match="Only verified"):
        store.reviews.act([IDS[0], "gone"], ActionKind.APPROVE, Review.APPROVED)
    with pytest.raises(UsageError, match="Nothing is selected"):
        store.reviews.act([], ActionKind.APPROVE, Review.APPROVED)
    assert _words(store) == [Review.PENDING] * 3 and store.reviews.undoable() is None


def test_a_note_changes_no_word() -> None:
    store = _filled(None)
    store.reviews.act(IDS[:1], ActionKind.APPROVE, Review.APPROVED)
    store.reviews.act(IDS[:2], ActionKind.NOTE, None, "look at the tests")
    assert _words(store) == [Review.APPROVED, Review.PENDING, Review.PENDING]
    assert store.reviews.of(IDS[1])[-1].reason == "look at the tests"


def test_one_dream_of_many_is_taken_back_alone() -> None:
    store = _filled(None)
    store.reviews.act(IDS, ActionKind.APPROVE, Review.APPROVED)
    store.reviews.undo(IDS[1])
    assert _words(store) == [Review.APPROVED, Review.PENDING, Review.APPROVED]
    store.reviews.undo_action()
    assert _words(store) == [Review.PENDING] * 3


def test_a_journal_of_before_keeps_its_texts_and_decisions(tmp_path: Path) -> None:
    """The first released tables, with rows of their time, become the present ones."""
    file = tmp_path / "d.sqlite"
    old = open_database(file, (*NIGHTS, *DREAMS, *ATTEMPTS, *REVIEWS, *SEARCH)).conn
    identifier = builders.scenario(1).id
    old.execute(
        "INSERT INTO dream (id, night_id, created_at, changed_at, state, review, title, pattern, origin, scenario, "
        "requirements, provenance, cost) VALUES (?, 'n', '2026-01-01', '2026-01-01', 'verified', 'approved', 't', 'p', "
        "'recorded', ?, '[]', '{}', '{}')",
        (identifier, builders.scenario(1).model_dump_json()),
    )
    old.execute("INSERT INTO dream_text VALUES (?, 'a title', 'a prompt', 'some code', 'toolz.groupby')", (identifier,))
    old.execute(
        "INSERT INTO decision (dream_id, review, previous, decided_at) VALUES (?, 'approved', 'pending', '2026-01-01')",
        (identifier,),
    )
    old.commit()
    old.close()

    store = Store(file)
    assert [hit.dream.id for hit in store.search.search("some code")] == [identifier]
    assert store.listing.page([identifier])[0].difficulty == builders.scenario(1).difficulty.score
    action = store.reviews.undo_action()
    assert action is not None and action.kind is ActionKind.APPROVE and action.dreams == (identifier,)
    store.close()
    with sqlite3.connect(file) as raw:
        assert raw.execute("SELECT review FROM dream").fetchone() == ("pending",)
    raw.close()


def test_one_action_is_taken_back_by_itself_and_later_words_stay() -> None:
    store = _filled(None)
    first = store.reviews.act(IDS, ActionKind.APPROVE, Review.APPROVED)
    later = store.reviews.act(IDS[:1], ActionKind.REJECT, Review.REJECTED)

    assert store.reviews.undo_one(first.id).id == first.id
    assert _words(store) == [Review.REJECTED, Review.PENDING, Review.PENDING]
    assert store.dreams.stale_folders() >= set(IDS)
    assert store.reviews.undo_one(first.id) is None  # it does not hold any more
    assert store.reviews.undoable().id == later.id
    store.reviews.undo_action()
    assert _words(store) == [Review.PENDING] * 3  # and not approved, which was taken back
    assert store.reviews.undo_one(4711) is None
