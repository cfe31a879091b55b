"""The weaver with a model: it is told what exists and what was documented, and asked for a task.

Two ways take turns. *Fresh*: the model invents a task and writes a reference; what that returns is recorded by running
it. *Hybrid*: code and values are recorded without a model, which then only writes the text; whether that text is enough
is proved later by independent solutions. What to weave about is chosen by somebody else, and every answer that comes to
nothing is counted by its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from dreamer_app.core.events import Listener, Warned, ignore
from dreamer_app.core.interpreter import steady
from dreamer_app.core.quoting import fenced, mark_of
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import LibraryPin, ModelUse, Scenario, WovenScenario
from dreamer_app.llm.answers import AnswerError, read
from dreamer_app.llm.model import Answer, BudgetSpentError, Question
from dreamer_app.llm.prompts import PromptShelf
from dreamer_app.oracle.briefing import NOTHING, apis_of, apis_told, examples_of, passages_told, pins_told, quotes_of
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Cluster
from dreamer_app.sandbox.literals import LiteralError
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.weaver.model_weaver.recording import record
from dreamer_app.weaver.model_weaver.specification import Description, DraftError, Specification, draft_of
from dreamer_app.weaver.model_weaver.writing import described, origin_of, scenario_of
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from dreamer_app.weaver.recorded_weaver.rehearsal import Stage
from dreamer_app.weaver.scenario_weaver import ScenarioWeaver, WeaveRequest
from dreamer_app.weaver.triviality import ExampleIndex

VERSION = "1"
BARREN = 40
"""So many answers of no use in a row mean that this model cannot do it, and that the night should not go on asking."""
AVOIDED = 12
"""Titles that a prompt lists as taken."""
INVENTION = 0.9
"""Sampling temperature for new tasks: variety is wanted, and nothing is believed."""
DESCRIPTION = 0.5


@dataclass(frozen=True)
class Idea:
    """What to weave about next.

    Attributes:
        kind: `fresh`, `hybrid`, or how an accepted dream is to be developed: `harder`, `rarer`, `fuse`.
        cluster: The neighbourhood; None for a hybrid, whose recorded scenario has one.
        parents: The accepted dreams that it develops.
        seed: Of the model's sampling.
    """

    kind: Literal["fresh", "hybrid", "harder", "rarer", "fuse"]
    cluster: Cluster | None
    parents: tuple[Scenario, ...] = ()
    seed: int = 0


class Muse(Protocol):
    """Says what to weave about."""

    def next_idea(self) -> Idea | None:
        """The next idea; None when everything is saturated."""
        ...


class LanguageModel(Protocol):
    """A language model."""

    @property
    def name(self) -> str:
        """Of the model."""
        ...

    async def ask(self, question: Question) -> Answer:
        """Get an answer.

        Raises:
            InfrastructureError: The server failed, or the computer was taken back.
            BudgetSpentError: No call may be made any more.
        """
        ...


TWISTS: Mapping[str, str] = {
    "fresh": "A difficult edge case decides it, and at least two related APIs work together.",
    "harder": "Take up the task below and ask for more: an edge case or a requirement that makes a solution of the old "
    "task fail.",
    "rarer": "Take up the subject of the task below, but let it need the least known of the listed APIs.",
    "fuse": "Join the two tasks below: what one returns is what the other works on. Ask for one function.",
}


class ModelWeaver:
    """Weaves with a language model.

    Args:
        model: Who invents.
        knowledge: The graph.
        sandbox: Where references are run.
        settings: Thresholds.
        muse: What to weave about.
        recorded: The weaver without a model, for hybrids and for the time when the budget is spent.
        shelf: The prompts.
        listener: Who is told.
    """

    def __init__(
        self,
        model: LanguageModel,
        knowledge: KnowledgeGraph,
        sandbox: Sandbox,
        settings: Settings,
        *,
        muse: Muse,
        recorded: ScenarioWeaver,
        shelf: PromptShelf,
        listener: Listener = ignore,
    ) -> None:
        self._model = model
        self._knowledge = knowledge
        self._sandbox = sandbox
        self._settings = settings
        self._muse = muse
        self._recorded = recorded
        self._shelf = shelf
        self._listener = listener
        self._titles: list[str] = []
        self.dropped: Counter[str] = Counter()

    @property
    def name(self) -> str:
        """For provenance."""
        return f"model/{VERSION}"

    def figures(self) -> dict[str, float]:
        """How many answers became nothing, by reason, for the funnel: `drafts.<reason>`."""
        return {f"drafts.{reason}": float(count) for reason, count in sorted(self.dropped.items())}

    async def weave(self, request: WeaveRequest) -> AsyncIterator[WovenScenario]:
        """Yield scenarios until ideas, budget or patience are at an end; without a budget, the recorded weaver goes on.

        Raises:
            InfrastructureError: The model or a worker could not be had.
        """
        known = set(request.known)
        barren = 0
        async with (
            WorkerLoom(self._sandbox, request.libraries) as loom,
            aclosing(_closable(self._recorded.weave(request))) as recorded,
        ):
            work = _Work(request, Stage(loom), self._index(request.libraries))
            while (idea := self._muse.next_idea()) is not None and barren < BARREN:
                try:
                    woven = await self._one(idea, work, recorded)
                except (AnswerError, DraftError, LiteralError) as error:
                    self._drop(error)
                    barren += 1
                    continue
                except BudgetSpentError as error:
                    self._listener(Warned(kind="model", message=f"{error.message}; going on without a model"))
                    break
                if woven is None:
                    break
                if woven.scenario.id not in known:
                    known.add(woven.scenario.id)
                    barren = 0
                    yield woven
            if barren >= BARREN:
                self._listener(
                    Warned(kind="model", message=f"{self._model.name} gave {BARREN} useless answers in a row")
                )
            async for woven in recorded:
                if woven.scenario.id not in known:
                    yield woven

    async def _one(
        self, idea: Idea, work: _Work, recorded: AsyncGenerator[WovenScenario, None]
    ) -> WovenScenario | None:
        if idea.kind != "hybrid":
            return await self._invent(idea, work)
        async for woven in recorded:
            return await self._describe(woven, idea.seed)
        return None

    async def _invent(self, idea: Idea, work: _Work) -> WovenScenario:
        assert idea.cluster is not None
        libraries = [pin for pin in work.request.libraries if pin.name in idea.cluster.libraries]
        apis = [api for api in map(self._knowledge.api, idea.cluster.apis) if api is not None and not api.deprecated]
        if idea.kind == "rarer":
            apis.sort(key=lambda api: -self._knowledge.rarity(api.key))
        examples = [one for one in map(self._knowledge.example, idea.cluster.examples) if one is not None]
        quotes = quotes_of(apis[:8], examples)
        mark = mark_of(idea.seed, idea.cluster.id)
        parents = "\n\n".join(fenced(parent.prompt, "task", mark) for parent in idea.parents)
        answer = await self._ask(
            "weave",
            idea.seed,
            INVENTION,
            Specification.model_json_schema(),
            libraries=pins_told(libraries),
            apis=apis_told(apis, mark),
            passages=passages_told(quotes, mark),
            twist=f"{TWISTS[idea.kind]}\n\n{parents}".strip(),
            avoid="\n".join(f"- {title}" for title in self._titles[-AVOIDED:]) or NOTHING,
        )
        draft = steady(lambda: draft_of(answer, self._knowledge, [pin.name for pin in libraries]))
        self._titles.append(draft.title)
        recorded = await record(draft, work.stage, idea.seed)
        cluster, about = idea.cluster, {api.key for api in draft.apis}
        woven = steady(
            lambda: scenario_of(
                recorded,
                cluster=cluster,
                pattern=f"model/{idea.kind}",
                quotes=[quote for quote in quotes if self._about(quote.node, about)],
                libraries=libraries,
                knowledge=self._knowledge,
                examples=work.index,
                origin=origin_of(answer),
                seed=idea.seed,
            )
        )
        if woven.scenario.naturalness.score < self._settings.weaver.naturalness:
            raise DraftError("reads unnatural", f"{woven.scenario.naturalness.score}")
        return woven.model_copy(update={"use": self._use("weave", answer)})

    async def _describe(self, woven: WovenScenario, seed: int) -> WovenScenario:
        scenario = woven.scenario
        assert woven.reference is not None
        apis = apis_of(scenario, self._knowledge)
        mark = mark_of(seed, scenario.id)
        answer = await self._ask(
            "describe",
            seed,
            DESCRIPTION,
            Description.model_json_schema(),
            signature=scenario.signature,
            solution=fenced(woven.reference.solution, "code", mark),
            examples=fenced(scenario.prompt, "recorded task", mark),
            libraries=pins_told(scenario.libraries),
            apis=apis_told(apis, mark),
            passages=passages_told(quotes_of(apis, examples_of(apis, self._knowledge)), mark),
        )
        told = described(woven, read(answer, Description), origin_of(answer), apis)
        return told.model_copy(update={"use": self._use("describe", answer)})

    async def _ask(self, name: str, seed: int, temperature: float, schema: dict[str, Any], **values: str) -> Answer:
        prompt = self._shelf.get(name)
        return await self._model.ask(
            Question(
                purpose=name,
                prompt=name,
                version=prompt.version,
                messages=prompt.render(values),
                answer_schema=schema,
                seed=seed,
                temperature=temperature,
                max_tokens=self._settings.model.answer_tokens,
            )
        )

    def _use(self, name: str, answer: Answer) -> ModelUse:
        return ModelUse(
            prompts={name: self._shelf.get(name).version},
            models={name: answer.model},
            calls=answer.tries,
            tokens=answer.tokens,
            seconds=answer.seconds,
        )

    def _about(self, node: str, keys: set[str]) -> bool:
        example = self._knowledge.example(node)
        return node in keys or (example is not None and not keys.isdisjoint(example.uses))

    def _drop(self, error: AnswerError | DraftError | LiteralError) -> None:
        match error:
            case AnswerError(fault=fault):
                self.dropped[fault.value] += 1
            case DraftError(reason=reason):
                self.dropped[reason] += 1
            case _:
                self.dropped["values without a literal"] += 1

    def _index(self, libraries: tuple[LibraryPin, ...]) -> ExampleIndex:
        return ExampleIndex(one for pin in libraries for one in self._knowledge.examples(pin.name))


@dataclass(frozen=True)
class _Work:
    """What one weaving works with."""

    request: WeaveRequest
    stage: Stage
    index: ExampleIndex


def _closable(weaving: AsyncIterator[WovenScenario]) -> AsyncGenerator[WovenScenario, None]:
    """Weavers are generators; only that can be closed."""
    assert isinstance(weaving, AsyncGenerator)
    return weaving
