"""Merges two features into one app by their syntax trees, and adds the one wire through which they act on each other.

What would need a guess is refused: clashing members, keys that both bind, identifiers that the program compares.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.weaver.recorded_weaver.apps.draft import LINE, import_lines
from dreamer_app.weaver.recorded_weaver.merges.harvest import (
    APP,
    Feature,
    Function,
    Widget,
    app_of,
    unknown_names,
)
from dreamer_app.weaver.recorded_weaver.merges.script import WORDS, Facet, bound_keys, kind_of, reactives, words_for

TELLS = {
    "Input": ("Submitted", "value", "event.value", "the submitted text", "submitted text"),
    "Select": ("Changed", "value", "str(event.value)", "the selected value", "selection"),
    "RadioSet": ("Changed", "pressed", "str(event.pressed.label)", "the label of the pressed radio button", "choice"),
    "OptionList": (
        "OptionSelected",
        "option",
        "str(event.option.prompt)",
        "the prompt of the selected option",
        "chosen option",
    ),
    "Tabs": ("TabActivated", "tab", "str(event.tab.label)", "the label of the active tab", "opened tab"),
    "SelectionList": (
        "SelectedChanged",
        "selection_list",
        'f"{len(event.selection_list.selected)} selected"',
        "how many values are selected, as in `2 selected`",
        "change of a selection",
    ),
    "Button": ("Pressed", "button", "str(event.button.label)", "the label of the pressed button", "button press"),
}
"""Event by widget class: its name, the documented parameter that is read, an expression of a text, its meaning, and one
occasion in a few words."""
TAKES = {
    "RichLog": ("write", "self.query_one({q}).write({x})", "{what} is also written to {where}"),
    "Log": ("write_line", "self.query_one({q}).write_line({x})", "{what} is also written to {where} as a line"),
    "Pretty": ("update", "self.query_one({q}).update({x})", "{where} shows {what}"),
    "Digits": ("update", "self.query_one({q}).update({x})", "{where} shows {what}"),
    "ProgressBar": ("advance", "self.query_one({q}).advance(5)", "{where} advances by 5"),
    "DataTable": (
        "border_title",
        "self.query_one({q}).border_title = {x}",
        "the border title of {where} becomes {what}",
    ),
}
"""Method or attribute by widget class that takes a text, how it is called, and what that means."""
RANKS = ("write", "write_line", "reactive", "update", "border_title", "advance")
"""Ways of taking a text, the most natural first."""
BORDERS = ("RadioSet", "SelectionList", "OptionList", "Select")


@dataclass(frozen=True)
class Wire:
    """What one feature tells the other.

    Attributes:
        source: Of the new handler.
        rule: In words.
        short: A few words for the title.
        event: Key of the event.
        taker: Key of what takes it.
        triggers: Identifiers of the widgets that send it.
        facet: Where it is seen.
    """

    source: str
    rule: str
    short: str
    event: str
    taker: str
    triggers: tuple[str, ...]
    facet: Facet


def wires(teller: Feature, taker: Feature, knowledge: KnowledgeGraph) -> Iterator[Wire]:
    """Every sensible wire from one feature to the other, the most telling first."""
    tree, order = teller.tree(), [*TELLS]
    kinds = {widget.id: kind_of(widget, tree) for widget in teller.widgets}
    free = "Input" not in taker.imported and words_for(teller, teller.widgets[0]) == WORDS
    for widget in sorted(teller.widgets, key=lambda one: order.index(kinds[one.id]) if kinds[one.id] in order else 99):
        kind = kinds[widget.id]
        if kind not in TELLS or widget.cls != kind:
            continue
        message, parameter, text, what, occasion = TELLS[kind]
        event = knowledge.api(f"textual.widgets.{kind}.{message}")
        if event is None or event.deprecated or parameter not in [p.name for p in event.parameters]:
            continue
        takers = sorted(_takers(taker, knowledge), key=lambda one: RANKS.index(one[1].rpartition(".")[2]))
        for target, taken, statement, rule, facet in takers:
            if taken.endswith(".reactive") and not (kind == "Select" or (kind == "Input" and free)):
                continue
            if taken.endswith(".advance") and kind == "Input":
                continue
            where = f"`#{target.id}`"
            line = statement.format(q=f'"#{target.id}"', x=text)
            said = rule.format(what=what, where=where)
            senders = [one.id for one in teller.widgets if kinds[one.id] == kind]
            selector = ", ".join(f"#{one}" for one in senders)
            head = f'@on({kind}.{message}, "{selector}")\ndef tell_{_snake(target.id)}(self, event: {kind}.{message})'
            if "event" not in line:
                head = head.replace(f", event: {kind}.{message}", "")
            spoken = " or ".join(f"`#{one}`" for one in senders)
            yield Wire(
                f"{head} -> None:\n    {line}\n",
                f"Whenever {spoken} posts `{kind}.{message}`, {said}.",
                occasion,
                event.key,
                taken,
                tuple(senders),
                facet,
            )


def _takers(taker: Feature, knowledge: KnowledgeGraph) -> Iterator[tuple[Widget, str, str, str, Facet]]:
    tree = taker.tree()
    for widget in taker.widgets:
        kind = kind_of(widget, tree)
        own = next((n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == widget.cls), None)
        place, spoken = f'app.query_one("#{widget.id}")', f"`#{widget.id}`"
        if own is not None:
            for name in reactives(own):
                if re.search(rf"{name}\W[^\n]*= reactive\(['\"]|{name} = reactive\(['\"]", ast.unparse(own)):
                    line = "self.query_one({q})." + name + " = {x}"
                    said = f"`{name}` of {{where}} becomes {{what}}"
                    yield (
                        widget,
                        "textual.reactive.reactive",
                        line,
                        said,
                        Facet(f"{place}.{name}", f"`{name}` of {spoken}"),
                    )
        elif kind in TAKES:
            member, line, said = TAKES[kind]
            api = knowledge.api(f"textual.widgets.{kind}.{member}") or knowledge.api(f"textual.widget.Widget.{member}")
            written = member == "update" and f"'#{widget.id}').update(" in taker.source
            if api is not None and not api.deprecated and not written:
                yield widget, api.key, line, said, _seen(kind, place, spoken)
        elif kind in BORDERS:
            api = knowledge.api("textual.widget.Widget.border_title")
            if api is not None:
                yield widget, api.key, *TAKES["DataTable"][1:], _seen("DataTable", place, spoken)


def _seen(kind: str, place: str, spoken: str) -> Facet:
    match kind:
        case "RichLog":
            return Facet(f"[line.text.rstrip() for line in {place}.lines][-3:]", f"the last three lines of {spoken}")
        case "Log":
            return Facet(f"list({place}.lines)[-3:]", f"the last three lines of {spoken}")
        case "Pretty":
            shown = f"[{place}.render_line(y).text.rstrip() for y in range({place}.size.height)]"
            return Facet(shown, f"what {spoken} shows, line by line")
        case "ProgressBar":
            return Facet(f"{place}.progress", f"the progress of {spoken}")
        case "DataTable":
            return Facet(f"str({place}.border_title)", f"the border title of {spoken}")
    return Facet(f"{place}.value", f"the value of {spoken}")


def apart(one: Feature, other: Feature) -> Feature | None:
    """The other feature with identifiers that are its own; None when the two cannot live in one app."""
    taken = {widget.id for widget in one.widgets}
    source, widgets = other.source, []
    for widget in other.widgets:
        name = widget.id
        if name in taken:
            name = f"{name}-b"
            if len(re.findall(rf"['\"]{re.escape(widget.id)}['\"]", source)) != 1:
                return None
            source = re.sub(rf"(['\"]){re.escape(widget.id)}\1", f"'{name}'", source)
            source = re.sub(rf"(['\"])#{re.escape(widget.id)}\1", f"'#{name}'", source)
        widgets.append(replace(widget, id=name))
    renamed = replace(other, source=source, widgets=tuple(widgets))
    first, second = one.tree(), renamed.tree()
    if (_names(first) & _names(second)) or (_members(first) & _members(second)):
        return None
    if set(bound_keys(app_of(first))) & set(bound_keys(app_of(second))):
        return None
    return renamed


def _names(tree: ast.Module) -> set[str]:
    found = {node.name for node in tree.body if isinstance(node, ast.ClassDef | Function) and node.name != APP}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def _members(tree: ast.Module) -> set[str]:
    app = app_of(tree)
    found = {item.name for item in app.body if isinstance(item, Function)} | set(reactives(app))
    return {n for n in found if n not in ("compose", "on_mount") and not _event_of_name(n, ())}


@dataclass
class _Parts:
    """The statements of an app in the making, by where they go."""

    before: list[ast.stmt] = field(default_factory=list)
    fields: list[ast.stmt] = field(default_factory=list)
    bindings: list[ast.expr] = field(default_factory=list)
    compose: list[ast.stmt] = field(default_factory=list)
    mount: list[ast.stmt] = field(default_factory=list)
    methods: list[ast.FunctionDef] = field(default_factory=list)

    def take(self, feature: Feature, others: set[str]) -> bool:
        """Add a feature; False when one of its handlers cannot be told apart from those of the others."""
        tree = feature.tree()
        app = app_of(tree)
        self.before += [node for node in tree.body if node is not app]
        for item in app.body:
            match item:
                case ast.Assign(targets=[ast.Name(id="BINDINGS")], value=ast.List(elts=entries)):
                    self.bindings += entries
                case ast.FunctionDef(name="compose"):
                    self.compose += item.body
                case ast.FunctionDef(name="on_mount", decorator_list=[]):
                    self.mount += item.body
                case ast.FunctionDef():
                    told = _told_apart(item, feature, others)
                    if told is None:
                        return False
                    self.methods.append(told)
                case ast.Pass():
                    pass
                case _:
                    self.fields.append(item)
        return True

    def app(self, name: str) -> ast.ClassDef:
        """The class."""
        body: list[ast.stmt] = []
        if self.bindings:
            body.append(ast.Assign([ast.Name("BINDINGS", ast.Store())], ast.List(self.bindings, ast.Load())))
        body += [*self.fields, _method("compose", self.compose, "ComposeResult")]
        if self.mount:
            body.append(_method("on_mount", self.mount, "None"))
        return ast.ClassDef(name, [ast.Name("App", ast.Load())], [], [*body, *self.methods], [])


def merge(features: tuple[Feature, ...], wire: Wire | None, name: str) -> str | None:
    """Source of the app; None when a handler cannot be told apart."""
    parts = _Parts()
    for feature in features:
        others = {bound for one in features if one is not feature for bound in one.imported}
        if not parts.take(feature, others):
            return None
    if wire is not None:
        parts.methods += [item for item in ast.parse(wire.source).body if isinstance(item, ast.FunctionDef)]
        for item in parts.methods:
            _unselected(item, features)
    names = [item.name for item in parts.methods]
    if len(set(names)) != len(names):
        return None
    module = ast.Module([*parts.before, parts.app(name)], [])
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and node.id == APP:
            node.id = name
    paths = {bound: path for feature in features for bound, path in feature.imported.items()}
    paths |= {"App": "textual.app.App", "ComposeResult": "textual.app.ComposeResult", "on": "textual.on"}
    needed = set(unknown_names(module))
    if needed - set(paths):
        return None
    head = import_lines({path if "." in path else f".{path}" for bound, path in paths.items() if bound in needed})
    text = "\n\n\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in _grouped(module.body))
    return f"{head}\n\n\n{_laid_out(text)}\n"


def _laid_out(text: str) -> str:
    """Long lists of bindings one below the other, no empty line before the first inner function."""
    text = re.sub(r":\n\n(\s+def )", r":\n\1", text)
    return "\n".join(_broken(line) for line in text.splitlines())


def _broken(line: str) -> str:
    if len(line) <= LINE or not line.lstrip().startswith("BINDINGS = [("):
        return line
    space = line[: len(line) - len(line.lstrip())]
    inner = line.strip().removeprefix("BINDINGS = [").removesuffix("]").replace("), (", f"),\n{space}    (")
    return f"{space}BINDINGS = [\n{space}    {inner},\n{space}]"


def _grouped(body: list[ast.stmt]) -> Iterator[ast.Module]:
    run: list[ast.stmt] = []
    for node in body:
        if isinstance(node, ast.ClassDef | Function):
            if run:
                yield ast.Module(run, [])
                run = []
            yield ast.Module([node], [])
        else:
            run.append(node)
    if run:
        yield ast.Module(run, [])


def _unselected(item: ast.stmt, features: tuple[Feature, ...]) -> None:
    """No selector where it names all widgets that could send the event."""
    kinds = [kind_of(widget, feature.tree()) for feature in features for widget in feature.widgets]
    for decorator in item.decorator_list if isinstance(item, ast.FunctionDef) else ():
        match decorator:
            case ast.Call(
                func=ast.Name(id="on"),
                args=[ast.Attribute(value=ast.Name(id=cls)) as event, ast.Constant(value=str(chosen))],
            ):
                made = re.compile(rf"\b{cls}(?:\[[^\]]*\])?\(")
                inside = sum(len(made.findall(feature.source)) for feature in features)
                if kinds.count(cls) == inside == chosen.count("#"):
                    decorator.args = [event]


def _method(name: str, body: list[ast.stmt], returns: str) -> ast.FunctionDef:
    arguments = ast.arguments([], [ast.arg("self")], None, [], [], None, [])
    return ast.FunctionDef(name, arguments, body, [], ast.Name(returns, ast.Load()))


def _told_apart(item: ast.FunctionDef, feature: Feature, others: set[str]) -> ast.FunctionDef | None:
    """A handler that only hears of its own widgets when the other feature has some of the same class."""
    event = _event_of_name(item.name, tuple(feature.imported)) if not item.decorator_list else None
    decorated = None
    for decorator in item.decorator_list:
        match decorator:
            case ast.Call(func=ast.Name(id="on"), args=[ast.Attribute(value=ast.Name(id=cls), attr=message)]):
                decorated, event = decorator, (cls, message)
    if event is None or event[0] not in others:
        return item
    tree = feature.tree()
    own = [widget.id for widget in feature.widgets if kind_of(widget, tree) == event[0]]
    if not own:
        return None
    selector = ast.Constant(", ".join(f"#{name}" for name in own))
    call = ast.Call(
        ast.Name("on", ast.Load()), [ast.Attribute(ast.Name(event[0], ast.Load()), event[1], ast.Load()), selector], []
    )
    if decorated is not None:
        item.decorator_list = [call if one is decorated else one for one in item.decorator_list]
        return item
    item.name = f"{_snake(own[0])}_{_snake(event[1])}"
    item.decorator_list = [call]
    return item


def _event_of_name(name: str, classes: tuple[str, ...]) -> tuple[str, str] | None:
    """The event that a method's name stands for; any widget's when no classes are given."""
    if not name.startswith("on_") or name.count("_") < 2:
        return None
    if not classes:
        return ("", name)
    for cls in sorted(classes, key=len, reverse=True):
        start = f"on_{_snake(cls)}_"
        if name.startswith(start):
            return cls, "".join(word.capitalize() for word in name.removeprefix(start).split("_"))
    return None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).replace("-", "_").lower()
