"""No forger gets a verdict; the judge that most people use would believe many of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from dreamer_app.guardian.gates.clean_run import event_problems
from dreamer_app.sandbox.blind import blind, judge, perturb
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.jobs import BatteryJob, PytestJob, Variant
from tests.hostile.forgers import FORGERS, HONEST, TESTS, WRONG
from tests.sandbox.conftest import Workplace

pytestmark = pytest.mark.docker

FEWEST = 40
BELIEVED_BY_EXIT_CODE = 15
"""Fewer would mean that the corpus does not bite."""


@dataclass(frozen=True)
class Judged:
    """What three judges say of one solution: plain pytest's exit code, the blind run, all looks together."""

    exit_code: bool
    blind: bool
    all: bool


async def judged(sandbox: DockerSandbox, workplace: Workplace, solution: str) -> Judged:
    """One solution in a worker of its own."""
    tests = blind(TESTS)
    variants = (Variant(id="clean"), Variant(id="probe", tests=perturb(TESTS)))
    battery = BatteryJob(solution=solution, tests=tests.source, test_names=tests.test_names, variants=variants, wall=5)
    plain = PytestJob(files={"solution.py": solution, "test_solution.py": TESTS}, wall=10)
    async with sandbox.worker(workplace.environment, "dream") as worker:
        clean, probe = (await worker.battery(battery)).variants
        ran = await worker.pytest(plain)
    seen = judge(tests, clean).passed
    noticed = all(name in probe.tests and probe.tests[name].outcome == "raised" for name in tests.test_names)
    events = not event_problems(ran, tests.test_names)
    return Judged(ran.status == "exited" and ran.exit_code == 0, seen, seen and noticed and events)


async def test_no_forger_gets_a_verdict(workplace: Workplace) -> None:
    sandbox = await workplace.open(keep=2)
    verdicts: dict[str, Judged] = {}
    waiting = iter({**FORGERS, "honest": HONEST, "wrong": WRONG}.items())

    async def bench() -> None:
        for name, solution in waiting:
            verdicts[name] = await judged(sandbox, workplace, solution)

    async with asyncio.TaskGroup() as group:
        group.create_task(bench())
        group.create_task(bench())
    assert len(FORGERS) >= FEWEST
    assert verdicts["honest"] == Judged(exit_code=True, blind=True, all=True)
    assert verdicts["wrong"] == Judged(exit_code=False, blind=False, all=False)
    assert [name for name in FORGERS if verdicts[name].blind] == []
    assert [name for name in FORGERS if verdicts[name].all] == []
    believed = [name for name in FORGERS if verdicts[name].exit_code]
    assert len(believed) >= BELIEVED_BY_EXIT_CODE, believed
