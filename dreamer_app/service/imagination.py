"""A night with a language model: finds the server, and makes weaver, coder and Guardian that share what it may spend.

`model crew` in short: who imagines, who solves, who bears witness, and the one word that cuts all of their answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from dreamer_app.academy.lessons_store import LessonHit, LessonsStore
from dreamer_app.coder.bench import TestBench
from dreamer_app.coder.council import Council, Lessons
from dreamer_app.coder.model_coder import ModelCoder
from dreamer_app.core.errors import UsageError
from dreamer_app.core.events import DreamJudged, Event, Listener, Warned
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import ModelUse, Scenario
from dreamer_app.engine.curriculum import Curriculum
from dreamer_app.guardian.guardian import Guardian
from dreamer_app.llm.budget import Budget
from dreamer_app.llm.client import ModelClient
from dreamer_app.llm.discovery import choose, find_servers, models_of
from dreamer_app.llm.keys import key_for
from dreamer_app.llm.model import Endpoint
from dreamer_app.llm.prompts import PromptShelf
from dreamer_app.llm.release import ModelRelease
from dreamer_app.llm.streams import Streams
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.service.own_libraries import own_libraries
from dreamer_app.service.proving import GuardianProver
from dreamer_app.service.workshop import Crew, CrewOrder
from dreamer_app.weaver.model_weaver.model_weaver import ModelWeaver
from dreamer_app.weaver.recorded_weaver.apart import recorded_weaver

LESSON_CHARACTERS = 1500


class StoredLessons:
    """The lessons as a solver reads them; each use is written down.

    Args:
        store: Where they are.
    """

    def __init__(self, store: LessonsStore) -> None:
        self._store = store

    def lessons(self, libraries: Sequence[str], apis: Sequence[str], limit: int) -> Sequence[str]:
        """See `coder.council.Lessons`."""
        found: list[LessonHit] = []
        for library in libraries:
            found += self._store.search(" ".join(apis), library=library, limit=limit)
        best = {hit.lesson.id: hit.lesson for hit in sorted(found, key=lambda hit: -hit.score)}
        chosen = list(best.values())[:limit]
        for lesson in chosen:
            self._store.used(lesson.id, "coder")
        return [f"{lesson.task}\n\n{lesson.code}"[:LESSON_CHARACTERS] for lesson in chosen]


class NightModels:
    """The night's models as the engine knows them.

    Args:
        streams: Every answer under way.
        budget: What is spent.
        council: Who is asked about scenarios.
        weaver: Whose answers may come to nothing.
        curriculum: Whose subjects may be saturated.
        loaded: What the servers hold in memory because of us.
    """

    def __init__(
        self,
        streams: Streams,
        budget: Budget,
        council: Council,
        weaver: ModelWeaver,
        curriculum: Curriculum,
        *,
        loaded: Sequence[ModelRelease] = (),
    ) -> None:
        self._loaded = loaded
        self._streams = streams
        self._budget = budget
        self._council = council
        self._weaver = weaver
        self._curriculum = curriculum

    def abort_all(self) -> None:
        """Cut every answer at once and start none."""
        self._streams.abort_all()

    def allow(self) -> None:
        """Requests may be made again."""
        self._streams.allow()

    async def release(self) -> None:
        """Unload what we loaded, and nothing of anybody else."""
        await asyncio.gather(*(one.release() for one in self._loaded))

    def asked(self, scenario: Scenario) -> ModelUse:
        """What was asked about a scenario since it was woven."""
        return self._council.use_of(scenario)

    def figures(self) -> Mapping[str, float]:
        """Calls, tokens, cost, drafts that came to nothing, and subjects at rest."""
        return {**self._budget.figures(), **self._weaver.figures(), **self._curriculum.figures()}


async def endpoint_of(base_url: str, model: str) -> Endpoint:
    """Where a model is; without an address, the first server on this computer that has it.

    Raises:
        UsageError: No server has it.
    """
    if base_url:
        key = key_for(base_url)
        listed = await models_of(base_url, key, seconds=10.0)
        if listed and model not in listed and not any(model == name.partition(":")[0] for name in listed):
            raise _unknown(model, f"{base_url} has {', '.join(listed[:8])}")
        return Endpoint(base_url, model, key)
    servers = await find_servers()
    server = choose(servers, model)
    if server is None:
        found = "; ".join(f"{one.name}: {', '.join(one.models[:8])}" for one in servers)
        raise _unknown(model, found or "no model server answers on this computer")
    return Endpoint(server.base_url, model, key_for(server.base_url))


@asynccontextmanager
async def model_crew(order: CrewOrder, paths: DataPaths, settings: Settings, listener: Listener) -> AsyncIterator[Crew]:
    """Weaver, coder and judge with a model behind them.

    Raises:
        UsageError: There is no such model, or the price table is not valid.
        ModelOfflineError: The server that the settings name does not answer.
    """
    wanted = settings.model
    weaving = await endpoint_of(wanted.base_url, order.model)
    solving = weaving
    if wanted.coder or wanted.coder_base_url:
        solving = await endpoint_of(wanted.coder_base_url or wanted.base_url, wanted.coder or order.model)
    streams, budget, turns = Streams(), Budget(wanted), asyncio.Semaphore(wanted.parallel)
    inventor, solver = (
        ModelClient(endpoint, wanted, streams=streams, budget=budget, turns=turns) for endpoint in (weaving, solving)
    )
    loaded = await loaded_by(weaving, solving)
    shelf = PromptShelf(paths.prompts)
    council = council_of(solver, order.graph, shelf, settings, StoredLessons(order.lessons))
    curriculum = Curriculum(
        clusters=order.graph.clusters([pin.name for pin in order.libraries]),
        settings=settings.curriculum,
        experience=order.experience,
        own=await asyncio.to_thread(own_libraries, settings.curriculum.projects),
        interest=order.interest,
        accepted=lambda: [dream.scenario for dream in order.stored if dream.scenario.kind == "function"],
        seed=order.seed,
        hybrid=wanted.hybrid,
    )
    weaver = ModelWeaver(
        inventor,
        order.graph,
        order.sandbox,
        settings,
        muse=curriculum,
        recorded=recorded_weaver(order.graph, order.sandbox, settings, listener),
        shelf=shelf,
        listener=listener,
    )
    guardian = Guardian(order.sandbox, order.graph, settings.guardian, council=council)
    prover = GuardianProver(guardian, order.sandbox, listener, order.stored)
    coder = ModelCoder(council, TestBench(order.sandbox), prover.precheck, repairs=wanted.repairs)
    try:
        yield Crew(
            weaver=weaver,
            coder=coder,
            judge=prover,
            models=NightModels(streams, budget, council, weaver, curriculum, loaded=loaded),
            listener=_learning(curriculum, listener),
        )
    finally:
        await inventor.close()
        await solver.close()


async def loaded_by(*endpoints: Endpoint) -> tuple[ModelRelease, ...]:
    """Who gives back the memory of these models, one for each server, each with a look at what others have loaded."""
    servers = {endpoint.base_url: endpoint.key for endpoint in endpoints}
    releases = tuple(
        ModelRelease(url, [one.model for one in endpoints if one.base_url == url], key) for url, key in servers.items()
    )
    await asyncio.gather(*(one.look_before() for one in releases))
    return releases


def council_of(
    client: ModelClient, graph: KnowledgeGraph, shelf: PromptShelf, settings: Settings, lessons: Lessons
) -> Council:
    """A council as the settings want it."""
    wanted = settings.model
    return Council(client, graph, shelf, lessons=lessons, attempts=wanted.attempts, answer_tokens=wanted.answer_tokens)


def _learning(curriculum: Curriculum, listener: Listener) -> Callable[[Event], None]:
    told: set[str] = set()

    def listen(event: Event) -> None:
        listener(event)
        if isinstance(event, DreamJudged):
            curriculum.learn(event.dream)
            for subject in curriculum.subjects():
                if subject.saturated and subject.cluster not in told:
                    told.add(subject.cluster)
                    words = f"{subject.label} is saturated: {subject.tries} tries taught almost nothing, so it rests"
                    listener(Warned(kind="model", message=words))

    return listen


def _unknown(model: str, found: str) -> UsageError:
    return UsageError(
        "There is no such model", f"{model!r}: {found}.", "`dreamer model list` shows what there is; or use `builtin`."
    )
