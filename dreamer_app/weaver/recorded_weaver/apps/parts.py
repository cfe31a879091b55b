"""What a collector can do beside collecting: stamp, sort, search, undo, lock, hide, confirm, hand over, count.

Each part adds its widget or key binding, its handler, its rule in words, and the test that proves it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dreamer_app.weaver.recorded_weaver.apps.desk import Desk, Part
from dreamer_app.weaver.recorded_weaver.apps.draft import Case, Look


@dataclass(frozen=True)
class Trigger:
    """A button or a key that makes something happen.

    Attributes:
        head: First line of the method.
        words: What a person does, as the subject of a rule.
        do: How a test does it.
    """

    head: str
    words: str
    do: Callable[[Case], Case]


def _trigger(desk: Desk, action: str, label: str, *, key_only: bool = False) -> Trigger:
    draft = desk.draft
    if key_only or desk.rng.random() < 0.5:
        key = desk.key()
        draft.bindings.append((key, action, label))
        draft.start.append(Look(f'app.screen.active_bindings["{key}"].binding.description'))
        words = f"{key.upper()} (a binding for the action `{action}`, described as `{label}`)"
        return Trigger(f"def action_{action}(self) -> None:", words, lambda case: desk.press(case, key))
    draft.use("textual.widgets.Button")
    draft.calls("textual.widgets.Button.Pressed")
    draft.test_uses("textual.widgets.Button")
    draft.compose.append(f'yield Button("{label}", id="{action}")')
    draft.screen.append(f"a `Button` with id `{action}` labelled `{label}`")
    draft.start.append(Look(f'str(app.query_one("#{action}", Button).label)'))
    lines = [f'app.query_one("#{action}", Button).press()', "await settle(pilot)"]
    head = f'@on(Button.Pressed, "#{action}")\ndef {action}(self) -> None:'
    return Trigger(head, f"The button `#{action}`", lambda case: case.do(lines, f"press the button `#{action}`"))


def _method(head: str, *lines: str) -> str:
    return "\n    ".join([head, *lines])


def _undo(desk: Desk) -> None:
    draft, rows = desk.draft, f"self.{desk.plural}"
    trigger = _trigger(desk, "undo", desk.rng.choice(["Undo", "Take back"]))
    draft.methods.append(_method(trigger.head, f"if {rows}:", f"    {rows}.pop()", f"    {desk.show}"))
    draft.rules.append(f"{trigger.words} removes the last {desk.noun}; when there is none, nothing happens.")

    def prove() -> None:
        case = draft.case(f"undo_removes_the_last_{desk.noun}")
        trigger.do(case)
        desk.submit(case, 0, 1)
        trigger.do(case)
        case.look(*desk.everything())
        desk.submit(case, 2)
        case.look(*desk.everything())

    desk.proofs.append(prove)


def _clear(desk: Desk) -> None:
    draft, rows = desk.draft, f"self.{desk.plural}"
    label = desk.rng.choice(["Clear", "Start over", "Empty"])
    trigger = _trigger(desk, "clear_all", label)
    draft.methods.append(_method(trigger.head, f"{rows}.clear()", desk.show))
    draft.rules.append(f"{trigger.words} removes all {desk.plural}.")

    def prove() -> None:
        case = draft.case("can_start_over")
        desk.submit(case, 0, 1)
        trigger.do(case)
        case.look(*desk.everything())
        desk.submit(case, 2)
        case.look(*desk.everything())

    desk.proofs.append(prove)


def _clear_confirmed(desk: Desk) -> None:
    """A modal screen asks before everything is removed."""
    draft, rows = desk.draft, f"self.{desk.plural}"
    draft.use("textual.screen.ModalScreen", "textual.widgets.Label", "textual.widgets.Button")
    draft.calls("textual.app.App.push_screen", "textual.screen.Screen.dismiss", "textual.widgets.Button.Pressed")
    draft.test_uses("textual.widgets.Button", "textual.widgets.Label")
    question = f"Remove all {desk.plural}?"
    draft.before.append(
        "class ConfirmScreen(ModalScreen[bool]):\n"
        "    def compose(self) -> ComposeResult:\n"
        f'        yield Label("{question}", id="question")\n'
        '        yield Button("Yes", id="yes")\n        yield Button("No", id="no")\n\n'
        "    def on_button_pressed(self, event: Button.Pressed) -> None:\n"
        '        self.dismiss(event.button.id == "yes")'
    )
    key = desk.key()
    draft.bindings.append((key, "ask", "Remove all"))
    draft.start.append(Look(f'app.screen.active_bindings["{key}"].binding.description'))
    draft.methods.append(
        _method("def action_ask(self) -> None:", "self.push_screen(ConfirmScreen(), self.clear_if_confirmed)")
    )
    draft.methods.append(
        _method(
            "def clear_if_confirmed(self, confirmed: bool | None) -> None:",
            "if confirmed:",
            f"    {rows}.clear()",
            f"    {desk.show}",
        )
    )
    draft.rules.append(
        f"{key.upper()} (a binding for the action `ask`, described as `Remove all`) opens the modal screen "
        f"`ConfirmScreen` with a `Label` (id `question`) asking `{question}` and the buttons `Yes` (id `yes`) and "
        f"`No` (id `no`). Both close it; only `Yes` removes all {desk.plural}."
    )

    def prove() -> None:
        case = draft.case("asks_before_removing")
        desk.submit(case, 0, 1)
        desk.press(case, key)
        case.look(
            Look("type(app.screen).__name__"),
            Look('str(app.screen.query_one("#question", Label).content)'),
            Look("[str(button.label) for button in app.screen.query(Button)]"),
        )
        case.do(['app.screen.query_one("#no", Button).press()', "await settle(pilot)"], "answer `No`")
        case.look(Look("len(app.screen_stack)"), *desk.everything())
        desk.press(case, key)
        case.do(['app.screen.query_one("#yes", Button).press()', "await settle(pilot)"], "answer `Yes`")
        case.look(Look("len(app.screen_stack)"), *desk.everything())

    desk.proofs.append(prove)


def _sort(desk: Desk) -> None:
    """A switch between the order of entry and a sorted order."""
    draft, rows = desk.draft, desk.source
    number = next((index for index, column in enumerate(desk.columns) if column.kind == "number"), None)
    by_number = number is not None and desk.rng.random() < 0.6
    if by_number:
        words = f"by {desk.domain.amount}, largest first"
        ordered = f"sorted({rows}, key=lambda entry: entry[{number}], reverse=True)"
    elif desk.single:
        words, ordered = "alphabetically", f"sorted({rows})"
    else:
        words, ordered = "alphabetically by name", f"sorted({rows}, key=lambda entry: entry[0])"
    draft.use("textual.widgets.Switch")
    draft.calls("textual.widgets.Switch.Changed")
    draft.test_uses("textual.widgets.Switch")
    draft.compose.append('yield Switch(id="sorted")')
    draft.screen.append("a `Switch` with id `sorted`, off at first")
    draft.methods.append(_method('@on(Switch.Changed, "#sorted")\ndef reorder(self) -> None:', desk.show))
    desk.before_show.append(f'rows = {ordered} if self.query_one("#sorted", Switch).value else {rows}')
    desk.source = "rows"
    draft.rules.append(
        f"While `#sorted` is on, the {desk.plural} are shown {words}; while it is off, in the order of entry. "
        "Turning it takes effect at once."
    )
    widget = 'app.query_one("#sorted", Switch)'
    draft.start.append(Look(f"{widget}.value"))

    def prove() -> None:
        case = draft.case("can_be_sorted_and_back")
        desk.submit(case, 4, 2, 0)
        case.do([f"{widget}.toggle()", "await settle(pilot)"], "turn `#sorted` on")
        case.look(*desk.everything())
        desk.submit(case, 3)
        case.look(*desk.everything())
        case.do([f"{widget}.toggle()", "await settle(pilot)"], "turn `#sorted` off")
        case.look(*desk.everything())

    desk.proofs.append(prove)


def _search(desk: Desk) -> None:
    """A second field that narrows what is shown while one types."""
    draft, rows = desk.draft, desk.source
    name = "entry" if desk.single else "entry[0]"
    draft.calls("textual.widgets.Input.Changed")
    draft.compose.append('yield Input(id="search")')
    draft.screen.append("an `Input` with id `search`")
    head = '@on(Input.Changed, "#search")\ndef narrow(self, event: Input.Changed) -> None:'
    draft.state.append('self.wanted = ""')
    draft.methods.append(_method(head, "self.wanted = event.value.lower()", desk.show))
    desk.before_show.append(f"found = [entry for entry in {rows} if self.wanted in {name}.lower()]")
    desk.source = "found"
    draft.rules.append(
        f"While there is text in `#search`, only the {desk.plural} whose name contains it are shown, in any case of "
        "letters. The view follows every change of the text; Enter in `#search` adds nothing."
    )
    letter = desk.domain.names[1][:2]

    def prove() -> None:
        case = draft.case("search_narrows_what_is_shown")
        desk.submit(case, 0, 1, 2)
        box = 'app.query_one("#search", Input)'
        case.do([f'{box}.value = "{letter.upper()}"', "await settle(pilot)"], f"put `{letter.upper()}` into `#search`")
        case.look(*desk.everything())
        desk.submit(case, 3)
        case.do([f"await {box}.action_submit()", "await settle(pilot)"], "press Enter in `#search`")
        case.look(*desk.everything())
        case.do([f'{box}.value = ""', "await settle(pilot)"], "empty `#search`")
        case.look(*desk.everything())

    desk.proofs.append(prove)


def _lock(desk: Desk) -> None:
    draft = desk.draft
    toggle = "Checkbox"
    draft.use(f"textual.widgets.{toggle}")
    draft.calls(f"textual.widgets.{toggle}.Changed")
    draft.test_uses(f"textual.widgets.{toggle}")
    draft.compose.append('yield Checkbox("Closed", id="closed")')
    draft.screen.append("a `Checkbox` with id `closed` labelled `Closed`, off at first")
    hide = desk.rng.random() < 0.5
    effect = (
        'self.query_one("#board").display = not event.value'
        if hide
        else 'self.query_one("#entry").disabled = event.value'
    )
    draft.methods.append(
        _method('@on(Checkbox.Changed, "#closed")\ndef close(self, event: Checkbox.Changed) -> None:', effect)
    )
    box = 'app.query_one("#closed", Checkbox)'
    draft.start.append(Look(f"(str({box}.label), {box}.value)"))
    seen = 'app.query_one("#board").display' if hide else 'app.query_one("#entry").disabled'
    told = "`#board` is not displayed" if hide else "`#entry` is disabled, so that nothing can be entered"
    draft.rules.append(f"While `#closed` is ticked, {told}; unticking it undoes that.")

    def prove() -> None:
        case = draft.case("closing_hides_the_board" if hide else "closing_disables_the_entry")
        desk.submit(case, 0)
        case.do([f"{box}.toggle()", "await settle(pilot)"], "tick `#closed`")
        case.look(Look(seen))
        desk.submit(case, 1)
        case.do([f"{box}.toggle()", "await settle(pilot)"], "untick `#closed`")
        case.look(Look(seen), *desk.everything())

    desk.proofs.append(prove)


def _hand_over(desk: Desk) -> None:
    """Ends the app with the records as its result."""
    draft, rows = desk.draft, f"self.{desk.plural}"
    key = desk.key()
    draft.bindings.append((key, "finish", "Finish"))
    draft.calls("textual.app.App.exit", "textual.app.App.check_action")
    draft.methods.append(_method("def action_finish(self) -> None:", f"self.exit(sorted({rows}))"))
    draft.methods.append(
        _method(
            "def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:",
            f'return action != "finish" or bool({rows})',
        )
    )
    draft.rules.append(
        f"{key.upper()} (a binding for the action `finish`, described as `Finish`) ends the app; its return value is "
        f"the sorted list of all {desk.plural}"
        + ("." if desk.single else f" as tuples `({', '.join(column.name for column in desk.columns)})`.")
        + f" The action is only available (`check_action`) when there is at least one {desk.noun}."
    )

    def prove() -> None:
        case = draft.case("hands_over_the_result")
        case.look(Look(f'("{key}" in app.screen.active_bindings)'))
        desk.press(case, key)
        case.look(Look("app.is_running"))
        desk.submit(case, 2, 0, 1)
        case.look(Look(f'app.screen.active_bindings["{key}"].binding.description'))
        desk.press(case, key)
        case.look(Look("app.return_value"))

    desk.proofs.append(prove)


EXTRAS: tuple[Part, ...] = (
    Part("undo", "can undo the last entry", _undo),
    Part("clear", "can start over", _clear),
    Part("confirm", "asks before it forgets everything", _clear_confirmed),
    Part("sort", "can be sorted", _sort, toggle="Switch"),
    Part("search", "can be searched while typing", _search),
    Part("lock", "can be closed", _lock, toggle="Checkbox"),
    Part("finish", "hands over its result", _hand_over),
)
