"""Ways of showing a list of records: in a widget of textual, or drawn with rich inside of one.

A view adds its widget, the lines that fill it, the sentence that describes it, and the expression by which a test sees
what a person would see. It does not know where records come from.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from dreamer_app.weaver.recorded_weaver.apps.draft import EMPHASISED, SHOWN, Draft, Look

BOARD = 'app.query_one("#board")'


@dataclass(frozen=True)
class Column:
    """One field of a record.

    Attributes:
        name: Variable that holds it, e.g. `item`.
        title: Column title, e.g. `Item`.
        kind: `text`, `number`, `group` or `flag`.
    """

    name: str
    title: str
    kind: str

    @property
    def text(self) -> str:
        """Expression for the field as text."""
        if self.kind == "number":
            return f"str({self.name})"
        return f'"yes" if {self.name} else "no"' if self.kind == "flag" else self.name

    @property
    def piece(self) -> str:
        """Expression inside of an f-string."""
        return f"{{{self.name}}}"


@dataclass
class Records:
    """What a view shows.

    Attributes:
        plural: Attribute of the app that holds the records.
        columns: Fields of a record; a record of one field is a plain string.
        source: Expression of the records to show, usually `self.<plural>`.
        groups: All groups, when there is a group column.
    """

    plural: str
    columns: tuple[Column, ...]
    source: str
    groups: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        """Loop variable or variables."""
        return ", ".join(column.name for column in self.columns)

    @property
    def first(self) -> Column:
        """The field that names the record."""
        return self.columns[0]

    def column(self, kind: str) -> Column | None:
        """The field of a kind."""
        return next((column for column in self.columns if column.kind == kind), None)

    @property
    def line(self) -> str:
        """One record as a line of text, for an f-string."""
        return line_format(self.columns)

    @property
    def line_words(self) -> str:
        """The same for people, with placeholders."""
        return line_format(self.columns, spoken=True)


def line_format(columns: tuple[Column, ...], *, spoken: bool = False) -> str:
    """One record as a line: `name: amount (group) [flag]`."""
    parts = []
    for column in columns:
        piece = f"<{column.title.lower()}>" if spoken else column.piece
        if column.kind == "text":
            parts.append(piece)
        elif column.kind == "number":
            parts.append(f": {piece}")
        elif column.kind == "group":
            parts.append(f" ({piece})")
        elif spoken:
            parts.append(f" [{column.title.lower()}]")
        else:
            parts.append(f"{{' [{column.title.lower()}]' if {column.name} else ''}}")
    return "".join(parts)


@dataclass(frozen=True)
class Filling:
    """How a view is kept up to date and what it looks like.

    Attributes:
        lines: Statements that refresh it.
        look: How a test sees it.
    """

    lines: list[str]
    look: Look


@dataclass(frozen=True)
class View:
    """One way of showing records.

    Attributes:
        name: For tags.
        phrase: For titles, e.g. `a rich table`.
        add: Adds to the draft and says how it is filled.
        needs: Kinds of fields without which it makes no sense.
        flags: Whether it can show yes-or-no fields.
        rich: Whether it is drawn with rich.
        pick: Message of the widget when a record is picked, and the expression of its position; empty when none.
    """

    name: str
    phrase: str
    add: Callable[[Draft, Records, random.Random], Filling]
    needs: tuple[str, ...] = ()
    flags: bool = False
    rich: bool = False
    pick: tuple[str, str] = ("", "")


def _drawn(draft: Draft, lines: list[str], told: str, *uses: str) -> Filling:
    """A renderable of rich inside of a `Static`."""
    draft.use("textual.widgets.Static", *uses)
    draft.compose.append('yield Static(id="board")')
    draft.test_functions["shown"] = SHOWN
    draft.screen.append("a `Static` with id `board`")
    draft.rules.append(told)
    return Filling(lines, Look(f"shown({BOARD})", "`#board` shows"))


def _data_table(draft: Draft, records: Records, rng: random.Random) -> Filling:
    draft.use("textual.widgets.DataTable")
    draft.calls("textual.widgets.DataTable.add_columns", "textual.widgets.DataTable.add_row")
    draft.compose.append('yield DataTable(id="board")')
    titles = ", ".join(f'"{column.title}"' for column in records.columns)
    draft.mount.append(f'self.query_one("#board", DataTable).add_columns({titles})')
    told = ", ".join(f"`{column.title}`" for column in records.columns)
    draft.screen.append(f"a `DataTable` with id `board` and the columns {told}")
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


def _rich_table(draft: Draft, records: Records, rng: random.Random) -> Filling:
    draft.calls("rich.table.Table.add_row")
    box = rng.choice(["ASCII", "ROUNDED", "SIMPLE", "MINIMAL", "SQUARE", "DOUBLE"])
    draft.imports.add(f"rich.box.{box}")
    title = f"{draft.domain.prefix} {records.plural}"
    number = records.column("number")
    footer = number is not None and rng.random() < 0.6
    told = f"`#board` shows a rich `Table` in the box style `{box}` with the title `{title}`"
    lines = [f'table = Table(title="{title}", box={box}{", show_footer=True" if footer else ""})']
    for column in records.columns:
        options = ', justify="right"' if column.kind == "number" else ""
        if column is records.first and footer:
            options += ', footer="Total"'
        if column is number and footer:
            position = "" if len(records.columns) == 1 else f"[{records.columns.index(column)}]"
            options += f", footer=str(sum(entry{position} for entry in {records.source}))"
        lines.append(f'table.add_column("{column.title}"{options})')
    told += " and the columns " + ", ".join(f"`{column.title}`" for column in records.columns)
    told += f", one row for each of the {records.plural} in order."
    if number is not None:
        told += f" `{number.title}` is justified right."
    if footer and number is not None:
        told += f" Its footer says `Total` under `{records.first.title}` and the sum under `{number.title}`."
    lines += [f"for {records.target} in {records.source}:"]
    lines += [f"    table.add_row({', '.join(column.text for column in records.columns)})"]
    lines += ['self.query_one("#board", Static).update(table)']
    return _drawn(draft, lines, told, "rich.table.Table")


def _rich_tree(draft: Draft, records: Records, _rng: random.Random) -> Filling:
    group = records.column("group")
    assert group is not None
    draft.calls("rich.tree.Tree.add")
    root = f"{draft.domain.prefix} {records.plural}"
    leaf = line_format(tuple(column for column in records.columns if column is not group))
    spoken = line_format(tuple(column for column in records.columns if column is not group), spoken=True)
    lines = [
        f'tree = Tree("{root}")',
        f"branches = {{name: tree.add(name) for name in {group.name.upper()}S}}",
        f"for {records.target} in {records.source}:",
        f'    branches[{group.name}].add(f"{leaf}")',
        'self.query_one("#board", Static).update(tree)',
    ]
    told = (
        f"`#board` shows a rich `Tree` with the root `{root}`, a branch for every {group.title.lower()} in the order "
        f"above (also for an empty one), and under it a leaf `{spoken}` for each of its {records.plural}."
    )
    return _drawn(draft, lines, told, "rich.tree.Tree")


def _rich_panel(draft: Draft, records: Records, rng: random.Random) -> Filling:
    title = f"{draft.domain.prefix} {records.plural}"
    bullet = rng.choice(["-", "*", "+"])
    lines = [
        f'text = "\\n".join(f"{bullet} {records.line}" for {records.target} in {records.source})',
        f'panel = Panel.fit(text, title="{title}", subtitle=f"{{len({records.source})}} in all")',
        'self.query_one("#board", Static).update(panel)',
    ]
    draft.calls("rich.panel.Panel.fit")
    told = (
        f"`#board` shows a rich `Panel` made with `Panel.fit`, titled `{title}`, with the subtitle `<n> in all` (the "
        f"number of {records.plural} shown) and one line `{bullet} {records.line_words}` for each of them."
    )
    return _drawn(draft, lines, told, "rich.panel.Panel")


def _rich_columns(draft: Draft, records: Records, rng: random.Random) -> Filling:
    frame = rng.choice(["brackets", "panels"])
    if frame == "panels":
        draft.use("rich.panel.Panel")
        entry, told = f'Panel(f"{records.line}")', "a `Panel` around"
    else:
        entry, told = f'f"<{records.line}>"', "angle brackets around"
    lines = [
        f"cards = [{entry} for {records.target} in {records.source}]",
        'self.query_one("#board", Static).update(Columns(cards))',
    ]
    told = (
        f"`#board` shows the {records.plural} side by side with rich `Columns`, each as {told} `{records.line_words}`."
    )
    return _drawn(draft, lines, told, "rich.columns.Columns")


def _rich_text(draft: Draft, records: Records, rng: random.Random) -> Filling:
    separator = rng.choice([" | ", " / ", ", ", " > "])
    rest = line_format(records.columns[1:])
    draft.test_functions["emphasised"] = EMPHASISED
    draft.calls("rich.text.Text.append")
    first = records.first.name
    lines = ["text = Text()", f"for number, {_packed(records)} in enumerate({records.source}):"]
    lines += ["    if number:", f'        text.append("{separator}")', f'    text.append({first}, style="bold")']
    if rest:
        lines.append(f'    text.append(f"{rest}")')
    lines.append('self.query_one("#board", Static).update(text)')
    told = (
        f"`#board` shows one rich `Text` with all {records.plural} as `{records.line_words}`, joined by "
        f"`{separator}`; only the name of each is in the style `bold`."
    )
    filling = _drawn(draft, lines, told, "rich.text.Text")
    draft.styles = Look(f"emphasised({BOARD})", "in bold are")
    return filling


def _rich_markdown(draft: Draft, records: Records, rng: random.Random) -> Filling:
    heading = f"{draft.domain.prefix} {records.plural}"
    mark, words = rng.choice([("- ", "bullet list"), ("1. ", "numbered list")])
    lines = [
        f'rows = [f"{mark}{records.line}" for {records.target} in {records.source}]',
        f'self.query_one("#board", Static).update(Markdown("\\n".join(["## {heading}", "", *rows])))',
    ]
    told = (
        f"`#board` shows a rich `Markdown` document: the level-two heading `{heading}` and under it a {words} of the "
        f"{records.plural} as `{records.line_words}`."
    )
    return _drawn(draft, lines, told, "rich.markdown.Markdown")


def _rich_bars(draft: Draft, records: Records, rng: random.Random) -> Filling:
    number = records.column("number")
    assert number is not None
    width, size = rng.choice([16, 20, 24]), rng.choice([10, 20, 40])
    draft.calls("rich.table.Table.grid", "rich.table.Table.add_row")
    lines = [
        "chart = Table.grid(padding=(0, 1))",
        f"for {records.target} in {records.source}:",
        f"    chart.add_row({records.first.name}, Bar({size}, 0, {number.name}, width={width}), str({number.name}))",
        'self.query_one("#board", Static).update(chart)',
    ]
    told = (
        f"`#board` shows a bar chart: a `Table.grid` of rich with padding `(0, 1)` and one row for each of the "
        f"{records.plural}, holding its name, a rich `Bar` of size {size} from 0 to its {number.title.lower()}, "
        f"{width} cells wide, and the number as text."
    )
    return _drawn(draft, lines, told, "rich.table.Table", "rich.bar.Bar")


def _rich_json(draft: Draft, records: Records, _rng: random.Random) -> Filling:
    entry = "{" + ", ".join(f'"{column.name}": {column.name}' for column in records.columns) + "}"
    draft.calls("rich.json.JSON.from_data")
    lines = [
        f"document = [{entry} for {records.target} in {records.source}]",
        f'self.query_one("#board", Static).update(JSON.from_data({{"{records.plural}": document}}))',
    ]
    keys = ", ".join(f"`{column.name}`" for column in records.columns)
    told = (
        f"`#board` shows the {records.plural} as rich `JSON` (made with `JSON.from_data`, default indentation): an "
        f"object whose key `{records.plural}` holds a list of objects with the keys {keys}."
    )
    return _drawn(draft, lines, told, "rich.json.JSON")


def _rich_log(draft: Draft, records: Records, rng: random.Random) -> Filling:
    draft.use("textual.widgets.RichLog")
    draft.calls("textual.widgets.RichLog.write")
    draft.compose.append('yield RichLog(id="board")')
    draft.screen.append("a `RichLog` with id `board`")
    style = rng.choice(["text", "panel", "rule"])
    lines = ['log = self.query_one("#board", RichLog)', "log.clear()", f"for {records.target} in {records.source}:"]
    if style == "panel":
        draft.use("rich.panel.Panel")
        width = rng.choice([24, 28, 32])
        lines.append(f'    log.write(Panel(f"{records.line}", width={width}))')
        told = f"as a rich `Panel` of width {width} around `{records.line_words}`"
    elif style == "rule":
        draft.use("rich.padding.Padding")
        pad = rng.choice([2, 3, 4])
        lines.append(f'    log.write(Padding(f"{records.line}", (0, 0, 0, {pad})))')
        told = f"as `{records.line_words}` in a rich `Padding` of {pad} cells on the left"
    else:
        draft.use("rich.text.Text")
        draft.calls("rich.text.Text.assemble")
        rest = line_format(records.columns[1:])
        tail = f', f"{rest}"' if rest else ""
        lines.append(f'    log.write(Text.assemble("> ", ({records.first.name}, "bold"){tail}))')
        told = f"as a rich `Text` made with `Text.assemble`, reading `> {records.line_words}` with the name in `bold`"
        bold = (
            "[part.text for line in app.query_one('#board').lines for part in line if part.style and part.style.bold]"
        )
        draft.styles = Look(bold.replace("app.query_one('#board')", BOARD), "in bold are")
    draft.rules.append(f"`#board` is always rewritten from scratch: each of the {records.plural} in order, {told}.")
    return Filling(lines, Look(f"[line.text.rstrip() for line in {BOARD}.lines]", "the lines of `#board` are"))


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
    lines += [f"for number, {_packed(records)} in enumerate({records.source}, start=1):"]
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


def _packed(records: Records) -> str:
    return records.target if len(records.columns) == 1 else f"({records.target})"


VIEWS: tuple[View, ...] = (
    View("DataTable", "a data table", _data_table, flags=True),
    View("rich.table.Table", "a rich table", _rich_table, flags=True, rich=True),
    View("rich.tree.Tree", "a rich tree", _rich_tree, needs=("group",), rich=True),
    View("rich.panel.Panel", "a rich panel", _rich_panel, flags=True, rich=True),
    View("rich.columns.Columns", "rich columns", _rich_columns, flags=True, rich=True),
    View("rich.text.Text", "styled rich text", _rich_text, flags=True, rich=True),
    View("rich.markdown.Markdown", "rendered Markdown", _rich_markdown, flags=True, rich=True),
    View("rich.bar.Bar", "a bar chart", _rich_bars, needs=("number",), rich=True),
    View("rich.json.JSON", "highlighted JSON", _rich_json, flags=True, rich=True),
    View("RichLog", "a rich log", _rich_log, flags=True, rich=True),
    View("OptionList", "an option list", _option_list, flags=True, pick=("OptionList.OptionSelected", "option_index")),
    View("Log", "a numbered log", _text_log, flags=True),
    View("Tree", "a tree by group", _tree, needs=("group",)),
    View("Pretty", "a pretty-printed dictionary", _pretty, needs=("number",)),
)
