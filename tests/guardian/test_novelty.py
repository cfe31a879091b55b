"""G4 and the index behind it."""

from __future__ import annotations

import ast

import pytest

from dreamer_app.core.likeness import jaccard
from dreamer_app.core.types import GateVerdict
from dreamer_app.guardian.gates.novelty import NoveltyGate
from dreamer_app.guardian.normal_form import normal_form, shingles
from dreamer_app.guardian.novelty import NoveltyIndex, imprint
from tests.guardian.dreams import Planted, load, names, trial
from tests.guardian.knowledge import EXAMPLES, SmallGraph

RENAMED = """
import networkx
from toolz import keyfilter as keep


def homes(couples, prices):
    # Another author, other words.
    net = networkx.Graph()
    net.add_edges_from(couples)
    result = []
    for members in networkx.connected_components(net):
        mine = keep(lambda one: one in members, prices)
        if mine:
            result.append({"people": sorted(members), "rent": sum(mine.values())})
    return sorted(result, key=lambda entry: entry["people"])
"""


def form(source: str) -> str:
    return normal_form(ast.parse(source))


def test_names_comments_annotations_and_import_style_do_not_matter(households: Planted) -> None:
    assert form(households.candidate.solution) == form(RENAMED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("from a import f\nf(1)", "from a import g\ng(1)"),
        ("import a\na.f(1)", "import b\nb.f(1)"),
        ("def f(a, b): return a - b", "def f(a, b): return b - a"),
        ("x = 'a'", "x = 'b'"),
        ("class A:\n    def on_key(self): f()", "class A:\n    def on_click(self): f()"),
        ("f(key=1)", "f(other=1)"),
        ("class A(M):\n    size: int", "class A(M):\n    size: str"),
    ],
)
def test_meaning_matters(one: str, other: str) -> None:
    assert form(one) != form(other)


def test_what_annotations_hold_is_dropped() -> None:
    assert form("x: int = 1\ndef f(a: str) -> None: return a") == form("x = 1\ndef f(a): return a")


def test_similarity_is_jaccard_over_five_tokens() -> None:
    one, other = shingles("a b c d e f"), shingles("a b c d e g")
    assert len(one) == 2 and jaccard(one, other) == pytest.approx(1 / 3)
    assert jaccard(one, one) == 1.0
    assert shingles("a b") == {"a b"}


def test_the_index_finds_same_code_same_task_and_similar_code(households: Planted, route: Planted) -> None:
    index = NoveltyIndex()
    index.add("d1", households.candidate.solution, entry_point="households", apis=["networkx.Graph"])
    assert index.nearest(route.candidate.solution) is None
    same = index.nearest(RENAMED)
    assert same is not None and (same.dream, same.similarity, same.reason) == ("d1", 1.0, "same code")
    similar = index.nearest(RENAMED.replace("if mine:", "if len(mine) > 1:"))
    assert similar is not None and similar.reason == "similar code" and 0.7 < similar.similarity < 1
    task = index.nearest("x = 1", entry_point="households", apis=["networkx.Graph"])
    assert task is not None and task.reason == "same task"
    assert index.nearest("x = 1", entry_point="households", apis=["networkx.Graph", "toolz.first"]) is None


def test_a_dream_may_be_left_out(households: Planted) -> None:
    index = NoveltyIndex()
    index.add("d1", households.candidate.solution)
    assert index.nearest(RENAMED, exclude="d1") is None
    index.add("d2", RENAMED)
    match = index.nearest(RENAMED, exclude="d1")
    assert match is not None and match.dream == "d2"


def test_of_two_twins_one_is_admitted(households: Planted) -> None:
    index = NoveltyIndex()
    mark = imprint(households.candidate.solution)
    assert index.admit("d1", mark, 0.7) is None
    twin = index.admit("d2", imprint(RENAMED), 0.7)
    assert twin is not None and twin.dream == "d1"
    assert index.admit("d1", mark, 0.7) is None
    assert len(index) == 1


@pytest.mark.parametrize("name", names("good"))
async def test_good_dreams_are_new(name: str) -> None:
    receipt = await NoveltyGate().examine(trial(load("good", name)))
    assert receipt.verdict is GateVerdict.PASSED, receipt.evidence


async def test_an_earlier_dream_is_shown(households: Planted) -> None:
    index = NoveltyIndex()
    index.add("earlier", RENAMED)
    receipt = await NoveltyGate().examine(trial(households, novelty=index))
    assert receipt.verdict is GateVerdict.FAILED
    assert receipt.evidence["nearest_dream"] == "earlier"
    again = await NoveltyGate().examine(trial(households, novelty=index, exclude="earlier"))
    assert again.verdict is GateVerdict.PASSED


async def test_a_copied_example_is_shown(route: Planted) -> None:
    receipt = await NoveltyGate().examine(trial(route, knowledge=SmallGraph(examples=EXAMPLES)))
    assert receipt.verdict is GateVerdict.FAILED
    assert receipt.evidence["nearest_example"] == "example:networkx:tour#1"
    assert float(str(receipt.evidence["similarity_to_example"])) >= 0.8


async def test_a_doctest_without_imports_is_recognised() -> None:
    graph = SmallGraph(examples=EXAMPLES)
    planted = load("good", "households")
    source = "from toolz import groupby\nx = ['Alice', 'Bob']\ngroupby(len, x)"
    receipt = await NoveltyGate().examine(trial(planted, solution=source, knowledge=graph))
    assert receipt.evidence["nearest_example"] == "example:toolz:groupby#1"
    assert receipt.verdict is GateVerdict.FAILED


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ({"necessary_apis": ("networkx.Graph", "toolz.first")}, "toolz.first is claimed necessary but not used"),
        ({"necessary_apis": ("networkx.Graph",)}, "fewer than 2"),
        ({"nearest_example": "example:none"}, "does not exist"),
    ],
)
async def test_claims_of_non_triviality_are_checked(
    households: Planted, claim: dict[str, object], expected: str
) -> None:
    triviality = households.scenario.triviality.model_copy(update=claim)
    receipt = await NoveltyGate().examine(trial(households, triviality=triviality))
    assert receipt.verdict is GateVerdict.FAILED
    assert expected in str(receipt.evidence["claims"])
