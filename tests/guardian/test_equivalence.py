"""Changed solutions that hundreds of inputs do not tell apart, and such that one of them does: with a real worker."""

from __future__ import annotations

import pytest

from dreamer_app.guardian.equivalence import told_apart
from tests.guardian.conftest import Court
from tests.guardian.dreams import load, trial

pytestmark = [pytest.mark.docker, pytest.mark.network, pytest.mark.asyncio(loop_scope="module")]

SOLUTION = """def clip(numbers: list[int], limit: int) -> list[int]:
    if limit < 0:
        raise ValueError(limit)
    return [n if n < limit else limit for n in numbers]
"""
TESTS = """from solution import clip


def test_some_are_over() -> None:
    assert clip([1, 5, 9], 4) == [1, 4, 4]


def test_none_is_over() -> None:
    assert clip([2, 3], 8) == [2, 3]


def test_one_at_the_limit() -> None:
    assert clip([6], 6) == [6]


def test_nothing() -> None:
    assert clip([], 120) == []
"""
CHANGES = {
    "the same at the boundary": ("n < limit", "n <= limit"),
    "one below the boundary": ("n < limit", "n < limit - 1"),
    "another kind of number": ("else limit for", "else limit + (0.0 if limit == 0 else 0) for"),
    "another exception": ("ValueError", "IndexError"),
    "no exception": ("limit < 0", "limit < -1"),
    "what it was given is changed": ("    return", "    numbers.sort(reverse=True)\n    return sorted("),
    "it never ends for a large limit": ("    return", "    while limit > 100:\n        pass\n    return"),
    "it prints": ("    return", "    print(limit)\n    return"),
}


def changed(old: str, new: str) -> str:
    source = SOLUTION.replace(old, new)
    return source.replace("in numbers]", "in numbers])") if "sorted(" in new else source


async def test_only_what_does_the_same_on_every_input_is_taken_for_equivalent(court: Court) -> None:
    sources = {name: changed(*change) for name, change in CHANGES.items()}
    one = trial(load("good", "households"), solution=SOLUTION, tests=TESTS, entry_point="clip")
    async with court.sandbox.worker(court.environment, "dream") as worker:
        one.worker = worker
        found = await told_apart(one, sources)
    assert set(found) == {*CHANGES} - {"it never ends for a large limit"}
    assert [name for name, tells in found.items() if tells is None] == ["the same at the boundary"]
    numbers, limit = found["one below the boundary"] or ([], 0)
    assert limit - 1 in numbers
    assert (found["no exception"] or ([], 0))[1] == -1


async def test_too_few_inputs_prove_nothing(court: Court) -> None:
    solution = "def said(word: bool) -> str:\n    return str(word)\n"
    tests = "from solution import said\n\n\ndef test_it() -> None:\n    assert said(True) == 'True'\n"
    one = trial(load("good", "households"), solution=solution, tests=tests, entry_point="said")
    async with court.sandbox.worker(court.environment, "dream") as worker:
        one.worker = worker
        assert await told_apart(one, {"itself": solution + "\n"}) == {}


async def test_what_hardly_answers_proves_nothing(court: Court) -> None:
    solution = SOLUTION.replace("limit < 0", "limit < 0 or numbers")
    one = trial(load("good", "households"), solution=solution, tests=TESTS, entry_point="clip")
    async with court.sandbox.worker(court.environment, "dream") as worker:
        one.worker = worker
        assert await told_apart(one, {"itself": solution + "\n"}) == {}
