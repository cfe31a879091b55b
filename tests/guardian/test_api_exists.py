"""G2: what the pinned version has, and what nobody can know from the index."""

from __future__ import annotations

import pytest

from dreamer_app.core.types import ApiUse, GateVerdict, Receipt
from dreamer_app.guardian.gates.api_exists import ApiExistsGate
from tests.guardian.dreams import Planted, load, names, trial


async def examine(planted: Planted, solution: str, **changes: object) -> Receipt:
    return await ApiExistsGate().examine(trial(planted, solution=solution, **changes))


@pytest.mark.parametrize("name", names("good"))
async def test_good_dreams_use_what_exists(name: str) -> None:
    receipt = await ApiExistsGate().examine(trial(load("good", name)))
    assert receipt.verdict is GateVerdict.PASSED, receipt.evidence


@pytest.mark.parametrize(
    "source",
    [
        "import networkx as nx\nnx.Graph(name='x', anything=1)",
        "from networkx.algorithms.components import connected_components",
        "import networkx.algorithms\nnetworkx.algorithms.components.connected_components(1)",
        "import networkx as nx\ndef f(graph: nx.Graph):\n    return graph.invented_on_an_instance(1)",
        "import networkx as nx\nnx.Graph.__name__",
        "import networkx as nx\nnx.components.connected_components(1)",
        "from networkx import components\ncomponents.connected_components(1)",
        "import networkx as nx\nnx.Graph.add_edges_from(1, 2)",
        "import networkx as nx\nnx.NetworkXNoPath.with_traceback",
        "import networkx as nx\nnx.Graph()\ndef f(nx):\n    return nx.anything",
    ],
)
async def test_these_exist_or_cannot_be_known(route: Planted, source: str) -> None:
    receipt = await examine(route, source)
    assert receipt.verdict is GateVerdict.PASSED, receipt.evidence


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import networkx as nx\nnx.cheapest_path(1)", "networkx.cheapest_path does not exist"),
        ("from networkx import cheapest_path", "networkx.cheapest_path does not exist"),
        ("from networkx.paths import dijkstra_path", "does not exist"),
        ("import networkx.paths", "does not exist"),
        ("import networkx as nx\nnx.components.invented(1)", "does not exist"),
        ("import networkx as nx\nnx.Graph.add_everything", "networkx.Graph has no add_everything"),
        ("import networkx as nx\nnx.DiGraph.add_everything", "networkx.DiGraph has no add_everything"),
        ("import networkx as nx\nnx.dijkstra_path(1, 2, 3, cost='x')", "no parameter cost"),
        ("import networkx as nx\nnx.random_tree(3)", "deprecated"),
    ],
)
async def test_these_do_not(route: Planted, source: str, expected: str) -> None:
    receipt = await examine(route, source)
    assert receipt.verdict is GateVerdict.FAILED
    assert expected in str(receipt.evidence["problems"])


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (ApiUse(name="networkx.cheapest_path", library="networkx", kind="function"), "does not exist"),
        (ApiUse(name="toolz.first", library="networkx", kind="function"), "belongs to toolz"),
        (ApiUse(name="networkx.dijkstra_path", library="networkx", kind="class"), "not a class"),
        (ApiUse(name="networkx.random_tree", library="networkx", kind="function"), "deprecated"),
    ],
)
async def test_uses_api_must_be_true(route: Planted, use: ApiUse, expected: str) -> None:
    receipt = await examine(route, route.candidate.solution, uses_api=(use,))
    assert receipt.verdict is GateVerdict.FAILED
    assert expected in str(receipt.evidence["problems"])


async def test_using_no_library_at_all_is_rejected(route: Planted) -> None:
    receipt = await examine(route, "def cheapest_route(): return 1", uses_api=())
    assert receipt.verdict is GateVerdict.FAILED
    assert "none of the libraries" in str(receipt.evidence["reason"])
