"""G0: each rule of the form, in both directions."""

from __future__ import annotations

import pytest

from dreamer_app.core.types import GateVerdict
from dreamer_app.guardian.gates.shape import ShapeGate
from tests.guardian.dreams import Planted, load, names, trial


@pytest.mark.parametrize("name", names("good"))
async def test_good_dreams_have_the_form(name: str) -> None:
    receipt = await ShapeGate().examine(trial(load("good", name)))
    assert receipt.verdict is GateVerdict.PASSED, receipt.evidence
    assert receipt.evidence["hidden_bits"] >= 32


async def reason(planted: Planted, **changes: str) -> str:
    receipt = await ShapeGate().examine(trial(planted, **changes))
    assert receipt.verdict is GateVerdict.FAILED
    return str(receipt.evidence["problems"])


async def with_solution(route: Planted, old: str, new: str) -> str:
    assert old in route.candidate.solution
    return await reason(route, solution=route.candidate.solution.replace(old, new))


async def with_tests(route: Planted, old: str, new: str) -> str:
    assert old in route.scenario.tests
    return await reason(route, tests=route.scenario.tests.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("start: str, end: str", "end: str, start: str", "signature"),
        ("-> tuple[int, list[str]]", "-> tuple[int, list]", "signature"),
        ("def cheapest_route", "async def cheapest_route", "signature"),
        ("def cheapest_route", "def cheapest", "exactly once"),
        ("import networkx as nx", "import networkx as nx\nfrom x import cheapest_route", "exactly once"),
        ("    return nx", "    # TODO: finish\n    return nx", "TODO"),
        ("        return -1, []", "        raise NotImplementedError", "NotImplementedError"),
        ("        return -1, []", "        ...", "`...`"),
        ("import networkx as nx", "import networkx as nx\ndef later() -> None:\n    pass", "no body"),
        ("import networkx as nx", "import networkx as nx\nx = '" + "y" * 16_000 + "'", "larger"),
        ("def cheapest_route(", "def cheapest_route((", "line"),
    ],
)
async def test_a_solution_of_another_form_is_rejected(route: Planted, old: str, new: str, expected: str) -> None:
    assert expected in await with_solution(route, old, new)


@pytest.mark.parametrize("addition", ["cheapest_route = print", "\n\ndef cheapest_route() -> None:\n    print()\n"])
async def test_a_second_definition_is_rejected(route: Planted, addition: str) -> None:
    assert "exactly once" in await reason(route, solution=route.candidate.solution + addition)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("ROADS = [", "def cheapest_route(*a):\n    return (10, a)\n\n\nROADS = [", "shadows"),
        (
            "from solution import cheapest_route",
            "from solution import cheapest_route\nimport math as solution",
            "shadows",
        ),
        ("from solution import cheapest_route", "from elsewhere import cheapest_route", "shadows"),
        ("from solution import cheapest_route", "from solution import *", "star import"),
        ("from solution import cheapest_route", "", "does not import"),
        (
            '    assert cheapest_route(ROADS, "bonn"',
            '    solution = 1\n    assert cheapest_route(ROADS, "bonn"',
            "shadows",
        ),
        ("def test_direct() -> None:", "def test_direct(tmp_path) -> None:", "fixture"),
        ("def test_direct() -> None:", "@pytest.mark.skip\ndef test_direct() -> None:", "decorator"),
        ("def test_direct() -> None:\n", "def test_direct() -> None:\n    yield\n", "yields"),
        ("def test_direct() -> None:\n", "def test_direct() -> None:\n    return\n", "returns early"),
        (
            '    assert cheapest_route(ROADS, "bonn", "kiel") == (7, ["bonn", "kiel"])',
            "    try:\n        assert cheapest_route([], 'a', 'b') == 7\n    except AssertionError:\n        print()",
            "catches",
        ),
        ('== (7, ["bonn", "kiel"])', "== RECORD", "never recorded"),
        ('== (7, ["bonn", "kiel"])', "!= 7", "hidden literal"),
        (
            'assert cheapest_route(ROADS, "bonn", "kiel") == (7, ["bonn", "kiel"])',
            "route = cheapest_route(ROADS, 'bonn', 'kiel')\n    assert route == route",
            "hidden literal",
        ),
        ("ROADS = [", "__test__ = False\nROADS = [", "belongs to pytest"),
        ("ROADS = [", "pytest_plugins = ['x']\nROADS = [", "belongs to pytest"),
        ("ROADS = [", "if 1:\n    print()\nROADS = [", "only imports"),
        ("def test_direct", "def test_no_way", "twice"),
    ],
)
async def test_a_suite_of_another_form_is_rejected(route: Planted, old: str, new: str, expected: str) -> None:
    assert expected in await with_tests(route, old, new)


async def test_too_few_tests_and_too_few_bits_are_rejected(route: Planted) -> None:
    suite = "from solution import cheapest_route\n" + "".join(
        f"def test_{n}() -> None:\n    assert cheapest_route([], 'a', 'b')[0] == -1\n" for n in range(4)
    )
    assert "bits hard to guess" in await reason(route, tests=suite)
    assert "3 tests" in await reason(route, tests=suite.partition("def test_3")[0])


async def test_what_only_looks_unfinished_is_kept(route: Planted) -> None:
    solution = route.candidate.solution.replace(
        "import networkx as nx",
        "import networkx as nx\nLABEL = 'TODO'\nSHAPE: tuple[int, ...] = (1, 2)\nclass Lost(Exception):\n    pass\n",
    )
    receipt = await ShapeGate().examine(trial(route, solution=solution))
    assert receipt.verdict is GateVerdict.PASSED, receipt.evidence
