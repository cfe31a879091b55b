"""Solutions without one of their APIs: if no test notices, the API was not needed.

References are found by what they mean, not by how they are spelled, and are replaced in the source, import-aware. Three
doubles take an API's place: one that fails as soon as it is touched, one that hands its first argument back, and one
that swallows everything silently, which unmasks calls whose results nobody uses. Four more take the place of functions
only, which have more ways of handing back what they were given. Annotations are left alone, nobody runs them, but for
those of fields in a class's body: data classes and models live by them, and there an API gives way to a type that lets
everything through. Only rewriting; what must follow is the gate's rule.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from dreamer_app.core.types import ApiUse
from dreamer_app.guardian.names import Reference, references
from dreamer_app.guardian.rewriting import Swap, replaced, source_of, statements, with_prelude
from dreamer_app.guardian.stubs import Function, with_body

Double = Literal["raising", "identity", "silent", "last", "only", "later", "nothing"]
DOUBLES: tuple[Double, ...] = ("raising", "identity", "silent")
FUNCTION_DOUBLES: tuple[Double, ...] = (*DOUBLES, "last", "only", "later", "nothing")
"""The last argument; the only item of a list that was given; a function that hands its argument back; None."""
Canonical = Callable[[str], str]

_PRELUDE = """
class _Ablated:
    def __call__(self, *arguments, **options):
        raise RuntimeError("ablated")
    def __getattr__(self, name):
        raise RuntimeError("ablated")
    def __mro_entries__(self, bases):
        raise RuntimeError("ablated")
    __iter__ = __getitem__ = __enter__ = __or__ = __ror__ = __call__
    def __instancecheck__(self, instance):
        raise RuntimeError("ablated")
_ablated = _Ablated()
def _ablated_of(receiver, *arguments, **options):
    raise RuntimeError("ablated")
def _same(*arguments, **options):
    return arguments[0] if arguments else None
def _same_of(receiver, *arguments, **options):
    return arguments[0] if arguments else receiver
def _last(*arguments, **options):
    return [None, *arguments, *options.values()][-1]
def _only(*arguments, **options):
    [item] = [one for one in arguments if isinstance(one, (list, tuple))][-1]
    return item
def _later(*arguments, **options):
    return _same
def _nothing(*arguments, **options):
    return None
class _Silent:
    def __call__(self, *arguments, **options):
        return arguments[0] if len(arguments) == 1 and not options and callable(arguments[0]) else self
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self
    def __getitem__(self, key):
        return self
    def __setitem__(self, key, value):
        return None
    def __iter__(self):
        return iter(())
    def __await__(self):
        return self
        yield
    def __enter__(self):
        return self
    def __exit__(self, *error):
        return None
    async def __aenter__(self):
        return self
    async def __aexit__(self, *error):
        return None
    def __bool__(self):
        return False
    def __len__(self):
        return 0
    __index__ = __len__
    def __str__(self):
        return ""
    def __contains__(self, item):
        return False
    def __mro_entries__(self, bases):
        return ()
    def __instancecheck__(self, instance):
        return False
    def __add__(self, other):
        return other
    __radd__ = __sub__ = __mul__ = __rmul__ = __or__ = __ror__ = __and__ = __rand__ = __matmul__ = __add__
    def __lt__(self, other):
        return False
    __gt__ = __le__ = __ge__ = __lt__
import typing as _typing
_anything = _typing.Annotated[_typing.TypeVar("_anything"), "ablated"]
def _anything_of(*arguments, **options):
    return _typing.Any
_silent = _Silent()
def _silent_of(receiver, *arguments, **options):
    return _silent
"""
_NAMES: dict[Double, str] = {
    "raising": "_ablated",
    "identity": "_same",
    "silent": "_silent",
    "last": "_last",
    "only": "_only",
    "later": "_later",
    "nothing": "_nothing",
}
_OF = "_of"
"""Ends the name of a double for a method, which is called with its receiver; functions' own doubles have none."""
_PLAIN = (ast.List, ast.Dict, ast.Set, ast.Tuple, ast.Constant, ast.JoinedStr, ast.ListComp, ast.DictComp, ast.SetComp)


@dataclass(frozen=True)
class Ablation:
    """A solution without an API or without a library.

    Attributes:
        target: The API's name or the distribution's.
        whole: Whether it is a whole library.
        double: What took its place.
        source: The whole solution.
        places: How many references were replaced.
    """

    target: str
    whole: bool
    double: Double
    source: str
    places: int


def ablate_api(tree: ast.Module, use: ApiUse, canonical: Canonical) -> list[Ablation]:
    """The solution without one API, with each double; empty when nothing refers to it.

    Args:
        tree: The solution.
        use: The API.
        canonical: The one path that stands for all aliases of an API.
    """
    made = []
    for double in FUNCTION_DOUBLES if use.kind == "function" else DOUBLES:
        swaps = _swaps(tree, use, double, canonical)
        if swaps:
            made.append(Ablation(use.name, False, double, _render(tree, swaps), len(swaps)))
    return made


def ablate_library(
    tree: ast.Module, library: str, import_names: Collection[str], uses: Collection[ApiUse], canonical: Canonical
) -> list[Ablation]:
    """The solution without a whole library: everything imported from it, and its methods under study.

    Once everything fails, once everything is silent; empty when nothing refers to it.
    """
    made = []
    doubles: tuple[Double, ...] = ("raising", "silent")
    for double in doubles:
        swaps: dict[int, Swap] = {
            id(reference.node): ast.Name(_double(reference, double), ast.Load())
            for reference in references(tree)
            if reference.path.split(".", maxsplit=1)[0] in import_names
            and not reference.annotation
            and not reference.store
        }
        for use in uses:
            if use.library == library and use.kind in ("method", "attribute"):
                swaps = _swaps(tree, use, double, canonical) | swaps
        if swaps:
            made.append(Ablation(library, True, double, _render(tree, swaps), len(swaps)))
    return made


def _render(tree: ast.Module, swaps: dict[int, Swap]) -> str:
    return source_of(with_prelude(replaced(tree, swaps), statements(_PRELUDE)))


def _swaps(tree: ast.Module, use: ApiUse, double: Double, canonical: Canonical) -> dict[int, Swap]:
    wanted = canonical(use.name)
    swaps: dict[int, Swap] = {}
    for reference in references(tree):
        parts = reference.path.split(".")
        for place in range(reference.root_length, len(parts) + 1):
            if canonical(".".join(parts[:place])) == wanted and not reference.annotation and not reference.store:
                swaps[id(reference.names[place - reference.root_length])] = ast.Name(
                    _double(reference, double), ast.Load()
                )
                break
    name = use.name.rpartition(".")[2]
    if use.kind in ("method", "attribute"):
        for node, swap in _members(tree, name, double):
            swaps.setdefault(id(node), swap)
    if use.kind == "class" and not swaps:
        for node, swap in _named_handlers(tree, use.name, double):
            swaps[id(node)] = swap
    return swaps


def _double(reference: Reference, double: Double) -> str:
    """The name that takes a reference's place; as a field's type everything hands its value through but what raises."""
    if reference.field and double != "raising":
        return "_anything_of" if reference.call is not None else "_anything"
    return _NAMES[double]


def _members(tree: ast.Module, name: str, double: Double) -> Iterator[tuple[ast.AST, Swap]]:
    """Uses of a method or attribute on instances, and its definitions in subclasses."""
    of = _NAMES[double] + _OF
    plain = _plain_names(tree)
    taken: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Await(value=ast.Call(func=ast.Attribute(attr=attr) as function) as call) if attr == name:
                if double != "raising" and not _is_plain(function.value, plain):
                    taken.add(id(function))
                    yield node, _called(of, function.value, call)
            case ast.Call(func=ast.Attribute(attr=attr) as function) if attr == name and id(function) not in taken:
                if not _is_plain(function.value, plain):
                    taken.add(id(function))
                    yield node, _called(of, function.value, node)
            case ast.Attribute(attr=attr, ctx=ast.Load()) if attr == name and id(node) not in taken:
                if not _is_plain(node.value, plain):
                    yield node, ast.Call(ast.Name(of, ast.Load()), [node.value], [])
            case ast.Assign(targets=[ast.Attribute(attr=attr)], value=value) if attr == name:
                yield node, ast.Expr(_call(of, value)) if double == "raising" else ast.Expr(value)
            case ast.ClassDef():
                yield from _overrides(node, name, double)


def _called(of: str, receiver: ast.expr, call: ast.Call) -> ast.expr:
    return ast.Call(ast.Name(of, ast.Load()), [receiver, *call.args], call.keywords)


def _call(of: str, value: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(of, ast.Load()), [value], [])


def _overrides(node: ast.ClassDef, name: str, double: Double) -> Iterator[tuple[ast.AST, Swap]]:
    """A member of a library's class that the solution's subclass defines: it fails, or it is left out."""
    for item in node.body:
        match item:
            case ast.FunctionDef(name=found) | ast.AsyncFunctionDef(name=found) if found == name and node.bases:
                yield item, _failing(item) if double == "raising" else None
            case ast.Assign(targets=[ast.Name(id=found)]) | ast.AnnAssign(target=ast.Name(id=found)):
                if found == name and node.bases:
                    yield item, None


def _failing(function: Function) -> Function:
    return with_body(function, statements('raise RuntimeError("ablated")'))


def _named_handlers(tree: ast.Module, path: str, double: Double) -> Iterator[tuple[ast.AST, Swap]]:
    """Methods that frameworks find by an event's name: `on_mount` for `Mount`, `on_button_pressed` for
    `Button.Pressed`."""
    *_, owner, name = ("", *path.split("."))
    names = {f"on_{_snake(name)}"}
    if owner[:1].isupper():
        names = {f"on_{_snake(owner)}_{_snake(name)}"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name in names:
                    yield item, _failing(item) if double == "raising" else with_body(item, [ast.Pass()])


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _plain_names(tree: ast.Module) -> set[str]:
    """Names that only ever hold Python's own containers and texts: their methods are not the library's."""
    plain: set[str] = set()
    other: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                (plain if isinstance(value, _PLAIN) else other).add(name)
            case ast.arg(arg=name, annotation=annotation):
                (plain if _plain_annotation(annotation) else other).add(name)
            case ast.For(target=target) | ast.comprehension(target=target):
                other.update(inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name))
    return plain - other


def _plain_annotation(annotation: ast.expr | None) -> bool:
    root = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return isinstance(root, ast.Name) and root.id in ("list", "dict", "set", "tuple", "str", "int", "float", "bytes")


def _is_plain(node: ast.expr, plain: set[str]) -> bool:
    return isinstance(node, _PLAIN) or (isinstance(node, ast.Name) and node.id in plain)
