"""Combinations come from the graph: what it does not hold together is not woven."""

from __future__ import annotations

import pytest

from dreamer_app.core.types import Relation
from dreamer_app.oracle.model import Api, Cluster, NodeKind
from dreamer_app.weaver.recorded_weaver.apps.family import AppFamily
from dreamer_app.weaver.recorded_weaver.apps.related import neighbourhood
from tests.weaver.apps.world import RICH, TEXTUAL, Graph, ScriptedLoom, context


def api(key: str, kind: NodeKind = NodeKind.CLASS) -> Api:
    return Api(key=key, library=key.partition(".")[0], kind=kind)


LOG, INPUT, TABLE, TEXT = (api(key) for key in ("a.Log", "a.Input", "b.Table", "b.Text"))
WRITE = api("a.Log.write", NodeKind.METHOD)


class Edges:
    """A graph of just these edges."""

    def __init__(self, *edges: tuple[str, str, str], clusters: tuple[Cluster, ...] = ()) -> None:
        self._edges = edges
        self._clusters = clusters

    def relations(self, src: str, dst: str) -> tuple[Relation, ...]:
        return tuple(Relation(src=a, kind=kind, dst=b) for a, kind, b in self._edges if {a, b} == {src, dst})

    def api(self, name: str) -> Api | None:
        return next((one for one in (LOG, INPUT, TABLE, TEXT, WRITE) if one.key == name), None)

    def clusters(self, libraries: object, seed: int = 0) -> tuple[Cluster, ...]:
        return self._clusters


@pytest.mark.parametrize(
    ("apis", "edges"),
    [
        ([LOG, INPUT], []),
        ([LOG, WRITE], [("a.Log", "defines", "a.Log.write")]),
        ([LOG, INPUT, TABLE], [("a.Log", "co_use", "a.Input")]),
        ([LOG, INPUT, TABLE, TEXT], [("a.Log", "type_flow", "b.Table")]),
    ],
)
def test_what_the_graph_does_not_hold_together(apis: list[Api], edges: list[tuple[str, str, str]]) -> None:
    assert neighbourhood(apis, ["a", "b"], Edges(*edges)) is None  # type: ignore[arg-type]  # only what is asked


def test_members_count_with_their_class() -> None:
    found = neighbourhood([WRITE, TABLE], ["a", "b"], Edges(("b.Table", "type_flow", "a.Log")))  # type: ignore[arg-type]
    assert found is not None
    assert found.relations == (Relation(src="b.Table", kind="type_flow", dst="a.Log"),)


def test_the_cluster_is_the_one_that_holds_most() -> None:
    clusters = tuple(
        Cluster(id=name, libraries=libraries, label="", apis=apis)
        for name, libraries, apis in (
            ("community:a:0", ("a",), ("a.Log", "b.Table")),
            ("bridge:a+b:0", ("a", "b"), ("a.Input",)),
            ("bridge:a+b:1", ("b", "a"), ("a.Log", "b.Table", "b.Text")),
        )
    )
    graph = Edges(("b.Table", "type_flow", "a.Log"), clusters=clusters)
    found = neighbourhood([LOG, TABLE], ["a", "b"], graph)  # type: ignore[arg-type]
    assert found is not None
    assert found.cluster == "bridge:a+b:1"


class Unrelated(Graph):
    """Documentation in which nothing has to do with anything."""

    def relations(self, src: str, dst: str) -> tuple[Relation, ...]:
        return ()


async def test_without_relations_nothing_is_woven() -> None:
    stream = AppFamily().weave(context(Unrelated(TEXTUAL, RICH), ScriptedLoom(), 1))
    assert [woven async for woven in stream] == []
