"""Ways of showing a list of records: in a widget of textual, or drawn with rich inside of one.

A view adds its widget, the lines that fill it, the sentence that describes it, and the expression by which a test sees
what a person would see. It does not know where records come from.
"""

from __future__ import annotations

import random

from dreamer_app.weaver.recorded_weaver.apps.draft import SHOWN, Draft, Look
from dreamer_app.weaver.recorded_weaver.apps.records import BOARD, Filling, Records, View, line_format, packed
from dreamer_app.weaver.recorded_weaver.apps.rich_views import (
    rich_bars,
    rich_columns,
    rich_json,
    rich_log,
    rich_markdown,
    rich_panel,
    rich_table,
    rich_text,
    rich_tree,
)


def _data_table(draft: Draft, records: Records, rng: random.Random) -> Filling:
    draft.use("textual.widgets.DataTable")
    draft.calls("textual.widgets.DataTable.add_columns", "textual.widgets.DataTable.add_row")
    draft.compose.append('yield DataTable(id="board")')
    titles = ", ".join(f'"{column.title}"' for column in records.columns)
    draft.mount.append(f'self.query_one("#board", DataTable).add_columns({titles})')
    told = ", ".join(f"`{column.title}`" for column in records.columns)
    draft.screen.append(f"a `DataTable` with id `board` and the column{'s' if len(records.columns) > 1 else ''} {told}")
    cells = ", ".join(column.text if column.kind == "flag" else column.name for column in records.columns)
    note = ""
    if rng.random() < 0.5:
        draft.use("rich.text.Text")
        style, align = rng.choice(["bold", "italic", "bold green", "italic cyan"]), rng.choice(["right", "center"])
        first = records.first.name
        cells = ", ".join([f'Text({first}, style="{style}", justify="{align}")', *cells.split(", ")[1:]])
        note = f" The first cell of a row is a rich `Text` in the style `{style}`, justified `{align}`."
        view = "[[getattr(cell, 'plain', cell) for cell in board.get_row_at(i)] for i in range(board.row_count)]"
        draft.styles = Look(f"({BOARD}.get_row_at(0)[0].style, {BOARD}.get_row_at(0)[0].justify)")
    else:
        view = "[board.get_row_at(i) for i in range(board.row_count)]"
    draft.start.append(Look(f"[str(column.label) for column in {BOARD}.ordered_columns]"))
    draft.rules.append(f"`#board` has one row for each of the {records.plural}, in order.{note}")
    lines = ['table = self.query_one("#board", DataTable)', "table.clear()"]
    lines += [f"for {records.target} in {records.source}:", f"    table.add_row({cells})"]
    return Filling(lines, Look(view.replace("board.", f"{BOARD}."), "the rows of `#board` are"))


def _option_list(draft: Draft, records: Records, _rng: random.Random) -> Filling:
    draft.use("textual.widgets.OptionList")
    draft.calls("textual.widgets.OptionList.add_options")
    draft.compose.append('yield OptionList(id="board")')
    draft.screen.append("an `OptionList` with id `board`")
    draft.rules.append(f"`#board` offers one option `{records.line_words}` for each of the {records.plural}, in order.")
    lines = ['board = self.query_one("#board", OptionList)', "board.clear_options()"]
    lines += [f'board.add_options(f"{records.line}" for {records.target} in {records.source})']
    if len(records.columns) == 1:
        lines[-1] = f"board.add_options({records.source})"
    expression = f"[str(option.prompt) for option in {BOARD}.options]"
    return Filling(lines, Look(expression, "the options of `#board` are"))


def _text_log(draft: Draft, records: Records, _rng: random.Random) -> Filling:
    draft.use("textual.widgets.Log")
    draft.calls("textual.widgets.Log.write_line")
    draft.compose.append('yield Log(id="board")')
    draft.screen.append("a `Log` with id `board`")
    draft.rules.append(
        f"`#board` is always rewritten from scratch: a numbered line `<n>. {records.line_words}` for each of the "
        f"{records.plural}, counted from 1."
    )
    lines = ['log = self.query_one("#board", Log)', "log.clear()"]
    lines += [f"for number, {packed(records)} in enumerate({records.source}, start=1):"]
    lines += [f'    log.write_line(f"{{number}}. {records.line}")']
    return Filling(lines, Look(f"[line for line in {BOARD}.lines if line]", "the lines of `#board` are"))


def _tree(draft: Draft, records: Records, _rng: random.Random) -> Filling:
    group = records.column("group")
    assert group is not None
    root = f"{draft.domain.prefix}"
    leaf = line_format(tuple(column for column in records.columns if column is not group))
    spoken = line_format(tuple(column for column in records.columns if column is not group), spoken=True)
    draft.use("textual.widgets.Tree")
    draft.calls("textual.widgets.tree.TreeNode.add", "textual.widgets.tree.TreeNode.add_leaf")
    draft.compose.append(f'yield Tree("{root}", id="board")')
    draft.screen.append(f"a `Tree` with id `board` and the root label `{root}`")
    draft.start.append(Look(f"str({BOARD}.root.label)"))
    lines = [
        'tree = self.query_one("#board", Tree)',
        "tree.clear()",
        f"for {group.name} in {group.name.upper()}S:",
        f"    branch = tree.root.add({group.name}, expand=True)",
        f"    for {records.target} in {records.source}:",
        f"        if {group.name}_of == {group.name}:".replace(f"{group.name}_of", "where"),
        f'            branch.add_leaf(f"{leaf}")',
    ]
    lines[4] = lines[4].replace(f", {group.name}", ", where")
    draft.rules.append(
        f"Below its root, `#board` has an expanded node for every {group.title.lower()} in the order above (also for "
        f"an empty one), and in it a leaf `{spoken}` for each of its {records.plural}."
    )
    expression = (
        f"{{str(node.label): [str(leaf.label) for leaf in node.children] for node in {BOARD}.root.children"
        " if node.is_expanded}"
    )
    return Filling(lines, Look(expression, "the nodes of `#board` with their leaves are"))


def _pretty(draft: Draft, records: Records, _rng: random.Random) -> Filling:
    draft.use("textual.widgets.Pretty")
    draft.calls("textual.widgets.Pretty.update")
    draft.compose.append('yield Pretty([], id="board")')
    draft.screen.append("a `Pretty` with id `board`")
    draft.test_functions["shown"] = SHOWN
    lines = [f"pairs = {{{records.first.name}: {_rest(records)} for {records.target} in {records.source}}}"]
    lines += ['self.query_one("#board", Pretty).update(pairs)']
    words = ", ".join(column.title.lower() for column in records.columns[1:])
    shape = f"a tuple ({words})" if len(records.columns) > 2 else f"the {words}"
    draft.rules.append(f"`#board` pretty-prints a dictionary from the name of each of the {records.plural} to {shape}.")
    draft.start.append(Look(f"shown({BOARD})"))
    return Filling(lines, Look(f"shown({BOARD})", "`#board` shows"))


def _rest(records: Records) -> str:
    names = [column.name for column in records.columns[1:]]
    return names[0] if len(names) == 1 else f"({', '.join(names)})"


VIEWS: tuple[View, ...] = (
    View("DataTable", "a data table", _data_table, flags=True),
    View("rich.table.Table", "a rich table", rich_table, flags=True, rich=True),
    View("rich.tree.Tree", "a rich tree", rich_tree, needs=("group",), rich=True),
    View("rich.panel.Panel", "a rich panel", rich_panel, flags=True, rich=True),
    View("rich.columns.Columns", "rich columns", rich_columns, flags=True, rich=True),
    View("rich.text.Text", "styled rich text", rich_text, flags=True, rich=True),
    View("rich.markdown.Markdown", "rendered Markdown", rich_markdown, flags=True, rich=True),
    View("rich.bar.Bar", "a bar chart", rich_bars, needs=("number",), rich=True),
    View("rich.json.JSON", "highlighted JSON", rich_json, flags=True, rich=True),
    View("RichLog", "a rich log", rich_log, flags=True, rich=True),
    View("OptionList", "an option list", _option_list, flags=True, pick=("OptionList.OptionSelected", "option_index")),
    View("Log", "a numbered log", _text_log, flags=True),
    View("Tree", "a tree by group", _tree, needs=("group",)),
    View("Pretty", "a pretty-printed dictionary", _pretty, needs=("number",)),
)
