"""The shared ground of collector apps: which fields a record has, how one is entered, where parts find each other.

It holds no part itself and writes no task text of its own but that of the entry field.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from dreamer_app.weaver.recorded_weaver.apps.domains import Domain, article
from dreamer_app.weaver.recorded_weaver.apps.draft import Case, Draft, Look
from dreamer_app.weaver.recorded_weaver.apps.records import Column, View

ENTER = '''\
async def enter(pilot, text):
    """Put a text into the entry field and press Enter there."""
    entry = pilot.app.query_one("#entry", Input)
    entry.value = text
    await entry.action_submit()
    await settle(pilot)
'''
AMOUNTS = (7, 3, 12, 5, 9, 2)


@dataclass
class Desk:
    """A collector in the making.

    Attributes:
        draft: What is added to.
        rng: All random choices.
        domain: The words.
        columns: Fields of a record.
        keys: Function keys not used yet.
        source: Which records are shown.
        board: How the view looks, known once it was added.
        handler: Lines of the submit handler before the record is kept.
        fields: Expression of each field, by kind.
        before_show: Lines that run before the view is refreshed.
        after_show: Lines that run afterwards.
        looks: Further things that change with the records.
        proofs: Write the tests, once everything is in place.
        phrases: For the title.
        reserved: Kinds of switches that a part needs for itself.
    """

    draft: Draft
    rng: random.Random
    domain: Domain
    columns: tuple[Column, ...]
    keys: list[str]
    source: str
    board: Look = field(default_factory=lambda: Look(""))
    handler: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    before_show: list[str] = field(default_factory=list)
    after_show: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    proofs: list[Callable[[], None]] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    reserved: set[str] = field(default_factory=set)

    @property
    def kinds(self) -> set[str]:
        """Kinds of fields."""
        return {column.kind for column in self.columns}

    @property
    def noun(self) -> str:
        """One record."""
        return self.domain.noun

    @property
    def plural(self) -> str:
        """The attribute that holds the records."""
        return self.domain.plural

    @property
    def single(self) -> bool:
        """Whether a record is a plain string."""
        return len(self.columns) == 1

    @property
    def show(self) -> str:
        """The call that refreshes everything."""
        return f"self.show_{self.plural}()"

    def text(self, index: int) -> str:
        """What a person enters for the n-th sample record."""
        name = self.domain.names[index % len(self.domain.names)]
        return f"{name} {AMOUNTS[index % 6]}" if "number" in self.kinds else name

    def submit(self, case: Case, *texts: str | int) -> Case:
        """Enter texts, or sample records by number, one after the other."""
        for entry in texts:
            text = self.text(entry) if isinstance(entry, int) else entry
            case.do(f'await enter(pilot, "{text}")', f"submit `{text}`" if text.strip() else "submit a blank text")
        return case

    def press(self, case: Case, key: str) -> Case:
        """Press a key."""
        return case.do([f'await pilot.press("{key}")'], f"press {key.upper()}")

    def key(self) -> str:
        """A function key that is still free."""
        return self.keys.pop(0)

    def everything(self) -> tuple[Look, ...]:
        """The view and what changes with it."""
        return (self.board, *self.looks)


@dataclass(frozen=True)
class Part:
    """One thing that a collector can do.

    Attributes:
        name: For tags.
        phrase: For titles, continuing "that".
        add: Adds it.
        fits: Whether it makes sense here.
        toggle: The kind of switch that it needs for itself.
    """

    name: str
    phrase: str
    add: Callable[[Desk], None]
    fits: Callable[[Desk, View], bool] = lambda _desk, _view: True
    toggle: str = ""


def add_entry(desk: Desk) -> None:
    """The text field, what it refuses, and how the text is kept."""
    draft = desk.draft
    draft.use("textual.widgets.Input", "textual.on")
    draft.calls("textual.widgets.Input.Submitted", "textual.widgets.Input.clear")
    draft.test_uses("textual.widgets.Input")
    draft.test_functions["enter"] = ENTER
    draft.state.append(f"self.{desk.plural} = []")
    if "number" in desk.kinds:
        _add_validated_entry(desk)
    else:
        _add_plain_entry(desk)


def _add_validated_entry(desk: Desk) -> None:
    draft, noun = desk.draft, desk.noun
    change, kept = desk.rng.choice([("", "as it is"), (".upper()", "in capital letters")])
    draft.use("textual.validation.Regex")
    draft.compose.append('yield Input(id="entry", validators=[Regex(r"[a-z]+ [0-9]+")])')
    draft.screen.append("an `Input` with id `entry` and a `Regex` validator for `[a-z]+ [0-9]+`")
    desk.handler += ["if not event.validation_result.is_valid:", "    return"]
    desk.handler += [f"{noun}, {desk.domain.amount} = event.value.split()", "event.input.clear()"]
    desk.fields |= {"text": f"{noun}{change}", "number": f"int({desk.domain.amount})"}
    draft.rules.append(
        f"Pressing Enter in `#entry` adds {article(noun)}: the word is its name, kept {kept}, the number its "
        f"{desk.domain.amount} (an `int`). Then the field is emptied. A text that fails the validator adds nothing "
        "and stays in the field."
    )
    name = desk.domain.names[2]

    def prove() -> None:
        case = draft.case(f"refuses_a_{noun}_that_is_not_valid")
        desk.submit(case, 0, name, f"{name.upper()} 4", f"{name} x")
        case.look(Look('app.query_one("#entry", Input).value'), *desk.everything())

    desk.proofs.append(prove)
    desk.phrases.append("checks each entry")


def _add_plain_entry(desk: Desk) -> None:
    draft, noun, rng = desk.draft, desk.noun, desk.rng
    change, words = rng.choice(
        [
            (".strip()", "without surrounding spaces"),
            (".strip().upper()", "stripped and in capital letters"),
        ]
    )
    draft.compose.append('yield Input(id="entry")')
    draft.screen.append("an `Input` with id `entry`")
    told = f"Pressing Enter in `#entry` adds its text, {words}, as {article(noun)} and empties the field."
    told += " A blank text adds nothing"
    guards = ["blank", "unique", "unique", "limit"]
    # Two or three records may be in order already, and then no test would notice that sorting does nothing.
    limit, guard = 2 + rng.randrange(2), rng.choice(guards[:3] if "Switch" in desk.reserved else guards)
    condition = f"not {noun}"
    if guard == "unique":
        names = f"self.{desk.plural}" if desk.single else f"[entry[0] for entry in self.{desk.plural}]"
        condition += f" or {noun} in {names}"
        told += f", nor does {article(noun)} that is there already"
        desk.phrases.append("refuses duplicates")
    elif guard == "limit":
        condition += f" or len(self.{desk.plural}) == {limit}"
        told += f", nor does any text while there are {limit} {desk.plural}"
        desk.phrases.append(f"takes no more than {limit}")
    draft.rules.append(told + ".")
    desk.handler += [f"{noun} = event.value{change}", "event.input.clear()", f"if {condition}:", "    return"]
    desk.fields["text"] = noun

    def prove() -> None:
        name = {"unique": "refuses_blanks_and_duplicates", "limit": f"takes_only_{limit}_{desk.plural}"}
        case = draft.case(name.get(guard, "ignores_blank_texts"))
        desk.submit(case, "   ")
        case.look(Look('app.query_one("#entry", Input).value'))
        if guard == "limit":
            desk.submit(case, *range(limit + 1))
        else:
            desk.submit(case, 0, f"  {desk.text(0)} ", 1)
        case.look(*desk.everything())

    desk.proofs.append(prove)
