"""How often the Guardian is wrong: bad dreams that it accepts, by class, and good ones that it rejects.

Good dreams are woven from five libraries; bad ones are made from them by seed. A changed solution counts as wrong when
it answers differently on inputs that its tests do not contain. Printed are the false accepts with the upper end of
their 95 % interval (Wilson), which gate stopped what, and the false rejects. `DREAMER_BENCH_PLANTED` sets how many per
class.
"""

from __future__ import annotations

import ast
import asyncio
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from random import Random

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import Candidate, Scenario, Verdict, WovenScenario
from dreamer_app.guardian.guardian import Guardian
from dreamer_app.guardian.mutation.mutants import mutants
from dreamer_app.guardian.novelty import NoveltyIndex
from dreamer_app.oracle.ingest import Oracle
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.sandbox.docker.open import open_sandbox
from dreamer_app.sandbox.jobs import Environment
from dreamer_app.weaver.recorded_weaver.functions import FunctionFamily
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from dreamer_app.weaver.recorded_weaver.recorded_weaver import RecordedWeaver
from dreamer_app.weaver.recorded_weaver.rehearsal import Altered, Stage
from dreamer_app.weaver.recorded_weaver.values import vary_list
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from tests.bench.bench_weaver import LIBRARIES
from tests.planted.generated import MAKERS, Spoiled
from tests.sandbox.conftest import favour, own_slice, remove_group

PER_CLASS = int(os.environ.get("DREAMER_BENCH_PLANTED", "24"))
GOOD = int(os.environ.get("DREAMER_BENCH_GOOD", "24"))
MUTANTS = 20
FRESH_INPUTS = 24
TOGETHER = 2
SEED = 20


def upper_end(accepted: int, of: int, z: float = 1.96) -> float:
    """Upper end of Wilson's 95 % interval of a share."""
    if not of:
        return 1.0
    share = accepted / of
    middle = share + z * z / (2 * of)
    return (middle + z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))) / (1 + z * z / of)


async def good_dreams(knowledge: object, sandbox: DockerSandbox, pins: tuple[object, ...]) -> list[WovenScenario]:
    """Woven ones, with their reference solutions."""
    weaver = RecordedWeaver(knowledge, sandbox, Settings(), families=[FunctionFamily()])  # type: ignore[arg-type]
    found: list[WovenScenario] = []
    stream = weaver.weave(WeaveRequest(libraries=pins, seed=SEED, wanted=GOOD))  # type: ignore[arg-type]
    async for one in stream:
        found.append(one)
        if len(found) >= GOOD:
            break
    await stream.aclose()  # type: ignore[attr-defined]
    return found


def fresh_inputs(scenario: Scenario, rng: Random) -> tuple[tuple[object, ...], ...]:
    """Argument tuples near those of the tests, none of them among those."""
    known: list[tuple[object, ...]] = []
    for node in ast.walk(ast.parse(scenario.tests)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == scenario.entry_point:
            known.append(tuple(ast.literal_eval(argument) for argument in node.args))
    pool = [item for case in known if isinstance(case[0], list) for item in case[0]]
    seen = {repr(case) for case in known}
    found = [
        (changed, *rng.choice(known)[1:])
        for case in known
        if isinstance(case[0], list) and case[0]
        for changed in vary_list(case[0], pool, rng, 6)
    ]
    fresh = [case for case in found if repr(case) not in seen]
    return tuple(rng.sample(fresh, min(FRESH_INPUTS, len(fresh))))


async def wrong_solutions(
    good: Sequence[WovenScenario], sandbox: DockerSandbox, pins: tuple[object, ...], count: int
) -> list[Spoiled]:
    """Changed solutions that were seen to answer differently on inputs outside of their tests."""
    rng = Random(SEED)
    owners: dict[str, tuple[Scenario, str]] = {}
    programs: list[Altered] = []
    for number, one in enumerate(good):
        assert one.reference is not None
        calls = fresh_inputs(one.scenario, rng)
        source = one.reference.solution
        for mutant in mutants(ast.parse(source), limit=MUTANTS, seed=SEED + number):
            key = f"{number}:{mutant.id}"
            owners[key] = (one.scenario, mutant.source)
            programs.append(Altered(key, mutant.source, one.scenario.entry_point, calls, source))
    async with WorkerLoom(sandbox, pins) as loom:  # type: ignore[arg-type]
        differing = await Stage(loom).compare(programs)
    wrong = [key for key in owners if differing.get(key)]
    chosen = rng.sample(wrong, min(count, len(wrong)))
    return [Spoiled(owners[key][0], Candidate(solution=owners[key][1], coder="recorded")) for key in chosen]


def spoiled(kind: str, good: Sequence[WovenScenario], count: int) -> Iterator[Spoiled]:
    """Bad dreams of one class, all different."""
    seen: set[tuple[str, str, str]] = set()
    for attempt in range(count * 8):
        rng = Random(f"{kind}:{SEED}:{attempt}")
        one = good[attempt % len(good)]
        assert one.reference is not None
        made = MAKERS[kind](one.scenario, one.reference.solution, rng)
        if made is None or len(seen) >= count:
            continue
        key = (made.scenario.tests, made.candidate.solution, made.scenario.prompt)
        if key not in seen:
            seen.add(key)
            yield made


async def judged(guardian: Guardian, environment: Environment, dreams: Sequence[Spoiled]) -> list[Verdict]:
    """Verdicts, some at a time; every dream meets an empty journal unless it is a duplicate."""
    verdicts: dict[int, Verdict] = {}
    waiting = iter(enumerate(dreams))

    async def bench() -> None:
        for number, dream in waiting:
            index = NoveltyIndex()
            if dream.earlier:
                index.add("earlier", dream.candidate.solution)
            verdicts[number] = await guardian.judge(dream.scenario, dream.candidate, environment, index)

    async with asyncio.TaskGroup() as group:
        for _ in range(TOGETHER):
            group.create_task(bench())
    return [verdicts[number] for number in range(len(dreams))]


def print_class(name: str, verdicts: Sequence[Verdict], seconds: float) -> None:
    """One line of the table."""
    accepted = sum(verdict.accepted for verdict in verdicts)
    gates = Counter(verdict.stopped_by.gate for verdict in verdicts if verdict.stopped_by is not None)
    stopped = ", ".join(f"{gate} {count}" for gate, count in sorted(gates.items()))
    print(
        f"  {name:22s} {accepted:3d} of {len(verdicts):3d}   <= {upper_end(accepted, len(verdicts)):6.1%}"
        f"   {seconds:5.0f} s   {stopped}",
        flush=True,
    )


async def measure(folder: Path) -> None:
    """The table of false accepts, then the false rejects."""
    paths = DataPaths(folder)
    paths.create()
    settings = Settings()
    oracle = Oracle(paths, settings)
    for library in LIBRARIES:
        await oracle.ingest(f"pypi:{library}")
    knowledge = oracle.graph()
    pins = knowledge.libraries()
    engine = Engine.connect()
    group = own_slice(engine.facts())
    engine.api.close()
    sandbox = await open_sandbox(settings, paths, group=group)
    favour(group)
    try:
        environment = await sandbox.environment(pins)
        guardian = Guardian(sandbox, knowledge, settings.guardian)
        woven = await good_dreams(knowledge, sandbox, pins)
        references = [Spoiled(one.scenario, one.reference) for one in woven if one.reference is not None]
        verdicts = await judged(guardian, environment, references)
        good = [one for one, verdict in zip(woven, verdicts, strict=True) if verdict.accepted]
        print(f"  {'class':22s} accepted     95 %      time   stopped by")
        started = time.monotonic()
        bad = await wrong_solutions(good, sandbox, pins, PER_CLASS)
        print_class("wrong solution", await judged(guardian, environment, bad), time.monotonic() - started)
        for kind in MAKERS:
            started = time.monotonic()
            bad = list(spoiled(kind, good, PER_CLASS))
            print_class(kind, await judged(guardian, environment, bad), time.monotonic() - started)
        rejected, of = len(verdicts) - len(good), len(verdicts)
        print(f"  good dreams rejected   {rejected:3d} of {of:3d}   <= {upper_end(rejected, of):6.1%}")
        print("  good dreams are the weaver's own, which has screened them; a corpus by other hands would reject more")
    finally:
        await sandbox.close()
        remove_group(group)


def main() -> None:
    """Run the measurement in a temporary data folder."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))
