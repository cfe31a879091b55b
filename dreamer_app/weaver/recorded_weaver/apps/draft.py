"""An app in the making: what its source, its tests and its task text are made of, part by part.

Fragments add to a draft; the draft only puts their parts in order and turns them into text. It invents nothing and
executes nothing.
"""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from dreamer_app.sandbox.blind import RECORD
from dreamer_app.weaver.recorded_weaver.apps.domains import Domain

SHOWN = '''\
def shown(widget):
    """The text that a widget shows on the terminal, line by line."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
'''
EMPHASISED = '''\
def emphasised(widget):
    """The pieces of text that a widget shows in bold."""
    lines = [widget.render_line(y) for y in range(widget.size.height)]
    bold = [part.text.strip() for line in lines for part in line if part.style and part.style.bold]
    return [text for text in bold if text]
'''
SETTLE = '''\
async def settle(pilot):
    """Let every widget work through its messages and draw itself."""
    for _ in range(4):
        await pilot.pause(0)
'''
_MANY = ("Static", "Label")
"""Classes that other widgets build on, so that looking for one of them finds those too."""
LINE = 110


def seeded(seed: int | str) -> random.Random:
    """The source of all choices that belong to a seed."""
    return random.Random(seed)  # noqa: S311  (choices of words and widgets, no secrets)


@dataclass(frozen=True)
class Look:
    """One thing that a test looks at.

    Attributes:
        expression: Python, with `app` and `pilot` in scope.
        caption: What it is, for the worked example, e.g. "`#board` shows".
    """

    expression: str
    caption: str = ""


@dataclass
class Case:
    """One test: what a person does, and what is looked at in between.

    Attributes:
        name: Without `test_`.
        lines: Statements and assertions in order.
        story: What the person does, in words, up to the first look.
        captions: Of each assertion, in order.
    """

    name: str
    lines: list[str] = field(default_factory=list)
    story: list[tuple[int, str]] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)

    def do(self, lines: str | Iterable[str], told: str = "") -> Case:
        """Add actions; `told` says them in words."""
        self.lines += [lines] if isinstance(lines, str) else list(lines)
        if told:
            self.story.append((len(self.captions), told))
        return self

    def look(self, *looks: Look) -> Case:
        """Add assertions whose values will be recorded."""
        for look in looks:
            self.lines.append(f"assert {look.expression} == {RECORD}")
            self.captions.append(look.caption)
        return self


@dataclass
class Draft:
    """The parts of one app.

    Attributes:
        domain: What it is about.
        name: Class name of the app, the entry point.
        imports: Dotted names that `solution.py` imports.
        uses: Dotted names of APIs that the app needs.
        before: Top-level source in front of the app: constants, screens, validators.
        attributes: Class attributes.
        bindings: Key, action, description.
        state: Lines of `__init__`.
        compose: Lines of `compose`.
        mount: Lines of `on_mount`.
        methods: Further methods, unindented.
        screen: What the screen contains, one sentence a widget, top to bottom.
        rules: What happens when, one rule an entry.
        demands: Which APIs must be used and other constraints.
        start: What the first test looks at before anything happened.
        cases: The other tests.
        test_imports: Dotted names that the tests import.
        test_functions: Source of functions that the tests share, by name.
        tags: What it was made of, for statistics and balance.
        example: Index of the case that is told in the task.
        styles: How a test sees styles, where the task asks for some.
        proofs: Write the tests, once everything is in place.
        renames: First lines of methods that a later part made different.
        hole: Whether the task gives the screen and asks for what is behind it.
        title: Of the task.
        purpose: What the app is for, continuing "a small app that".
    """

    domain: Domain
    name: str
    imports: set[str] = field(default_factory=lambda: {"textual.app.App", "textual.app.ComposeResult"})
    uses: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    bindings: list[tuple[str, str, str]] = field(default_factory=list)
    state: list[str] = field(default_factory=list)
    compose: list[str] = field(default_factory=list)
    mount: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    screen: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    demands: list[str] = field(default_factory=list)
    start: list[Look] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    test_imports: set[str] = field(default_factory=set)
    test_functions: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    example: int = 0
    styles: Look | None = None
    proofs: list[Callable[[], None]] = field(default_factory=list)
    renames: dict[str, str] = field(default_factory=dict)
    hole: bool = False
    title: str = ""
    purpose: str = ""

    def use(self, *names: str) -> None:
        """Import classes or functions of the libraries and count them as needed."""
        for name in names:
            self.imports.add(name)
            if name not in self.uses:
                self.uses.append(name)

    def calls(self, *names: str) -> None:
        """Count methods as needed; they need no import."""
        self.uses += [name for name in names if name not in self.uses]

    def test_uses(self, *names: str) -> None:
        """Import names in the test module."""
        self.test_imports.update(names)

    def case(self, name: str) -> Case:
        """Begin a further test."""
        case = Case(name)
        self.cases.append(case)
        return case

    @property
    def signature(self) -> str:
        """The pinned first line of the app."""
        return f"class {self.name}(App):"

    def solution(self) -> str:
        """Source of `solution.py`."""
        body: list[str] = []
        if self.bindings:
            entries = [f'("{key}", "{action}", "{label}")' for key, action, label in self.bindings]
            body.append(_bracketed("BINDINGS = [", entries, "]"))
        body += self.attributes
        blocks = ["\n".join(body)] if body else []
        if self.state:
            blocks.append("\n    ".join(["def __init__(self) -> None:", "super().__init__()", *self.state]))
        blocks.append("\n".join(["def compose(self) -> ComposeResult:", _indent(self.compose)]))
        if self.mount:
            blocks.append("\n".join(["def on_mount(self) -> None:", _indent(self.mount)]))
        for method in self.methods:
            head, line, rest = method.strip("\n").partition("\n")
            blocks.append(f"{self.renames.get(head, head)}{line}{rest}")
        inside = textwrap.indent("\n\n".join(blocks), "    ")
        parts = [import_lines(self.imports)]
        parts += [part.strip("\n") for part in self.before]
        parts.append(f"{self.signature}\n{inside}")
        return self._plainer("\n\n\n".join(parts) + "\n")

    def _plainer(self, source: str) -> str:
        """Drop what says nothing: selectors where there is one widget only, types beside an identifier."""
        lines = "\n".join([*self.before, *self.compose])

        def widget(found: re.Match[str]) -> str:
            alone = len(re.findall(rf"\b{found[2]}\(|\b{found[2]}\.from_values\(", lines)) == 1
            return f"query_one({found[2]})" if alone and found[2] not in _MANY else f'query_one("{found[1]}")'

        def handler(found: re.Match[str]) -> str:
            several = len(re.findall(rf"\b{found[1]}\(", lines)) > 1
            return found[0] if several else f"@on({found[1]}.{found[2]})"

        source = re.sub(r'query_one\("(#\w+)", (\w+)\)', widget, source)
        return re.sub(r'@on\((\w+)\.(\w+), "#\w+"\)', handler, source)

    def tests(self) -> str:
        """Source of `test_solution.py`, with `RECORD` in place of every expected value."""
        cases = list(self.cases)
        if self.start:
            cases.insert(0, Case("starts_empty").look(*self.start))
        head = ["import pytest", *import_lines(self.test_imports).splitlines(), f"from solution import {self.name}"]
        blocks = ["\n".join(_sorted_head(head)), *(source.rstrip() for source in self._shared(cases))]
        for case in cases:
            body = textwrap.indent("\n".join(case.lines), " " * 8)
            blocks.append(
                f"@pytest.mark.asyncio\nasync def test_{case.name}():\n    app = {self.name}()\n"
                f"    async with app.run_test(size=(80, 24)) as pilot:\n{body}"
            )
        return "\n\n\n".join(blocks) + "\n"

    def _shared(self, cases: Iterable[Case]) -> list[str]:
        """The functions that the tests share; only those that are called."""
        sources = list(self.test_functions.values())
        text = "\n".join([*sources, *(line for case in cases for line in case.lines)])
        return [*([SETTLE] if "settle(" in text else []), *sources]


def import_lines(names: Iterable[str]) -> str:
    """Sorted `from module import name` lines, the standard library first."""
    modules: dict[str, list[str]] = {}
    for name in names:
        module, _, last = name.rpartition(".")
        modules.setdefault(module, []).append(last)
    plain = [f"import {last}" for last in sorted(modules.pop("", []))]
    standard = sorted(module for module in modules if module.split(".")[0] not in ("rich", "textual"))
    others = sorted(module for module in modules if module not in standard)
    lines = [[*plain, *(_import(module, modules[module]) for module in standard)]]
    lines.append([_import(module, modules[module]) for module in others])
    return "\n\n".join("\n".join(group) for group in lines if group)


def _import(module: str, names: list[str]) -> str:
    return _bracketed(
        f"from {module} import ", sorted(names, key=lambda name: (not name.isupper(), name)), "", "(", ")"
    )


def _bracketed(head: str, entries: list[str], tail: str, opening: str = "", closing: str = "") -> str:
    flat = f"{head}{', '.join(entries)}{tail}"
    if len(flat) <= LINE:
        return flat
    return f"{head}{opening}\n" + "".join(f"    {entry},\n" for entry in entries) + f"{closing}{tail}"


def _indent(lines: Iterable[str]) -> str:
    return textwrap.indent("\n".join(lines), "    ")


def _sorted_head(lines: list[str]) -> list[str]:
    return [line for line in lines if line]


def spoken_list(entries: Iterable[str]) -> str:
    """`a, b and c`."""
    found = list(entries)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""
