"""Ways of showing a list of records that rich draws: inside of a `Static`, or line by line in a `RichLog`."""

from __future__ import annotations

import random

from dreamer_app.weaver.recorded_weaver.apps.draft import EMPHASISED, SHOWN, Draft, Look
from dreamer_app.weaver.recorded_weaver.apps.records import BOARD, Filling, Records, line_format, packed


def _drawn(draft: Draft, lines: list[str], told: str, *uses: str) -> Filling:
    """A renderable of rich inside of a `Static`."""
    draft.use("textual.widgets.Static", *uses)
    draft.compose.append('yield Static(id="board")')
    draft.test_functions["shown"] = SHOWN
    draft.screen.append("a `Static` with id `board`")
    draft.rules.append(told)
    return Filling(lines, Look(f"shown({BOARD})", "`#board` shows"))


def rich_table(draft: Draft, records: Records, rng: random.Random) -> Filling:
    """A `Table`, with a footer when there are numbers to add up."""
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


def rich_tree(draft: Draft, records: Records, _rng: random.Random) -> Filling:
    """A `Tree` with a branch for each group."""
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


def rich_panel(draft: Draft, records: Records, rng: random.Random) -> Filling:
    """A `Panel` around a list."""
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


def rich_columns(draft: Draft, records: Records, rng: random.Random) -> Filling:
    """`Columns` of panels or short texts."""
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


def rich_text(draft: Draft, records: Records, rng: random.Random) -> Filling:
    """One `Text` with emphasised names."""
    separator = rng.choice([" | ", " / ", ", ", " > "])
    rest = line_format(records.columns[1:])
    draft.test_functions["emphasised"] = EMPHASISED
    draft.calls("rich.text.Text.append")
    first = records.first.name
    lines = ["text = Text()", f"for number, {packed(records)} in enumerate({records.source}):"]
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


def rich_markdown(draft: Draft, records: Records, rng: random.Random) -> Filling:
    """A `Markdown` document."""
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


def rich_bars(draft: Draft, records: Records, rng: random.Random) -> Filling:
    """A `Bar` for each record."""
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


def rich_json(draft: Draft, records: Records, _rng: random.Random) -> Filling:
    """`JSON` of all records."""
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


def rich_log(draft: Draft, records: Records, rng: random.Random) -> Filling:
    """A `RichLog` with a renderable for each record."""
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
