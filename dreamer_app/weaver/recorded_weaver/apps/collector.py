"""Apps that collect records: something is entered, kept, shown, and changed by switches, choices, buttons and keys.

Every part stands for one documented feature; which ones come together is drawn from a seed.
"""

from __future__ import annotations

import random

from dreamer_app.weaver.recorded_weaver.apps.desk import Desk, add_entry
from dreamer_app.weaver.recorded_weaver.apps.domains import Domain
from dreamer_app.weaver.recorded_weaver.apps.draft import Draft, Look, seeded
from dreamer_app.weaver.recorded_weaver.apps.parts import EXTRAS
from dreamer_app.weaver.recorded_weaver.apps.readouts import READOUTS
from dreamer_app.weaver.recorded_weaver.apps.records import Column, Records, View
from dreamer_app.weaver.recorded_weaver.apps.stamps import add_stamps
from dreamer_app.weaver.recorded_weaver.apps.views import VIEWS

KEYS = ("f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9")


def weave_collector(domain: Domain, seed: int) -> Draft:
    """One collector, fully determined by its domain and seed."""
    rng = seeded(seed)
    view = rng.choice(VIEWS)
    draft = Draft(domain, f"{domain.prefix}App")
    desk = Desk(
        draft, rng, domain, _columns(domain, view, rng), rng.sample(KEYS, len(KEYS)), source=f"self.{domain.plural}"
    )
    extras = [extra for extra in EXTRAS if extra.fits(desk, view)]
    chosen = rng.sample(extras, 2 - len(desk.kinds & {"group", "flag"}) or 1)
    desk.reserved = {extra.toggle for extra in chosen}
    add_entry(desk)
    add_stamps(desk)
    for extra in chosen:
        extra.add(desk)
    filling = view.add(draft, Records(domain.plural, desk.columns, desk.source, domain.groups), rng)
    desk.board = filling.look
    readout = rng.choice([entry for entry in READOUTS if entry.fits(desk, view)])
    readout.add(desk)
    _write_methods(desk, filling.lines)
    _write_first_case(desk)
    for prove in desk.proofs:
        prove()
    draft.tags = ["collector", view.name, *(extra.name for extra in chosen), readout.name]
    phrases = [*desk.phrases, *(extra.phrase for extra in chosen)]
    draft.title = f"{domain.prefix} list in {view.phrase} that {_enumerate(phrases[:2])}"
    draft.purpose = domain.about
    return draft


def _columns(domain: Domain, view: View, rng: random.Random) -> tuple[Column, ...]:
    wanted = set(view.needs) | set(rng.sample(["number", "group", "flag"], rng.choice([0, 1, 1, 2])))
    wanted -= {"flag"} if "group" in wanted else set()
    columns = [Column(domain.noun, domain.noun.capitalize(), "text")]
    if "number" in wanted:
        columns.append(Column(domain.amount, domain.amount.capitalize(), "number"))
    if "group" in wanted:
        columns.append(Column(domain.group, domain.group.capitalize(), "group"))
    if "flag" in wanted and view.flags:
        columns.append(Column(domain.mark, domain.mark.capitalize(), "flag"))
    return tuple(columns)


def _write_methods(desk: Desk, refresh: list[str]) -> None:
    draft = desk.draft
    values = [desk.fields[column.kind] for column in desk.columns]
    record = values[0] if desk.single else f"({', '.join(values)})"
    body = [*desk.handler, f"self.{desk.plural}.append({record})", desk.show]
    draft.methods.insert(
        0,
        "\n    ".join(
            ['@on(Input.Submitted, "#entry")\n' + f"def add_{desk.noun}(self, event: Input.Submitted) -> None:", *body]
        ),
    )
    draft.methods.append(
        "\n    ".join([f"def show_{desk.plural}(self) -> None:", *desk.before_show, *refresh, *desk.after_show])
    )


def _write_first_case(desk: Desk) -> None:
    draft = desk.draft
    case = draft.case(f"shows_each_{desk.noun}_that_is_entered")
    case.do(
        [f'app.query_one("#entry", Input).value = "{desk.text(0)}"', 'await pilot.press("enter")'],
        f"enter `{desk.text(0)}` into `#entry` and press Enter",
    )
    case.look(*desk.everything())
    desk.submit(case, 1, 2)
    case.look(*desk.everything(), *([draft.styles] if draft.styles else []))
    case.look(Look('app.query_one("#entry", Input).value'))


def _enumerate(phrases: list[str]) -> str:
    return " and ".join(phrases) if phrases else "keeps itself up to date"
