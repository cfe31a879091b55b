"""Reads a documentation program as a feature: what its app shows, holds and does, in one plain form.

Style sheets, decoration and whatever starts the program are left behind; what cannot be rehearsed in a sealed worker
(time, screens, files, chance) is refused. Only syntax trees; nothing is ever executed.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef

_REFUSED = (
    "set_interval set_timer push_screen push_screen_wait pop_screen switch_screen switch_mode Screen "
    "ModalScreen MODES SCREENS animate work run_worker time monotonic perf_counter random open exit "
    "suspend notify call_later call_after_refresh post_message render_line add_class toggle_class sleep "
    "get_widget_at Path datetime LoadingIndicator Sparkline Markdown MarkdownViewer TextArea MaskedInput "
    "Tree DirectoryTree Clock recompose begin_capture_print dark theme console render_lines cycle "
    "check_action mouse_move on_mouse_move"
)
REFUSED = frozenset(_REFUSED.split())
"""Names whose effects cannot be observed in a repeatable way, or which would touch the other feature."""
MODULES = (
    "textual",
    "rich",
    "__future__",
    "typing",
    "decimal",
    "fractions",
    "math",
    "functools",
    "itertools",
    "string",
)
DECORATION = frozenset({"CSS", "CSS_PATH", "DEFAULT_CSS", "TITLE", "SUB_TITLE", "ENABLE_COMMAND_PALETTE", "AUTO_FOCUS"})
KEYWORDS = frozenset(
    {"placeholder", "variant", "classes", "tooltip", "highlight", "markup", "show_eta", "flat", "name"}
)
"""Keyword arguments that nobody sees without a style sheet."""
FURNITURE = frozenset({"Header", "Footer"})


@dataclass(frozen=True)
class Widget:
    """One widget that the app itself composes.

    Attributes:
        cls: Its class as written.
        id: Its identifier.
        text: Its first literal argument, empty when there is none.
        hint: Its placeholder, for what a person would type.
    """

    cls: str
    id: str
    text: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Feature:
    """A program in its plain form.

    Attributes:
        key: Of the documentation example.
        source: Whole program in plain form; its app is called `FeatureApp`.
        widgets: What the app composes, top to bottom.
        imported: Bound name to dotted path.
    """

    key: str
    source: str
    widgets: tuple[Widget, ...]
    imported: dict[str, str]

    def tree(self) -> ast.Module:
        """A fresh syntax tree."""
        return ast.parse(self.source)


APP = "FeatureApp"


def harvest(key: str, code: str) -> Feature | None:
    """Read a program; None when it is not one that can be merged."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return None
    apps = [node for node in tree.body if isinstance(node, ast.ClassDef) and _base(node) == "App"]
    if len(apps) != 1 or _refused(tree):
        return None
    app = apps[0]
    imported = imports_of(tree)
    old = app.name
    tree.body = [node for node in tree.body if _kept(node, old)]
    app.name, app.bases = APP, [ast.Name("App", ast.Load())]
    for name in [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == old]:
        name.id = APP
    _undecorate(tree)
    _unshadow(tree)
    compose = method(app, "compose")
    if compose is None:
        return None
    own = {node.name for node in tree.body if isinstance(node, ast.ClassDef) and _is_widget(node, tree, imported)}
    identifier = _Identifier(
        {*own, *(n for n, path in imported.items() if path.startswith("textual.widgets."))},
        {n for n, path in imported.items() if path.startswith("textual.containers.")},
    )
    compose.body = [identifier.visit(statement) for statement in compose.body]
    widgets = tuple(identifier.widgets)
    _plain_queries(app, widgets)
    if not widgets or not _interactive(tree):
        return None
    tree.body = [*(n for n in tree.body if n is not app), app]
    return Feature(key, ast.unparse(ast.fix_missing_locations(tree)) + "\n", widgets, imported)


def imports_of(tree: ast.Module) -> dict[str, str]:
    """Bound name to dotted path."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
    return found


def method(owner: ast.ClassDef, name: str) -> Function | None:
    """A method by its name."""
    return next((item for item in owner.body if isinstance(item, Function) and item.name == name), None)


def app_of(tree: ast.Module) -> ast.ClassDef:
    """The app of a program in plain form."""
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == APP)


def class_of(call: ast.Call) -> str:
    """Name of the class that a call makes: `Input(…)`, `SelectionList[str](…)`, `Button.success(…)`."""
    return re.split(r"[.\[(]", ast.unparse(call.func), maxsplit=1)[0]


def _base(node: ast.ClassDef) -> str:
    return ast.unparse(node.bases[0]).partition("[")[0] if node.bases else ""


def _is_widget(node: ast.ClassDef, tree: ast.Module, imported: dict[str, str]) -> bool:
    path = imported.get(_base(node), "")
    if path.startswith(("textual.widgets.", "textual.containers.")) or path == "textual.widget.Widget":
        return True
    parent = next((one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == _base(node)), None)
    return parent is not None and parent is not node and _is_widget(parent, tree, imported)


def _refused(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)) if name in REFUSED:
                return True
            case ast.Import(names=names) if any(alias.name.partition(".")[0] not in MODULES for alias in names):
                return True
            case ast.ImportFrom(module=module, names=names):
                if (module or "").partition(".")[0] not in MODULES or any(alias.name in REFUSED for alias in names):
                    return True
            case ast.AsyncFunctionDef():
                return True
    return False


def _kept(node: ast.stmt, app: str) -> bool:
    match node:
        case ast.If() | ast.Expr() | ast.Import() | ast.ImportFrom():
            return False
        case ast.Assign(value=ast.Call(func=ast.Name(id=name))) if name == app:
            return False
    return True


def _undecorate(tree: ast.Module) -> None:
    """Without what only decorates: style sheets, docstrings, colours of buttons, header and footer."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | Function):
            node.body = [item for item in node.body if not _decorates(item)] or [ast.Pass()]
        if isinstance(node, ast.With | ast.ExceptHandler | ast.For):
            node.body = [item for item in node.body if not _decorates(item)] or [ast.Pass()]
        if isinstance(node, ast.Call):
            hints = [k for k in node.keywords if k.arg == "placeholder" and isinstance(k.value, ast.Constant)]
            node.keywords = [k for k in node.keywords if k.arg not in KEYWORDS]
            if hints:
                node.hint = str(hints[0].value.value)  # type: ignore[attr-defined]  # remembered for the script only


def _unshadow(tree: ast.Module) -> None:
    """No variable has the name of a builtin."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    shadowing = {node.id for node in nodes if isinstance(node.ctx, ast.Store)} & set(dir(builtins))
    for node in nodes:
        if node.id in shadowing:
            node.id += "_"


def _decorates(item: ast.stmt) -> bool:
    match item:
        case ast.Expr(value=ast.Constant()) | ast.Assert():
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="bell"))):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) if name in DECORATION:
            return True
        case ast.Expr(value=ast.Yield(value=ast.Call(func=ast.Name(id=name)))) if name in FURNITURE:
            return True
        case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Constant()) if name in ("title", "border_title"):
            return True
    return False


class _Identifier(ast.NodeTransformer):
    """Gives every widget that stands alone an identifier, and notes the widgets in order."""

    def __init__(self, classes: set[str], containers: set[str]) -> None:
        self._classes = classes
        self._containers = containers
        self.widgets: list[Widget] = []

    def visit_For(self, node: ast.For) -> ast.AST:  # ast dictates the name
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:  # ast dictates the name
        cls = class_of(node)
        named = cls in self._containers and any(keyword.arg == "id" for keyword in node.keywords)
        if not (named or cls in self._classes) or cls in ("RadioButton", "Selection", "Option"):
            self.generic_visit(node)
            return node
        given = next((k.value for k in node.keywords if k.arg == "id"), None)
        name = given.value if isinstance(given, ast.Constant) else None
        if given is None:
            name = self._fresh(cls)
            node.keywords.append(ast.keyword("id", ast.Constant(name)))
        if isinstance(name, str):
            first = node.args[0] if node.args else None
            text = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
            self.widgets.append(Widget(cls, name, text, getattr(node, "hint", "")))
        self.generic_visit(node)
        return node

    def _fresh(self, cls: str) -> str:
        base = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls).lower()
        taken = {widget.id for widget in self.widgets}
        return next(n for n in (base, *(f"{base}-{i}" for i in range(2, 50))) if n not in taken)


def _plain_queries(app: ast.ClassDef, widgets: tuple[Widget, ...]) -> None:
    """Every query names the widget that it means."""
    for node in ast.walk(app):
        match node:
            case ast.Call(func=ast.Attribute(attr="query_one"), args=[ast.Name(id=cls)]):
                own = [widget for widget in widgets if widget.cls == cls]
                if len(own) == 1:
                    node.args = [ast.Constant(f"#{own[0].id}")]
            case ast.Call(func=ast.Attribute(attr="query_one"), args=[ast.Constant() as selector, _]):
                node.args = [selector]


def _interactive(tree: ast.Module) -> bool:
    names = [
        item.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, Function)
    ]
    return any(
        n.startswith(("on_", "action_", "watch_", "key_")) and n not in ("on_mount", "on_ready") for n in names
    ) or (any(isinstance(node, ast.FunctionDef) and node.decorator_list for node in ast.walk(tree)))


def unknown_names(tree: ast.Module) -> Iterator[str]:
    """Names that are read and bound nowhere in the module; imports of plain form come from elsewhere."""
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef | Function)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)} | set(dir(builtins))
    bound |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in bound:
            yield node.id
