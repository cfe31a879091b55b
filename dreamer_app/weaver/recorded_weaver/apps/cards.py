"""Ways of drawing the details of one record with rich."""

from __future__ import annotations

from collections.abc import Callable

from dreamer_app.weaver.recorded_weaver.apps.draft import EMPHASISED, SHOWN, Look
from dreamer_app.weaver.recorded_weaver.apps.shelf import CARD, Shelf, thing


def _card(shelf: Shelf, told: str, *uses: str) -> str:
    draft = shelf.draft
    draft.use("textual.widgets.Static", *uses)
    draft.compose.append('yield Static(id="card")')
    draft.screen.append("a `Static` with id `card`")
    draft.test_functions["shown"] = SHOWN
    draft.rules.append(told)
    shelf.card = Look(f"shown({CARD})", "`#card` shows")
    return f"{shelf.domain.amount}, {shelf.domain.group} = {shelf.constant}[name]"


def _panel(shelf: Shelf) -> list[str]:
    amount, group = shelf.domain.amount, shelf.domain.group
    first = _card(
        shelf,
        f"{thing(shelf)} is shown as a rich `Panel` made with `Panel.fit`, titled with its name, its "
        f"{group} as the subtitle, around the text `<n> {amount}`.",
        "rich.panel.Panel",
    )
    shelf.draft.calls("rich.panel.Panel.fit")
    return [
        first,
        f'panel = Panel.fit(f"{{{amount}}} {amount}", title=name, subtitle={group})',
        'self.query_one("#card", Static).update(panel)',
    ]


def _table(shelf: Shelf) -> list[str]:
    amount, group = shelf.domain.amount, shelf.domain.group
    box = shelf.rng.choice(["ASCII", "ROUNDED", "SQUARE", "DOUBLE"])
    first = _card(
        shelf,
        f"{thing(shelf)} is shown as a rich `Table` in the box style `{box}`, titled with its name, without a "
        f"header, with two columns and the rows `{amount.capitalize()}` and `{group.capitalize()}` and their values.",
        "rich.table.Table",
    )
    shelf.draft.imports.add(f"rich.box.{box}")
    shelf.draft.calls("rich.table.Table.add_row")
    return [
        first,
        f"table = Table(title=name, show_header=False, box={box})",
        f'table.add_row("{amount.capitalize()}", str({amount}))',
        f'table.add_row("{group.capitalize()}", {group})',
        'self.query_one("#card", Static).update(table)',
    ]


def _json(shelf: Shelf) -> list[str]:
    amount, group = shelf.domain.amount, shelf.domain.group
    first = _card(
        shelf,
        f"{thing(shelf)} is shown as rich `JSON` made with `JSON.from_data`: an object with the keys `name`, "
        f"`{amount}` and `{group}`, indented by 2.",
        "rich.json.JSON",
    )
    shelf.draft.calls("rich.json.JSON.from_data")
    return [
        first,
        f'record = {{"name": name, "{amount}": {amount}, "{group}": {group}}}',
        'self.query_one("#card", Static).update(JSON.from_data(record))',
    ]


def _text(shelf: Shelf) -> list[str]:
    amount, group = shelf.domain.amount, shelf.domain.group
    draft = shelf.draft
    first = _card(
        shelf,
        f"{thing(shelf)} is shown as a rich `Text` made with `Text.assemble`, reading `<name>: <n> {amount}, "
        f"{group} <{group}>`, with name and number in the style `bold`.",
        "rich.text.Text",
    )
    draft.calls("rich.text.Text.assemble")
    draft.test_functions["emphasised"] = EMPHASISED
    shelf.looks.append(Look(f"emphasised({CARD})", "in bold are"))
    parts = f'(name, "bold"), ": ", (str({amount}), "bold"), f" {amount}, {group} {{{group}}}"'
    return [first, f"text = Text.assemble({parts})", 'self.query_one("#card", Static).update(text)']


def _rich_tree(shelf: Shelf) -> list[str]:
    amount, group = shelf.domain.amount, shelf.domain.group
    first = _card(
        shelf,
        f"{thing(shelf)} is shown as a rich `Tree` with its {group} as the root, its name below it, and below "
        f"that `<n> {amount}`.",
        "rich.tree.Tree",
    )
    shelf.draft.calls("rich.tree.Tree.add")
    return [
        first,
        f"tree = Tree({group})",
        f'tree.add(name).add(f"{{{amount}}} {amount}")',
        'self.query_one("#card", Static).update(tree)',
    ]


def _rule(shelf: Shelf) -> list[str]:
    amount, group = shelf.domain.amount, shelf.domain.group
    align = shelf.rng.choice(["left", "right"])
    first = _card(
        shelf,
        f"{thing(shelf)} is shown as a rich `Group`: a rich `Rule` with its name, aligned {align}, and below it "
        f"the line `{amount}: <n>, {group}: <{group}>`.",
        "rich.rule.Rule",
        "rich.console.Group",
    )
    return [
        first,
        f'line = f"{amount}: {{{amount}}}, {group}: {{{group}}}"',
        f'self.query_one("#card", Static).update(Group(Rule(name, align="{align}"), line))',
    ]


CARDS: tuple[tuple[str, Callable[[Shelf], list[str]]], ...] = (
    ("a rich panel", _panel),
    ("a rich table", _table),
    ("rich JSON", _json),
    ("styled rich text", _text),
    ("a rich tree", _rich_tree),
    ("a rich rule", _rule),
)
