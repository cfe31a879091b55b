"""The journal as a list: every qualifier finds what it says, in order, page by page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.journal_query import parse
from dreamer_app.core.types import Dream, DreamState, Night, Review
from dreamer_app.store.listing import Order
from dreamer_app.store.store import Store
from tests import builders


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def store(clock: ManualClock) -> Store:
    """Four dreams of two nights: two verified (one of two libraries, approved), one failed, one under way."""
    store = Store(None, clock)
    for n, night in ((1, "20260102T030405Z-1"), (2, "20260103T030405Z-2")):
        started = builders.WHEN + timedelta(days=n - 1)
        store.nights.open(Night(id=night, started_at=started, libraries=(builders.TOOLZ,), seed=n))
    for dream in (
        builders.verified(1, (builders.TOOLZ, builders.BOLTONS), review=Review.APPROVED),
        _later(builders.verified(2), 1),
    ):
        store.dreams.adopt(dream)
    failed = _later(builders.failed(3), 2)
    store.dreams.begin(failed.model_copy(update={"state": DreamState.RUNNING, "verdict": None}))
    store.dreams.settle(failed)
    store.dreams.begin(_later(builders.running(4, night_id="20260103T030405Z-2"), 3))
    return store


def _later(dream: Dream, hours: int) -> Dream:
    return dream.model_copy(update={"created_at": dream.created_at + timedelta(hours=hours)})


ONE = builders.scenario(1, (builders.TOOLZ, builders.BOLTONS)).id
TWO, THREE, FOUR = (builders.scenario(n).id for n in (2, 3, 4))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [FOUR, THREE, TWO, ONE]),
        ("review:pending", [TWO]),  # a word is asked about verified dreams only
        ("review:approved", [ONE]),
        ("state:verified", [TWO, ONE]),
        ("state:failed state:running", [FOUR, THREE]),
        ("-state:verified", [FOUR, THREE]),
        ("tier:recorded", [TWO, ONE]),
        ("gate:g6", [THREE]),
        ("night:last", [FOUR]),
        ("night:2026-01-02", [THREE, TWO, ONE]),
        ("night:20260103T030405Z-2", [FOUR]),
        ("lib:toolz lib:boltons", [ONE]),
        ("-lib:boltons", [FOUR, THREE, TWO]),
        ("api:BOLTONS.group", [ONE]),
        ("difficulty:>0.5", []),
        ("difficulty:<=0.4 state:failed", [THREE]),
        ("pattern:compose origin:recorded review:pending", [TWO]),
        ("by 2 letters", [TWO]),
        ('"words by 3"', [THREE]),
        ("group -cote", []),
        ("lambda lib:boltons", [ONE]),
        ("nothinglikethis", []),
    ],
)
def test_qualifiers(store: Store, typed: str, found: list[str]) -> None:
    assert store.listing.ids(parse(typed)) == found


def test_order_and_pages(store: Store) -> None:
    assert store.listing.ids(parse(""), Order.OLDEST) == [ONE, TWO, THREE, FOUR]
    by_title = store.listing.ids(parse(""), Order.TITLE)
    titles = [line.title for line in store.listing.page(by_title)]
    assert titles == sorted(titles) and len(titles) == 4
    [line] = store.listing.page([ONE, "gone"])
    assert line.libraries == ("boltons 25.0.0", "toolz 1.0.0") and line.difficulty == 0.4


def test_counts(store: Store) -> None:
    counted = {(one.state, one.review): one.dreams for one in store.listing.states()}
    assert counted[DreamState.VERIFIED, Review.APPROVED] == counted[DreamState.VERIFIED, Review.PENDING] == 1
    assert counted[DreamState.FAILED, Review.PENDING] == 1
    assert [(n.name, n.dreams) for n in store.listing.nights()] == [
        ("20260103T030405Z-2", 1),
        ("20260102T030405Z-1", 3),
    ]
    assert [(n.name, n.dreams) for n in store.listing.libraries()] == [("boltons", 1), ("toolz", 4)]


def test_an_edited_solution_is_what_is_found_and_shown(store: Store) -> None:
    dream = store.dreams.get(ONE)
    code = dream.candidate.solution.replace("word", "token")
    edited = dream.model_copy(update={"candidate": dream.candidate.model_copy(update={"solution": code})})
    assert store.take_edit(edited.model_copy(update={"verdict": builders.verdict(stopped_by="G5")})) is False
    assert store.dreams.get(ONE) == dream  # a refused edit changes nothing
    assert store.take_edit(edited) is True
    assert store.dreams.get(ONE).candidate.solution == code
    assert store.dreams.get(ONE).review is Review.PENDING  # it needs a new word
    assert store.listing.ids(parse("token")) == [ONE]
    assert [one.purpose for one in store.attempts.of(ONE)] == ["dream", "edit", "edit"]
    assert store.attempts.of(ONE)[0].solution == dream.candidate.solution
