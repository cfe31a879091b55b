"""How many dreams a minute of processor time gives on five doctest-rich libraries, woven and fully judged.

Libraries are ingested first; what is measured is weaving (workers and this program) and the Guardian's proof. Printed
are the accepted dreams per CPU-minute, the share that needs two libraries, the distinct API nodes over the first 50,
the mean mutation score, and 50 tasks drawn at random for a person to judge.
"""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import Verdict, WovenScenario
from dreamer_app.guardian.guardian import Guardian
from dreamer_app.guardian.novelty import NoveltyIndex
from dreamer_app.oracle.ingest import Oracle
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.weaver.recorded_weaver.functions import FunctionFamily
from dreamer_app.weaver.recorded_weaver.recorded_weaver import RecordedWeaver
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from tests.sandbox.conftest import own_sandbox

LIBRARIES = ("networkx", "toolz", "more-itertools", "sortedcontainers", "boltons")
WANTED = int(os.environ.get("DREAMER_BENCH_DREAMS", "120"))
TARGETS = {"accepted per CPU-minute": 40, "share with two libraries": 1 / 3, "API nodes over 50": 30}
DRAWN = 50


def print_figures(
    woven: list[WovenScenario], verdicts: list[Verdict], weaving: float, judging: float, wall: float
) -> None:
    """Figures beside what must be reached."""
    accepted = [one for one, verdict in zip(woven, verdicts, strict=True) if verdict.accepted]
    scores = [
        float(str(receipt.evidence["score"]))
        for verdict in verdicts
        if verdict.accepted
        for receipt in verdict.receipts
        if receipt.gate == "G9"
    ]
    two = sum(len(one.scenario.libraries) > 1 for one in accepted)
    nodes = {use.name for one in accepted[:50] for use in one.scenario.uses_api}
    minutes = (weaving + judging) / 60
    stopped = Counter(str(v.stopped_by.gate) for v in verdicts if v.stopped_by is not None)
    print(f"woven {len(woven)}, accepted {len(accepted)}, stopped by gate {dict(stopped)}")
    print(f"CPU seconds: weaving {weaving:.1f}, judging {judging:.1f}; wall {wall:.1f} s")
    print(f"accepted per CPU-minute   {len(accepted) / minutes:6.1f}   (at least {TARGETS['accepted per CPU-minute']})")
    print(f"share with two libraries  {two / max(1, len(accepted)):6.2f}   (at least 0.33)")
    print(f"API nodes over 50         {len(nodes):6}   (at least {TARGETS['API nodes over 50']})")
    print(f"mean mutation score       {sum(scores) / max(1, len(scores)):6.3f}")
    drawn = random.Random(50).sample(accepted, min(DRAWN, len(accepted)))
    for one in drawn:
        print(f"- {one.scenario.title} [{', '.join(pin.name for pin in one.scenario.libraries)}]")
        print(f"  {' '.join(line for line in one.scenario.prompt.splitlines() if line[:1].isdigit())}")


def spent(sandbox: DockerSandbox) -> float:
    """Processor seconds of all workers so far, 0 where nobody can tell."""
    return (sandbox.brake.cpu_seconds() if sandbox.brake is not None else None) or 0.0


async def measure(paths: DataPaths) -> None:
    """One weaving and judging."""
    settings = Settings()
    oracle = Oracle(paths, settings)
    for library in LIBRARIES:
        await oracle.ingest(f"pypi:{library}")
    knowledge = oracle.graph()
    pins = knowledge.libraries()
    async with own_sandbox(paths, settings) as sandbox:
        environment = await sandbox.environment(pins)
        weaver = RecordedWeaver(knowledge, sandbox, settings, families=[FunctionFamily()])
        woven: list[WovenScenario] = []
        own, workers, wall = time.process_time(), spent(sandbox), time.monotonic()
        async for one in weaver.weave(WeaveRequest(libraries=pins, seed=1, wanted=WANTED)):
            woven.append(one)
            if len(woven) >= WANTED:
                break
        weaving = time.process_time() - own + spent(sandbox) - workers
        guardian, novelty = Guardian(sandbox, knowledge, settings.guardian), NoveltyIndex()
        own, workers = time.process_time(), spent(sandbox)
        verdicts = []
        for one in woven:
            assert one.reference is not None
            verdicts.append(await guardian.judge(one.scenario, one.reference, environment, novelty))
        judging = time.process_time() - own + spent(sandbox) - workers
        print_figures(woven, verdicts, weaving, judging, time.monotonic() - wall)


def main() -> None:
    """Run the measurement in a temporary data folder."""
    with tempfile.TemporaryDirectory() as folder:
        paths = DataPaths(Path(folder))
        paths.create()
        asyncio.run(measure(paths))
