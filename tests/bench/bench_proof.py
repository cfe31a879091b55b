"""What the whole proof of a small dream costs on one core: every gate, mutation included, for dreams written by hand.

CPU seconds of the worker and of this process together, one dream at a time, workers prewarmed as in a night; beside
them the seconds by the clock, which mean something on a quiet computer only. The knowledge is that of the other
measurements of the Guardian, read the first time. `DREAMER_BENCH_PROOFS` sets how many dreams are proved.
"""

from __future__ import annotations

import asyncio
import os
import time
from itertools import islice

from dreamer_app.guardian.novelty import NoveltyIndex
from tests.bench.bench_guardian import at_court
from tests.bench.bench_weaver import spent
from tests.bench.by_hand import FOLDER, good_by_hand
from tests.bench.trust_figures import Proof, Seconds, keep
from tests.guardian.dreams import names

LIMIT = 5.0
"""CPU seconds of one core that a small dream may cost at the 95th percentile."""
PROOFS = int(os.environ.get("DREAMER_BENCH_PROOFS", "60"))


async def measure() -> None:
    """Every dream that is accepted; a refused one costs less and says nothing."""
    costs: list[float] = []
    walls: list[float] = []
    async with at_court() as (bench, pins):
        print(f"  load {os.getloadavg()[0]:.1f}; seconds of the processor, seconds by the clock", flush=True)
        dreams = zip(names(FOLDER), good_by_hand(pins), strict=True)
        for name, dream in islice(dreams, PROOFS):
            before, cpu, wall = spent(bench.sandbox), time.process_time(), time.monotonic()
            verdict = await bench.guardian.judge(dream.scenario, dream.candidate, bench.environment, NoveltyIndex())
            walls.append(time.monotonic() - wall)
            costs.append(spent(bench.sandbox) - before + time.process_time() - cpu)
            refused = f"  refused by {verdict.stopped_by.gate}" if verdict.stopped_by is not None else ""
            print(f"  {name:20s} {costs[-1]:5.2f} {walls[-1]:5.2f}{refused}", flush=True)
            if not verdict.accepted:
                del costs[-1], walls[-1]
    figures = Proof(proofs=len(costs), cpu=Seconds.of(costs), wall=Seconds.of(walls))
    for name, seconds in (("CPU", figures.cpu), ("clock", figures.wall)):
        print(f"  {name:5s} of {figures.proofs} proofs: p50 {seconds.half:.2f}  p95 {seconds.most:.2f} s")
    print(f"  limit {LIMIT:.0f} s CPU at p95: {'reached' if figures.cpu.most <= LIMIT else 'MISSED'}")
    keep(proof=figures)


def main() -> None:
    """Run the measurement."""
    asyncio.run(measure())
