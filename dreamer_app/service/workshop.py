"""The parts that the service is composed of, as factories: `main` names the real ones, tests may name others.

Nothing is made before it is needed, so that reading the journal starts neither Docker nor the graph.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from dreamer_app.academy.lessons_store import LessonsStore
from dreamer_app.academy.mastery import Mastery
from dreamer_app.coder.coder import Coder
from dreamer_app.core.checks import Check
from dreamer_app.core.clock import Clock
from dreamer_app.core.events import Listener
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import Candidate, Dream, LibraryPin, Scenario, Verdict
from dreamer_app.engine.ports import Judge, ModelCalls
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import SourceReport
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.store.records import Experience
from dreamer_app.store.sealed import SealedTable
from dreamer_app.weaver.scenario_weaver import ScenarioWeaver


class Reader(Protocol):
    """The Oracle's reading side."""

    async def ingest(self, source: str) -> SourceReport:
        """Read a source and replace what was known of its library.

        Raises:
            UsageError: The text names no kind of source.
            SourceError: The source cannot be read or holds nothing.
            InfrastructureError: What was read cannot be written.
        """
        ...

    def graph(self) -> KnowledgeGraph:
        """The knowledge graph as it is now."""
        ...


class Prover(Judge, Protocol):
    """The Guardian: as the engine knows it, and proving a stored dream again."""

    async def prove_again(self, scenario: Scenario, candidate: Candidate, dream_id: str) -> Verdict:
        """Run the gates over a dream that is stored already, so that it is no duplicate of itself.

        Raises:
            InfrastructureError: Nothing is known about the candidate.
        """
        ...


@dataclass(frozen=True)
class CrewOrder:
    """What a crew is made for.

    Attributes:
        model: Of the weaver, as the server lists it.
        graph: What the Oracle knows.
        sandbox: The workers.
        libraries: Under study.
        stored: Verified dreams.
        experience: What became of earlier dreams.
        lessons: What was learned.
        seed: Of the night.
        interest: What a person has to do with, as in `NightRequest`.
    """

    model: str
    graph: KnowledgeGraph
    sandbox: Sandbox
    libraries: tuple[LibraryPin, ...]
    stored: Sequence[Dream]
    experience: Sequence[Experience]
    lessons: LessonsStore
    seed: int
    interest: Mapping[str, float]


@dataclass(frozen=True)
class ExamOrder:
    """What is to be measured.

    Attributes:
        crew: Model, graph, workers, dreams and lessons; `libraries` holds the one library.
        tasks: Sealed tasks to be solved.
        known: Identifiers that were dreamt.
        sealed: Where sealed tasks and measurements are.
        clock: What time it is.
    """

    crew: CrewOrder
    tasks: int
    known: frozenset[str]
    sealed: SealedTable
    clock: Clock


@dataclass(frozen=True)
class Crew:
    """Who dreams a night.

    Attributes:
        weaver: Turns knowledge into scenarios.
        coder: Solves them.
        judge: Proves solutions.
        models: The language models behind them.
        listener: Is to be told of everything, for whoever learns from it.
    """

    weaver: ScenarioWeaver
    coder: Coder
    judge: Judge
    models: ModelCalls
    listener: Listener


@dataclass(frozen=True)
class Workshop:
    """Factories.

    Attributes:
        reader: Makes the Oracle.
        sandbox: Opens the sealed workers; leaving the context removes every one of them.
        weaver: Makes the weaver.
        coder: Makes the coder.
        prover: Makes the Guardian, which knows these dreams already.
        checks: Looks at what the workers need.
        debugger: Makes the weaver of debug dreams from dreams of earlier nights; None where there is none.
        examiner: Measures whether a library was learned; None where no model is to be had.
        imagination: Makes a crew with a language model; None where there is none to be had.
        attended: Opens workers for what a person waits for, whose mouse must not stop it; None means like all others.
    """

    reader: Callable[[DataPaths, Settings, Listener], Reader]
    sandbox: Callable[[DataPaths, Settings, Listener], AbstractAsyncContextManager[Sandbox]]
    weaver: Callable[[KnowledgeGraph, Sandbox, Settings, Listener], ScenarioWeaver]
    coder: Callable[[], Coder]
    prover: Callable[[Sandbox, KnowledgeGraph, Settings, Listener, Sequence[Dream]], Prover]
    checks: Callable[[DataPaths, Settings], Awaitable[Sequence[Check]]]
    debugger: Callable[[Sequence[Dream], Sandbox], ScenarioWeaver] | None = None
    examiner: Callable[[ExamOrder, DataPaths, Settings, Listener], Awaitable[Mastery]] | None = None
    imagination: Callable[[CrewOrder, DataPaths, Settings, Listener], AbstractAsyncContextManager[Crew]] | None = None
    attended: Callable[[DataPaths, Settings, Listener], AbstractAsyncContextManager[Sandbox]] | None = None

    def for_a_person(
        self, paths: DataPaths, settings: Settings, listener: Listener
    ) -> AbstractAsyncContextManager[Sandbox]:
        """Opens the workers of what somebody waits for."""
        return (self.attended or self.sandbox)(paths, settings, listener)
