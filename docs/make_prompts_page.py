"""Writes docs/prompts.md: every prompt as a model gets it, with one small example each.

The example is the same for all of them, so that one can follow a dream from the idea to the last opinion. A test
compares the page with what this would write.
"""

from __future__ import annotations

from dreamer_app.core.quoting import fenced, mark_of
from dreamer_app.llm.prompts import PromptShelf
from dreamer_app.oracle.briefing import apis_told
from dreamer_app.oracle.model import Api, NodeKind, Parameter

MARK = mark_of(7, "example")

APIS = (
    Api(
        key="toolz.groupby",
        library="toolz",
        kind=NodeKind.FUNCTION,
        parameters=(
            Parameter(name="key", kind="positional_or_keyword"),
            Parameter(name="seq", kind="positional_or_keyword"),
        ),
        summary="Group a collection by a key function",
    ),
    Api(
        key="toolz.valmap",
        library="toolz",
        kind=NodeKind.FUNCTION,
        parameters=(
            Parameter(name="func", kind="positional_or_keyword"),
            Parameter(name="d", kind="positional_or_keyword"),
        ),
        summary="Apply function to values of dictionary",
    ),
)

PASSAGE = """Group a collection by a key function

>>> groupby(len, ['Alice', 'Bob', 'Charlie'])
{5: ['Alice'], 3: ['Bob'], 7: ['Charlie']}"""

SIGNATURE = "def revenue(orders: list[tuple[str, int]]) -> dict[str, int]:"

TASK = f"""Add up revenue per region.

Given orders as pairs of region and amount, return a dictionary from region to its total. Returns are negative amounts
and count like any other. No orders give an empty dictionary.

Write this:

```python
{SIGNATURE}
    ...
```

For example:

```python
>>> revenue([('north', 30), ('south', 12), ('north', -5)])
{{'north': 25, 'south': 12}}
```

Use `toolz` 1.1.0; the parts that matter are `toolz.groupby`, `toolz.valmap`."""

SOLUTION = """from toolz import groupby, valmap


def revenue(orders: list[tuple[str, int]]) -> dict[str, int]:
    return valmap(lambda own: sum(amount for _, amount in own), groupby(0, orders))"""

WRONG = SOLUTION.replace("sum(amount for _, amount in own)", "len(own)")

VALUES = {
    "libraries": "- toolz 1.1.0",
    "apis": apis_told(APIS, MARK),
    "passages": fenced(PASSAGE, "documentation example:toolz:toolz.groupby#1", MARK),
    "twist": "A difficult edge case decides it, and at least two related APIs work together.",
    "avoid": "- Count words by their length",
    "task": TASK,
    "entry_point": "revenue",
    "lessons": "(none)",
    "solution": fenced(SOLUTION, "code", MARK),
    "output": fenced(
        "test_typical_input: revenue([('north', 30), ('south', 12), ('north', -5)]) gave {'north': 2, 'south': 1}, "
        "which is not what the task says",
        "output",
        MARK,
    ),
    "signature": SIGNATURE,
    "examples": fenced(
        ">>> revenue([('north', 30), ('south', 12), ('north', -5)])\n{'north': 25, 'south': 12}", "recorded task", MARK
    ),
}

PURPOSES = {
    "weave": "asks for a task with a reference solution; what that returns is recorded by running it",
    "describe": "asks for the text of a task whose code and values were recorded without a model",
    "solve": "asks for a solution from the text alone; several such solutions are the witnesses of gate G11",
    "repair": "gives a solution back with what its tests reported, never with what they expect",
    "suite": "asks for checks from the text alone, for gate G12",
    "judge": "asks for an opinion, which can reject and never accept, for gate G13",
}


def prompts_page() -> str:
    """Every prompt, rendered."""
    shelf = PromptShelf()
    lines = [
        "# Prompts, as a model gets them",
        "",
        "One example each, all about the same small task. The lines in triple angle brackets fence off text that",
        "somebody else wrote; their marks differ in every prompt. [Dreaming with a model](models.md) says what becomes",
        "of the answers.",
    ]
    for name, purpose in PURPOSES.items():
        prompt = shelf.get(name)
        values = {variable: VALUES[variable] for variable in prompt.variables}
        if name == "repair":
            values["solution"] = fenced(WRONG, "solution", MARK)
        if name in ("suite", "judge"):
            values["task"] = fenced(TASK, "task", MARK)
        lines += ["", f"## {name}, version {prompt.version}", "", f"It {purpose}."]
        for message in prompt.render(values):
            lines += ["", f"**{message.role}**", "", "~~~~text", message.content, "~~~~"]
    return "\n".join(lines) + "\n"
