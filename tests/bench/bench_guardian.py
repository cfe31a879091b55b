"""How often the Guardian is wrong: bad dreams that it accepts, by class, and good ones that it rejects.

Good dreams are woven from five libraries; bad ones are made from them by seed. A changed solution counts as wrong when
it answers differently on inputs that its tests do not contain. Beside them stand good dreams that were written by hand,
and mistakes made in those by hand. Printed are the false accepts with their 95 % interval
(Wilson), which gate stopped what, the false rejects, and, over some of each class that met every gate, what each gate
is worth. Verdicts are kept under `.cache`, so a run goes on where the last one ended. `DREAMER_BENCH_PER_CLASS` sets
how many per class, `DREAMER_BENCH_GOOD` how many good ones they are made from, `DREAMER_BENCH_SECONDS` after how long
a run ends. After a change of the rules `DREAMER_BENCH_CARRY` names the folder of the last measurement,
`DREAMER_BENCH_STILL` the gates whose refusals still stand, and `DREAMER_BENCH_AGAIN` the classes (by commas) whose
dreams are made in another way now; woven dreams and what was made of them stay the same.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import GuardianSettings, Settings
from dreamer_app.core.types import Candidate, GateVerdict, LibraryPin, Scenario, WovenScenario
from dreamer_app.guardian.guardian import Guardian, reading_gates, running_gates
from dreamer_app.guardian.mutation.mutants import mutants
from dreamer_app.guardian.novelty import NoveltyIndex
from dreamer_app.guardian.trial import Trial
from dreamer_app.oracle.ingest import Oracle
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.jobs import Environment
from dreamer_app.weaver.recorded_weaver.functions import FunctionFamily
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from dreamer_app.weaver.recorded_weaver.recorded_weaver import RecordedWeaver
from dreamer_app.weaver.recorded_weaver.rehearsal import Altered, Stage
from dreamer_app.weaver.recorded_weaver.values import vary_list
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from tests.bench.bench_weaver import LIBRARIES
from tests.bench.by_hand import GOOD_BY_HAND, WRONG_BY_HAND, good_by_hand, wrong_by_hand
from tests.bench.verdict_ledger import Ledger, Row, carry, class_line, fingerprint, gate_lines, interval
from tests.planted import generated
from tests.planted.generated import MAKERS, Spoiled
from tests.sandbox.conftest import own_sandbox

PER_CLASS = int(os.environ.get("DREAMER_BENCH_PER_CLASS", "24"))
GOOD = int(os.environ.get("DREAMER_BENCH_GOOD", "24"))
EVERY_GATE = int(os.environ.get("DREAMER_BENCH_EVERY_GATE", "6"))
"""Of each class, so many meet all gates although one has refused them."""
SECONDS = float(os.environ.get("DREAMER_BENCH_SECONDS", "3600"))
CHUNK = 25
"""All classes grow by so many at a time, so that a measurement that is cut short says something of each."""
MUTANTS = 20
FRESH_INPUTS = 24
TOGETHER = 2
SEED = 20
CARRY = os.environ.get("DREAMER_BENCH_CARRY", "")
STILL = os.environ.get("DREAMER_BENCH_STILL", "").split()
AGAIN = os.environ.get("DREAMER_BENCH_AGAIN", "").split(",")
HERE = Path(__file__).resolve().parents[2]
FOLDER = HERE / ".cache" / "bench" / "guardian"
WRONG = "wrong solution"
GOOD_ONES = "good"


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
    good: Sequence[Spoiled], sandbox: DockerSandbox, pins: tuple[object, ...], count: int
) -> list[Spoiled]:
    """Changed solutions that were seen to answer differently on inputs outside of their tests."""
    rng = Random(SEED)
    owners: dict[str, tuple[Scenario, str]] = {}
    programs: list[Altered] = []
    for number, one in enumerate(good):
        calls = fresh_inputs(one.scenario, rng)
        source = one.candidate.solution
        for mutant in mutants(ast.parse(source), limit=MUTANTS, seed=SEED + number):
            key = f"{number}:{mutant.id}"
            owners[key] = (one.scenario, mutant.source)
            programs.append(Altered(key, mutant.source, one.scenario.entry_point, calls, source))
    async with WorkerLoom(sandbox, pins) as loom:  # type: ignore[arg-type]
        differing = await Stage(loom).compare(programs)
    wrong = [key for key in owners if differing.get(key)]
    chosen = rng.sample(wrong, min(count, len(wrong)))
    return [Spoiled(owners[key][0], Candidate(solution=owners[key][1], coder="recorded")) for key in chosen]


def spoiled(kind: str, good: Sequence[Spoiled], count: int) -> Iterator[Spoiled]:
    """Bad dreams of one class, all different."""
    seen: set[tuple[str, str]] = set()
    for attempt in range(count * 8):
        rng = Random(f"{kind}:{SEED}:{attempt}")
        one = good[attempt % len(good)]
        made = MAKERS[kind](one.scenario, one.candidate.solution, rng)
        if made is None or len(seen) >= count:
            continue
        key = (made.scenario.model_dump_json(), made.candidate.solution)
        if key not in seen:
            seen.add(key)
            yield made


async def judged(
    ledger: Ledger, kind: str, dreams: Sequence[Spoiled], look: Callable[[Spoiled], Awaitable[Row]], *, every: bool
) -> None:
    """Judge what the ledger does not have yet, some at a time, until time is up."""
    waiting = iter([n for n in range(len(dreams)) if not ledger.has(kind, n, every_gate=every)])

    async def bench() -> None:
        for number in waiting:
            if time.monotonic() > DEADLINE:
                return
            try:
                row = await look(dreams[number])
            except InfrastructureError as error:
                print(f"  void, for the next run: {kind} {number}: {error.message}", flush=True)
                continue
            ledger.add(replace(row, kind=kind, number=number))

    async with asyncio.TaskGroup() as group:
        for _ in range(TOGETHER):
            group.create_task(bench())


@dataclass(frozen=True)
class Bench:
    """What the dreams are judged with."""

    guardian: Guardian
    sandbox: DockerSandbox
    environment: Environment
    knowledge: KnowledgeGraph
    settings: GuardianSettings

    def index(self, dream: Spoiled) -> NoveltyIndex:
        """An empty journal, unless the dream is a duplicate."""
        index = NoveltyIndex()
        if dream.earlier:
            index.add("earlier", dream.candidate.solution)
        return index

    async def verdict(self, dream: Spoiled) -> Row:
        """The verdict as a night would reach it."""
        found = await self.guardian.judge(dream.scenario, dream.candidate, self.environment, self.index(dream))
        return Row("", 0, "" if found.stopped_by is None else found.stopped_by.gate)

    async def every_gate(self, dream: Spoiled) -> Row:
        """What every gate says, whatever the others say."""
        trial = Trial(
            dream.scenario,
            dream.candidate,
            self.environment,
            knowledge=self.knowledge,
            settings=self.settings,
            novelty=self.index(dream),
        )
        clock = SystemClock()
        async with self.sandbox.worker(self.environment, "dream") as worker:
            trial.worker = worker
            receipts = [await gate.examine(trial) for gate in (*reading_gates(clock), *running_gates(clock))]
        refusing = tuple(one.gate for one in receipts if one.verdict is not GateVerdict.PASSED)
        return Row("", 0, refusing[0] if refusing else "", refusing)


def kept(file: Path) -> list[Spoiled] | None:
    """Dreams of an earlier run."""
    if not file.exists():
        return None
    return [
        Spoiled(Scenario.model_validate(one["scenario"]), Candidate.model_validate(one["candidate"]))
        for one in json.loads(file.read_text(encoding="utf-8"))
    ]


def keep(file: Path, dreams: Sequence[Spoiled]) -> list[Spoiled]:
    """Keep dreams for the next run."""
    content = [
        {"scenario": one.scenario.model_dump(mode="json"), "candidate": one.candidate.model_dump(mode="json")}
        for one in dreams
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    return list(dreams)


def print_tables(ledger: Ledger) -> None:
    """False accepts by class, false rejects, and what each gate is worth."""
    print(f"{'class':22s} accepted          95 %             stopped by")
    for kind in (WRONG, WRONG_BY_HAND, *MAKERS):
        print(class_line(kind, ledger.of(kind)))
    print()
    for kind in (GOOD_ONES, GOOD_BY_HAND):
        rows = ledger.of(kind)
        rejected = sum(bool(row.stopped_by) for row in rows)
        low, high = interval(rejected, len(rows))
        print(f"{kind:22s} rejected {rejected:4d} of {len(rows):4d}   {low:6.2%} to {high:6.2%}")
    print(f"{GOOD_ONES} are the weaver's own, which has screened them\n")
    clock = SystemClock()
    gates = [gate.id for gate in (*reading_gates(clock), *running_gates(clock))]
    print("\n".join(gate_lines(ledger.examined(), gates)))


def bases(folder: Path, ledger: Ledger) -> list[int]:
    """Numbers of the good dreams that bad ones are made from: those that were accepted at first."""
    file = folder / "bases.json"
    if not file.exists():
        accepted = sorted(row.number for row in ledger.of(GOOD_ONES) if not row.stopped_by)
        file.write_text(json.dumps(accepted), encoding="utf-8")
    found: list[int] = json.loads(file.read_text(encoding="utf-8"))
    return found


def carried(folder: Path, last: Path) -> Ledger:
    """The ledger of a folder; a new one begins with what stays as it was in the last measurement."""
    new = not (folder / "verdicts.jsonl").exists()
    ledger = Ledger(folder / "verdicts.jsonl")
    if new:
        older = Ledger(last / "verdicts.jsonl")
        bases(last, older)
        for name in ("good.json", "wrong.json", "bases.json"):
            shutil.copy(last / name, folder / name)
        again = {GOOD_ONES, GOOD_BY_HAND, WRONG_BY_HAND, *AGAIN}
        print(f"{carry(older, ledger, still=STILL, judge_again=again)} verdicts still stand", flush=True)
    return ledger


async def run(bench: Bench, folder: Path, pins: tuple[LibraryPin, ...]) -> Ledger:
    """Judge, class by class, what has not been judged."""
    ledger = carried(folder, Path(CARRY)) if CARRY else Ledger(folder / "verdicts.jsonl")
    woven = kept(folder / "good.json")
    if woven is None:
        found = await good_dreams(bench.knowledge, bench.sandbox, pins)
        woven = keep(folder / "good.json", [Spoiled(one.scenario, one.reference) for one in found if one.reference])
    await judged(ledger, GOOD_ONES, woven, bench.verdict, every=False)
    await judged(ledger, GOOD_BY_HAND, good_by_hand(pins), bench.verdict, every=False)
    await judged(ledger, WRONG_BY_HAND, wrong_by_hand(pins), bench.verdict, every=False)
    good = [woven[number] for number in bases(folder, ledger)]
    wrong = kept(folder / "wrong.json")
    if wrong is None:
        wrong = keep(folder / "wrong.json", await wrong_solutions(good, bench.sandbox, pins, PER_CLASS))
    classes = {kind: list(spoiled(kind, good, PER_CLASS)) for kind in MAKERS} | {WRONG: wrong}
    for end in range(0, PER_CLASS + CHUNK, CHUNK):
        for kind, dreams in classes.items():
            await judged(ledger, kind, dreams[: min(end, EVERY_GATE)], bench.every_gate, every=True)
            await judged(ledger, kind, dreams[:end], bench.verdict, every=False)
    return ledger


@asynccontextmanager
async def at_court() -> AsyncIterator[tuple[Bench, tuple[LibraryPin, ...]]]:
    """What dreams are judged with: a Guardian that knows five libraries, workers that have them."""
    paths = DataPaths(FOLDER / "data")
    paths.create()
    settings = Settings()
    oracle = Oracle(paths, settings)
    for library in LIBRARIES:
        if not any(pin.name == library for pin in oracle.graph().libraries()):
            print(f"  reading {library}", flush=True)
            await oracle.ingest(f"pypi:{library}")
    knowledge = oracle.graph()
    pins = knowledge.libraries()
    async with own_sandbox(paths, settings) as sandbox:
        environment = await sandbox.environment(pins)
        guardian = Guardian(sandbox, knowledge, settings.guardian)
        yield Bench(guardian, sandbox, environment, knowledge, settings.guardian), pins


async def measure() -> None:
    """One slice, then the tables as far as they go."""
    async with at_court() as (bench, pins):
        parts = {
            "policy": bench.guardian.policy,
            "makers": inspect.getsource(generated),
            "libraries": str([f"{pin.name}=={pin.version}" for pin in pins]),
            "size": f"{GOOD} {PER_CLASS} {SEED}",
        }
        folder = FOLDER / fingerprint(parts)
        print(f"verdicts in {folder}", flush=True)
        print_tables(await run(bench, folder, pins))


DEADLINE = time.monotonic() + SECONDS


def main() -> None:
    """Run a slice; the verdicts stay for the next one."""
    asyncio.run(measure())
