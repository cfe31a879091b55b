"""A reactive number in the making, and ways of showing it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from dreamer_app.weaver.recorded_weaver.apps.domains import Domain
from dreamer_app.weaver.recorded_weaver.apps.draft import EMPHASISED, SHOWN, Case, Draft, Look

DIAL = 'app.query_one("#dial")'


@dataclass
class Gauge:
    """A gauge in the making.

    Attributes:
        draft: What is added to.
        rng: All random choices.
        domain: The words.
        start: First value.
        limit: Largest value.
        step: How much one key changes it.
        dial: How it is shown.
        watch: Lines that run when it changes.
        looks: Further things that change.
        more: How a test raises it.
        less: How a test lowers it.
        step_source: Expression of the step.
    """

    draft: Draft
    rng: random.Random
    domain: Domain
    start: int
    limit: int
    step: int
    dial: Look = field(default_factory=lambda: Look(""))
    watch: list[str] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    more: Callable[[Case], Case] = lambda case: case
    less: Callable[[Case], Case] = lambda case: case
    step_source: str = ""

    @property
    def name(self) -> str:
        """The reactive attribute."""
        return self.domain.amount

    def everything(self) -> tuple[Look, ...]:
        """The dial and what changes with it."""
        return (self.dial, *self.looks)


def _digits(gauge: Gauge) -> list[str]:
    draft = gauge.draft
    draft.use("textual.widgets.Digits")
    draft.calls("textual.widgets.Digits.update")
    draft.compose.append('yield Digits(id="dial")')
    draft.screen.append("`Digits` with id `dial`")
    width = gauge.rng.choice([2, 3, 4])
    draft.rules.append(f"`#dial` always shows it with leading zeros, {width} digits wide.")
    gauge.dial = Look(f"{DIAL}.value", "`#dial` shows")
    return [f'self.query_one("#dial", Digits).update(f"{{value:0{width}d}}")']


def _bar(gauge: Gauge) -> list[str]:
    draft = gauge.draft
    draft.use("textual.widgets.ProgressBar")
    draft.calls("textual.widgets.ProgressBar.update")
    draft.compose.append(f'yield ProgressBar(total={gauge.limit}, id="dial")')
    draft.screen.append(f"a `ProgressBar` with id `dial` and a total of {gauge.limit}")
    draft.rules.append("The progress of `#dial` always equals it.")
    draft.start.append(Look(f"{DIAL}.total"))
    gauge.dial = Look(f"{DIAL}.progress", "the progress of `#dial` is")
    return ['self.query_one("#dial", ProgressBar).update(progress=value)']


def _static(gauge: Gauge, told: str, *uses: str) -> None:
    draft = gauge.draft
    draft.use("textual.widgets.Static", *uses)
    draft.compose.append('yield Static(id="dial")')
    draft.screen.append("a `Static` with id `dial`")
    draft.test_functions["shown"] = SHOWN
    draft.rules.append(told)
    gauge.dial = Look(f"shown({DIAL})", "`#dial` shows")


def _rich_bar(gauge: Gauge) -> list[str]:
    width = gauge.rng.choice([12, 16, 20])
    title = f"{gauge.domain.noun.capitalize()} {gauge.name}"
    _static(
        gauge,
        f"`#dial` always shows a rich `Panel` made with `Panel.fit` and titled `{title}`, around a rich `Bar` of size "
        f"{gauge.limit} from 0 to the number, {width} cells wide.",
        "rich.panel.Panel",
        "rich.bar.Bar",
    )
    gauge.draft.calls("rich.panel.Panel.fit")
    return [
        f"bar = Bar({gauge.limit}, 0, value, width={width})",
        f'self.query_one("#dial", Static).update(Panel.fit(bar, title="{title}"))',
    ]


def _rich_text(gauge: Gauge) -> list[str]:
    draft = gauge.draft
    full, empty = gauge.rng.choice([("#", "."), ("=", "-"), ("o", "_")])
    _static(
        gauge,
        f"`#dial` always shows a rich `Text`: as many `{full}` as the number, in the style `bold`, then as many "
        f"`{empty}` as are missing to {gauge.limit}, then ` <number>/{gauge.limit}`.",
        "rich.text.Text",
    )
    draft.calls("rich.text.Text.assemble")
    draft.test_functions["emphasised"] = EMPHASISED
    gauge.looks.append(Look(f"emphasised({DIAL})", "in bold is"))
    return [
        f'bar = ("{full}" * value, "bold")',
        f'rest = "{empty}" * ({gauge.limit} - value)',
        f'self.query_one("#dial", Static).update(Text.assemble(bar, rest, f" {{value}}/{gauge.limit}"))',
    ]


def _rich_table(gauge: Gauge) -> list[str]:
    box = gauge.rng.choice(["ASCII", "ROUNDED", "SQUARE"])
    _static(
        gauge,
        f"`#dial` always shows a rich `Table` in the box style `{box}` with the columns `Taken`, `Free` and `Share` "
        f"and one row: the number, what is missing to {gauge.limit}, and the number's percentage of {gauge.limit}, "
        "rounded and followed by ` %`.",
        "rich.table.Table",
    )
    gauge.draft.imports.add(f"rich.box.{box}")
    gauge.draft.calls("rich.table.Table.add_row")
    return [
        f'table = Table("Taken", "Free", "Share", box={box})',
        f"share = round(100 * value / {gauge.limit})",
        f'table.add_row(str(value), str({gauge.limit} - value), f"{{share}} %")',
        'self.query_one("#dial", Static).update(table)',
    ]


DIALS: tuple[tuple[str, Callable[[Gauge], list[str]]], ...] = (
    ("digits", _digits),
    ("a progress bar", _bar),
    ("a rich bar", _rich_bar),
    ("a rich text", _rich_text),
    ("a rich table", _rich_table),
)
