"""Small demands are made only where they change something."""

from __future__ import annotations

from random import Random

from dreamer_app.weaver.recorded_weaver.drafts import Draft
from dreamer_app.weaver.recorded_weaver.pieces import Parameter
from dreamer_app.weaver.recorded_weaver.spices import Spiced, empty_result, odd_cases, spice

EDGES = [("a", "b"), ("b", "c"), ("c", "a")]


def draft(name: str, annotation: str, first: object) -> Draft:
    return Draft(
        pattern="members/dealer",
        name="find",
        title="Find something",
        parameters=(Parameter(name, annotation, "what to look at"),),
        imports=(),
        lines=(),
        result=f"list({name})",
        steps=("Look at it",),
        outcome="",
        apis=(),
        ops=(),
        cases=tuple((first,) for _ in range(6)),
    )


def spiced_with(one: Draft, minds: set[str]) -> list[Draft]:
    return [spice(Spiced(one, "list[float]", frozenset(minds)), Random(seed)) for seed in range(20)]


def test_odd_cases_of_edges_and_of_texts() -> None:
    edges = odd_cases(draft("edges", "list[tuple[str, str]]", EDGES))
    assert edges["empty"] == (([],),)
    assert all(("c", "c") in case[0] or ("a", "a") in case[0] for case in edges["loops"])
    texts = odd_cases(draft("words", "list[str]", ["x", "y"]))
    assert texts["blanks"][0] == (["x", "  ", "y", ""],)
    assert "loops" not in texts


def test_weighted_edges_have_no_loops_to_ignore() -> None:
    assert "loops" not in odd_cases(draft("edges", "list[tuple[str, str, int]]", [("a", "b", 1)]))


def test_what_a_draft_does_not_mind_is_not_mentioned() -> None:
    one = draft("edges", "list[tuple[str, str]]", EDGES)
    steps = {step for found in spiced_with(one, set()) for step in found.steps}
    assert not any("itself" in step or "empty" in step for step in steps)


def test_what_a_draft_minds_is_asked_for_in_words_code_and_cases() -> None:
    one = draft("edges", "list[tuple[str, str]]", EDGES)
    loops = next(found for found in spiced_with(one, {"loops"}) if len(found.steps) > len(one.steps) + 1)
    assert "Ignore edges that lead from a node to itself" in loops.steps
    assert "start != end" in loops.source()
    assert any(start == end for case in loops.cases for start, end in case[0])
    guarded = next(found for found in spiced_with(one, {"empty"}) if "if not edges:" in found.lines)
    assert "    return []" in guarded.lines
    assert ([],) in [case[:1] for case in guarded.cases]


def test_empty_results() -> None:
    assert [empty_result(shape) for shape in ("list[int]", "dict[str, int]", "tuple[int, int]", "int")] == [
        "[]",
        "{}",
        "()",
        None,
    ]
