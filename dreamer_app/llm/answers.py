"""What can be made of an answer: objects and code, however they are wrapped.

Weak models say it with reasoning tags, fences, comments, two candidates, a missing end, or prose. What can be read is
read; why it cannot be is said in one word, for the funnel. Nothing here is trusted: what comes out is checked like any
other candidate.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, TypeVar

import json_repair
from pydantic import BaseModel, ValidationError

from dreamer_app.core.errors import DreamerError
from dreamer_app.llm.model import Answer

Shape = TypeVar("Shape", bound=BaseModel)

LONGEST = 200_000
"""Characters that are looked at; longer answers are nonsense."""


class Fault(StrEnum):
    """Why an answer is of no use."""

    REFUSAL = "refusal"
    PROSE = "prose"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    EMPTY = "empty"


class AnswerError(DreamerError):
    """An answer is of no use.

    Attributes:
        fault: Why.
    """

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__("An answer is of no use", f"{fault}: {message}")
        self.fault = fault


_THOUGHTS = re.compile(r"<(think|thinking|reasoning|reflection|thought)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_OPEN_THOUGHT = re.compile(r"<(think|thinking|reasoning|reflection|thought)>", re.IGNORECASE)
_FENCE = re.compile(
    r"^[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE
)
_REFUSAL = re.compile(
    r"\b(i(?:'m| am) (?:sorry|unable|not able)|i (?:can(?:no|')t|won't|will not) (?:help|assist|provide|do|comply|"
    r"create|fulfil)|as an ai\b|cannot (?:assist|help|comply))",
    re.IGNORECASE,
)


def spoken(text: str) -> str:
    """An answer without its reasoning tags; a tag that is never closed leaves nothing behind it but what follows a
    closing one that was lost.
    """
    text = _THOUGHTS.sub("", text[:LONGEST])
    lost_start = re.search(r"^.*?</(?:think|thinking|reasoning)>", text, re.DOTALL | re.IGNORECASE)
    if lost_start is not None:
        text = text[lost_start.end() :]
    opened = _OPEN_THOUGHT.search(text)
    return (text[: opened.start()] if opened else text).strip()


def read(answer: Answer, shape: type[Shape]) -> Shape:
    """The last object in an answer that has this shape; models correct themselves, so the last word counts.

    Raises:
        AnswerError: There is none.
    """
    text = spoken(answer.text)
    problem = ""
    for found in reversed(list(_objects(text))):
        try:
            return shape.model_validate(found)
        except ValidationError as error:
            first = error.errors()[0]
            problem = problem or f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    raise _fault(answer, text, problem)


def read_code(answer: Answer, entry_point: str) -> str:
    """The last block of Python that defines the entry point.

    Raises:
        AnswerError: There is none.
    """
    text = spoken(answer.text)
    blocks = [match.group(3) for match in _FENCE.finditer(text)]
    blocks += [str(found[key]) for found in _objects(text) for key in ("solution", "code") if key in found]
    problem = ""
    for source in reversed([*([] if blocks else [text]), *blocks]):
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError) as error:
            problem = problem or f"the code does not parse: {error}"
            continue
        if any(getattr(node, "name", None) == entry_point for node in tree.body):
            return source.strip() + "\n"
        problem = problem or f"no block of code defines {entry_point}"
    raise _fault(answer, text, problem if blocks else "")


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Every JSON object in a text, in order: those in fences, or else those that stand between the words."""
    fenced = [match.group(3) for match in _FENCE.finditer(text) if "{" in match.group(3)]
    for part in fenced or ([text] if "{" in text else []):
        found = json_repair.loads(part[part.index("{") :], skip_json_loads=False)
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, dict) and one:
                yield one


def _fault(answer: Answer, text: str, problem: str) -> AnswerError:
    if not text:
        return AnswerError(Fault.EMPTY, "nothing but reasoning" if answer.text.strip() else "not a word")
    if answer.finish == "length":
        return AnswerError(Fault.TRUNCATED, f"cut after {answer.completion_tokens} tokens; {problem}".strip("; "))
    if _REFUSAL.search(text[:400]) and not problem:
        return AnswerError(Fault.REFUSAL, text[:120].replace("\n", " "))
    if problem:
        return AnswerError(Fault.MALFORMED, problem)
    return AnswerError(Fault.PROSE, text[:120].replace("\n", " "))
