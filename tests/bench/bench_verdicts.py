"""How many dreams a minute get their verdict: blind run, plain pytest and probe run, each in a worker of its own.

Single-use workers, one at work per processor core while the next ones are prewarmed. The other gates are not in it:
what they cost depends on the dream, and `weaver` measures the whole proof.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import LibraryPin
from dreamer_app.sandbox.blind import BlindTests, blind, judge, perturb
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.jobs import BatteryJob, Environment, PytestJob, Variant
from tests.bench.bench_weaver import spent
from tests.bench.bench_worker import NETWORKX, PYDANTIC, TEXTUAL, Case
from tests.sandbox.conftest import own_sandbox

TARGETS = ((PYDANTIC, 80), (NETWORKX, 80), (TEXTUAL, 40))
"""Dreams a minute on two cores, as a prototype reached them."""
DREAMS = int(os.environ.get("DREAMER_BENCH_VERDICTS", "40"))


async def verdict(sandbox: DockerSandbox, environment: Environment, case: Case, tests: BlindTests) -> None:
    """One dream's verdict.

    Raises:
        RuntimeError: The dream, which is a good one, was not accepted.
    """
    variants = (Variant(id="clean", coverage=True), Variant(id="probe", tests=perturb(case.tests)))
    battery = BatteryJob(
        solution=case.solution, tests=tests.source, test_names=tests.test_names, variants=variants, wall=30
    )
    plain = PytestJob(files={"solution.py": case.solution, "test_solution.py": case.tests})
    async with sandbox.worker(environment, "dream") as worker:
        clean, probe = (await worker.battery(battery)).variants
        exit_code = (await worker.pytest(plain)).exit_code
    noticed = [probe.tests[name].outcome == "raised" for name in tests.test_names]
    if not judge(tests, clean).passed or exit_code != 0 or not all(noticed):
        raise RuntimeError(f"{case.library}: a good dream was not accepted")


async def verdicts(sandbox: DockerSandbox, environment: Environment, case: Case, tests: BlindTests, count: int) -> None:
    """Several, one after the other."""
    for _ in range(count):
        await verdict(sandbox, environment, case, tests)


async def measure(folder: Path) -> None:
    """Every library, one after the other."""
    paths = DataPaths(folder)
    paths.create()
    cores = os.cpu_count() or 1
    async with own_sandbox(paths, keep=cores) as sandbox:
        print(f"{cores} CPUs, load {os.getloadavg()[0]:.1f}; verdicts a minute with {cores} dreams at a time")
        for case, target in TARGETS:
            environment = await sandbox.environment([LibraryPin(name=case.library, version=case.version)])
            tests = blind(case.tests)
            await verdict(sandbox, environment, case, tests)
            before, started = spent(sandbox), time.monotonic()
            async with asyncio.TaskGroup() as workers:
                for share in range(cores):
                    count = len(range(share, DREAMS, cores))
                    workers.create_task(verdicts(sandbox, environment, case, tests, count))
            wall, cpu = time.monotonic() - started, spent(sandbox) - before
            reached = DREAMS / wall * 60
            print(
                f"  {case.library:9s} {reached:6.1f}  {'>=' if reached >= target else 'MISSED'} {target}"
                f"   ({cpu / DREAMS * 1000:.0f} ms CPU in workers each)",
                flush=True,
            )


def main() -> None:
    """Run the measurement in a temporary data folder."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))
