"""Apps that browse a small catalogue: a list on top, the details of what is picked below, a way to narrow or mark it.

The list, the way the details are drawn, and what else can be done are drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Callable

from dreamer_app.weaver.recorded_weaver.apps.cards import CARDS
from dreamer_app.weaver.recorded_weaver.apps.domains import Domain, article
from dreamer_app.weaver.recorded_weaver.apps.draft import Draft, Look, seeded
from dreamer_app.weaver.recorded_weaver.apps.pickers import PICKERS
from dreamer_app.weaver.recorded_weaver.apps.shelf import AMOUNTS, Shelf


def weave_catalogue(domain: Domain, seed: int) -> Draft:
    """One catalogue, fully determined by its domain and seed."""
    rng = seeded(seed)
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
