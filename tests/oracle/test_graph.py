"""What the graph answers: names, relations, rarity, communities, bridges, search."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.oracle.graph import GraphStore
from dreamer_app.oracle.ingest import Oracle
from dreamer_app.oracle.knowledge import KnowledgeGraph
from tests.oracle.archives import unpack
from tests.oracle.golden import MODULES

CANVAS = {
    "canvas/__init__.py": '''"""Draws what others made."""

from __future__ import annotations

from minilib.shapes import Drawable, Ink, Shape
from minilib import Circle


class Frame(Shape):
    """A shape around others."""

    def add(self, ink: Ink) -> None:
        """Add something drawable.

        >>> from minilib import Circle
        >>> frame = Frame("f")
        >>> frame.add(Circle("c"))
        """

    def first(self) -> Circle:
        """The first circle.

        See Also:
            minilib.Circle
        """


def flatten(rows):
    """Flatten rows.

    Parameters
    ----------
    rows : list of lists
        The rows.
    """


def weigh(frame: Frame) -> float:
    """Its weight."""
''',
}
"""A second library that builds on the first."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    import asyncio

    base = tmp_path_factory.mktemp("graph")
    oracle = Oracle(DataPaths(base / "data"), Settings())
    other = base / "canvas"
    for path, text in CANVAS.items():
        (other / path).parent.mkdir(parents=True)
        (other / path).write_text(text)
    for folder in (unpack(base / "minilib"), other):
        asyncio.run(oracle.ingest(str(folder)))
    graph = oracle.graph()
    yield graph
    graph.close()


def kinds(store: GraphStore, src: str, dst: str) -> set[str]:
    return {relation.kind for relation in store.relations(src, dst)}


def test_it_is_a_knowledge_graph(store):
    graph: KnowledgeGraph = store
    assert [pin.name for pin in graph.libraries()] == ["canvas", "minilib"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("minilib.combine", "minilib.combine"),
        ("minilib._core.combine", "minilib.combine"),
        ("minilib.join_all", "minilib.combine"),
        ("minilib.Figure", "minilib.shapes.Shape"),
        ("minilib.Figure.name", "minilib.shapes.Shape.name"),
        ("minilib.colours.Circle", "minilib.Circle"),
        ("minilib.Circle.sides", "minilib.shapes.Shape.sides"),
        ("canvas.Frame.name", "minilib.shapes.Shape.name"),
        ("minilib.nothing", None),
        ("minilib.Circle.nothing", None),
        ("minilib._core.hidden", None),
        ("minilib", None),
        ("", None),
    ],
)
def test_what_a_dotted_path_means(store, name, key):
    found = store.api(name)
    assert (found.key if found else None) == key


def test_type_flow_through_a_protocol_an_alias_and_two_libraries(store):
    """A circle satisfies Drawable, which Ink stands for, which Frame.add takes."""
    assert "type_flow" in kinds(store, "minilib.Circle", "canvas.Frame.add")
    assert "type_flow" not in kinds(store, "minilib.Bag", "canvas.Frame.add")
    (relation,) = [one for one in store.relations("canvas.Frame.first", "minilib.paint") if one.kind == "type_flow"]
    assert (relation.src, relation.dst) == ("canvas.Frame.first", "minilib.paint")


def test_type_flow_through_a_type_alias_in_a_string(store):
    assert "type_flow" in kinds(store, "minilib.Bag", "minilib.shapes.frame")


def test_type_flow_runs_through_subclasses(store):
    assert "type_flow" in kinds(store, "canvas.Frame", "minilib.shapes.scale")


def test_other_relations(store):
    assert "see_also" in kinds(store, "minilib.combine", "minilib.split_words")
    assert "see_also" in kinds(store, "minilib.split_words", "minilib.combine")
    assert "inherits" in kinds(store, "minilib.Circle", "minilib.shapes.Shape")
    assert "inherits" in kinds(store, "minilib.shapes.Shape", "canvas.Frame")
    assert "defines" in kinds(store, "minilib.Bag", "minilib.Bag.add")
    assert "same_owner" in kinds(store, "minilib.Bag.items", "minilib.Bag.add")
    assert "co_use" in kinds(store, "minilib.Bag.items", "minilib.Bag")
    assert "co_use" in kinds(store, "canvas.Frame.add", "minilib.Circle")
    assert "common_base" in kinds(store, "canvas.Frame", "minilib.Circle")
    assert "same_page" in kinds(store, "minilib.shapes.render", "minilib.shapes.scale")
    assert store.relations("minilib.combine", "minilib.panels.Panel") == ()
    assert store.relations("minilib.combine", "minilib.combine") == ()
    assert store.relations("minilib.combine", "no.such") == ()


def test_a_string_is_no_list_of_characters(store):
    """combine gives a string; flatten takes a list."""
    assert store.relations("minilib.combine", "canvas.flatten") == ()
    assert "type_flow" in kinds(store, "minilib.split_words", "canvas.flatten")


def test_every_relation_names_its_two_ends(store):
    for key in ("minilib.Circle", "minilib.combine", "canvas.Frame.add"):
        for other, relation in store.related(key):
            assert {relation.src, relation.dst} == {key, other}
            assert relation in store.relations(key, other)


def test_related_reaches_across_libraries_best_first(store):
    found = [other for other, _ in store.related("canvas.Frame.first")]
    assert found[0] == "minilib.Circle"
    assert store.related("canvas.Frame.first", limit=1) == store.related("canvas.Frame.first")[:1]
    assert store.related("no.such") == ()


def test_rarity_falls_with_use(store):
    assert store.rarity("minilib.colours.Palette") == 1.0
    assert 0 < store.rarity("minilib.Circle") < store.rarity("minilib.Circle.area") < 1


def test_examples_know_what_they_use_of_other_libraries(store):
    (example,) = store.examples("canvas")
    assert example.uses == ("canvas.Frame", "canvas.Frame.add", "minilib.Circle")
    assert store.example(example.key) == example
    assert store.example("example:none") is None


def test_communities_cover_what_is_related(store):
    clusters = store.clusters(["minilib"])
    assert all(cluster.libraries == ("minilib",) and not cluster.relations for cluster in clusters)
    home = next(cluster for cluster in clusters if "minilib.combine" in cluster.apis)
    assert "minilib.split_words" in home.apis
    assert "example:minilib:minilib.combine#0" in home.examples
    members = [key for cluster in clusters for key in cluster.apis]
    assert len(members) == len(set(members))
    assert not [key for cluster in clusters for key in cluster.apis if store.api(key) is None]
    assert [len(one.apis) for one in clusters] == sorted((len(one.apis) for one in clusters), reverse=True)


def test_bridges_join_two_libraries_by_named_relations(store):
    bridges = [cluster for cluster in store.clusters(["canvas", "minilib"]) if cluster.id.startswith("bridge:")]
    assert bridges
    joined = set()
    for bridge in bridges:
        assert bridge.libraries == ("canvas", "minilib")
        for relation in bridge.relations:
            ends = {store.api(relation.src).library, store.api(relation.dst).library}
            assert ends == {"canvas", "minilib"}
            assert {relation.src, relation.dst} <= set(bridge.apis)
            joined.add((relation.src, relation.kind, relation.dst))
    assert ("minilib.Circle", "type_flow", "canvas.Frame.add") in joined
    assert ("canvas.Frame", "inherits", "minilib.shapes.Shape") in joined
    assert ("canvas.Frame.first", "see_also", "minilib.Circle") in joined
    assert any("example:canvas:canvas.Frame.add#0" in bridge.examples for bridge in bridges)


def test_clusters_are_the_same_for_the_same_seed(store):
    again = GraphStore(Path(store.tables.db.conn.execute("PRAGMA database_list").fetchone()[2]))
    try:
        assert again.clusters(["minilib", "canvas"], 7) == store.clusters(["canvas", "minilib"], 7)
    finally:
        again.close()


def test_clusters_of_unknown_libraries_are_none(store):
    assert store.clusters(["nothing"]) == ()


def test_the_network_has_the_documented_kinds(store):
    graph = store.network()
    assert graph.nodes["minilib.Circle"] == {"kind": "class", "library": "minilib"}
    assert graph.has_edge("canvas.Frame", "minilib.shapes.Shape", key="inherits")
    assert graph.has_edge("example:canvas:canvas.Frame.add#0", "minilib.Circle", key="uses")
    assert graph.has_edge("type:minilib.Circle", "minilib.paint", key="accepted_by")
    assert {graph.nodes[node]["kind"] for node in graph} <= {
        "package", "module", "class", "function", "method", "attribute", "type", "example", "concept", "external",
    }  # fmt: skip
    assert not [data for _, _, data in graph.edges(data=True) if "source" in data]


def test_search(store):
    assert store.search("join words")[0][1] == "minilib.combine"
    assert store.search("joining")[0][1] == "minilib.combine", "words are stemmed"
    assert store.search('"( *') == ()
    assert store.search("") == ()


def test_apis_are_in_a_stable_order(store):
    keys = [api.key for api in store.apis("minilib")]
    assert keys == sorted(keys)
    assert len(keys) > len(MODULES)
