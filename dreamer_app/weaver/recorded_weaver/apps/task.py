"""The text that a person reads: what the app is for, what is on the screen, what happens when, and one run of it.

Everything that the tests check is said here or follows from what is said. Values come from the recording.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from dreamer_app.core.types import LibraryPin, Quote
from dreamer_app.weaver.recorded_weaver.apps.draft import Case, Draft, spoken_list

_GIVEN = ("__init__", "compose", "on_mount")
MAX_SHOWN = 24
"""Lines of a worked example; a longer one is left out."""


def task_text(draft: Draft, tests: str, libraries: Sequence[LibraryPin], quotes: Sequence[Quote]) -> str:
    """The task in Markdown.

    Args:
        draft: The app.
        tests: Its tests with recorded values.
        libraries: What it is written with.
        quotes: Sentences of the documentation.
    """
    named = spoken_list([f"`{pin.name}` {pin.version}" for pin in libraries])
    intro = f"Write `{draft.name}`, a small Textual app that {draft.purpose}."
    if draft.hole:
        intro = (
            f"`{draft.name}` is a small Textual app that {draft.purpose}. Its screen is there; write what is behind."
        )
    parts = [
        intro,
        *([f"```python\n{hollow(draft)}```"] if draft.hole else []),
        "**On the screen**, from top to bottom:",
        "\n".join(f"- {line}" for line in draft.screen),
        "**What it does**",
        "\n".join(f"{number}. {rule}" for number, rule in enumerate(draft.rules, 1)),
    ]
    told = _worked_example(draft, tests)
    if told:
        parts += ["**For example**", told]
    parts.append("**Interface**")
    demands = [
        f"`solution.py` defines `{draft.signature.rstrip(':')}`; `{draft.name}()` takes no arguments and does not run "
        f"itself.",
        f"Use {named}. No timers, threads or style sheets are needed.",
        *draft.demands,
    ]
    if any("shown(" in case for case in draft.test_functions.values()):
        demands.append("The tests drive the app through `run_test()` at 80 by 24 cells and read what is on the screen.")
    parts.append("\n".join(f"- {line}" for line in demands))
    if quotes:
        parts += ["**From the documentation**", "\n".join(f"- `{quote.node}`: {quote.text}" for quote in quotes)]
    return "\n\n".join(parts) + "\n"


def hollow(draft: Draft) -> str:
    """The app with what is on its screen, and its handlers still to be written."""
    tree = ast.parse(draft.solution())
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == draft.name:
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name not in _GIVEN:
                    item.body = [ast.Expr(ast.Constant(...))]
    blocks = [ast.unparse(node) for node in tree.body]
    source = "\n".join(blocks).replace("\nclass ", "\n\n\nclass ")
    return re.sub(r"\n{3,}(?=    )", "\n\n", re.sub(r"\n    @on", r"\n\n    @on", source)) + "\n"


def _worked_example(draft: Draft, tests: str) -> str:
    case = next((case for case in draft.cases if case.story and any(case.captions)), None)
    if case is None:
        return ""
    values = recorded_values(tests, case)
    last = max(place for place, caption in enumerate(case.captions) if caption)
    steps: list[str] = []
    lines: list[str] = []
    group: list[tuple[str, object]] = []
    for place in range(last + 1):
        told = [text for at, text in case.story if at == place]
        if told:
            lines += _outcome(steps, group)
            steps, group = told, []
        if case.captions[place]:
            group.append((case.captions[place], values[place]))
    lines += _outcome(steps, group)
    text = "\n".join(lines)
    return text if len(text.splitlines()) <= 2 * MAX_SHOWN else ""


def _outcome(steps: Sequence[str], group: Sequence[tuple[str, object]]) -> list[str]:
    if not steps or not group:
        return []
    lines = [f"- {spoken_list(steps).capitalize() if steps[0][0].isalpha() else spoken_list(steps)}. Now"]
    lines[0] = f"- {steps[0][0].upper()}{spoken_list(steps)[1:]}. Now"
    for caption, value in group:
        if isinstance(value, list) and caption.endswith("shows"):
            lines += [f"  - {caption}", "", *(["    ```text"] + [f"    {line}" for line in value] + ["    ```"]), ""]
        else:
            lines.append(f"  - {caption} `{value!r}`")
    return lines


def recorded_values(tests: str, case: Case) -> list[object]:
    """The literals of one test, in order."""
    function = next(
        node
        for node in ast.parse(tests).body
        if isinstance(node, ast.AsyncFunctionDef) and node.name == f"test_{case.name}"
    )
    return [
        ast.literal_eval(node.test.comparators[0])
        for node in ast.walk(function)
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare)
    ]
