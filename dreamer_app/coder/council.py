"""What independent minds say about a scenario: solutions and checks from its text alone, and an opinion.

Everything is asked once a scenario and remembered for the length of its trial, so that the solver's own attempts are
also the witnesses of the proof. Nobody here ever sees the reference or an expected value. It judges nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from dreamer_app.core.interpreter import steady
from dreamer_app.core.quoting import fenced, mark_of
from dreamer_app.core.types import Candidate, ModelUse, Scenario
from dreamer_app.llm.answers import AnswerError, read, read_code
from dreamer_app.llm.model import Answer, Question
from dreamer_app.llm.prompts import PromptShelf
from dreamer_app.oracle.briefing import NOTHING, apis_of, apis_told, examples_of, passages_told, pins_told, quotes_of
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api

SOLVING = 0.6
"""Sampling temperature of solutions: different ones are wanted."""
CHECKING = 0.2
LESSONS = 3
REMEMBERED = 64
"""Scenarios that are remembered; a night has only a few under way."""


class LanguageModel(Protocol):
    """A language model."""

    @property
    def name(self) -> str:
        """Of the model."""
        ...

    @property
    def budget_left(self) -> bool:
        """Whether one more call may be made tonight."""
        ...

    async def ask(self, question: Question) -> Answer:
        """Get an answer.

        Raises:
            InfrastructureError: The server failed, or the computer was taken back.
            BudgetSpentError: No call may be made any more.
        """
        ...


class Lessons(Protocol):
    """What was learned and approved before."""

    def lessons(self, libraries: Sequence[str], apis: Sequence[str], limit: int) -> Sequence[str]:
        """Proven examples about these APIs, the nearest first, each as a text that stands alone."""
        ...


class NoLessons:
    """Nothing was learned yet, or nothing is to be used."""

    def lessons(self, libraries: Sequence[str], apis: Sequence[str], limit: int) -> Sequence[str]:
        """None."""
        del libraries, apis, limit
        return ()


class Check(BaseModel):
    """One call of an independent suite, with its value or its exception."""

    model_config = ConfigDict(extra="ignore")

    call: str
    returns: str | None = None
    raises: str | None = None


class Suite(BaseModel):
    """An independent suite."""

    model_config = ConfigDict(extra="ignore")

    thinking: str = ""
    checks: list[Check]


class Opinion(BaseModel):
    """What somebody thinks of a task text."""

    model_config = ConfigDict(extra="ignore")

    thinking: str = ""
    score: int
    quotation: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Fresh:
    """A solution from the text alone.

    Attributes:
        solution: None where the answer was of no use.
        fault: Why it was of no use.
    """

    solution: str | None
    fault: str = ""


class Council:
    """Asks one model for everything about a scenario that must be independent of its author.

    Args:
        model: Who is asked.
        knowledge: What is quoted.
        shelf: The prompts.
        lessons: What was learned before.
        attempts: Fresh solutions a scenario.
        answer_tokens: Longest answer.
        documented: Whether solvers are shown documentation.
    """

    def __init__(
        self,
        model: LanguageModel,
        knowledge: KnowledgeGraph,
        shelf: PromptShelf,
        *,
        lessons: Lessons,
        attempts: int,
        answer_tokens: int,
        documented: bool = True,
    ) -> None:
        self._model = model
        self._knowledge = knowledge
        self._shelf = shelf
        self._lessons = lessons
        self._attempts = attempts
        self._answer_tokens = answer_tokens
        self._documented = documented
        self._fresh: dict[str, tuple[Fresh, ...]] = {}
        self._references: dict[str, str] = {}
        self._uses: dict[str, ModelUse] = {}

    @property
    def name(self) -> str:
        """Of the model."""
        return self._model.name

    @property
    def available(self) -> bool:
        """Whether anything more can be asked tonight."""
        return self._model.budget_left

    def know_reference(self, scenario: Scenario, reference: Candidate) -> None:
        """The author's own solution, as one more witness; never shown to anybody."""
        _put(self._references, key_of(scenario), reference.solution)

    async def fresh(self, scenario: Scenario) -> tuple[Fresh, ...]:
        """Solutions from the text alone, asked once.

        Raises:
            InfrastructureError: The model could not be asked.
            BudgetSpentError: It may not be asked.
        """
        key = key_of(scenario)
        if key not in self._fresh:
            seeds = range(scenario.seed, scenario.seed + self._attempts)
            try:
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(self._solve(scenario, seed)) for seed in seeds]
            except ExceptionGroup as failures:
                raise failures.exceptions[0] from failures  # the others fell with the same server
            _put(self._fresh, key, tuple(task.result() for task in tasks))
        return self._fresh[key]

    async def witnesses(self, scenario: Scenario) -> tuple[Candidate, ...]:
        """Every independent solution: the fresh ones, then the author's.

        Raises:
            InfrastructureError: As in `fresh`.
            BudgetSpentError: As in `fresh`.
        """
        found = [
            Candidate(solution=one.solution, coder=self.coder) for one in await self.fresh(scenario) if one.solution
        ]
        reference = self._references.get(key_of(scenario))
        if reference is not None:
            found.append(Candidate(solution=reference, coder="reference"))
        return tuple(found)

    @property
    def coder(self) -> str:
        """How candidates name their author."""
        return f"model:{self._model.name}"

    async def repair(self, scenario: Scenario, solution: str, output: str, seed: int) -> str | None:
        """Another version of a solution, from what its tests reported; None where the answer is of no use.

        Raises:
            InfrastructureError: As in `fresh`.
            BudgetSpentError: As in `fresh`.
        """
        mark = mark_of(seed, scenario.id)
        answer = await self._ask(
            "repair",
            scenario,
            seed,
            SOLVING,
            None,
            task=scenario.prompt,
            entry_point=scenario.entry_point,
            solution=fenced(solution, "solution", mark),
            output=fenced(output, "output", mark),
            apis=apis_told(apis_of(scenario, self._knowledge), mark),
        )
        try:
            return steady(lambda: read_code(answer, scenario.entry_point))
        except AnswerError:
            return None

    async def suite(self, scenario: Scenario, number: int = 0) -> Suite | None:
        """Checks from the text alone; None where the answer is of no use. Another number asks again.

        Raises:
            InfrastructureError: As in `fresh`.
            BudgetSpentError: As in `fresh`.
        """
        mark = mark_of(scenario.seed, scenario.id)
        answer = await self._ask(
            "suite",
            scenario,
            scenario.seed + number,
            CHECKING,
            Suite.model_json_schema(),
            task=fenced(scenario.prompt, "task", mark),
            entry_point=scenario.entry_point,
            apis=apis_told(apis_of(scenario, self._knowledge), mark),
        )
        try:
            return read(answer, Suite)
        except AnswerError:
            return None

    async def opinion(self, scenario: Scenario) -> Opinion | None:
        """What the model thinks of the text; None where the answer is of no use.

        Raises:
            InfrastructureError: As in `fresh`.
            BudgetSpentError: As in `fresh`.
        """
        mark = mark_of(scenario.seed, scenario.id)
        answer = await self._ask(
            "judge",
            scenario,
            scenario.seed,
            CHECKING,
            Opinion.model_json_schema(),
            task=fenced(scenario.prompt, "task", mark),
            libraries=pins_told(scenario.libraries),
        )
        try:
            return read(answer, Opinion)
        except AnswerError:
            return None

    def use_of(self, scenario: Scenario) -> ModelUse:
        """What was asked about a scenario so far."""
        return self._uses.get(key_of(scenario), ModelUse())

    async def _solve(self, scenario: Scenario, seed: int) -> Fresh:
        apis = apis_of(scenario, self._knowledge)
        mark = mark_of(seed, scenario.id)
        libraries = [pin.name for pin in scenario.libraries]
        lessons = self._lessons.lessons(libraries, [use.name for use in scenario.uses_api], LESSONS)
        answer = await self._ask(
            "solve",
            scenario,
            seed,
            SOLVING,
            None,
            task=scenario.prompt,
            entry_point=scenario.entry_point,
            libraries=pins_told(scenario.libraries),
            apis=apis_told(apis, mark) if self._documented else NOTHING,
            passages=self._passages(apis, mark),
            lessons="\n\n".join(fenced(lesson, "example", mark) for lesson in lessons) or NOTHING,
        )
        try:
            return Fresh(steady(lambda: read_code(answer, scenario.entry_point)))
        except AnswerError as error:
            return Fresh(None, error.fault.value)

    def _passages(self, apis: Sequence[Api], mark: str) -> str:
        quotes = quotes_of(apis, examples_of(apis, self._knowledge)) if self._documented else ()
        return passages_told(quotes, mark)

    async def _ask(
        self,
        name: str,
        scenario: Scenario,
        seed: int,
        temperature: float,
        schema: dict[str, Any] | None,
        **values: str,
    ) -> Answer:
        prompt = self._shelf.get(name)
        answer = await self._model.ask(
            Question(
                purpose=name,
                prompt=name,
                version=prompt.version,
                messages=prompt.render(values),
                answer_schema=schema,
                seed=seed,
                temperature=temperature,
                max_tokens=self._answer_tokens,
            )
        )
        use = ModelUse(
            prompts={name: prompt.version},
            models={name: answer.model},
            calls=answer.tries,
            tokens=answer.tokens,
            seconds=answer.seconds,
        )
        _put(self._uses, key_of(scenario), self.use_of(scenario).plus(use))
        return answer


def key_of(scenario: Scenario) -> str:
    """What independent minds know of a scenario: mended tests do not make it another one."""
    content = repr(
        (scenario.entry_point, scenario.signature, sorted(use.name for use in scenario.uses_api), scenario.seed)
    )
    return hashlib.sha256(f"{content}{scenario.prompt[:200]}".encode()).hexdigest()


def _put(memory: dict[str, Any], key: str, value: Any) -> None:
    memory[key] = value
    while len(memory) > REMEMBERED:
        memory.pop(next(iter(memory)))
