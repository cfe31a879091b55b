from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dreamer_app.core.paths import DataPaths
from dreamer_app.service.dreamer import NightOrder
from dreamer_app.store.nightmares import Nightmare
from tests import builders
from tests.api.fakes import World, api_world
from tests.engine.fakes import FakeJudge
from tests.service.fakes import FakeWorld

FIRST, SECOND, THIRD = (builders.scenario(n).id for n in (1, 2, 3))


@pytest.fixture
async def dreamt(paths: DataPaths) -> AsyncIterator[World]:
    fakes = FakeWorld(judge=FakeJudge(lambda n: builders.verdict(stopped_by="G6") if n == 1 else None))
    async with api_world(paths, fakes=fakes) as world:
        await world.dreamer.night(NightOrder(libraries=("toolz",), dreams=2, seed=1, workers=1))
        yield world


async def test_dreams_are_listed_and_filtered(dreamt: World) -> None:
    _, dreams = await dreamt.ask("GET", "/journal")
    assert {dream["id"] for dream in dreams} == {SECOND, THIRD}
    _, failed = await dreamt.ask("GET", "/journal?state=failed")
    assert [(dream["id"], dream["stopped_by"]) for dream in failed] == [(FIRST, "G6")]
    assert len((await dreamt.ask("GET", "/journal?limit=1"))[1]) == 1
    assert (await dreamt.ask("GET", "/journal?library=rich"))[1] == []
    assert (await dreamt.ask("GET", "/journal?limit=0"))[0] == 422
    _, hits = await dreamt.ask("GET", "/journal/search?query=3+letters")
    assert [hit["dream"]["id"] for hit in hits] == [THIRD]


async def test_a_dream_is_shown_whole(dreamt: World) -> None:
    status, page = await dreamt.ask("GET", f"/journal/{SECOND[:6]}")
    assert status == 200 and page["dream"]["id"] == SECOND and page["dream"]["verdict"]["accepted"] is True
    assert page["folder"].endswith(f"dream_{SECOND}")
    status, answer = await dreamt.ask("GET", "/journal/ffffffff")
    assert status == 409 and answer["error"]["title"] == "There is no such dream"


async def test_decisions_are_taken_and_undone(dreamt: World) -> None:
    status, decision = await dreamt.ask("POST", f"/journal/{SECOND}/approve", {"reason": "useful"})
    assert (status, decision["review"], decision["reason"]) == (200, "approved", "useful")
    assert (await dreamt.ask("POST", f"/journal/{THIRD}/reject"))[1]["review"] == "rejected"
    assert {d["id"] for d in (await dreamt.ask("GET", "/journal?review=approved"))[1]} == {SECOND}
    assert (await dreamt.ask("POST", "/journal/undo"))[1]["dream_id"] == THIRD
    assert (await dreamt.ask("POST", "/journal/undo", {"dream": SECOND}))[1]["dream_id"] == SECOND
    status, answer = await dreamt.ask("POST", "/journal/undo")
    assert status == 409 and answer["error"]["title"] == "There is nothing to undo"


async def test_nights_are_told_with_their_figures(dreamt: World) -> None:
    _, [night] = await dreamt.ask("GET", "/nights")
    assert (night["end"], night["figures"]["verified"]) == ("enough dreams", 2)


async def test_nightmares_are_told_by_library(dreamt: World) -> None:
    assert await dreamt.ask("GET", "/nightmares") == (200, [])
    found = Nightmare(
        kind="example", key="example:1", title="Guide", version="1.0.0", place="page.rst:2", why="differs",
        error="documented '9', got '1'", reproduction="print(1)\n",
    )  # fmt: skip
    dreamt.dreamer.store.nightmares.keep_run(builders.TOOLZ, [found], {"held": 8, "broken": 1})
    _, [library] = await dreamt.ask("GET", "/nightmares?library=Toolz")
    assert (library["library"], library["run"]["counts"]["held"]) == ("toolz", 8)
    assert [one["reproduction"] for one in library["nightmares"]] == ["print(1)\n"]
