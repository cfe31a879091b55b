"""Debug dreams over real workers: the fault is real, not plain to see, and needs no model."""

from __future__ import annotations

import pytest

from dreamer_app.core.types import Dream
from dreamer_app.sandbox.blind import blind, judge
from dreamer_app.sandbox.jobs import BatteryJob, Variant
from dreamer_app.service.faults import debug_weaver
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from tests import builders
from tests.guardian.conftest import Court
from tests.guardian.dreams import Planted
from tests.guardian.knowledge import PINS

REQUEST = WeaveRequest(libraries=tuple(PINS.values()), seed=3)


def dream_of(planted: Planted) -> Dream:
    scenario = planted.scenario
    return builders.verified().model_copy(
        update={"id": scenario.id, "scenario": scenario, "candidate": planted.candidate}
    )


@pytest.mark.docker
@pytest.mark.network
@pytest.mark.asyncio(loop_scope="module")
class TestWithWorkers:
    """What only shows when solutions really run."""

    async def test_some_tests_notice_the_fault_and_others_do_not(self, court: Court, households: Planted) -> None:
        dream = dream_of(households)
        [woven] = [one async for one in debug_weaver([dream], court.sandbox).weave(REQUEST)]
        scenario = woven.scenario
        assert scenario.base == dream.id and scenario.id != dream.id and woven.reference == dream.candidate
        assert scenario.broken and scenario.broken.strip() in scenario.prompt
        assert "and should give" in scenario.prompt or "ends with" in scenario.prompt, "one failure is shown"
        assert dream.candidate.solution.strip() not in scenario.prompt, "the answer is not in the task"
        tests = blind(scenario.tests)
        job = BatteryJob(
            solution=dream.candidate.solution,
            tests=tests.source,
            test_names=tests.test_names,
            variants=(Variant(id="broken", solution=scenario.broken),),
            wall=20.0,
        )
        async with court.sandbox.worker(court.environment, "dream") as worker:
            [result] = (await worker.battery(job)).variants
        assert 0 < len(judge(tests, result).failures) < len(tests.test_names)

    async def test_a_dream_is_developed_once(self, court: Court, households: Planted) -> None:
        dream = dream_of(households)
        other = dream.model_copy(
            update={"id": "0" * 12, "scenario": dream.scenario.model_copy(update={"base": dream.id})}
        )
        assert [one async for one in debug_weaver([dream, other], court.sandbox).weave(REQUEST)] == []
