"""Apps that count choices: every choice in a list, a button or a key counts once, and the standing is drawn anew.

The chooser, the way the standing is drawn, and what else can be done with it are drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Callable

from dreamer_app.weaver.recorded_weaver.apps.choosers import CHOOSERS
from dreamer_app.weaver.recorded_weaver.apps.domains import Domain
from dreamer_app.weaver.recorded_weaver.apps.draft import Draft, Look, seeded
from dreamer_app.weaver.recorded_weaver.apps.poll import BOARD, Poll, subject
from dreamer_app.weaver.recorded_weaver.apps.standings import BOARDS


def weave_tally(domain: Domain, seed: int) -> Draft:
    """One tally, fully determined by its domain and seed."""
    rng = seeded(seed)
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
    draft.purpose = f"counts how often each {subject(poll)} is chosen"
    return draft


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
        f"def action_reset(self) -> None:\n    self.counts = dict.fromkeys({poll.names}, 0)\n    self.draw()"
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
    again = draft.case(f"counts_one_{subject(poll)}_apart_from_another")
    poll.choices(again, 2, 0)
    again.look(*poll.everything())
    for prove in draft.proofs:
        prove()
