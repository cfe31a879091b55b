"""Flattens annotations into type atoms: the dotted names that a value may be an instance of.

`Optional[list[Text]]` becomes `("list", "rich.text.Text", "None")`. Works on griffe expressions only; what a dotted
name means in the library is not known here.
"""

from __future__ import annotations

import re

import griffe

_TRANSPARENT = {"Optional", "Union", "Annotated", "ClassVar", "Final", "Required", "NotRequired", "Unpack", "Awaitable"}
_OPAQUE = {"Literal", "Callable", "type", "Type", "ParamSpec", "Concatenate"}
_BUILTIN_SPELLING = {
    "List": "list",
    "Dict": "dict",
    "Set": "set",
    "FrozenSet": "frozenset",
    "Tuple": "tuple",
    "Type": "type",
    "Text": "str",
    "DefaultDict": "collections.defaultdict",
    "OrderedDict": "collections.OrderedDict",
    "Counter": "collections.Counter",
    "Deque": "collections.deque",
}
_ABC = {
    "Iterable", "Iterator", "Sequence", "Mapping", "MutableMapping", "MutableSequence", "Collection", "Callable",
    "Container", "Generator", "AsyncIterator", "AsyncIterable", "Hashable", "Sized", "Awaitable", "Coroutine",
    "KeysView", "ValuesView", "ItemsView", "Reversible", "MutableSet", "ByteString",
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_TYPING = ("typing", "typing_extensions", "collections.abc", "types", "builtins")


def dotted(expression: griffe.Expr | str | None) -> str:
    """The dotted name that an expression spells, subscripts and calls stripped; empty when it spells none."""
    if isinstance(expression, griffe.ExprSubscript):
        return dotted(expression.left)
    if isinstance(expression, griffe.ExprCall):
        return ""
    if isinstance(expression, griffe.ExprName | griffe.ExprAttribute):
        return str(expression.canonical_path)
    return ""


def canonical(name: str) -> str:
    """One spelling for the names of typing and the builtins."""
    module, _, last = name.rpartition(".")
    if module in _TYPING:
        if last in _BUILTIN_SPELLING and module.startswith("typing"):
            return _BUILTIN_SPELLING[last]
        if last in _ABC:
            return f"collections.abc.{last}"
        if module == "builtins":
            return last
        return f"typing.{last}" if module.startswith("typing") else name
    return name


def atoms(expression: griffe.Expr | str | None) -> tuple[str, ...]:
    """All type atoms of an annotation, in reading order, each once."""
    found: dict[str, None] = {}
    _collect(expression, found)
    return tuple(found)


def _collect(expression: object, found: dict[str, None]) -> None:
    if expression is None:
        return
    if isinstance(expression, str):
        _collect_text(expression, found)
        return
    if isinstance(expression, griffe.ExprName | griffe.ExprAttribute):
        name = canonical(dotted(expression))
        if name and name.rpartition(".")[2] not in _TRANSPARENT and name not in {"typing.Any", "typing.TypeAlias"}:
            found[name] = None
        return
    if isinstance(expression, griffe.ExprSubscript):
        last = dotted(expression.left).rpartition(".")[2]
        if last == "Optional":
            _collect(expression.slice, found)
            found["None"] = None
            return
        _collect(expression.left, found)
        if last == "Annotated" and isinstance(expression.slice, griffe.ExprTuple):
            _collect(expression.slice.elements[0], found)
        elif last not in _OPAQUE:
            _collect(expression.slice, found)
        return
    if isinstance(expression, griffe.ExprBinOp):
        _collect(expression.left, found)
        _collect(expression.right, found)
        return
    if isinstance(expression, griffe.ExprTuple | griffe.ExprList):
        for element in expression.elements:
            _collect(element, found)


def _collect_text(text: str, found: dict[str, None]) -> None:
    """Names inside an annotation that is a string within an expression; their module is looked up later."""
    if text == "None":
        found["None"] = None
    elif text[:1] in {"'", '"'}:
        for name in _NAME.findall(text.strip("'\"")):
            if name.rpartition(".")[2] not in _TRANSPARENT:
                found[canonical(name)] = None


def is_type_expression(expression: object) -> bool:
    """Whether a module-level value looks like a type alias (`Union[...]`, `A | B`, `Callable[...]`)."""
    if isinstance(expression, griffe.ExprBinOp):
        return expression.operator == "|" and all(
            is_type_expression(side) or isinstance(side, griffe.ExprName | griffe.ExprAttribute) or side == "None"
            for side in (expression.left, expression.right)
        )
    if isinstance(expression, griffe.ExprSubscript):
        last = dotted(expression.left).rpartition(".")[2]
        return last in _TRANSPARENT | _OPAQUE | _ABC | set(_BUILTIN_SPELLING) | {"list", "dict", "tuple", "set"}
    return False
