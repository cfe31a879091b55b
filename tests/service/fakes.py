"""A workshop of small in-process parts, so that the service can be brought to every moment without Docker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from packaging.requirements import Requirement

from dreamer_app.coder.recorded_coder import RecordedCoder
from dreamer_app.core.checks import Check
from dreamer_app.core.events import Progress
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Candidate, Dream, LibraryPin, Relation, Scenario, Verdict
from dreamer_app.oracle.model import Api, Cluster, Example, NodeKind, SourceReport
from dreamer_app.service.workshop import Workshop
from tests import builders
from tests.engine.fakes import FakeJudge, FakeSandbox, FakeWeaver

GROUPBY = Api(
    key="toolz.groupby",
    library="toolz",
    kind=NodeKind.FUNCTION,
    summary="Group a collection by a key function",
    returns_source="dict",
)
EXAMPLE = Example(
    key="example:toolz:toolz.groupby#1",
    library="toolz",
    form="doctest",
    code="groupby(len, ['a'])",
    uses=("toolz.groupby",),
)


class FakeGraph:
    """Knows the libraries that were read, and one function of toolz."""

    def __init__(self, pins: Sequence[LibraryPin]) -> None:
        self._pins = tuple(pins)

    def libraries(self) -> tuple[LibraryPin, ...]:
        return self._pins

    def apis(self, library: str) -> tuple[Api, ...]:
        return (GROUPBY,) if library == "toolz" else ()

    def api(self, name: str) -> Api | None:
        return GROUPBY if name == GROUPBY.key else None

    def examples(self, library: str) -> tuple[Example, ...]:
        return (EXAMPLE,) if library == "toolz" else ()

    def example(self, key: str) -> Example | None:
        return EXAMPLE if key == EXAMPLE.key else None

    def relations(self, src: str, dst: str) -> tuple[Relation, ...]:
        return ()

    def related(self, key: str, limit: int = 20) -> tuple[tuple[str, Relation], ...]:
        return (("toolz.first", Relation(src=key, kind="see_also", dst="toolz.first")),)

    def clusters(self, libraries: Sequence[str], seed: int = 0) -> tuple[Cluster, ...]:
        return (
            Cluster(id="community:toolz:0", libraries=("toolz",), label="grouping", apis=("toolz.groupby",)),
            Cluster(id="bridge:boltons+toolz:0", libraries=("boltons", "toolz"), label="both", apis=("toolz.groupby",)),
        )

    def rarity(self, key: str) -> float:
        return 0.5


class FakeWorld:
    """What all fake parts of one test share.

    Attributes:
        known: Libraries that were read, by base folder.
        ingested: Every source that was asked for.
        weaver: The weaver.
        judge: The Guardian's judgement.
        sandbox: The workers.
        before_ingest: May wait or raise.
    """

    def __init__(self, count: int = 5, judge: FakeJudge | None = None) -> None:
        self.known: dict[str, dict[str, LibraryPin]] = {}
        self.ingested: list[str] = []
        self.weaver = FakeWeaver(count)
        self.judge = judge or FakeJudge()
        self.sandbox = FakeSandbox()
        self.opened = 0
        self.closed = 0
        self.before_ingest: Callable[[], Any] | None = None
        self.checks: tuple[Check, ...] = (Check(name="Docker engine", state="ok", detail="28.0"),)

    def workshop(self) -> Workshop:
        return Workshop(
            reader=lambda paths, settings, listener: FakeReader(self, paths, listener),
            sandbox=lambda paths, settings, listener: self._open(),
            weaver=lambda graph, sandbox, settings, listener: self.weaver,
            coder=RecordedCoder,
            prover=lambda sandbox, graph, settings, listener, stored: FakeProver(self.judge, graph, stored),
            checks=self._look,
        )

    async def _look(self, *_: Any) -> tuple[Check, ...]:
        return self.checks

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[FakeSandbox]:
        self.opened += 1
        try:
            yield self.sandbox
        finally:
            self.closed += 1


class FakeReader:
    """Pretends to read from a package index: every library exists at 1.0.0 and at any version asked for."""

    def __init__(self, world: FakeWorld, paths: DataPaths, listener: Any) -> None:
        self._world = world
        self._listener = listener
        self._known = world.known.setdefault(str(paths.base), {})

    async def ingest(self, source: str) -> SourceReport:
        self._world.ingested.append(source)
        self._listener(Progress(task=f"ingest {source}", step="unpack"))
        if self._world.before_ingest is not None:
            await self._world.before_ingest()
        await asyncio.sleep(0)
        requirement = Requirement(source.removeprefix("pypi:"))
        version = str(requirement.specifier).removeprefix("==") or "1.0.0"
        pin = builders.TOOLZ.model_copy(
            update={"name": requirement.name, "version": version, "import_names": (requirement.name,)}
        )
        self._known[pin.name] = pin
        return SourceReport(
            library=pin.name,
            version=version,
            license=pin.license,
            import_names=pin.import_names,
            files_read=3,
            files_skipped=0,
            nodes={"function": 1},
            edges={},
            examples={"doctest": 1},
            notes=("no pages beside docstrings",),
            seconds=0.1,
        )

    def graph(self) -> FakeGraph:
        return FakeGraph(tuple(self._known.values()))


class FakeProver(FakeJudge):
    """The same judgement for new and for stored dreams."""

    def __init__(self, judge: FakeJudge, graph: FakeGraph, stored: Sequence[Dream]) -> None:
        self._inner = judge
        self.versions = {pin.name: pin.version for pin in graph.libraries()}
        for dream in stored:
            judge.remember(dream)

    async def judge(self, scenario: Scenario, candidate: Candidate) -> Verdict:
        for pin in scenario.libraries:
            assert self.versions[pin.name] == pin.version, "proved with the knowledge of another version"
        return await self._inner.judge(scenario, candidate)

    async def prove_again(self, scenario: Scenario, candidate: Candidate, dream_id: str) -> Verdict:
        return await self.judge(scenario, candidate)

    def remember(self, dream: Dream) -> None:
        self._inner.remember(dream)
