from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.types import Review
from dreamer_app.service.academy import Academy
from dreamer_app.store.seeds import Seed
from dreamer_app.store.sowing import SeedKind
from dreamer_app.store.store import Store
from tests import builders
from tests.service.fakes import FakeGraph


class KnowingGraph(FakeGraph):
    """Knows one API by two names."""

    def api(self, name):
        known = {"toolz.groupby", "toolz.itertoolz.groupby"}
        return type("Api", (), {"key": "toolz.groupby"})() if name in known else None


@pytest.fixture
def store():
    opened = Store(None)
    yield opened
    opened.close()


@pytest.fixture
def academy(store: Store) -> Academy:
    return Academy(store, lambda: KnowingGraph((builders.TOOLZ,)), SystemClock())


def interest(academy: Academy) -> dict[str, float]:
    return academy.interest(KnowingGraph((builders.TOOLZ,)))


def test_a_project_is_a_seed_and_reading_it_again_replaces_what_was_read(academy: Academy, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("from toolz.itertoolz import groupby\nimport zeppelin\n", encoding="utf-8")
    assert academy.sow_folder(tmp_path) == 2
    assert set(interest(academy)) == {"toolz.groupby"}
    (tmp_path / "app.py").write_text("import toolz\n", encoding="utf-8")
    assert academy.sow_folder(tmp_path) == 1
    assert set(interest(academy)) == {"toolz"}
    assert academy.forget_seeds(str(tmp_path)) == 1 and interest(academy) == {}


def test_a_failure_is_kept_with_its_last_line_and_known_names_only(academy: Academy) -> None:
    text = "  x = toolz.groupby(rows, len)\nfoo.bar.baz\nTypeError: 'list' object is not callable\n"
    assert academy.sow_failure(text, "pytest.log") == 2
    assert {seed.name for seed in academy.seeds()} == {"toolz", "toolz.groupby"}
    assert {seed.note for seed in academy.seeds()} == {"TypeError: 'list' object is not callable"}
    assert academy.sow_failure("nothing", "pytest.log") == 0 and academy.seeds() == ()


def test_a_wish_is_kept_though_nobody_knows_it_yet(academy: Academy) -> None:
    assert (academy.sow_wish("toolz.groupby"), academy.sow_wish("zeppelin")) == (1, 0)
    assert len(academy.seeds()) == 2 and interest(academy) == {"toolz.groupby": pytest.approx(0.7, abs=0.01)}


def test_rejected_dreams_are_seeds_with_their_reason_until_that_is_undone(academy: Academy, store: Store) -> None:
    dream = builders.verified(1)
    store.dreams.adopt(dream)
    store.reviews.decide(dream.id, Review.REJECTED, "reads silly")
    [seed] = academy.seeds()
    assert (seed.kind, seed.name, seed.source, seed.note) == (
        SeedKind.REJECTED,
        "toolz.groupby",
        dream.id,
        "reads silly",
    )
    assert set(interest(academy)) == {"toolz.groupby"}
    store.reviews.undo()
    assert academy.seeds() == ()


def test_failures_that_an_agent_reported_are_seeds(academy: Academy, store: Store) -> None:
    store.seeds.put(Seed(by="mcp", what="groups by nothing", library="toolz", apis=("toolz.groupby",)))
    [seed] = academy.seeds()
    assert (seed.kind, seed.name, seed.source, seed.note) == (
        SeedKind.REPORT,
        "toolz.groupby",
        "mcp",
        "groups by nothing",
    )
    assert set(interest(academy)) == {"toolz.groupby"}
