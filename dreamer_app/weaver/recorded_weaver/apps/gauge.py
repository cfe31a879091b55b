"""Apps around one reactive number: keys or buttons change it, a validator bounds it, watchers show it.

How it is changed, bounded and shown is drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Callable

from dreamer_app.weaver.recorded_weaver.apps.dials import DIAL, DIALS, Gauge
from dreamer_app.weaver.recorded_weaver.apps.domains import Domain
from dreamer_app.weaver.recorded_weaver.apps.draft import Case, Draft, Look, seeded


def weave_gauge(domain: Domain, seed: int) -> Draft:
    """One gauge, fully determined by its domain and seed."""
    rng = seeded(seed)
    step = rng.choice([1, 2, 3, 5])
    start = step * rng.choice([1, 2])
    limit = start + 2 * step + rng.choice([0, 1])
    draft = Draft(domain, f"{domain.prefix}{rng.choice(['Gauge', 'Counter', 'Meter'])}")
    gauge = Gauge(draft, rng, domain, start, limit, step, step_source=str(step))
    draft.use("textual.reactive.reactive", "textual.geometry.clamp")
    draft.attributes.append(f"{gauge.name} = reactive({start})")
    draft.rules.append(
        f"`{gauge.name}` is a reactive attribute of the app that starts at {start}. It is never below 0 nor above "
        f"{limit} (`validate_{gauge.name}`): what would leave that range ends at its border."
    )
    stepping = rng.choice(STEPS)
    stepping(gauge)
    changer = rng.choice(CHANGERS)
    changer[1](gauge)
    dial = rng.choice(DIALS)
    refresh = dial[1](gauge)
    extras = rng.sample(EXTRAS, 2)
    for extra in extras:
        extra[1](gauge)
    draft.methods += [
        f"def validate_{gauge.name}(self, value: int) -> int:\n    return clamp(value, 0, {limit})",
        "\n    ".join([f"def watch_{gauge.name}(self, value: int) -> None:", *refresh, *gauge.watch]),
    ]
    _cases(gauge)
    draft.tags = ["gauge", stepping.__name__, changer[0], dial[0], *(extra[0] for extra in extras)]
    what = f"{domain.prefix} {domain.amount}"
    draft.title = f"{what} between 0 and {limit}: {changer[0]}, {dial[0]} and {extras[0][0]}"
    draft.purpose = f"keeps one number, the {gauge.name} of {_article(domain)}, between 0 and {limit}"
    return draft


def _article(domain: Domain) -> str:
    return f"{'an' if domain.noun[0] in 'aeio' else 'a'} {domain.noun}"


def _fixed_step(gauge: Gauge) -> None:
    gauge.draft.demands.append("Show the number from a watcher of the reactive attribute, not from the key or button.")


def _chosen_step(gauge: Gauge) -> None:
    """The step is taken from a field."""
    draft = gauge.draft
    draft.use("textual.widgets.Select")
    draft.calls("textual.widgets.Select.from_values")
    draft.test_uses("textual.widgets.Select")
    steps = (gauge.step, gauge.step + 1)
    draft.compose.append(f'yield Select.from_values({steps}, allow_blank=False, id="step")')
    draft.screen.append(f"a `Select` with id `step`, never blank, with the values {steps[0]} and {steps[1]}")
    gauge.step_source = 'self.query_one("#step", Select).value'
    select = 'app.query_one("#step", Select)'
    draft.start.append(Look(f"{select}.value"))

    def prove() -> None:
        case = draft.case("takes_the_chosen_step")
        case.do([f"{select}.value = {steps[1]}", "await settle(pilot)"], f"choose {steps[1]} in `#step`")
        gauge.more(case).look(*gauge.everything())

    draft.proofs.append(prove)


STEPS = (_fixed_step, _fixed_step, _chosen_step)


def _step_words(gauge: Gauge) -> str:
    return str(gauge.step) if gauge.step_source.isdigit() else "the number chosen in `#step`"


def _buttons(gauge: Gauge) -> None:
    draft = gauge.draft
    more, less = gauge.rng.choice([("More", "Less"), ("Add", "Remove"), ("Up", "Down")])
    draft.use("textual.widgets.Button", "textual.on")
    draft.calls("textual.widgets.Button.Pressed")
    draft.test_uses("textual.widgets.Button")
    draft.compose += [f'yield Button("{more}", id="more")', f'yield Button("{less}", id="less")']
    draft.screen += [f"a `Button` with id `more` labelled `{more}`", f"a `Button` with id `less` labelled `{less}`"]
    for name, sign in (("more", "+"), ("less", "-")):
        change = f"self.{gauge.name} {sign}= {gauge.step_source}"
        draft.methods.append(f'@on(Button.Pressed, "#{name}")\ndef {name}(self) -> None:\n    {change}')
    draft.start.append(Look("[(button.id, str(button.label)) for button in app.query(Button)]"))
    draft.rules.append(f"`#more` adds {_step_words(gauge)} to it and `#less` takes as much away.")

    def press(name: str) -> Callable[[Case], Case]:
        lines = [f'app.query_one("#{name}", Button).press()', "await settle(pilot)"]
        return lambda case: case.do(lines, f"press `#{name}`")

    gauge.more, gauge.less = press("more"), press("less")


def _keys(gauge: Gauge) -> None:
    draft = gauge.draft
    more, less = gauge.rng.choice([("plus", "minus"), ("a", "d"), ("m", "l"), ("right", "left")])
    draft.bindings += [(more, "more", "More"), (less, "less", "Less")]
    for name, sign in (("more", "+"), ("less", "-")):
        draft.methods.append(f"def action_{name}(self) -> None:\n    self.{gauge.name} {sign}= {gauge.step_source}")
    draft.start.append(Look(f'[app.screen.active_bindings[key].binding.description for key in ("{more}", "{less}")]'))
    draft.rules.append(
        f"The key `{more}` adds {_step_words(gauge)} to it and `{less}` takes as much away: bindings for the actions "
        "`more` and `less`, described as `More` and `Less`."
    )
    gauge.more = lambda case: case.do(f'await pilot.press("{more}")', f"press `{more}`")
    gauge.less = lambda case: case.do(f'await pilot.press("{less}")', f"press `{less}`")


CHANGERS: tuple[tuple[str, Callable[[Gauge], None]], ...] = (("buttons", _buttons), ("keys", _keys))


def _history(gauge: Gauge) -> None:
    draft = gauge.draft
    style = gauge.rng.choice(["bold", "italic", "underline"])
    draft.use("textual.widgets.RichLog", "rich.text.Text")
    draft.calls("textual.widgets.RichLog.write")
    draft.compose.append('yield RichLog(id="history")')
    draft.screen.append("a `RichLog` with id `history`")
    head = f"def watch_{gauge.name}(self, before: int, value: int) -> None:"
    draft.rules.append(
        "Each change of the number, and not its first value, adds a line to `#history`: a rich `Text` reading "
        "`<before> -> <after>` in the style `{style}`."
    )
    gauge.watch += [
        "if before != value:",
        f'    self.query_one("#history", RichLog).write(Text(f"{{before}} -> {{value}}", style="{style}"))',
    ]
    draft.renames[f"def watch_{gauge.name}(self, value: int) -> None:"] = head
    log = 'app.query_one("#history")'
    gauge.looks.append(Look(f"[line.text.rstrip() for line in {log}.lines]", "the lines of `#history` are"))

    def prove() -> None:
        case = draft.case("writes_down_every_change")
        gauge.more(case)
        gauge.less(case)
        bold = f"[part.text for line in {log}.lines for part in line if part.style and part.style.{style}]"
        case.look(*gauge.everything(), Look(bold))

    draft.proofs.append(prove)


def _alarm(gauge: Gauge) -> None:
    draft = gauge.draft
    warn = gauge.limit - gauge.step + (1 if gauge.step > 1 else 0)
    draft.calls("textual.dom.DOMNode.set_class", "textual.app.App.title")
    draft.use("textual.widgets.Label")
    draft.compose.append('yield Label("Nearly full", id="alarm")')
    draft.screen.append("a `Label` with id `alarm` reading `Nearly full`")
    draft.rules.append(
        f"`#alarm` is only displayed while the number is {warn} or more, and has the class `full` while "
        f"it is {gauge.limit}."
    )
    gauge.watch += [
        'alarm = self.query_one("#alarm", Label)',
        f"alarm.display = value >= {warn}",
        f'alarm.set_class(value == {gauge.limit}, "full")',
    ]
    label = 'app.query_one("#alarm")'
    draft.start.append(Look(f"(str({label}.content), {label}.display)"))
    look = Look(f'({label}.display, {label}.has_class("full"))', "displayed and full is")
    gauge.looks.append(Look(look.expression))

    def prove() -> None:
        case = draft.case("warns_when_nearly_full")
        for value in (warn - 1, warn, gauge.limit, gauge.limit - 1):
            case.do([f"app.{gauge.name} = {value}", "await settle(pilot)"], f"set `{gauge.name}` to {value}")
            case.look(look)

    draft.proofs.append(prove)


def _half(gauge: Gauge) -> None:
    """A computed reactive that follows the number."""
    draft = gauge.draft
    cuts = (gauge.start, gauge.limit)
    draft.attributes.append('level = reactive("")')
    draft.methods.append(
        "def compute_level(self) -> str:\n"
        f'    if self.{gauge.name} < {cuts[0]}:\n        return "low"\n'
        f'    return "full" if self.{gauge.name} == {cuts[1]} else "fine"'
    )
    draft.methods.append("def watch_level(self, level: str) -> None:\n    self.sub_title = level")
    draft.calls("textual.app.App.sub_title")
    draft.rules.append(
        f"`level` is a second reactive attribute, computed from the number (`compute_level`): `low` below {cuts[0]}, "
        f"`full` at {cuts[1]}, `fine` in between. The sub-title of the app always equals it."
    )
    gauge.looks.append(Look("app.sub_title", "the sub-title is"))

    def prove() -> None:
        case = draft.case("computes_the_level")
        for value in (cuts[0] - 1, cuts[0], cuts[1] - 1, cuts[1]):
            case.do([f"app.{gauge.name} = {value}", "await settle(pilot)"], f"set `{gauge.name}` to {value}")
            case.look(Look("app.level"), Look("app.sub_title"))

    draft.proofs.append(prove)


def _keep(gauge: Gauge) -> None:
    draft = gauge.draft
    key, label = "k", gauge.rng.choice(["Keep", "Done", "Take"])
    draft.bindings.append((key, "keep", label))
    draft.calls("textual.app.App.exit")
    draft.methods.append(f"def action_keep(self) -> None:\n    self.exit(self.{gauge.name})")
    draft.start.append(Look(f'app.screen.active_bindings["{key}"].binding.description'))
    draft.rules.append(f"The key `{key}` (action `keep`, described as `{label}`) ends the app and returns the number.")

    def prove() -> None:
        case = draft.case("returns_the_number")
        gauge.more(case).do(f'await pilot.press("{key}")', f"press `{key}`")
        case.look(Look("app.return_value"))

    draft.proofs.append(prove)


def _border(gauge: Gauge) -> None:
    draft = gauge.draft
    draft.rules.append(f"The `border_title` of `#dial` is always `<number> {gauge.name}`.")
    gauge.watch.append(f'self.query_one("#dial").border_title = f"{{value}} {gauge.name}"')
    gauge.looks.append(Look(f"{DIAL}.border_title", "its border title is"))


EXTRAS: tuple[tuple[str, Callable[[Gauge], None]], ...] = (
    ("a history of changes", _history),
    ("an alarm when nearly full", _alarm),
    ("a computed level", _half),
    ("a key to take it", _keep),
    ("a border title", _border),
)


def _cases(gauge: Gauge) -> None:
    draft = gauge.draft
    draft.start += gauge.everything()
    case = draft.case("goes_up_and_down")
    gauge.more(case).look(*gauge.everything())
    gauge.less(case)
    gauge.less(case).look(*gauge.everything())
    top = draft.case(f"stops_at_{gauge.limit}")
    for _ in range(4):
        gauge.more(top)
    top.look(Look(f"app.{gauge.name}"), *gauge.everything())
    bottom = draft.case("stops_at_0")
    for _ in range(3):
        gauge.less(bottom)
    bottom.look(Look(f"app.{gauge.name}"), *gauge.everything())
    for prove in draft.proofs:
        prove()
