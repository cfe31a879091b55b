"""From a model's words to a draft: what it says is checked against the graph before anything is run.

A name that the pinned version does not have, a value that is no literal, a solution that does not fit its own
signature: each ends the draft with one short reason, which is a line of the night's funnel.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from dreamer_app.core.errors import DreamerError
from dreamer_app.llm.answers import read, read_code
from dreamer_app.llm.model import Answer
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api

MIN_APIS = 2
MIN_CALLS = 4
MAX_CALLS = 40
MIN_TASK, MAX_TASK = 60, 6000
"""Characters of a task text."""


class DraftError(DreamerError):
    """A draft is not worth running.

    Attributes:
        reason: In two or three words, the same for all drafts with this fault.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__("A draft was dropped", f"{reason}: {message}")
        self.reason = reason


class FailingCall(BaseModel):
    """A call that must raise."""

    model_config = ConfigDict(extra="ignore")

    call: str
    raises: str


class Specification(BaseModel):
    """What the weaver's prompt asks for; its schema goes to servers that offer structured output."""

    model_config = ConfigDict(extra="ignore")

    thinking: str = ""
    title: str = Field(min_length=3)
    task: str
    signature: str
    apis: list[str]
    cases: list[str]
    errors: list[FailingCall] = []
    solution: str = ""


class Description(BaseModel):
    """The text of a task whose code exists already."""

    model_config = ConfigDict(extra="ignore")

    thinking: str = ""
    title: str = Field(min_length=3, max_length=200)
    task: str = Field(min_length=MIN_TASK, max_length=MAX_TASK)


@dataclass(frozen=True)
class Draft:
    """A task that was said and fits the graph, not yet run.

    Attributes:
        name: Of the function.
        title: One line.
        task: The text.
        signature: The pinned line, as the solution has it.
        apis: What it needs.
        calls: Arguments of the calls whose results are to be recorded.
        errors: Arguments and the built-in exception that they must raise.
        solution: The reference.
    """

    name: str
    title: str
    task: str
    signature: str
    apis: tuple[Api, ...]
    calls: tuple[tuple[Any, ...], ...]
    errors: tuple[tuple[tuple[Any, ...], str], ...]
    solution: str


def draft_of(answer: Answer, knowledge: KnowledgeGraph, libraries: Sequence[str]) -> Draft:
    """Read an answer.

    Args:
        answer: Of the weaver's prompt.
        knowledge: What exists in the pinned versions.
        libraries: All of them must be needed.

    Raises:
        AnswerError: Nothing can be read.
        DraftError: What can be read cannot be a task.
    """
    spec = read(answer, Specification)
    name = _name_of(spec.signature)
    try:
        ast.parse(spec.solution)
        solution = spec.solution if f"def {name}" in spec.solution else read_code(answer, name)
    except SyntaxError:
        solution = read_code(answer, name)
    if not MIN_TASK <= len(spec.task) <= MAX_TASK:
        raise DraftError("text too short or too long", f"{len(spec.task)} characters")
    apis = _apis(spec.apis, knowledge, libraries, solution)
    calls = tuple(dict.fromkeys(call for call in (_arguments(text, name) for text in spec.cases[:MAX_CALLS]) if call))
    if len(calls) < MIN_CALLS:
        raise DraftError("calls cannot be used", f"{len(calls)} of {len(spec.cases)} are calls of {name} with literals")
    return Draft(
        name=name,
        title=" ".join(spec.title.split()).rstrip("."),
        task=spec.task.strip(),
        signature=signature_in(solution, name),
        apis=apis,
        calls=tuple(ast.literal_eval(call) for call in calls),
        errors=_errors(spec.errors, name),
        solution=solution,
    )


def signature_in(solution: str, name: str) -> str:
    """The first line of a function, as Python would write it.

    Raises:
        DraftError: The solution does not define it once, as a function.
    """
    found = [node for node in ast.parse(solution).body if getattr(node, "name", None) == name]
    if len(found) != 1 or not isinstance(found[0], ast.FunctionDef):
        raise DraftError("solution without its function", f"{name} is defined {len(found)} times")
    arguments = found[0].args
    if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or found[0].decorator_list:
        raise DraftError("signature cannot be tested", f"{name} takes stars, keywords only, or is decorated")
    returns = f" -> {ast.unparse(found[0].returns)}" if found[0].returns else ""
    return f"def {name}({ast.unparse(arguments)}){returns}:"


def _name_of(signature: str) -> str:
    try:
        [node] = ast.parse(signature.strip().rstrip(":.").rstrip() + ":\n    ...").body
    except (SyntaxError, ValueError) as error:
        raise DraftError("signature cannot be read", signature[:120]) from error
    if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
        raise DraftError("signature cannot be read", signature[:120])
    return node.name


def _apis(names: Sequence[str], knowledge: KnowledgeGraph, libraries: Sequence[str], solution: str) -> tuple[Api, ...]:
    words = _words(solution)
    found: dict[str, Api] = {}
    for name in names:
        api = knowledge.api(name.strip("`() "))
        if api is not None and api.library in libraries:
            if api.deprecated:
                raise DraftError("deprecated API", name)
            if api.key.rpartition(".")[2] in words:
                found[api.key] = api
        elif name.partition(".")[0] not in sys.stdlib_module_names and name.partition(".")[0] not in dir(builtins):
            raise DraftError("hallucinated API", f"{name} does not exist in the pinned version")
    if len(found) < MIN_APIS:
        raise DraftError(
            "fewer than two APIs", f"{', '.join(found) or 'none'} of {', '.join(names)} are in the solution"
        )
    missing = set(libraries) - {api.library for api in found.values()}
    if missing:
        raise DraftError("a library is not used", ", ".join(sorted(missing)))
    return tuple(found.values())


def _words(source: str) -> frozenset[str]:
    """Names and attributes that a program mentions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                found.update(name.split("."))
    return frozenset(found)


def _arguments(text: str, name: str) -> str:
    """The arguments of a call as a literal tuple, by position; empty when it is no such call with literals."""
    try:
        call = ast.parse(text.strip().partition(" == ")[0], mode="eval").body
        if not isinstance(call, ast.Call) or ast.unparse(call.func) != name or call.keywords:
            return ""
        source = ast.unparse(ast.Tuple(call.args, ast.Load()))
        ast.literal_eval(source)
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return ""
    return source


def _errors(errors: Sequence[FailingCall], name: str) -> tuple[tuple[tuple[Any, ...], str], ...]:
    found = []
    for error in errors[:4]:
        kind = getattr(builtins, error.raises.rpartition(".")[2], None)
        arguments = _arguments(error.call, name)
        if arguments and isinstance(kind, type) and issubclass(kind, Exception):
            found.append((ast.literal_eval(arguments), kind.__name__))
    return tuple(found)
