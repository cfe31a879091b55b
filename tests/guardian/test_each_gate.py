"""Take a gate away and some planted bad dream is accepted: no gate is there for show."""

from __future__ import annotations

import asyncio

import pytest

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.settings import GuardianSettings
from dreamer_app.guardian.guardian import Guardian, reading_gates, running_gates
from tests.guardian.conftest import Court
from tests.guardian.dreams import Planted, load
from tests.guardian.knowledge import EXAMPLES, SmallGraph
from tests.guardian.test_planted import earlier_dreams

pytestmark = [pytest.mark.docker, pytest.mark.network, pytest.mark.asyncio(loop_scope="module")]

ONLY = {
    "G0": "placeholder",
    "G1": "flaky_random",
    "G2": "wrong_kind",
    "G3": "insecure_digest",
    "G4": "duplicate",
    "G5": "deprecated_truth",
    "G6": "half_vacuous_suite",
    "G7": "one_api_only",
    "G8": "flaky_home",
    "G9": "untested_branch",
}
"""Gate to a planted dream that no other one refuses."""


def lenient(court: Court, gate: str) -> Guardian:
    """The Guardian without one gate."""
    guardian = Guardian(court.sandbox, SmallGraph(examples=EXAMPLES[:1]), GuardianSettings())
    guardian._reading = tuple(one for one in guardian._reading if one.id != gate)
    guardian._running = tuple(one for one in guardian._running if one.id != gate)
    return guardian


async def test_every_gate_is_taken_away_once() -> None:
    clock = SystemClock()
    assert list(ONLY) == [gate.id for gate in (*reading_gates(clock), *running_gates(clock))]


async def test_without_any_one_gate_a_bad_dream_is_accepted(court: Court) -> None:
    seen: dict[str, tuple[bool, bool]] = {}
    waiting = iter(ONLY.items())

    async def accepted(guardian: Guardian, planted: Planted) -> bool:
        index = earlier_dreams(planted)
        verdict = await guardian.verify(planted.scenario, planted.candidate, court.environment, index)
        return verdict.accepted

    async def bench() -> None:
        for gate, name in waiting:
            planted = load("bad", name)
            seen[gate] = (await accepted(court.guardian, planted), await accepted(lenient(court, gate), planted))

    async with asyncio.TaskGroup() as group:
        group.create_task(bench())
        group.create_task(bench())
    assert dict(sorted(seen.items())) == dict.fromkeys(ONLY, (False, True))
