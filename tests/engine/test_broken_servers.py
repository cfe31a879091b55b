"""Whole nights against servers that fail in every way that is known: real client, real council, real coder and weaver.

None hangs, none loses a dream, and each is an outage of the infrastructure, never a dream that failed.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from dreamer_app.coder.bench import TestBench as Bench
from dreamer_app.coder.council import Council, NoLessons
from dreamer_app.coder.model_coder import ModelCoder
from dreamer_app.coder.recorded_coder import RecordedCoder
from dreamer_app.core.events import Event, Warned
from dreamer_app.core.settings import Settings
from dreamer_app.core.settings.model import ModelSettings
from dreamer_app.core.types import Candidate, DreamState, NightEnd, Receipt, Scenario, WovenScenario
from dreamer_app.engine.dream_engine import DreamEngine
from dreamer_app.llm.prompts import PromptShelf
from dreamer_app.weaver.model_weaver.model_weaver import ModelWeaver
from tests import builders
from tests.engine.fakes import FakeSandbox, FakeWeaver, House, request
from tests.guardian.knowledge import SmallGraph
from tests.llm.rooms import client_of, no_pause
from tests.scripted_server.script import Script
from tests.scripted_server.server import serving
from tests.weaver.model.test_model_weaver import APIS, EXAMPLE, Same

IMPATIENT = ModelSettings(
    connect_seconds=0.5, first_token_seconds=0.2, between_tokens_seconds=0.15, answer_seconds=0.4, outage_seconds=0.2
)
BROKEN = ("stalled", "silent", "slow", "truncated", "too_busy", "broken", "malformed", "vanishing")
HANGS = 60.0
"""Seconds after which a night counts as hanging; the slowest of these needs two."""


class Imagined(FakeWeaver):
    """Scenarios that a model imagined before its server failed: they must be solved by others."""

    async def weave(self, request):  # type: ignore[no-untyped-def,override]
        async for woven in super().weave(request):
            yield WovenScenario(
                scenario=woven.scenario.model_copy(update={"origin": "model:m"}), reference=woven.reference
            )


async def nothing_against_it(_scenario: Scenario, _candidate: Candidate) -> Receipt | None:
    return None


async def night(house: House, coder: RecordedCoder | ModelCoder, heard: list[Event] | None = None) -> NightEnd | None:
    engine = DreamEngine(replace(house.parts(), coder=coder), (heard if heard is not None else []).append)
    async with asyncio.timeout(HANGS):
        return (await engine.enter_rem_phase(request(dreams=2))).end


@pytest.mark.parametrize("scenario", BROKEN)
async def test_a_server_that_fails_while_dreams_are_solved(tmp_path: Path, scenario: str) -> None:
    house, heard = House(tmp_path, Imagined(2)), list[Event]()
    with serving(Script.load(scenario)) as server:
        client = client_of(server.url, IMPATIENT, sleep=no_pause)
        council = Council(client, SmallGraph(APIS), PromptShelf(), lessons=NoLessons(), attempts=2, answer_tokens=512)
        coder = ModelCoder(council, Bench(house.sandbox), nothing_against_it, repairs=1)
        assert await night(house, coder, heard) is NightEnd.FAILED
        assert server.chats, "the server was asked"
        await client.close()
    assert any(isinstance(event, Warned) and event.kind == "infrastructure" for event in heard)
    assert house.store.dreams.ids(DreamState.FAILED) == frozenset() and house.judge.asked == []
    waiting = {trial.id for trial in house.store.dreams.waiting((builders.TOOLZ,))}
    assert waiting, "what was woven waits"
    assert await night(house, RecordedCoder()) is NightEnd.ENOUGH, "the next night has another server"
    assert waiting <= house.store.dreams.ids(DreamState.VERIFIED)


@pytest.mark.parametrize("scenario", ["stalled", "broken"])
async def test_a_server_that_fails_while_dreams_are_woven(tmp_path: Path, scenario: str) -> None:
    heard = list[Event]()
    with serving(Script.load(scenario)) as server:
        client = client_of(server.url, IMPATIENT, sleep=no_pause)
        weaver = ModelWeaver(
            client,
            SmallGraph(APIS, (EXAMPLE,)),
            FakeSandbox(),
            Settings(model=IMPATIENT),
            muse=Same(),
            recorded=FakeWeaver(0),
            shelf=PromptShelf(),
        )
        house = House(tmp_path, weaver)
        assert await night(house, RecordedCoder(), heard) is NightEnd.FAILED
        assert server.chats and weaver.figures() == {}, "an outage is no useless answer"
        await client.close()
    assert any(isinstance(event, Warned) and event.message.startswith("weaving:") for event in heard)
    assert house.store.dreams.ids(DreamState.FAILED) == frozenset()
