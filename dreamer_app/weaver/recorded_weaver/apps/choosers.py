"""Ways of choosing one of a few options, each choice counted by its event."""

from __future__ import annotations

from collections.abc import Callable

from dreamer_app.weaver.recorded_weaver.apps.draft import Case, Look
from dreamer_app.weaver.recorded_weaver.apps.poll import Poll, told


def add_counts(poll: Poll, names: str = "") -> None:
    """The counts, all 0."""
    poll.names = names or poll.constant
    poll.draft.state.append(f"self.counts = dict.fromkeys({poll.names}, 0)")
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
    draft.screen.append(f"an `OptionList` with id `choice` and the options {told(poll)}")
    draft.rules.append("Selecting an option in `#choice` (Enter) adds one to its count, as often as it is selected.")
    add_counts(poll)
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
        f"a `Horizontal` with id `choice` holding one `Button` for each of {told(poll)}, labelled so, with the "
        "same word in lower case as its id"
    )
    draft.rules.append("Pressing a button in `#choice` adds one to the count of its label.")
    add_counts(poll)
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
    entries = ", ".join(f'"{key}": "{option}"' for key, option in zip(keys, poll.options, strict=True))
    draft.before[:] = [f"KEYS = {{{entries}}}"]
    draft.use("textual.events.Key", "textual.widgets.Label")
    draft.calls("textual.events.Key.key")
    draft.test_uses("textual.widgets.Label")
    told_keys = ", ".join(f"{key} for {option}" for key, option in zip(keys, poll.options, strict=True))
    draft.compose.append(f'yield Label("{told_keys}", id="keys")')
    draft.screen.append(f"a `Label` with id `keys` reading `{told_keys}`")
    draft.rules.append("Pressing one of the keys that `#keys` names adds one to that count. Other keys do nothing.")
    add_counts(poll, "KEYS.values()")
    lines = ["def on_key(self, event: Key) -> None:", "if event.key in KEYS:"]
    lines += ["    self.counts[KEYS[event.key]] += 1", "    self.draw()"]
    draft.methods.insert(0, "\n    ".join(lines))
    draft.uses.remove("textual.on")
    draft.imports.discard("textual.on")
    draft.start.append(Look('str(app.query_one("#keys", Label).content)'))

    def choose(case: Case, place: int) -> Case:
        return case.do(f'await pilot.press("{place + 1}")', f"press {place + 1}")

    def prove() -> None:
        case = draft.case("ignores_other_keys")
        case.do('await pilot.press("x", "1", "9")').look(*poll.everything())

    poll.choose = choose
    draft.proofs.append(prove)


def _list_view(poll: Poll) -> None:
    draft = poll.draft
    draft.use("textual.widgets.ListView", "textual.widgets.ListItem", "textual.widgets.Label")
    draft.calls("textual.widgets.ListView.Selected")
    draft.test_uses("textual.widgets.ListView", "textual.widgets.Label")
    draft.compose.append(f'yield ListView(*(ListItem(Label(name)) for name in {poll.constant}), id="choice")')
    draft.screen.append(f"a `ListView` with id `choice` whose items hold a `Label` each: {told(poll)}")
    draft.rules.append("Selecting an item in `#choice` (Enter) adds one to its count, as often as it is selected.")
    add_counts(poll)
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
