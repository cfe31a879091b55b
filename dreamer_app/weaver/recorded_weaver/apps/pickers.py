"""Ways of picking one record of a catalogue."""

from __future__ import annotations

from collections.abc import Callable

from dreamer_app.weaver.recorded_weaver.apps.draft import Case, Look
from dreamer_app.weaver.recorded_weaver.apps.shelf import Shelf, told


def _option_list(shelf: Shelf) -> None:
    draft = shelf.draft
    draft.use("textual.widgets.OptionList")
    draft.calls("textual.widgets.OptionList.OptionSelected")
    draft.test_uses("textual.widgets.OptionList")
    draft.compose.append(f'yield OptionList(*{shelf.constant}, id="names")')
    draft.screen.append(f"an `OptionList` with id `names` and one option for each name: {told(shelf)}")
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
    draft.screen.append(f"a `Select` with id `names`, blank at first, with the values {told(shelf)}")
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
    draft.screen.append(f"a `ListView` with id `names` whose items hold a `Label` each: {told(shelf)}")
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
