"""Apps that count choices: every choice in a list, a button or a key counts once, and the standing is drawn anew.

The chooser, the way the standing is drawn, and what else can be done with it are drawn from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from dreamer_app.weaver.recorded_weaver.apps.domains import Domain
from dreamer_app.weaver.recorded_weaver.apps.draft import EMPHASISED, SHOWN, Case, Draft, Look

BOARD = 'app.query_one("#board")'


@dataclass
class Poll:
    """A tally in the making.

    Attributes:
        draft: What is added to.
        rng: All random choices.
        domain: The words.
        options: What can be chosen.
        board: How the standing looks.
        after: Lines that run after the standing was drawn.
        looks: Further things that change.
        choose: How a test chooses the n-th option.
    """

    draft: Draft
    rng: random.Random
    domain: Domain
    options: tuple[str, ...]
    board: Look = field(default_factory=lambda: Look(""))
    after: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    choose: Callable[[Case, int], Case] = lambda case, _place: case

    @property
    def constant(self) -> str:
        """Name of the constant that holds the options."""
        return f"{self.domain.group.upper()}S"

    def everything(self) -> tuple[Look, ...]:
        """The standing and what changes with it."""
        return (self.board, *self.looks)

    def choices(self, case: Case, *places: int) -> Case:
        """Choose several times."""
        for place in places:
            self.choose(case, place)
        return case


def weave_tally(domain: Domain, seed: int) -> Draft:
    """One tally, fully determined by its domain and seed."""
    rng = random.Random(seed)  # noqa: S311
    options = domain.groups if rng.random() < 0.6 else tuple(name.capitalize() for name in domain.names[:4])
    draft = Draft(domain, f"{domain.prefix}{rng.choice(['Tally', 'Poll', 'Count'])}")
    poll = Poll(draft, rng, domain, options)
    entries = ", ".join(f'"{option}"' for option in options)
    draft.before.append(f"{poll.constant} = ({entries})")
    draft.use("textual.on")
    chooser = rng.choice(CHOOSERS)
    chooser[1](poll)
    board = rng.choice(BOARDS)
    refresh = board[1](poll)
    extras = rng.sample(EXTRAS, 2)
    for extra in extras:
        extra[1](poll)
    draft.methods.append("\n    ".join(["def draw(self) -> None:", *refresh, *poll.after]))
    _cases(poll)
    draft.tags = ["tally", chooser[0], board[0], *(extra[0] for extra in extras)]
    draft.title = f"{domain.prefix} tally with {chooser[0]} and {board[0]}, {extras[0][0]}"
    draft.purpose = f"counts how often each {_subject(poll)} is chosen"
    return draft


def _subject(poll: Poll) -> str:
    return poll.domain.group if poll.options == poll.domain.groups else poll.domain.noun


def _told(poll: Poll) -> str:
    return ", ".join(f"`{option}`" for option in poll.options)


def _state(poll: Poll) -> None:
    poll.draft.state.append(f"self.counts = dict.fromkeys({poll.constant}, 0)")
    poll.draft.rules.append("Every count starts at 0. `#board` is first drawn when something was chosen.")


def _count_method(poll: Poll, head: str, expression: str) -> None:
    lines = [head, f"self.counts[{expression}] += 1", "self.draw()"]
    poll.draft.methods.insert(0, "\n    ".join(lines))


def _option_list(poll: Poll) -> None:
    draft = poll.draft
    draft.use("textual.widgets.OptionList")
    draft.calls("textual.widgets.OptionList.OptionSelected")
    draft.test_uses("textual.widgets.OptionList")
    draft.compose.append(f'yield OptionList(*{poll.constant}, id="choice")')
    draft.screen.append(f"an `OptionList` with id `choice` and the options {_told(poll)}")
    draft.rules.append("Selecting an option in `#choice` (Enter) adds one to its count, as often as it is selected.")
    _state(poll)
    head = "@on(OptionList.OptionSelected)\ndef count(self, event: OptionList.OptionSelected) -> None:"
    _count_method(poll, head, f"{poll.constant}[event.option_index]")
    widget = 'app.query_one("#choice", OptionList)'
    draft.start.append(Look(f"[str(option.prompt) for option in {widget}.options]"))

    def choose(case: Case, place: int) -> Case:
        lines = [f"{widget}.highlighted = {place}", f"{widget}.action_select()", "await settle(pilot)"]
        return case.do(lines, f"select `{poll.options[place]}`")

    poll.choose = choose


def _buttons(poll: Poll) -> None:
    draft = poll.draft
    draft.use("textual.widgets.Button", "textual.containers.Horizontal")
    draft.calls("textual.widgets.Button.Pressed")
    draft.test_uses("textual.widgets.Button")
    draft.compose += [
        'with Horizontal(id="choice"):',
        f"    for name in {poll.constant}:",
        "        yield Button(name, id=name.lower())",
    ]
    draft.screen.append(
        f"a `Horizontal` with id `choice` holding one `Button` for each of {_told(poll)}, labelled so, with the "
        "same word in lower case as its id"
    )
    draft.rules.append("Pressing a button in `#choice` adds one to the count of its label.")
    _state(poll)
    head = "@on(Button.Pressed)\ndef count(self, event: Button.Pressed) -> None:"
    _count_method(poll, head, "str(event.button.label)")
    draft.start.append(Look('[(str(button.label), button.id) for button in app.query("#choice Button")]'))

    def choose(case: Case, place: int) -> Case:
        option = poll.options[place]
        lines = [f'app.query_one("#{option.lower()}", Button).press()', "await settle(pilot)"]
        return case.do(lines, f"press `{option}`")

    poll.choose = choose


def _keys(poll: Poll) -> None:
    draft = poll.draft
    keys = [str(number) for number in range(1, len(poll.options) + 1)]
    draft.bindings += [(key, f"count('{option}')", option) for key, option in zip(keys, poll.options, strict=True)]
    told = ", ".join(f"{key} for `{option}`" for key, option in zip(keys, poll.options, strict=True))
    draft.rules.append(
        f"The keys {told} add one to that count. They are bindings for an action `count` with the name as its "
        "argument, and are described by the name."
    )
    _state(poll)
    _count_method(poll, "def action_count(self, name: str) -> None:", "name")
    draft.use("textual.widgets.Footer")
    draft.compose.append("yield Footer()")
    draft.test_uses("textual.widgets.Footer")
    draft.screen.append("a `Footer`")
    draft.imports.discard("textual.on")
    draft.uses.remove("textual.on")
    draft.start.append(Look("len(app.query(Footer))"))
    draft.start.append(Look(f"[app.screen.active_bindings[key].binding.description for key in {''.join(keys)!r}]"))

    def choose(case: Case, place: int) -> Case:
        return case.do(f'await pilot.press("{place + 1}")', f"press {place + 1}")

    poll.choose = choose


def _list_view(poll: Poll) -> None:
    draft = poll.draft
    draft.use("textual.widgets.ListView", "textual.widgets.ListItem", "textual.widgets.Label")
    draft.calls("textual.widgets.ListView.Selected")
    draft.test_uses("textual.widgets.ListView", "textual.widgets.Label")
    draft.compose.append(f'yield ListView(*(ListItem(Label(name)) for name in {poll.constant}), id="choice")')
    draft.screen.append(f"a `ListView` with id `choice` whose items hold a `Label` each: {_told(poll)}")
    draft.rules.append("Selecting an item in `#choice` (Enter) adds one to its count, as often as it is selected.")
    _state(poll)
    head = "@on(ListView.Selected)\ndef count(self, event: ListView.Selected) -> None:"
    _count_method(poll, head, f"{poll.constant}[event.index]")
    widget = 'app.query_one("#choice", ListView)'
    draft.start.append(Look(f"[str(label.content) for label in {widget}.query(Label)]"))

    def choose(case: Case, place: int) -> Case:
        lines = [f"{widget}.index = {place}", f"{widget}.action_select_cursor()", "await settle(pilot)"]
        return case.do(lines, f"select `{poll.options[place]}`")

    poll.choose = choose


CHOOSERS: tuple[tuple[str, Callable[[Poll], None]], ...] = (
    ("an option list", _option_list),
    ("a row of buttons", _buttons),
    ("number keys", _keys),
    ("a list view", _list_view),
)


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
    title = _subject(poll).capitalize()
    box = poll.rng.choice(["SIMPLE", "ROUNDED", "ASCII"])
    poll.draft.imports.add(f"rich.box.{box}")
    poll.draft.calls("rich.table.Table.add_row")
    _static(
        poll,
        f"`#board` then shows a rich `Table` in the box style `{box}` with the columns `{title}` and `Count` and one "
        f"row for each of {_told(poll)} in that order; the count is drawn as a rich `Bar` of size {top} from 0 to the "
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
        f"`{_subject(poll).capitalize()}` and `Count` (justified right), highest count first; what is equal stays in the order of the list above. "
        "Places are counted from 1.",
        "rich.table.Table",
    )
    return [
        f'table = Table("Place", "{_subject(poll).capitalize()}", title="{title}")',
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
    title = _subject(poll).capitalize()
    draft.use("textual.widgets.DataTable")
    draft.calls("textual.widgets.DataTable.update_cell", "textual.widgets.DataTable.add_column")
    draft.compose.append('yield DataTable(id="board")')
    draft.screen.append(f"a `DataTable` with id `board` and the columns `{title}` and `Count`")
    draft.mount += [
        'table = self.query_one("#board", DataTable)',
        f'table.add_column("{title}")',
        'table.add_column("Count", key="count")',
        f"for name in {poll.constant}:",
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


def _leader(poll: Poll) -> None:
    draft = poll.draft
    draft.calls("textual.app.App.sub_title")
    draft.rules.append(
        "The sub-title of the app names what was chosen most often, the first of the list if several are equal."
    )
    poll.after.append("self.sub_title = max(self.counts, key=self.counts.get)")
    poll.looks.append(Look("app.sub_title", "the sub-title is"))

    def prove() -> None:
        case = draft.case("names_the_leader")
        poll.choices(case, 2, 1)
        case.look(*poll.everything())
        poll.choices(case, 2)
        case.look(*poll.everything())

    draft.proofs.append(prove)


def _total(poll: Poll) -> None:
    draft = poll.draft
    draft.use("textual.widgets.Digits")
    draft.calls("textual.widgets.Digits.update")
    draft.test_uses("textual.widgets.Digits")
    draft.compose.append('yield Digits("0", id="total")')
    draft.screen.append("`Digits` with id `total`, showing `0` at first")
    draft.rules.append("`#total` shows the sum of all counts.")
    poll.after.append('self.query_one("#total", Digits).update(str(sum(self.counts.values())))')
    look = Look('app.query_one("#total", Digits).value', "`#total` shows")
    poll.looks.append(look)
    draft.start.append(look)

    def prove() -> None:
        case = draft.case("adds_up_all_counts")
        poll.choices(case, 1, 1, 0)
        case.look(*poll.everything())

    draft.proofs.append(prove)


def _reset(poll: Poll) -> None:
    draft = poll.draft
    draft.bindings.append(("r", "reset", "Reset"))
    draft.start.append(Look('app.screen.active_bindings["r"].binding.description'))
    draft.methods.append(
        f"def action_reset(self) -> None:\n    self.counts = dict.fromkeys({poll.constant}, 0)\n    self.draw()"
    )
    draft.rules.append("R (a binding for the action `reset`, described as `Reset`) sets every count back to 0.")

    def prove() -> None:
        case = draft.case("starts_again_from_zero")
        poll.choices(case, 0, 2)
        case.do('await pilot.press("r")', "press R").look(*poll.everything())
        poll.choices(case, 1)
        case.look(*poll.everything())

    draft.proofs.append(prove)


def _closing(poll: Poll) -> None:
    draft, limit = poll.draft, poll.rng.choice([3, 4])
    draft.calls("textual.app.App.exit")
    poll.after += [f"if sum(self.counts.values()) == {limit}:", "    self.exit(self.counts)"]
    draft.rules.append(
        f"After {limit} choices in all, the app ends; its return value is the dictionary from each name to its count."
    )

    def prove() -> None:
        case = draft.case(f"ends_after_{limit}_choices")
        poll.choices(case, *range(2), *([1] * (limit - 3)))
        case.look(*poll.everything(), Look("app.return_value"))
        poll.choices(case, 2)
        case.look(Look("app.return_value", "the app has ended with"))

    draft.proofs.append(prove)


def _pause(poll: Poll) -> None:
    draft = poll.draft
    draft.use("textual.widgets.Switch")
    draft.calls("textual.widgets.Switch.Changed")
    draft.test_uses("textual.widgets.Switch")
    draft.compose.append('yield Switch(True, id="visible")')
    draft.screen.append("a `Switch` with id `visible`, on at first")
    draft.use("textual.on")
    draft.methods.append(
        "@on(Switch.Changed)\ndef reveal(self, event: Switch.Changed) -> None:\n"
        '    self.query_one("#board").display = event.value'
    )
    draft.rules.append("`#board` is only displayed while `#visible` is on; choices count all the same.")
    switch = 'app.query_one("#visible", Switch)'
    draft.start.append(Look(f"{switch}.value"))

    def prove() -> None:
        case = draft.case("counts_while_hidden")
        case.do([f"{switch}.toggle()", "await settle(pilot)"], "turn `#visible` off")
        case.look(Look(f"{BOARD}.display"))
        poll.choices(case, 1, 1)
        case.do([f"{switch}.toggle()", "await settle(pilot)"], "turn `#visible` on")
        case.look(Look(f"{BOARD}.display"), *poll.everything())

    draft.proofs.append(prove)


EXTRAS: tuple[tuple[str, Callable[[Poll], None]], ...] = (
    ("naming the leader", _leader),
    ("adding up all counts", _total),
    ("with a reset key", _reset),
    ("ending after a few choices", _closing),
    ("with a switch that hides it", _pause),
)


def _cases(poll: Poll) -> None:
    draft = poll.draft
    case = draft.case("counts_every_choice")
    poll.choices(case, 1)
    case.look(*poll.everything())
    poll.choices(case, 0)
    case.look(*poll.everything())
    again = draft.case(f"counts_one_{_subject(poll)}_apart_from_another")
    poll.choices(again, 2, 0)
    again.look(*poll.everything())
    for prove in draft.proofs:
        prove()
