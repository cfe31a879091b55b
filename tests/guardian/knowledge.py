"""A small graph with true entries of real libraries, so that reading gates can be tested without a package index."""

from __future__ import annotations

from collections.abc import Sequence

from dreamer_app.core.types import LibraryPin, Relation
from dreamer_app.oracle.model import Api, Cluster, Example, NodeKind, Parameter

NETWORKX = LibraryPin(name="networkx", version="3.6.1", license="BSD-3-Clause", import_names=("networkx",))
TOOLZ = LibraryPin(name="toolz", version="1.1.0", license="BSD-3-Clause", import_names=("toolz", "tlz"))
RICH = LibraryPin(name="rich", version="15.0.0", license="MIT", import_names=("rich",))
TEXTUAL = LibraryPin(name="textual", version="8.2.8", license="MIT", import_names=("textual",))
PINS = {pin.name: pin for pin in (NETWORKX, TOOLZ, RICH, TEXTUAL)}


def api(
    key: str,
    kind: NodeKind = NodeKind.FUNCTION,
    parameters: str = "",
    *,
    bases: tuple[str, ...] = (),
    module: str = "",
    aliases: tuple[str, ...] = (),
    deprecated: bool = False,
) -> Api:
    return Api(
        key=key,
        aliases=aliases,
        library=key.split(".", maxsplit=1)[0],
        kind=kind,
        parameters=tuple(
            Parameter(name=name.strip("*"), kind="var_keyword" if name.startswith("**") else "positional_or_keyword")
            for name in parameters.split()
        ),
        bases=bases,
        module=module,
        deprecated=deprecated,
    )


CLASS, METHOD, ATTRIBUTE = NodeKind.CLASS, NodeKind.METHOD, NodeKind.ATTRIBUTE
APIS = (
    api("networkx.Graph", CLASS, "incoming_graph_data **attr", module="networkx.classes.graph"),
    api("networkx.Graph.add_edges_from", METHOD, "ebunch_to_add **attr"),
    api("networkx.Graph.add_weighted_edges_from", METHOD, "ebunch_to_add weight **attr"),
    api("networkx.DiGraph", CLASS, "incoming_graph_data **attr", bases=("networkx.Graph",)),
    api(
        "networkx.connected_components",
        parameters="G",
        aliases=("networkx.algorithms.components.connected_components",),
    ),
    api("networkx.dijkstra_path", parameters="G source target weight"),
    api("networkx.path_weight", parameters="G path weight"),
    api("networkx.NetworkXNoPath", CLASS, bases=("networkx.NetworkXUnfeasible",)),
    api("networkx.NodeNotFound", CLASS, bases=("networkx.NetworkXException",)),
    api("networkx.random_tree", parameters="n seed", deprecated=True),
    api("toolz.keyfilter", parameters="predicate d factory", aliases=("toolz.dicttoolz.keyfilter",)),
    api("toolz.groupby", parameters="key seq", aliases=("toolz.itertoolz.groupby",), module="toolz.itertoolz"),
    api("toolz.valmap", parameters="func d factory"),
    api("toolz.frequencies", parameters="seq"),
    api("toolz.first", parameters="seq"),
    api("toolz.identity", parameters="x"),
    api("rich.text.Text", CLASS, "text style"),
    api("rich.text.Text.stylize", METHOD, "style start end"),
    api("textual.app.App", CLASS, "driver_class css_path watch_css", bases=("typing.Generic", "textual.dom.DOMNode")),
    api("textual.app.ComposeResult", ATTRIBUTE),
    api("textual.dom.DOMNode", CLASS, bases=("textual.message_pump.MessagePump",)),
    api("textual.widgets.Button", CLASS, "label variant name id classes disabled", bases=("textual.widget.Widget",)),
    api("textual.widgets.Button.Pressed", CLASS, "button"),
    api("textual.widgets.Input", CLASS, "value placeholder name id classes", bases=("textual.widget.Widget",)),
    api("textual.widgets.Input.Submitted", CLASS, "input value"),
    api("textual.widgets.Static", CLASS, "content name id classes", bases=("textual.widget.Widget",)),
    api("textual.widgets.Static.update", METHOD, "content layout"),
)
EXAMPLES = (
    Example(
        key="example:toolz:groupby#1",
        library="toolz",
        form="doctest",
        code="names = ['Alice', 'Bob']\ngroupby(len, names)",
        uses=("toolz.groupby",),
    ),
    Example(
        key="example:networkx:tour#1",
        library="networkx",
        form="fenced",
        code=(
            "import networkx\n"
            "def towns(edges, first, last):\n"
            "    net = networkx.Graph()\n"
            "    net.add_weighted_edges_from(edges, weight='toll')\n"
            "    try:\n"
            "        best = networkx.dijkstra_path(net, first, last, weight='toll')\n"
            "    except (networkx.NetworkXNoPath, networkx.NodeNotFound):\n"
            "        return (-1, [])\n"
            "    return (networkx.path_weight(net, best, 'toll'), best)\n"
        ),
        uses=("networkx.Graph", "networkx.dijkstra_path"),
    ),
)


class SmallGraph:
    """Answers like the Oracle's graph, from the tables above."""

    def __init__(self, apis: Sequence[Api] = APIS, examples: Sequence[Example] = ()) -> None:
        self._apis = {path: entry for entry in apis for path in (entry.key, *entry.aliases)}
        self._all = tuple(apis)
        self._examples = {entry.key: entry for entry in examples}

    def libraries(self) -> tuple[LibraryPin, ...]:
        return tuple(PINS.values())

    def apis(self, library: str) -> tuple[Api, ...]:
        return tuple(entry for entry in self._all if entry.library == library)

    def api(self, name: str) -> Api | None:
        return self._apis.get(name)

    def examples(self, library: str) -> tuple[Example, ...]:
        return tuple(entry for entry in self._examples.values() if entry.library == library)

    def example(self, key: str) -> Example | None:
        return self._examples.get(key)

    def relations(self, src: str, dst: str) -> tuple[Relation, ...]:
        return ()

    def related(self, key: str, limit: int = 20) -> tuple[tuple[str, Relation], ...]:
        return ()

    def clusters(self, libraries: Sequence[str], seed: int = 0) -> tuple[Cluster, ...]:
        return ()

    def rarity(self, key: str) -> float:
        return 0.5
