"""Apps that browse a small catalogue: a list on top, the details of what is picked below, a way to narrow or mark it.

The list, the way the details are drawn, and what else can be done are drawn from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from dreamer_app.weaver.recorded_weaver.apps.domains import Domain, article
from dreamer_app.weaver.recorded_weaver.apps.draft import EMPHASISED, SHOWN, Case, Draft, Look

CARD = 'app.query_one("#card")'
AMOUNTS = (12, 5, 30, 8)


@dataclass
class Shelf:
    """A catalogue in the making.

    Attributes:
        draft: What is added to.
        rng: All random choices.
        domain: The words.
        rows: Name, amount and group of each record.
        card: How the details look.
        after: Lines that run after a record was picked; `name` is bound.
        looks: Further things that change.
        pick: How a test picks the n-th record.
        listed: How a test sees what is listed.
        fill: Lines that list the records of `{rows}`.
    """

    draft: Draft
    rng: random.Random
    domain: Domain
    rows: tuple[tuple[str, int, str], ...]
    card: Look = field(default_factory=lambda: Look(""))
    after: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    pick: Callable[[Case, int], Case] = lambda case, _place: case
    listed: Look = field(default_factory=lambda: Look(""))

    @property
    def constant(self) -> str:
        """Name of the constant that holds the records."""
        return self.domain.plural.upper()

    def everything(self) -> tuple[Look, ...]:
        """The details and what changes with them."""
        return (self.card, *self.looks)


def weave_catalogue(domain: Domain, seed: int) -> Draft:
    """One catalogue, fully determined by its domain and seed."""
    rng = random.Random(seed)  # noqa: S311
    draft = Draft(domain, f"{domain.prefix}{rng.choice(['Catalogue', 'Browser', 'Index'])}")
    names = rng.sample(domain.names, 4)
    amounts = rng.sample(AMOUNTS, 4)
    groups = [domain.groups[place] for place in (0, 1, 0, 2)]
    rows = tuple((name.capitalize(), amount, group) for name, amount, group in zip(names, amounts, groups, strict=True))
    shelf = Shelf(draft, rng, domain, rows)
    listed = "".join(f'    "{name}": ({amount}, "{group}"),\n' for name, amount, group in rows)
    draft.before.append(f"{shelf.constant} = {{\n{listed}}}")
    draft.demands.append(
        f"The catalogue is a constant, in this order, from name to {domain.amount} and {domain.group}:\n"
        + "".join(f"  - `{name}`: {amount}, `{group}`\n" for name, amount, group in rows).rstrip()
    )
    draft.use("textual.on")
    picker = rng.choice(PICKERS)
    picker[1](shelf)
    card = rng.choice([entry for entry in CARDS if (picker[0], entry[0]) != ("a tree", "a rich tree")])
    refresh = card[1](shelf)
    extra = rng.choice(EXTRAS)
    extra[1](shelf)
    draft.methods.append("\n    ".join(["def show(self, name: str) -> None:", *refresh, *shelf.after]))
    _cases(shelf)
    draft.tags = ["catalogue", picker[0], card[0], extra[0]]
    draft.title = f"{domain.prefix} browser: pick {article(domain.noun)} in {picker[0]}, see {card[0]} and {extra[0]}"
    draft.purpose = f"shows a catalogue of {domain.plural} and the details of one"
    return draft


def _thing(shelf: Shelf) -> str:
    return article(shelf.domain.noun).capitalize()


def _told(shelf: Shelf) -> str:
    return ", ".join(f"`{name}`" for name, _, _ in shelf.rows)


def _option_list(shelf: Shelf) -> None:
    draft = shelf.draft
    draft.use("textual.widgets.OptionList")
    draft.calls("textual.widgets.OptionList.OptionSelected")
    draft.test_uses("textual.widgets.OptionList")
    draft.compose.append(f'yield OptionList(*{shelf.constant}, id="names")')
    draft.screen.append(f"an `OptionList` with id `names` and one option for each name: {_told(shelf)}")
    draft.rules.append(f"Selecting an option in `#names` (Enter) shows that {shelf.domain.noun} in `#card`.")
    draft.methods.append(
        "@on(OptionList.OptionSelected)\ndef pick(self, event: OptionList.OptionSelected) -> None:\n"
        "    self.show(str(event.option.prompt))"
    )
    widget = 'app.query_one("#names", OptionList)'
    shelf.listed = Look(f"[str(option.prompt) for option in {widget}.options]")

    def pick(case: Case, place: int) -> Case:
        lines = [f"{widget}.highlighted = {place}", f"{widget}.action_select()", "await settle(pilot)"]
        return case.do(lines, f"select `{shelf.rows[place][0]}`")

    shelf.pick = pick


def _data_table(shelf: Shelf) -> None:
    draft = shelf.draft
    draft.use("textual.widgets.DataTable")
    draft.calls("textual.widgets.DataTable.RowSelected", "textual.widgets.DataTable.add_row")
    draft.test_uses("textual.widgets.DataTable")
    first, second = shelf.domain.noun.capitalize(), shelf.domain.group.capitalize()
    draft.compose.append('yield DataTable(cursor_type="row", id="names")')
    draft.screen.append(
        f"a `DataTable` with id `names`, a row cursor, and the columns `{first}` and `{second}`, filled in order"
    )
    draft.mount += [
        "table = self.query_one(DataTable)",
        f'table.add_columns("{first}", "{second}")',
        f"for name, (_, {shelf.domain.group}) in {shelf.constant}.items():",
        f"    table.add_row(name, {shelf.domain.group}, key=name)",
    ]
    draft.rules.append(f"Selecting a row of `#names` (Enter) shows that {shelf.domain.noun} in `#card`.")
    draft.methods.append(
        "@on(DataTable.RowSelected)\ndef pick(self, event: DataTable.RowSelected) -> None:\n"
        "    self.show(event.row_key.value)"
    )
    widget = 'app.query_one("#names", DataTable)'
    shelf.listed = Look(f"[{widget}.get_row_at(i) for i in range({widget}.row_count)]")
    draft.start.append(Look(f"[str(column.label) for column in {widget}.ordered_columns]"))
    draft.start.append(Look(f"{widget}.cursor_type"))

    def pick(case: Case, place: int) -> Case:
        lines = [f"{widget}.move_cursor(row={place})", "await settle(pilot)"]
        lines += [f"{widget}.action_select_cursor()", "await settle(pilot)"]
        return case.do(lines, f"select the row `{shelf.rows[place][0]}`")

    shelf.pick = pick


def _select(shelf: Shelf) -> None:
    draft = shelf.draft
    draft.use("textual.widgets.Select")
    draft.calls("textual.widgets.Select.from_values", "textual.widgets.Select.Changed")
    draft.test_uses("textual.widgets.Select")
    draft.compose.append(f'yield Select.from_values({shelf.constant}, id="names")')
    draft.screen.append(f"a `Select` with id `names`, blank at first, with the values {_told(shelf)}")
    draft.rules.append(
        f"Choosing a value in `#names` shows that {shelf.domain.noun} in `#card`."
        " While it is blank, `#card` stays as it is."
    )
    draft.methods.append(
        "@on(Select.Changed)\ndef pick(self, event: Select.Changed) -> None:\n"
        f"    if event.value in {shelf.constant}:\n        self.show(event.value)"
    )
    widget = 'app.query_one("#names", Select)'
    shelf.listed = Look(f"{widget}.is_blank()")

    def pick(case: Case, place: int) -> Case:
        name = shelf.rows[place][0]
        return case.do([f'{widget}.value = "{name}"', "await settle(pilot)"], f"choose `{name}`")

    def prove() -> None:
        case = draft.case("keeps_the_card_when_nothing_is_chosen")
        shelf.pick(case, 2)
        case.do([f"{widget}.clear()", "await settle(pilot)"]).look(Look(f"{widget}.is_blank()"), *shelf.everything())

    shelf.pick = pick
    draft.proofs.append(prove)


def _tree(shelf: Shelf) -> None:
    draft = shelf.draft
    group = shelf.domain.group
    draft.use("textual.widgets.Tree")
    draft.calls(
        "textual.widgets.Tree.NodeSelected",
        "textual.widgets.tree.TreeNode.add",
        "textual.widgets.tree.TreeNode.add_leaf",
    )
    draft.test_uses("textual.widgets.Tree")
    draft.compose.append(f'yield Tree("{shelf.domain.prefix}", id="names")')
    groups = tuple(dict.fromkeys(entry[2] for entry in shelf.rows))
    told = ", ".join(f"`{entry}`" for entry in groups)
    draft.screen.append(
        f"a `Tree` with id `names` and the root label `{shelf.domain.prefix}`, below it an expanded node for each of "
        f"{told}, and in it a leaf for the name of each of its {shelf.domain.plural}"
    )
    draft.mount += [
        "root = self.query_one(Tree).root",
        "root.expand()",
        "branches = {}",
        f"for name, (_, {group}) in {shelf.constant}.items():",
        f"    if {group} not in branches:",
        f"        branches[{group}] = root.add({group}, expand=True)",
        f"    branches[{group}].add_leaf(name)",
    ]
    draft.rules.append(
        f"Selecting a leaf of `#names` (Enter) shows that {shelf.domain.noun} in `#card`; other nodes show nothing."
    )
    draft.methods.append(
        "@on(Tree.NodeSelected)\ndef pick(self, event: Tree.NodeSelected) -> None:\n"
        "    name = str(event.node.label)\n"
        f"    if name in {shelf.constant}:\n        self.show(name)"
    )
    widget = 'app.query_one("#names", Tree)'
    shelf.listed = Look(
        f"{{str(node.label): [str(leaf.label) for leaf in node.children] for node in {widget}.root.children}}"
    )
    draft.start.append(Look(f"str({widget}.root.label)"))
    draft.start.append(Look(f"[node.is_expanded for node in ({widget}.root, *{widget}.root.children)]"))

    def pick(case: Case, place: int) -> Case:
        name, _, where = shelf.rows[place]
        inside = [entry[0] for entry in shelf.rows if entry[2] == where].index(name)
        lines = [f"leaf = {widget}.root.children[{groups.index(where)}].children[{inside}]"]
        lines += [f"{widget}.move_cursor(leaf)", f"{widget}.action_select_cursor()", "await settle(pilot)"]
        return case.do(lines, f"select the leaf `{name}`")

    def prove() -> None:
        case = draft.case("shows_nothing_for_a_branch")
        shelf.pick(case, 1)
        case.do([f"{widget}.move_cursor({widget}.root.children[0])", f"{widget}.action_select_cursor()"])
        case.do("await settle(pilot)").look(*shelf.everything())

    shelf.pick = pick
    draft.proofs.append(prove)


def _list_view(shelf: Shelf) -> None:
    draft = shelf.draft
    draft.use("textual.widgets.ListView", "textual.widgets.ListItem", "textual.widgets.Label")
    draft.calls("textual.widgets.ListView.Highlighted")
    draft.test_uses("textual.widgets.ListView", "textual.widgets.Label")
    draft.compose.append(f'yield ListView(*(ListItem(Label(name)) for name in {shelf.constant}), id="names")')
    draft.screen.append(f"a `ListView` with id `names` whose items hold a `Label` each: {_told(shelf)}")
    draft.rules.append(
        f"`#card` always shows the {shelf.domain.noun} that is highlighted in `#names`, the first one at the start."
    )
    draft.methods.append(
        "@on(ListView.Highlighted)\ndef pick(self, event: ListView.Highlighted) -> None:\n"
        f"    self.show(list({shelf.constant})[event.list_view.index])"
    )
    widget = 'app.query_one("#names", ListView)'
    shelf.listed = Look(f"[str(label.content) for label in {widget}.query(Label)]")

    def pick(case: Case, place: int) -> Case:
        return case.do([f"{widget}.index = {place}", "await settle(pilot)"], f"highlight `{shelf.rows[place][0]}`")

    shelf.pick = pick


PICKERS: tuple[tuple[str, Callable[[Shelf], None]], ...] = (
    ("an option list", _option_list),
    ("a data table", _data_table),
    ("a select box", _select),
    ("a tree", _tree),
    ("a list view", _list_view),
)


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
        f"{_thing(shelf)} is shown as a rich `Panel` made with `Panel.fit`, titled with its name, its "
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
        f"{_thing(shelf)} is shown as a rich `Table` in the box style `{box}`, titled with its name, without a "
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
        f"{_thing(shelf)} is shown as rich `JSON` made with `JSON.from_data`: an object with the keys `name`, "
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
        f"{_thing(shelf)} is shown as a rich `Text` made with `Text.assemble`, reading `<name>: <n> {amount}, "
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
        f"{_thing(shelf)} is shown as a rich `Tree` with its {group} as the root, its name below it, and below "
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
        f"{_thing(shelf)} is shown as a rich `Group`: a rich `Rule` with its name, aligned {align}, and below it "
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


def _visited(shelf: Shelf) -> None:
    draft = shelf.draft
    draft.state.append("self.seen = []")
    draft.calls("textual.app.App.sub_title")
    standing = f"{{len(set(self.seen))}} of {{len({shelf.constant})}}"
    shelf.after += ["self.seen.append(name)", f'self.sub_title = f"{standing}"']
    draft.rules.append(
        f"The sub-title of the app counts the different {shelf.domain.plural} shown so far: "
        f"`<seen> of {len(shelf.rows)}`."
    )
    shelf.looks.append(Look("app.sub_title", "the sub-title is"))

    def prove() -> None:
        case = draft.case(f"counts_each_{shelf.domain.noun}_once")
        for place in (3, 2, 3):
            shelf.pick(case, place)
        case.look(Look("app.sub_title"))

    draft.proofs.append(prove)


def _take(shelf: Shelf) -> None:
    draft = shelf.draft
    draft.state.append("self.current = None")
    draft.calls("textual.app.App.exit")
    shelf.after.append("self.current = name")
    draft.bindings.append(("f4", "take", "Take it"))
    chosen = f"self.exit((self.current, *{shelf.constant}[self.current]))"
    always = draft.compose[0].startswith("yield ListView")
    guard = "" if always else "if self.current is not None:\n        "
    draft.methods.append(f"def action_take(self) -> None:\n    {guard}{chosen}")
    draft.start.append(Look('app.screen.active_bindings["f4"].binding.description'))
    draft.rules.append(
        f"F4 (a binding for the action `take`, described as `Take it`) ends the app and returns the tuple of name, "
        f"{shelf.domain.amount} and {shelf.domain.group} of the {shelf.domain.noun} that is shown"
        + ("." if always else "; while none is shown, it does nothing.")
    )

    def prove() -> None:
        case = draft.case(f"takes_the_{shelf.domain.noun}_that_is_shown")
        shelf.pick(case, 2)
        case.do('await pilot.press("f4")', "press F4").look(Look("app.return_value"))
        if always:
            return
        idle = draft.case("takes_nothing_before_something_is_shown")
        idle.do('await pilot.press("f4")').look(Look("app.is_running"))
        shelf.pick(idle, 1).look(*shelf.everything())

    draft.proofs.append(prove)


def _basket(shelf: Shelf) -> None:
    draft = shelf.draft
    draft.use("textual.widgets.RichLog", "rich.text.Text", "textual.widgets.RichLog")
    draft.calls("textual.widgets.RichLog.write")
    draft.compose.append('yield RichLog(id="trail")')
    draft.screen.append("a `RichLog` with id `trail`")
    style = shelf.rng.choice(["bold", "italic", "underline"])
    shelf.after.append(f'self.query_one("#trail", RichLog).write(Text(name.upper(), style="{style}"))')
    draft.rules.append(
        f"Every {shelf.domain.noun} that is shown also leaves a line in `#trail`: a rich `Text` with its name in "
        f"capital letters, in the style `{style}`."
    )
    log = 'app.query_one("#trail")'
    shelf.looks.append(Look(f"[line.text.rstrip() for line in {log}.lines]", "the lines of `#trail` are"))

    def prove() -> None:
        case = draft.case("leaves_a_trail")
        shelf.pick(case, 1)
        shelf.pick(case, 0)
        styled = f"[part.text for line in {log}.lines for part in line if part.style and part.style.{style}]"
        case.look(*shelf.everything(), Look(styled))

    draft.proofs.append(prove)


EXTRAS: tuple[tuple[str, Callable[[Shelf], None]], ...] = (
    ("count what was seen", _visited),
    ("take one along", _take),
    ("keep a trail", _basket),
)


def _cases(shelf: Shelf) -> None:
    draft = shelf.draft
    draft.start.append(shelf.listed)
    case = draft.case(f"shows_the_{shelf.domain.noun}_that_is_picked")
    shelf.pick(case, 1).look(*shelf.everything())
    shelf.pick(case, 3).look(*shelf.everything())
    again = draft.case("follows_every_change")
    shelf.pick(again, 2)
    shelf.pick(again, 1)
    shelf.pick(again, 0).look(*shelf.everything())
    for prove in draft.proofs:
        prove()
    if len(draft.cases) < 3:
        last = draft.case(f"shows_the_last_{shelf.domain.noun}")
        shelf.pick(last, 3).look(*shelf.everything())
