"""Widgets of a collector that say what group the next record belongs to, and whether it is marked."""

from __future__ import annotations

from collections.abc import Callable

from dreamer_app.weaver.recorded_weaver.apps.desk import Desk
from dreamer_app.weaver.recorded_weaver.apps.draft import Look


def add_stamps(desk: Desk) -> None:
    """Widgets that say the group and the mark of the next record."""
    if "group" in desk.kinds:
        desk.rng.choice([_stamp_by_select, _stamp_by_radio_set, _stamp_by_tabs])(desk)
    if "flag" in desk.kinds:
        _stamp_by_toggle(desk)


def _groups(desk: Desk) -> str:
    name = f"{desk.domain.group.upper()}S"
    entries = ", ".join(f'"{group}"' for group in desk.domain.groups)
    desk.draft.before.append(f"{name} = ({entries})")
    return name


def _told_groups(desk: Desk) -> str:
    return ", ".join(f"`{group}`" for group in desk.domain.groups)


def _prove_group(desk: Desk, gesture: Callable[[int], list[str]], start: Look) -> None:
    draft, group = desk.draft, desk.domain.group
    draft.start.append(start)
    draft.rules.append(f"A new {desk.noun} belongs to the {group} that is chosen in `#{group}` at that moment.")

    def prove() -> None:
        case = draft.case(f"keeps_the_chosen_{group}")
        for index, place in enumerate((1, 0, 2)):
            case.do([*gesture(place), "await settle(pilot)"], f"choose `{desk.domain.groups[place]}` in `#{group}`")
            desk.submit(case, index)
        case.look(*desk.everything())

    desk.proofs.append(prove)


def _stamp_by_select(desk: Desk) -> None:
    draft, group, name = desk.draft, desk.domain.group, _groups(desk)
    draft.use("textual.widgets.Select")
    draft.calls("textual.widgets.Select.from_values")
    draft.test_uses("textual.widgets.Select")
    draft.compose.append(f'yield Select.from_values({name}, allow_blank=False, id="{group}")')
    draft.screen.append(f"a `Select` with id `{group}`, never blank, with the values {_told_groups(desk)}")
    desk.fields["group"] = f'self.query_one("#{group}", Select).value'
    widget = f'app.query_one("#{group}", Select)'
    _prove_group(desk, lambda place: [f'{widget}.value = "{desk.domain.groups[place]}"'], Look(f"{widget}.value"))


def _stamp_by_radio_set(desk: Desk) -> None:
    draft, group, name = desk.draft, desk.domain.group, _groups(desk)
    draft.use("textual.widgets.RadioSet", "textual.widgets.RadioButton")
    draft.calls("textual.widgets.RadioSet.pressed_button")
    draft.test_uses("textual.widgets.RadioButton", "textual.widgets.RadioSet")
    draft.compose.append(f'with RadioSet(id="{group}"):')
    draft.compose.append(f"    for name in {name}:")
    draft.compose.append(f"        yield RadioButton(name, value=name == {name}[0])")
    draft.screen.append(f"a `RadioSet` with id `{group}` and the buttons {_told_groups(desk)}, the first one pressed")
    desk.fields["group"] = f'str(self.query_one("#{group}", RadioSet).pressed_button.label)'
    widget = f'app.query_one("#{group}", RadioSet)'
    start = Look(f"[(str(button.label), button.value) for button in {widget}.query(RadioButton)]")
    _prove_group(desk, lambda place: [f"list({widget}.query(RadioButton))[{place}].value = True"], start)


def _stamp_by_tabs(desk: Desk) -> None:
    draft, group, name = desk.draft, desk.domain.group, _groups(desk)
    draft.use("textual.widgets.Tabs")
    draft.calls("textual.widgets.Tabs.active_tab")
    draft.test_uses("textual.widgets.Tab", "textual.widgets.Tabs")
    draft.compose.append(f'yield Tabs(*{name}, id="{group}")')
    draft.screen.append(f"`Tabs` with id `{group}` labelled {_told_groups(desk)}")
    desk.fields["group"] = f'self.query_one("#{group}", Tabs).active_tab.label_text'
    widget = f'app.query_one("#{group}", Tabs)'
    start = Look(f"[tab.label_text for tab in {widget}.query(Tab)]")

    def gesture(place: int) -> list[str]:
        return [f"tabs = {widget}", f"tabs.active = list(tabs.query(Tab))[{place}].id"]

    _prove_group(desk, gesture, start)


def _stamp_by_toggle(desk: Desk) -> None:
    draft, mark = desk.draft, desk.domain.mark
    widget = desk.rng.choice([name for name in ("Switch", "Checkbox") if name not in desk.reserved])
    draft.use(f"textual.widgets.{widget}")
    draft.test_uses(f"textual.widgets.{widget}")
    label = f'"{mark.capitalize()}", ' if widget == "Checkbox" else ""
    draft.compose.append(f'yield {widget}({label}id="{mark}")')
    caption = f" labelled `{mark.capitalize()}`" if label else ""
    draft.screen.append(f"a `{widget}` with id `{mark}`{caption}, off at first")
    found = f'app.query_one("#{mark}", {widget})'
    draft.start.append(Look(f"(str({found}.label), {found}.value)" if label else f"{found}.value"))
    reset = desk.rng.random() < 0.5
    told = f"A new {desk.noun} is {mark} when `#{mark}` is on at that moment."
    desk.fields["flag"] = f'self.query_one("#{mark}", {widget}).value'
    if reset:
        told += f" Adding one turns `#{mark}` off again."
        desk.after_show.append(f'self.query_one("#{mark}", {widget}).value = False')
    draft.rules.append(told)

    def prove() -> None:
        case = draft.case(f"remembers_which_{desk.plural}_are_{mark}")
        desk.submit(case, 0)
        case.do([f"{found}.toggle()", "await settle(pilot)"], f"turn `#{mark}` on")
        desk.submit(case, 1)
        case.look(*desk.everything(), Look(f"{found}.value"))
        desk.submit(case, 2)
        case.look(*desk.everything())

    desk.proofs.append(prove)
