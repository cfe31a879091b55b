"""What a person can do to the widgets of an app, and what can be seen of them: tables by widget class, and test source.

The tables state what documented widgets offer; they know no program.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dreamer_app.sandbox.blind import RECORD
from dreamer_app.weaver.recorded_weaver.merges.harvest import Feature, Function, Widget, app_of, method

SETTLE = '''\
async def settle(pilot):
    """Let every widget work through its messages and draw itself."""
    for _ in range(4):
        await pilot.pause(0)
'''
SEEN: dict[str, tuple[tuple[str, str], ...]] = {
    "Input": (("{}.value", "the value of {}"), ("{}.disabled", "whether {} is disabled")),
    "Switch": (("{}.value", "whether {} is on"),),
    "Checkbox": (("{}.value", "whether {} is ticked"),),
    "Static": (("str({}.content)", "the text of {}"),),
    "Label": (("str({}.content)", "the text of {}"),),
    "Button": (("str({}.label)", "the label of {}"), ("{}.disabled", "whether {} is disabled")),
    "RichLog": (("[line.text.rstrip() for line in {}.lines][-3:]", "the last three lines of {}"),),
    "Log": (("list({}.lines)[-3:]", "the last three lines of {}"),),
    "Digits": (("{}.value", "the value of {}"),),
    "Select": (("None if {0}.is_blank() else {0}.value", "the value of {}"),),
    "RadioSet": (
        ("[str(button.label) for button in {}.children]", "the labels of the buttons of {}"),
        ("{}.pressed_index", "the index of the pressed button of {}"),
    ),
    "SelectionList": (
        ("[str(option.prompt) for option in {}.options]", "the options of {}"),
        ("{}.selected", "the selected values of {}"),
    ),
    "OptionList": (("[str(option.prompt) for option in {}.options]", "the options of {}"),),
    "ProgressBar": (("{}.progress", "the progress of {}"), ("{}.total", "the total of {}")),
    "DataTable": (
        ("[str(column.label) for column in {}.columns.values()]", "the column labels of {}"),
        ("[[str(cell) for cell in {0}.get_row_at(row)] for row in range({0}.row_count)]", "the rows of {}"),
        ("{}.cursor_type", "the cursor type of {}"),
    ),
    "Pretty": (("[{0}.render_line(y).text.rstrip() for y in range({0}.size.height)]", "what {} shows, line by line"),),
    "Tabs": (("{}.active", "the active tab of {}"),),
    "TabbedContent": (("{}.active", "the active tab of {}"),),
    "ContentSwitcher": (("{}.current", "the current child of {}"),),
    "VerticalScroll": (("[str(label.content) for label in {}.query(Label)]", "the labels inside {}"),),
    "Vertical": (("[str(label.content) for label in {}.query(Label)]", "the labels inside {}"),),
    "Collapsible": (("{}.collapsed", "whether {} is collapsed"),),
}
KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "Button": (("enter",),),
    "Switch": (("enter",), ("enter",)),
    "Checkbox": (("enter",), ("enter",)),
    "RadioSet": (("down", "enter"), ("down", "down", "enter")),
    "SelectionList": (("space",), ("down", "space")),
    "OptionList": (("down", "enter"), ("down", "enter")),
    "Select": (("enter", "down", "enter"),),
    "Tabs": (("right",), ("right",)),
}
"""Keys that use a widget that has the focus."""
WORDS = ("Ada", "Linus")
NUMBERS = ("42", "121", "8")
COLOURS = ("teal", "orange")


@dataclass(frozen=True)
class Step:
    """One action of a person.

    Attributes:
        lines: Test source.
        told: In words.
        widget: Identifier of the widget that is used, empty for keys of the app.
    """

    lines: tuple[str, ...]
    told: str
    widget: str = ""


@dataclass(frozen=True)
class Facet:
    """One thing that can be seen.

    Attributes:
        expression: Python with `app` in scope.
        caption: In words.
    """

    expression: str
    caption: str


def kind_of(widget: Widget, tree: ast.Module) -> str:
    """The documented class behind a widget, following the program's own classes."""
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    name = widget.cls
    while name in classes and classes[name].bases:
        name = ast.unparse(classes[name].bases[0]).partition("[")[0]
    return name


def facets(feature: Feature) -> list[Facet]:
    """Everything that could be looked at."""
    tree = feature.tree()
    found: list[Facet] = []
    for widget in feature.widgets:
        place, spoken = f'app.query_one("#{widget.id}")', f"`#{widget.id}`"
        own = next((n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == widget.cls), None)
        if own is not None:
            if method(own, "render") is not None:
                found.append(Facet(f"str({place}.render())", f"what {spoken} shows"))
            found += [Facet(f"{place}.{name}", f"`{name}` of {spoken}") for name in reactives(own)]
            found.append(
                Facet(f"[str(label.content) for label in {place}.query(Label)]", f"the labels inside {spoken}")
            )
        if own is None or method(own, "render") is None:
            for expression, caption in SEEN.get(kind_of(widget, tree), ()):
                found.append(Facet(expression.format(place), caption.format(spoken)))
        if "background" in feature.source:
            found.append(Facet(f"{place}.styles.background.hex", f"the background of {spoken}"))
    for name in ("title", "sub_title"):
        if f"self.{name} =" in feature.source:
            found.append(Facet(f"app.{name}", f"the {name} of the app"))
    if "screen.styles.background" in feature.source:
        found.append(Facet("app.screen.styles.background.hex", "the background of the screen"))
    for name in reactives(app_of(tree)):
        colour = re.search(rf"\b{name} = reactive\(Color", feature.source)
        found.append(Facet(f"app.{name}.hex" if colour else f"app.{name}", f"`{name}` of the app"))
    return found


def reactives(owner: ast.ClassDef) -> list[str]:
    """Names of a class's reactive attributes."""
    found = []
    for item in owner.body:
        match item:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=call))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call(func=call))
            ) if ast.unparse(call).partition("[")[0] in ("reactive", "var"):
                found.append(name)
    return found


def steps(feature: Feature, thorough: bool = False) -> list[Step]:
    """What a person does, widget by widget from top to bottom, then with the keys of the app."""
    tree = feature.tree()
    found: list[Step] = []
    used = [widget for widget in feature.widgets if kind_of(widget, tree) in KEYS or kind_of(widget, tree) == "Input"]
    for widget in used:
        kind = kind_of(widget, tree)
        if kind == "Input":
            words = words_for(feature, widget)
            if feature.source.count("ValueError") or feature.source.count("ParseError"):
                words = (*words, "oops")
            found += [_type(widget, word) for word in words]
        else:
            found += [_press(widget, keys) for keys in KEYS[kind]] if kind != "Button" else [_click(widget)]
    buttons = [widget for widget in used if kind_of(widget, tree) == "Button"]
    if thorough:
        for widget, other in zip(buttons, [*buttons[1:], *buttons[:1]], strict=True):
            found += [_click(widget, 12), _click(other)]
    found += [_click(widget) for widget in buttons if len(buttons) == 1 or reactives(app_of(tree))]
    fields = [widget for widget in used if kind_of(widget, tree) == "Input"]
    if len(fields) == 1:
        found += [_put(fields[0], widget, words_for(feature, fields[0])[0]) for widget in buttons]
    for widget in feature.widgets:
        own = next((n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == widget.cls), None)
        if own is not None:
            found += [_press(widget, (key,)) for key in bound_keys(own)]
            composed = ast.unparse(inner) if (inner := method(own, "compose")) is not None else ""
            if composed.count("Button(") == 1:
                found += [_click(Widget("Button", f"{widget.id} Button"))] * 2
    for key in bound_keys(app_of(tree)):
        lines = ("app.set_focus(None)", f'await pilot.press("{key}")')
        found.append(Step(lines, f"press `{key}`"))
    return found


def bound_keys(owner: ast.ClassDef) -> list[str]:
    """Keys that a class binds or handles, the first of each list of alternatives."""
    keys: list[str] = []
    for item in owner.body:
        match item:
            case ast.Assign(targets=[ast.Name(id="BINDINGS")], value=ast.List(elts=entries)):
                for entry in entries:
                    first = entry.elts[0] if isinstance(entry, ast.Tuple) else entry.args[0]  # type: ignore[attr-defined]
                    keys.append(str(ast.literal_eval(first)).partition(",")[0])
            case ast.FunctionDef(name=name) if name.startswith("key_"):
                keys.append(name.removeprefix("key_"))
            case ast.FunctionDef(name="on_key"):
                keys += ["3", "7", "x"]
    return keys


def words_for(feature: Feature, widget: Widget) -> tuple[str, ...]:
    """What a person would type, by what the program makes of it."""
    if "Color.parse(event" in feature.source or "olor" in widget.hint:
        return COLOURS
    if "int(" in feature.source or "Number(" in feature.source or "$" in widget.hint:
        return NUMBERS
    return WORDS


def _type(widget: Widget, text: str) -> Step:
    """Text arrives at once: key by key, every key costs a while of waiting and shows nothing more."""
    place = f'app.query_one("#{widget.id}")'
    lines = (f'{place}.value = "{text}"', "await settle(pilot)", f"await {place}.action_submit()")
    return Step(lines, f"put `{text}` into `#{widget.id}` and submit it", widget.id)


def _put(widget: Widget, button: Widget, text: str) -> Step:
    lines = (f'app.query_one("#{widget.id}").value = "{text}"', "await settle(pilot)", *_click(button).lines)
    return Step(lines, f"put `{text}` into `#{widget.id}` and press the button `#{button.id}`", widget.id)


def _press(widget: Widget, keys: Sequence[str]) -> Step:
    pressed = ", ".join(f'"{key}"' for key in keys)
    said = ", ".join(f"`{key}`" for key in keys)
    lines = (f'app.query_one("#{widget.id}").focus()', f"await pilot.press({pressed})")
    return Step(lines, f"focus `#{widget.id}` and press {said}", widget.id)


def _click(widget: Widget, times: int = 1) -> Step:
    """A button is pressed by its method: keys are ignored as long as the last press is still shown."""
    line = f'app.query_one("#{widget.id}").press()'
    if times == 1:
        return Step((line,), f"press the button `#{widget.id}`", widget.id)
    return Step(
        (f"for _ in range({times}):", f"    {line}"), f"press the button `#{widget.id}` {times} times", widget.id
    )


def exploration(script: Sequence[Step], looks: Sequence[Facet]) -> str:
    """A blind module that looks at everything after every step; what cannot be seen is left out."""
    body = ["async def see(step):", "    await settle(pilot)"]
    for number, facet in enumerate(looks):
        body += [f"    look(f'{{step}}:{number}', lambda: {facet.expression})"]
    body.append("await see(0)")
    for number, step in enumerate(script, 1):
        body += [*step.lines, f"await see({number})"]
    inside = textwrap.indent("\n".join(body), " " * 8)
    head = "from textual.widgets import Label\nfrom solution import FeatureApp\n\n"
    guard = (
        "def look(key, expression):\n    try:\n        value = expression()\n    except Exception:\n        return\n"
        "    observe(key, value)\n\n"
    )
    return (
        f"{head}{SETTLE}\n{guard}async def test_explore():\n    app = FeatureApp()\n"
        f"    async with app.run_test(size=(80, 24)) as pilot:\n{inside}\n"
    )


@dataclass(frozen=True)
class Scene:
    """One test.

    Attributes:
        name: Without `test_`.
        acts: Steps, each with what is looked at after it; None is the start.
    """

    name: str
    acts: tuple[tuple[Step | None, tuple[Facet, ...]], ...]


def written_tests(app: str, scenes: Iterable[Scene]) -> str:
    """The tests, with `RECORD` in place of every expected value."""
    blocks: list[str] = [SETTLE.rstrip()]
    for scene in scenes:
        lines: list[str] = []
        for step, looks in scene.acts:
            lines += step.lines if step else ()
            lines.append("await settle(pilot)")
            lines += [f"assert {facet.expression} == {RECORD}" for facet in looks]
        blocks.append(
            f"@pytest.mark.asyncio\nasync def test_{scene.name}():\n    app = {app}()\n"
            f"    async with app.run_test(size=(80, 24)) as pilot:\n" + textwrap.indent("\n".join(lines), " " * 8)
        )
    text = "\n\n\n".join(blocks)
    labels = "from textual.widgets import Label\n" if "query(Label)" in text else ""
    return f"import pytest\n{labels}from solution import {app}\n\n\n{text}\n"


__all__ = ["Facet", "Function", "Scene", "Step", "bound_keys", "exploration", "facets", "steps", "written_tests"]
