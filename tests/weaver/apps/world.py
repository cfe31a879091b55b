"""A graph that knows what it is told to know of two libraries, and a loom that answers without a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dreamer_app.core.events import ignore
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import LibraryPin, Relation
from dreamer_app.oracle.model import Api, Cluster, Example, NodeKind
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, Canonical, Coverage, Environment, TestRun, VariantResult
from dreamer_app.weaver.recorded_weaver.family import WeaveContext
from dreamer_app.weaver.scenario_weaver import WeaveRequest

TEXTUAL = LibraryPin(name="textual", version="8.2.8", license="MIT", import_names=("textual",))
RICH = LibraryPin(name="rich", version="15.0.0", license="MIT", import_names=("rich",))


class Graph:
    """Knows every name of its libraries but those that are missing."""

    def __init__(self, *pins: LibraryPin, missing: Sequence[str] = ()) -> None:
        self._pins = pins
        self._missing = missing

    def libraries(self) -> tuple[LibraryPin, ...]:
        return self._pins

    def apis(self, library: str) -> tuple[Api, ...]:
        return ()

    def api(self, name: str) -> Api | None:
        library, last = name.partition(".")[0], name.rpartition(".")[2]
        if library not in [pin.name for pin in self._pins] or name in self._missing:
            return None
        kind = NodeKind.CLASS if last[:1].isupper() else NodeKind.METHOD
        return Api(key=name, library=library, kind=kind, summary=f"What {last} does.")

    def examples(self, library: str) -> tuple[Example, ...]:
        return ()

    def example(self, key: str) -> Example | None:
        return None

    def relations(self, src: str, dst: str) -> tuple[Relation, ...]:
        return (Relation(src=src, kind="co_use", dst=dst),) if src < dst else ()

    def related(self, key: str, limit: int = 20) -> tuple[tuple[str, Relation], ...]:
        return ()

    def clusters(self, libraries: Sequence[str], seed: int = 0) -> tuple[Cluster, ...]:
        return ()

    def rarity(self, key: str) -> float:
        return 0.5


Answer = Callable[[BatteryJob, str], VariantResult]


def well_behaved(job: BatteryJob, variant: str) -> VariantResult:
    """The plain program runs the same way twice; every changed one breaks."""
    names = asked(job, variant)
    if variant not in ("plain", "fresh"):
        broken = {name: TestRun(outcome="raised", error="ZeroDivisionError") for name in names}
        return VariantResult(id=variant, status="finished", tests=broken, seconds=0.1, cpu_seconds=0.1)
    return ran(job, variant, lambda key: ["str", f"seen at {key}"])


def asked(job: BatteryJob, variant: str) -> tuple[str, ...]:
    """The tests that a variant is to run."""
    return next(one.test_names for one in job.variants if one.id == variant) or job.test_names


def ran(job: BatteryJob, variant: str, value: Callable[[str], Canonical], missing: Sequence[int] = ()) -> VariantResult:
    """A run in which every observation sees what `value` says."""
    keys: dict[str, list[str]] = {}
    for line in job.tests.splitlines():
        if "observe('" in line:
            key = line.partition("observe('")[2].partition("'")[0]
            keys.setdefault(key.partition(":")[0], []).append(key)
    tests = {
        name: TestRun(outcome="finished", values={key: (value(key),) for key in keys.get(name, ())})
        for name in asked(job, variant)
    }
    coverage = Coverage(statements=9, missing_lines=tuple(missing), branches=2, missing_branches=())
    return VariantResult(id=variant, status="finished", tests=tests, coverage=coverage, seconds=0.5, cpu_seconds=0.4)


class ScriptedLoom:
    """Answers every variant by a function, and remembers the jobs."""

    def __init__(self, answer: Answer = well_behaved) -> None:
        self._answer = answer
        self.jobs: list[BatteryJob] = []

    async def environment(self) -> Environment:
        return Environment(id="none", path="/nowhere", pins=(TEXTUAL, RICH), python="3.11", image="none")

    async def battery(self, job: BatteryJob) -> BatteryResult:
        assert "assert" not in job.tests, "only blind tests travel"
        self.jobs.append(job)
        return BatteryResult(variants=tuple(self._answer(job, variant.id) for variant in job.variants))


def context(graph: Graph, loom: ScriptedLoom, seed: int = 1) -> WeaveContext:
    """What a family is given."""
    request = WeaveRequest(libraries=graph.libraries(), seed=seed)
    return WeaveContext(request, graph, loom, Settings(), ignore)
