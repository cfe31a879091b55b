"""A model server that fails is infrastructure: no dream fails for it, none is lost, and waking cuts its answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.coder.recorded_coder import RecordedCoder
from dreamer_app.core.frozen import ModelUse
from dreamer_app.core.solving import NearMiss, Solved
from dreamer_app.core.types import Candidate, DreamState, NightEnd, Scenario, WovenScenario
from dreamer_app.engine.dream_engine import DreamEngine
from dreamer_app.engine.ports import NoModel
from dreamer_app.llm.model import ModelOfflineError
from tests import builders
from tests.engine.fakes import FakeWeaver, House, request


class OfflineCoder(RecordedCoder):
    """Its server is gone."""

    async def solve(self, woven: WovenScenario) -> Solved:
        raise ModelOfflineError("The model does not answer", "nobody is there")


class ThoughtfulCoder(RecordedCoder):
    """Mends the tests of the first scenario, and tried something wrong before."""

    async def solve(self, woven: WovenScenario) -> Solved:
        wrong = NearMiss(
            candidate=Candidate(solution="def group(words): ...", coder="model:m"), stage="tests", reason="?"
        )
        scenario = woven.scenario
        if scenario.id == builders.scenario(1).id:
            scenario = builders.scenario(2)
        return Solved(scenario=scenario, candidate=builders.candidate(2), near_misses=(wrong,))


class Models(NoModel):
    """Counts what the engine does with it."""

    def __init__(self) -> None:
        self.aborted = 0
        self.allowed = 0

    def abort_all(self) -> None:
        self.aborted += 1

    def allow(self) -> None:
        self.allowed += 1

    def asked(self, scenario: Scenario) -> ModelUse:
        return ModelUse(prompts={"solve": "1"}, models={"solve": "m"}, calls=3, tokens=120, seconds=2.5)

    def figures(self) -> dict[str, float]:
        return {"model.calls": 3.0}


async def night(house: House, coder: RecordedCoder, models: Models | None = None) -> NightEnd | None:
    from dataclasses import replace

    parts = replace(house.parts(), coder=coder, models=models or Models())
    return (await DreamEngine(parts).enter_rem_phase(request(dreams=2))).end


@pytest.mark.asyncio
async def test_an_outage_fails_no_dream_and_loses_none(tmp_path: Path) -> None:
    house = House(tmp_path, FakeWeaver(3))
    assert await night(house, OfflineCoder()) is NightEnd.FAILED
    assert house.store.dreams.ids(DreamState.FAILED) == frozenset()
    waiting = {trial.id for trial in house.store.dreams.waiting((builders.TOOLZ,))}
    assert waiting, "what was woven waits for the next night"
    assert await night(house, RecordedCoder()) is NightEnd.ENOUGH
    assert waiting <= house.store.dreams.ids(DreamState.VERIFIED)


@pytest.mark.asyncio
async def test_mended_tests_near_misses_and_cost_are_on_record(tmp_path: Path) -> None:
    house, models = House(tmp_path, FakeWeaver(1)), Models()
    await night(house, ThoughtfulCoder(), models)
    assert house.store.dreams.ids(DreamState.VERIFIED) == {builders.scenario(2).id}, "the scenario as it was mended"
    dream = house.store.dreams.get(builders.scenario(2).id)
    assert dream is not None and dream.cost.tokens == 120 and dream.provenance.prompts == {"solve": "1"}
    assert dream.provenance.model == {"models": {"solve": "m"}, "calls": 3, "seconds": 2.5}
    [miss] = house.store.attempts.near_misses(dream.id)
    assert miss.stage == "tests" and miss.candidate.solution.startswith("def group")
    assert house.store.nights.list()[0].figures["model.calls"] == 3
    assert models.allowed == 1


@pytest.mark.asyncio
async def test_waking_up_cuts_the_models_answers_first(tmp_path: Path) -> None:
    models = Models()
    engines: list[DreamEngine] = []

    async def before(n: int) -> None:
        engines[0].wake_up()

    house = House(tmp_path, FakeWeaver(3, before))
    from dataclasses import replace

    engines.append(DreamEngine(replace(house.parts(), models=models)))
    assert (await engines[0].enter_rem_phase(request())).end is NightEnd.WOKEN
    assert models.aborted == 1
