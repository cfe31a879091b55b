"""Real libraries from the package index, as far as their documentation can be trusted to stay."""

from __future__ import annotations

import pytest

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.oracle.ingest import Oracle

pytestmark = pytest.mark.network

DOCTEST_RICH = ("networkx", "toolz", "more-itertools", "sortedcontainers", "boltons")


@pytest.fixture
def oracle(tmp_path) -> Oracle:
    return Oracle(DataPaths(tmp_path), Settings())


async def test_doctest_rich_libraries(oracle):
    """The prototype found 1,243 examples in these five."""
    shown = 0
    for library in DOCTEST_RICH:
        report = await oracle.ingest(f"pypi:{library}")
        assert not [note for note in report.notes if "not read" in note]
        shown += report.examples["doctest"]
    assert shown > 1243
    graph = oracle.graph()
    shortest = graph.api("networkx.shortest_path")
    assert "networkx.algorithms.shortest_paths.generic.shortest_path" in shortest.aliases
    assert shortest.parameters[0].types == ("networkx.Graph",)
    assert "networkx.all_pairs_shortest_path" in shortest.see_also
    assert graph.api("networkx.bridges").kind == "function"
    assert "see_also" in {one.kind for one in graph.relations("toolz.groupby", "toolz.countby")}
    (first,) = [one for one in graph.examples("more-itertools") if one.key.endswith("more_itertools.chunked#0")]
    assert first.statements[0].want == "[[1, 2, 3], [4, 5, 6]]\n"
    assert first.setup == "from more_itertools import chunked\n"
    graph.close()


async def test_textual_and_rich(oracle):
    textual = await oracle.ingest("pypi:textual")
    assert textual.examples["program"] > 250
    await oracle.ingest("pypi:rich")
    graph = oracle.graph()
    assert graph.api("textual.widgets.Input").aliases[0] == "textual.widgets._input.Input"
    assert graph.api("textual.widgets.Input.focus").key == "textual.widget.Widget.focus"
    assert graph.api("textual.geometry.Offset").kind == "class"
    for taker in ("textual.widgets.RichLog.write", "textual.widgets.Static.update", "textual.widgets.Static"):
        assert "type_flow" in {one.kind for one in graph.relations("rich.table.Table", taker)}
    assert "type_flow" in {
        one.kind for one in graph.relations("rich.text.Text", "textual.widgets.DataTable.add_column")
    }
    styled = [one for one in graph.examples("textual") if any(name.endswith(".tcss") for name in one.companions)]
    assert len(styled) > 100
    bridges = [one for one in graph.clusters(["textual", "rich"]) if one.relations]
    crossing = {(one.src, one.dst) for bridge in bridges for one in bridge.relations}
    assert {dst for src, dst in crossing if src == "rich.text.Text"} & {
        "textual.widgets.DataTable.add_column",
        "textual.widgets.DataTable.add_columns",
        "textual.widgets.Tree",
    }
    assert any(dst == "textual.widgets.RichLog.write" for _, dst in crossing)
    again = await oracle.ingest("pypi:textual")
    assert (again.files_read, again.nodes) == (0, textual.nodes)
    graph.close()
