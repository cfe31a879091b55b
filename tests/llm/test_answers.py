"""Objects and code out of everything that weak models were seen to say."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from dreamer_app.llm.answers import AnswerError, Fault, read, read_code, spoken
from dreamer_app.llm.model import Answer


class Spec(BaseModel):
    title: str
    cases: list[str]


def said(text: str, finish: str = "stop") -> Answer:
    return Answer(
        text=text,
        finish=finish,
        model="m",
        prompt_tokens=1,
        completion_tokens=9,
        estimated=False,
        seconds=0.1,
        first_token_seconds=0.1,
        tries=1,
    )


WANTED = Spec(title="Group", cases=["f(1)", "f({'a': 2})"])

READABLE = {
    "bare": '{"title": "Group", "cases": ["f(1)", "f({\'a\': 2})"]}',
    "fenced": 'Sure!\n```json\n{"title": "Group", "cases": ["f(1)", "f({\'a\': 2})"]}\n```\nHope it helps.',
    "fence without a name": '```\n{"title": "Group", "cases": ["f(1)", "f({\'a\': 2})"]}\n```',
    "comments and trailing commas": '{\n  // the title\n  "title": "Group",\n  "cases": ["f(1)", "f({\'a\': 2})",],\n}',
    "reasoning tags": '<think>{"title": "Wrong", "cases": []}</think>\n'
    '{"title": "Group", "cases": ["f(1)", "f({\'a\': 2})"]}',
    "only the end of the reasoning": 'hmm {"title": 1}\n</think>\n'
    '{"title": "Group", "cases": ["f(1)", "f({\'a\': 2})"]}',
    "two candidates": (
        '```json\n{"title": "First", "cases": ["f(0)"]}\n```\nBetter:\n```json\n{"title": "Group", "cases": '
        '["f(1)", "f({\'a\': 2})"]}\n```'
    ),
    "the end is missing": '```json\n{"title": "Group", "cases": ["f(1)", "f({\'a\': 2})"',
    "prose around": 'This is it: {"title": "Group", "cases": ["f(1)", "f({\'a\': 2})"]} What do you think?',
    "a line break inside of a string": '{"title": "Group", "cases": ["f(1)", "f({\'a\': 2})"], "task": "one\ntwo"}',
}


@pytest.mark.parametrize("kind", READABLE)
def test_an_object_is_found(kind: str) -> None:
    assert read(said(READABLE[kind]), Spec) == WANTED


@pytest.mark.parametrize(
    ("text", "finish", "fault"),
    [
        ("I'm sorry, but I can't help with that.", "stop", Fault.REFUSAL),
        ("As an AI language model I do not write tasks.", "stop", Fault.REFUSAL),
        ("A nice task would be to group words by their length.", "stop", Fault.PROSE),
        ('{"title": "Group", "ca', "length", Fault.TRUNCATED),
        ('{"name": "Group"}', "stop", Fault.MALFORMED),
        ("<think>so many thoughts", "stop", Fault.EMPTY),
        ("", "stop", Fault.EMPTY),
    ],
)
def test_what_cannot_be_read_is_named(text: str, finish: str, fault: Fault) -> None:
    with pytest.raises(AnswerError) as caught:
        read(said(text, finish), Spec)
    assert caught.value.fault is fault


CODE = "def f(x: int) -> int:\n    return x + 1\n"


@pytest.mark.parametrize(
    "text",
    [
        f"```python\n{CODE}```",
        f"First try:\n```python\ndef f(x):\n    return x\n```\nNo, better:\n```python\n{CODE}```\nDone.",
        f"```py\n{CODE}",
        CODE,
        f"<think>\n```python\ndef f(): ...\n```\n</think>\n~~~python\n{CODE}~~~",
        '{"solution": "def f(x: int) -> int:\\n    return x + 1\\n"}',
        f"```python\n{CODE}```\n\n```python\nassert f(1) == 2\n```",
    ],
)
def test_code_is_found(text: str) -> None:
    assert read_code(said(text), "f") == CODE


@pytest.mark.parametrize(
    ("text", "finish", "fault"),
    [
        ("```python\ndef g(x):\n    return x\n```", "stop", Fault.MALFORMED),
        ("```python\ndef f(x:\n```", "stop", Fault.MALFORMED),
        ("```python\ndef f(x):\n    return [", "length", Fault.TRUNCATED),
        ("I cannot help with that.", "stop", Fault.REFUSAL),
        ("Use groupby.", "stop", Fault.PROSE),
    ],
)
def test_code_that_is_of_no_use_is_named(text: str, finish: str, fault: Fault) -> None:
    with pytest.raises(AnswerError) as caught:
        read_code(said(text, finish), "f")
    assert caught.value.fault is fault


def test_reasoning_is_taken_out_wherever_it_stands() -> None:
    assert spoken("<think>a</think>b<reasoning>c</reasoning>d") == "bd"
