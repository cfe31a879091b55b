"""Says in plain words what a merged app shows and does: the screen from its tree, rules from its handlers' statements.

Words for documented statements only; what has no words is shown as code, never guessed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dreamer_app.core.types import LibraryPin, Quote
from dreamer_app.weaver.recorded_weaver.apps.draft import spoken_list
from dreamer_app.weaver.recorded_weaver.merges.harvest import Function, class_of, method
from dreamer_app.weaver.recorded_weaver.merges.merging import Wire
from dreamer_app.weaver.recorded_weaver.merges.script import Scene

MAX_SHOWN = 700


def screen(compose: Sequence[ast.stmt], depth: int = 0) -> list[str]:
    """The widgets, one line each, children indented."""
    lines: list[str] = []
    for item in compose:
        match item:
            case ast.With(items=[ast.withitem(context_expr=ast.Call() as call)], body=body):
                lines += [*_widget(call, depth), *screen(body, depth + 1)]
            case ast.Expr(value=ast.Yield(value=ast.Call() as call)):
                lines += _widget(call, depth)
            case _:
                lines.append(f"{'  ' * depth}- `{ast.unparse(item)}`")
    return lines


def _widget(call: ast.Call, depth: int) -> list[str]:
    children = [
        arg
        for arg in call.args
        if isinstance(arg, ast.Call) and not isinstance(arg.func, ast.Attribute) and class_of(arg)[:1].isupper()
    ]
    words = [f"`{class_of(call)}`"]
    for arg in call.args:
        if arg not in children:
            words.append(f"`{ast.unparse(arg)}`")
    name = ""
    for keyword in call.keywords:
        if keyword.arg == "id":
            name = (
                f" with the id `{ast.literal_eval(keyword.value)}`" if isinstance(keyword.value, ast.Constant) else ""
            )
        else:
            words.append(f"`{keyword.arg}={ast.unparse(keyword.value)}`")
    line = f"{'  ' * depth}- {'an' if words[0][1] in 'AEIOU' else 'a'} {words[0]}{name}"
    if len(words) > 1:
        line += f": {', '.join(words[1:])}"
    found = [line]
    for child in children:
        found += _widget(child, depth + 1)
    return found


def rules(tree: ast.Module, name: str, skip: Sequence[str]) -> list[str]:
    """One rule a handler, action, watcher or binding."""
    app = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    found: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node is not app:
            told = _of_class(node, ("__init__",))
            found += [f"In `{node.name}`: {rule[0].lower()}{rule[1:]}" for rule in told if "` is `" not in rule]
    return found + _of_class(app, skip)


def _of_class(owner: ast.ClassDef, skip: Sequence[str]) -> list[str]:
    found: list[str] = []
    for item in owner.body:
        match item:
            case ast.Assign(targets=[ast.Name(id="BINDINGS")], value=ast.List(elts=entries)):
                for entry in entries:
                    parts = entry.elts if isinstance(entry, ast.Tuple) else entry.args  # type: ignore[attr-defined]
                    key, action = (ast.literal_eval(part) for part in parts[:2])
                    keys = spoken_list([f"`{one}`" for one in key.split(",")])
                    found.append(f"Pressing {keys} runs the action `{action}`.")
            case (
                ast.Assign(targets=[ast.Name(id=attribute)], value=value)
                | ast.AnnAssign(target=ast.Name(id=attribute), value=ast.expr() as value)
            ):
                found.append(f"`{attribute}` is `{ast.unparse(value)}`.")
            case ast.FunctionDef() if item.name not in ("compose", *skip):
                found.append(f"{_when(item)} {_all(item.body)}.")
    return found


def _when(item: ast.FunctionDef) -> str:
    occasions = [told for decorator in item.decorator_list if (told := _occasion(decorator))]
    if occasions:
        return f"On {' and on '.join(occasions)}:"
    name = item.name
    arguments = [argument.arg for argument in item.args.args[1:]]
    told = f" (given {spoken_list([f'`{argument}`' for argument in arguments])})" if arguments else ""
    for start, words in (
        ("action_", "The action `{}`{}:"),
        ("watch_", "Whenever `{}` changes{}:"),
        ("validate_", "Before `{}` changes{}:"),
        ("compute_", "`{}` is computed{}:"),
        ("key_", "Pressing `{}`{}:"),
    ):
        if name.startswith(start):
            return words.format(name.removeprefix(start), told)
    if name in ("on_mount", "__init__"):
        return "At the start:"
    if name == "render":
        return "What it shows:"
    if name == "on_key":
        return "On every key press:"
    if name.startswith("on_"):
        if item.args.args[1:] and item.args.args[1].annotation is not None:
            return f"On `{ast.unparse(item.args.args[1].annotation)}`:"
        words_of = name.removeprefix("on_").split("_")
        return f"When {_article(' '.join(words_of[:-1]))} is {words_of[-1]}:"
    return f"The method `{name}`{told}:"


def _occasion(decorator: ast.expr) -> str:
    match decorator:
        case ast.Call(func=ast.Name(id="on"), args=[event, ast.Constant(value=str(selector))]):
            return f"`{ast.unparse(event)}` from {spoken_list([f'`{one}`' for one in selector.split(', ')])}"
        case ast.Call(func=ast.Name(id="on"), args=[event]):
            return f"`{ast.unparse(event)}`"
    return ""


def _article(words: str) -> str:
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def _all(body: Sequence[ast.stmt]) -> str:
    return "; ".join(told for item in body if (told := _said(item)))


def _said(item: ast.stmt) -> str:
    """One statement in words."""
    match item:
        case ast.Expr(value=ast.Call(func=ast.Attribute()) as call):
            return _called(call)
        case ast.AugAssign(target=target, op=ast.Add() | ast.Sub() as sign, value=value):
            return f"{_value(target)} {'grows' if isinstance(sign, ast.Add) else 'falls'} by {_value(value)}"
        case ast.Assign(targets=[target], value=value):
            return _assigned(target, value)
        case ast.Return(value=ast.expr() as value):
            return f"the result is {_value(value)}"
        case ast.Return():
            return "nothing more happens"
        case ast.Pass():
            return "nothing happens"
    return _block(item) or _plain(item)


def _block(item: ast.stmt) -> str:
    match item:
        case ast.If(test=test, body=body, orelse=orelse):
            otherwise = f"; otherwise {_all(orelse)}" if orelse else ""
            return f"if {_condition(test)}, {_all(body)}{otherwise}"
        case ast.Try(body=body, handlers=[handler], orelse=orelse):
            first, kind = _all([*body, *orelse]), ast.unparse(handler.type) if handler.type else "Exception"
            return f"{first}; but if that raises `{kind}`, {_all(handler.body)}"
        case ast.FunctionDef(name=name, args=arguments, body=body):
            told = spoken_list([f"`{argument.arg}`" for argument in arguments.args])
            return f"`{name}` (given {told}) means that {_all(body)}"
    return ""


def _plain(item: ast.stmt) -> str:
    code = _code(item)
    return f"as in `{' '.join(code.split())}`" if "\n" in code else f"`{code}`"


def _assigned(target: ast.expr, value: ast.expr) -> str:
    match target:
        case ast.Attribute(value=place, attr=name):
            whose = "" if isinstance(place, ast.Name) and place.id == "self" else f" of {_place(place)}"
            return f"`{name}`{whose} becomes {_value(value)}"
    return f"let `{_code(target)}` be {_value(value)}"


def _called(call: ast.Call) -> str:
    match call:
        case ast.Call(func=ast.Attribute(value=place, attr="update"), args=[value]):
            return f"{_place(place)} shows {_value(value)}"
        case ast.Call(func=ast.Attribute(value=place, attr="update"), keywords=[one]):
            return f"{_place(place)} gets {_value(one.value)} as its `{one.arg}`"
        case ast.Call(func=ast.Attribute(value=place, attr="write"), args=[value]):
            return f"{_value(value)} is written to {_place(place)}"
        case ast.Call(func=ast.Attribute(value=place, attr="focus"), args=[]):
            return f"{_place(place)} gets the focus"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr="watch"), args=[place, what, to]):
            return f"whenever `{ast.literal_eval(what)}` of {_place(place)} changes, `{ast.unparse(to)}` is called"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=[]):
            return f"the same as in `{name}`"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=args) if name[:7] == "action_":
            return f"the action `{name[7:]}` runs with {spoken_list([_value(arg) for arg in args])}"
    return _plain(ast.Expr(call))


def _condition(test: ast.expr) -> str:
    match test:
        case ast.Compare(
            left=ast.Attribute(value=ast.Attribute(attr=what), attr="id"),
            ops=[ast.Eq()],
            comparators=[ast.Constant(value=v)],
        ):
            return f"the {what} is `#{v!s}`"
    return f"`{_code(test)}`"


def _place(node: ast.expr) -> str:
    match node:
        case ast.Call(func=ast.Attribute(attr="query_one"), args=[ast.Constant(value=selector)]):
            return f"`{selector!s}`"
        case ast.Attribute(value=inner, attr="styles"):
            return f"the styles of {_place(inner)}"
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return f"the {name}"
        case ast.Name(id="self"):
            return "it"
    return f"`{_code(node)}`"


def _value(node: ast.expr) -> str:
    code = _code(node)
    words = {"event.value": "the value of the event", "str(event.value)": "the value of the event"}
    return words.get(code, f"`{code}`")


def _code(node: ast.AST) -> str:
    return re.sub(r"\bself\.", "", ast.unparse(node))


def given(tree: ast.Module, name: str) -> str:
    """Constants, functions and widget classes around the app, with the methods of the classes left to write."""
    blocks: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) or (isinstance(node, ast.ClassDef) and node.name == name):
            continue
        if isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, Function) and item.name not in ("compose", "__init__"):
                    item.body = [ast.Expr(ast.Constant(...))]
        blocks.append(ast.unparse(node))
    return "\n\n".join(blocks)


def played(tests: str, scenes: Sequence[Scene]) -> list[str]:
    """Given, when and then of every test, with recorded values."""
    functions = {node.name: node for node in ast.parse(tests).body if isinstance(node, ast.AsyncFunctionDef)}
    lines: list[str] = []
    for scene in scenes:
        asserts = _in_order(functions[f"test_{scene.name}"])
        values = [ast.unparse(a.test.comparators[0]) for a in asserts if isinstance(a.test, ast.Compare)]
        lines.append("Given a fresh app:")
        place, first = 0, True
        for step, looks in scene.acts:
            told = [f"{facet.caption}: `{values[place + n]}`" for n, facet in enumerate(looks)]
            place += len(looks)
            if told:
                head = f"{'when you' if first or step else 'then'} {step.told}, then " if step else ""
                lines.append(f"- {head}{', '.join(told)}.".replace("- w", "- W", 1))
            elif step:
                lines.append(f"- When you {step.told}, nothing that is looked at changes.")
            first = False
        lines.append("")
    return lines


def _in_order(node: ast.AST) -> list[ast.Assert]:
    return sorted((n for n in ast.walk(node) if isinstance(n, ast.Assert)), key=lambda n: n.lineno)


@dataclass(frozen=True)
class Told:
    """What a task text is written from.

    Attributes:
        solution: Source of the reference.
        tests: With recorded values.
        scenes: What the tests play.
        name: Of the app.
        purpose: Of the app, in a sentence or two.
        wire: What one part tells the other.
        shown_by: Files of the documented programs.
    """

    solution: str
    tests: str
    scenes: Sequence[Scene]
    name: str
    purpose: str
    wire: Wire
    shown_by: Sequence[str]


def prompt(told: Told, pins: Sequence[LibraryPin], quotes: Sequence[Quote]) -> str:
    """The task in Markdown."""
    tree = ast.parse(told.solution)
    app = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == told.name)
    compose = method(app, "compose")
    wired = ast.parse(told.wire.source).body[0]
    skip = [wired.name] if isinstance(wired, Function) else []
    around = given(ast.parse(told.solution), told.name)
    libraries = spoken_list([f"`{pin.name}` {pin.version}" for pin in pins])
    parts = [
        f"Write `{told.name}`, one Textual app with two parts under one another that act together: {told.purpose}",
        *(["**Around the app** (write the methods that show `...`)", f"```python\n{around}\n```"] if around else []),
        "**On the screen**, from top to bottom:",
        "\n".join(screen(compose.body if compose else [])),
        "**What it does**",
        "\n".join(f"{n}. {rule}" for n, rule in enumerate([*rules(tree, told.name, skip), told.wire.rule], 1)),
        "**Played through**",
        "\n".join(played(told.tests, told.scenes)).strip(),
        "**Interface**",
        f"- `solution.py` defines `class {told.name}(App):`; `{told.name}()` takes no arguments and does not run "
        "itself.\n"
        f"- Use {libraries}. No timers, threads or style sheets are needed.\n"
        f"- Its parts come from the documented programs {spoken_list([f'`{one}`' for one in told.shown_by])}; "
        "what one part tells the other is new.",
    ]
    if quotes:
        parts += ["**From the documentation**", "\n".join(f"- `{quote.node}`: {quote.text}" for quote in quotes)]
    return "\n\n".join(parts) + "\n"
