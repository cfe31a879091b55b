"""Ways of showing how often each option was chosen."""

from __future__ import annotations

from collections.abc import Callable

from dreamer_app.weaver.recorded_weaver.apps.draft import EMPHASISED, SHOWN, Look
from dreamer_app.weaver.recorded_weaver.apps.poll import BOARD, Poll, subject, told


def _static(poll: Poll, told: str, *uses: str) -> None:
    draft = poll.draft
    draft.use("textual.widgets.Static", *uses)
    draft.compose.append('yield Static(id="board")')
    draft.screen.append("a `Static` with id `board`")
    draft.rules.append(told)
    draft.test_functions["shown"] = SHOWN
    poll.board = Look(f"shown({BOARD})", "`#board` shows")


def _bar_table(poll: Poll) -> list[str]:
    width = poll.rng.choice([10, 12, 15])
    top = poll.rng.choice([5, 6, 8])
    title = subject(poll).capitalize()
    box = poll.rng.choice(["SIMPLE", "ROUNDED", "ASCII"])
    poll.draft.imports.add(f"rich.box.{box}")
    poll.draft.calls("rich.table.Table.add_row")
    _static(
        poll,
        f"`#board` then shows a rich `Table` in the box style `{box}` with the columns `{title}` and `Count` and one "
        f"row for each of {told(poll)} in that order; the count is drawn as a rich `Bar` of size {top} from 0 to the "
        f"count, {width} cells wide.",
        "rich.table.Table",
        "rich.bar.Bar",
    )
    return [
        f'table = Table("{title}", "Count", box={box})',
        "for name, count in self.counts.items():",
        f"    table.add_row(name, Bar({top}, 0, count, width={width}))",
        'self.query_one("#board", Static).update(table)',
    ]


def _ranking(poll: Poll) -> list[str]:
    title = f"{poll.domain.prefix} ranking"
    poll.draft.calls("rich.table.Table.add_row")
    _static(
        poll,
        f"`#board` then shows a rich `Table` titled `{title}` with the columns `Place`, "
        f"`{subject(poll).capitalize()}` and `Count` (justified right), highest count first; what is "
        "equal stays in the order of the list above. Places are counted from 1.",
        "rich.table.Table",
    )
    return [
        f'table = Table("Place", "{subject(poll).capitalize()}", title="{title}")',
        'table.add_column("Count", justify="right")',
        "ranking = sorted(self.counts.items(), key=lambda entry: entry[1], reverse=True)",
        "for place, (name, count) in enumerate(ranking, start=1):",
        "    table.add_row(str(place), name, str(count))",
        'self.query_one("#board", Static).update(table)',
    ]


def _panels(poll: Poll) -> list[str]:
    _static(
        poll,
        "`#board` then shows a rich `Columns` of one rich `Panel` for each option in order, with the count inside and "
        "the name as its title.",
        "rich.panel.Panel",
        "rich.columns.Columns",
    )
    return [
        "panels = [Panel(str(count), title=name) for name, count in self.counts.items()]",
        'self.query_one("#board", Static).update(Columns(panels))',
    ]


def _marks(poll: Poll) -> list[str]:
    mark = poll.rng.choice(["*", "#", "o"])
    poll.draft.calls("rich.text.Text.append", "rich.console.Group")
    _static(
        poll,
        f"`#board` then shows a rich `Group` with one rich `Text` for each option in order, reading `<name>: ` and as "
        f"many `{mark}` as it was chosen; the marks are in the style `bold`.",
        "rich.text.Text",
        "rich.console.Group",
    )
    poll.draft.test_functions["emphasised"] = EMPHASISED
    poll.looks.append(Look(f"emphasised({BOARD})", "in bold are"))
    return [
        "rows = []",
        "for name, count in self.counts.items():",
        f'    rows.append(Text(f"{{name}}: ").append("{mark}" * count, style="bold"))',
        'self.query_one("#board", Static).update(Group(*rows))',
    ]


def _cells(poll: Poll) -> list[str]:
    draft = poll.draft
    title = subject(poll).capitalize()
    draft.use("textual.widgets.DataTable")
    draft.calls("textual.widgets.DataTable.update_cell", "textual.widgets.DataTable.add_column")
    draft.compose.append('yield DataTable(id="board")')
    draft.screen.append(f"a `DataTable` with id `board` and the columns `{title}` and `Count`")
    draft.mount += [
        'table = self.query_one("#board", DataTable)',
        f'table.add_column("{title}")',
        'table.add_column("Count", key="count")',
        f"for name in {poll.names}:",
        "    table.add_row(name, 0, key=name)",
    ]
    draft.rules[-1] = "Every count starts at 0."
    draft.rules.append(
        "`#board` has one row for each option in order from the start; its second cell is the count (an `int`)."
    )
    rows = f"[{BOARD}.get_row_at(i) for i in range({BOARD}.row_count)]"
    draft.start += [Look(f"[str(column.label) for column in {BOARD}.ordered_columns]"), Look(rows)]
    poll.board = Look(rows, "the rows of `#board` are")
    return [
        'table = self.query_one("#board", DataTable)',
        "for name, count in self.counts.items():",
        '    table.update_cell(name, "count", count)',
    ]


def _spark(poll: Poll) -> list[str]:
    draft = poll.draft
    draft.use("textual.widgets.Sparkline")
    draft.calls("textual.widgets.Sparkline.data")
    draft.compose.append('yield Sparkline(id="board")')
    draft.screen.append("a `Sparkline` with id `board` without data")
    draft.rules.append("The data of `#board` is then the list of all counts in the order of the options.")
    poll.board = Look(f"{BOARD}.data", "the data of `#board` is")
    return ['self.query_one("#board", Sparkline).data = list(self.counts.values())']


BOARDS: tuple[tuple[str, Callable[[Poll], list[str]]], ...] = (
    ("bars in a rich table", _bar_table),
    ("a rich ranking", _ranking),
    ("rich panels", _panels),
    ("rich tally marks", _marks),
    ("cells of a data table", _cells),
    ("a sparkline", _spark),
)
