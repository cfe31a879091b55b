"""What a model says is checked against the graph before anything is run; each fault has one short reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dreamer_app.llm.answers import AnswerError
from dreamer_app.llm.model import Answer
from dreamer_app.oracle.model import NodeKind
from dreamer_app.weaver.model_weaver.specification import DraftError, draft_of
from tests.guardian.knowledge import SmallGraph, api
from tests.scripted_server.author import tasks

GRAPH = SmallGraph(
    (
        api("toolz.groupby", NodeKind.FUNCTION, "key seq"),
        api("toolz.valmap", NodeKind.FUNCTION, "func d"),
        api("toolz.old", NodeKind.FUNCTION, "x", deprecated=True),
    )
)
TASK = tasks()["revenue_by_region"]


def said(**changes: Any) -> Answer:
    spec = {key: TASK[key] for key in ("title", "task", "signature", "apis", "cases", "solution")} | changes
    text = json.dumps({key: value for key, value in spec.items() if value is not None})
    return Answer(
        text=text,
        finish="stop",
        model="m",
        prompt_tokens=1,
        completion_tokens=1,
        estimated=False,
        seconds=0.0,
        first_token_seconds=0.0,
        tries=1,
    )


def test_a_good_answer_becomes_a_draft_whose_signature_is_that_of_its_solution() -> None:
    draft = draft_of(said(signature="def revenue_by_region(a, b)"), GRAPH, ["toolz"])
    assert draft.signature.startswith("def revenue_by_region(orders: list[tuple[str, str, int]], least: int)")
    assert [api.key for api in draft.apis] == ["toolz.groupby", "toolz.valmap"]
    assert draft.calls[0] == ([("north", "ada", 30), ("south", "bob", 12), ("north", "cid", 15)], 10)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"apis": ["toolz.groupby", "toolz.magic"]}, "hallucinated API"),
        ({"apis": ["toolz.groupby"]}, "fewer than two APIs"),
        ({"apis": ["toolz.groupby", "toolz.valmap", "toolz.old"]}, "deprecated API"),
        ({"cases": ["revenue_by_region(load())"] * 9}, "calls cannot be used"),
        ({"signature": "group the orders"}, "signature cannot be read"),
        ({"task": "Group."}, "text too short or too long"),
        ({"solution": "def revenue_by_region(*orders):\n    return groupby(valmap)\n"}, "signature cannot be tested"),
    ],
)
def test_a_draft_that_cannot_be_a_task_is_dropped_with_its_reason(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(DraftError) as caught:
        draft_of(said(**changes), GRAPH, ["toolz"])
    assert caught.value.reason == reason


def test_every_library_must_be_used() -> None:
    with pytest.raises(DraftError, match="more-itertools"):
        draft_of(said(), GRAPH, ["toolz", "more-itertools"])


def test_a_solution_that_is_no_python_is_no_draft() -> None:
    with pytest.raises(AnswerError):
        draft_of(said(solution="def revenue_by_region(:"), GRAPH, ["toolz"])


def test_errors_are_taken_only_from_pythons_own_exceptions() -> None:
    errors = [
        {"call": "revenue_by_region(None, 1)", "raises": "TypeError"},
        {"call": "revenue_by_region(None, 2)", "raises": "NoSuchError"},
    ]
    assert draft_of(said(errors=errors), GRAPH, ["toolz"]).errors == (((None, 1), "TypeError"),)
