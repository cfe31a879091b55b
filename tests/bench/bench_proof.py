"""What the whole proof of a small dream costs on one core: every gate, mutation included, for dreams written by hand.

CPU seconds of the worker and of this process together, one dream at a time, workers prewarmed as in a night. The
knowledge is that of the other measurements of the Guardian (`make bench BENCH=guardian` reads it first).
"""

from __future__ import annotations

import asyncio
import time
from statistics import quantiles

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.guardian.guardian import Guardian
from dreamer_app.guardian.novelty import NoveltyIndex
from dreamer_app.oracle.ingest import Oracle
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.sandbox.docker.open import open_sandbox
from tests.bench.bench_guardian import FOLDER
from tests.bench.bench_weaver import LIBRARIES, spent
from tests.bench.by_hand import good_by_hand
from tests.sandbox.conftest import favour, own_slice, remove_group

LIMIT = 5.0
"""CPU seconds of one core that a small dream may cost at the 95th percentile."""


async def measure() -> None:
    """Every dream that is accepted; a refused one costs less and says nothing."""
    paths = DataPaths(FOLDER / "data")
    paths.create()
    settings = Settings()
    oracle = Oracle(paths, settings)
    for library in LIBRARIES:
        if not any(pin.name == library for pin in oracle.graph().libraries()):
            await oracle.ingest(f"pypi:{library}")
    pins = oracle.graph().libraries()
    engine = Engine.connect()
    group = own_slice(engine.facts())
    engine.api.close()
    sandbox = await open_sandbox(settings, paths, group=group)
    favour(group)
    costs: list[float] = []
    walls: list[float] = []
    try:
        environment = await sandbox.environment(pins)
        guardian = Guardian(sandbox, oracle.graph(), settings.guardian)
        for dream in good_by_hand(pins):
            before, cpu, wall = spent(sandbox), time.process_time(), time.monotonic()
            verdict = await guardian.judge(dream.scenario, dream.candidate, environment, NoveltyIndex())
            if verdict.accepted:
                costs.append(spent(sandbox) - before + time.process_time() - cpu)
                walls.append(time.monotonic() - wall)
    finally:
        await sandbox.close()
        remove_group(group)
    for name, seconds in (("CPU", costs), ("wall", walls)):
        steps = quantiles(seconds, n=100, method="inclusive")
        print(f"  {name:4s} seconds of {len(seconds)} proofs: p50 {steps[49]:.2f}  p95 {steps[94]:.2f}", flush=True)
    reached = quantiles(costs, n=100, method="inclusive")[94]
    print(f"  limit {LIMIT:.0f} s CPU at p95: {'reached' if reached <= LIMIT else 'MISSED'}")


def main() -> None:
    """Run the measurement."""
    asyncio.run(measure())
