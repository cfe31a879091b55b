"""The mutation operators for any Python program, each a function from a site to changed nodes.

| Operator | Change |
| --- | --- |
| comparison boundary | `<` and `<=`, `>` and `>=` exchanged |
| comparison negation | `==` and `!=`, `in` and `not in`, `is` and `is not` exchanged; order comparisons inverted |
| arithmetic | `+` and `-`, `*` and `//`, `/` and `*`, `%` and `*`, `**` and `*`, bit operators exchanged |
| unary | a minus or a `not` dropped |
| boolean | `and` and `or` exchanged; one operand dropped |
| constant | number plus one, text or bytes lengthened or emptied, truth value flipped |
| return value | another value returned: `None` |
| statement deletion | one statement dropped |
| argument drop, argument swap | last positional argument dropped, two neighbours exchanged |
| keyword change | a keyword argument dropped |
| slice shift | a bound of a slice dropped, an index taken from the other end |
| loop exit | `break` and `continue` exchanged |
| condition | the condition of an `if` or a filter made always true or always false |
| branch | the two results of a conditional expression exchanged |
| emptied | a container made empty; an iteration over nothing |
| sibling | a function or method exchanged for its sibling, e.g. `min` and `max`; `reverse` of a sorting turned |

Operators only propose; `mutants` drops what does not change the program.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

from dreamer_app.guardian.mutation.site import Site

Operator = Callable[[Site], Iterator[ast.AST | None]]
"""Proposes replacements for the site's node; None deletes a statement."""

_BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_NEGATION: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.MatMult: ast.Mult,
}
_PAIRS = (
    "min max|any all|append appendleft|pop popleft|extend extendleft|sum len|sorted list|upper lower|lstrip rstrip"
    "|startswith endswith|removeprefix removesuffix|find rfind|index rindex|split rsplit|partition rpartition"
    "|ljust rjust|floor ceil|union intersection|update clear|keys values|first last|bisect_left bisect_right"
    "|insort_left insort_right|head tail|successors predecessors|in_degree out_degree|in_edges out_edges"
    "|ancestors descendants|most_common elements|take drop|filter map|enter leave|show hide|add_class remove_class"
    "|title capitalize|setdefault get|issubset issuperset|nlargest nsmallest|isupper islower|filter filterfalse"
    "|takewhile dropwhile|prepend append|increment decrement|focus blur|add discard"
)
SIBLINGS: dict[str, tuple[str, ...]] = {}
"""Names that a careless programmer confuses, in both directions."""
for _pair in _PAIRS.split("|"):
    _one, _other = _pair.split()
    SIBLINGS[_one] = (*SIBLINGS.get(_one, ()), _other)
    SIBLINGS[_other] = (*SIBLINGS.get(_other, ()), _one)


def comparison_boundary(site: Site) -> Iterator[ast.AST | None]:
    """`a < b` becomes `a <= b`."""
    yield from _compared(site, _BOUNDARY)


def comparison_negation(site: Site) -> Iterator[ast.AST | None]:
    """`a == b` becomes `a != b`."""
    yield from _compared(site, _NEGATION)


def _compared(site: Site, table: dict[type[ast.cmpop], type[ast.cmpop]]) -> Iterator[ast.AST | None]:
    if isinstance(site.node, ast.Compare):
        for place, sign in enumerate(site.node.ops):
            if type(sign) in table:
                ops = list(site.node.ops)
                ops[place] = table[type(sign)]()
                yield ast.Compare(site.node.left, ops, site.node.comparators)


def arithmetic(site: Site) -> Iterator[ast.AST | None]:
    """`a + b` becomes `a - b`."""
    node = site.node
    if isinstance(node, ast.BinOp) and not isinstance(node.left, ast.JoinedStr) and type(node.op) in _ARITHMETIC:
        if isinstance(node.op, ast.Mod) and isinstance(getattr(node.left, "value", None), str):
            return
        yield ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.AugAssign) and type(node.op) in _ARITHMETIC:
        yield ast.AugAssign(node.target, _ARITHMETIC[type(node.op)](), node.value)


def unary(site: Site) -> Iterator[ast.AST | None]:
    """`-a` becomes `a`, `not a` becomes `a`."""
    if isinstance(site.node, ast.UnaryOp):
        yield site.node.operand


def boolean(site: Site) -> Iterator[ast.AST | None]:
    """`a and b` becomes `a or b`, `a` and `b`."""
    node = site.node
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        for place in range(len(node.values)):
            rest = node.values[:place] + node.values[place + 1 :]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def constant(site: Site) -> Iterator[ast.AST | None]:
    """`3` becomes `4`, `"x"` becomes `"xΔ"`, `True` becomes `False`."""
    if not isinstance(site.node, ast.Constant) or isinstance(site.parent, ast.Expr):
        return
    if isinstance(site.parent, ast.JoinedStr) and not site.node.value:
        return
    match site.node.value:
        case bool(value):
            yield ast.Constant(not value)
        case int() | float() | complex() as value:
            yield ast.Constant(value + 1)
            if value not in (0, 1):
                yield ast.Constant(value - 1)
        case str(value):
            yield ast.Constant(value + "Δ")
            if value:
                yield ast.Constant("")
        case bytes(value):
            yield ast.Constant(value + b"!")


def return_value(site: Site) -> Iterator[ast.AST | None]:
    """`return a` becomes `return None`."""
    value = site.node.value if isinstance(site.node, ast.Return) else None
    if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
        yield ast.Return(ast.Constant(None))


def statement_deletion(site: Site) -> Iterator[ast.AST | None]:
    """One statement is dropped; never one whose absence is only an undefined name."""
    node = site.node
    match node:
        case ast.AugAssign() | ast.Expr() | ast.Delete() | ast.If() | ast.For() | ast.While() | ast.With():
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                yield None
        case ast.Assign(targets=targets) if not any(isinstance(target, ast.Name | ast.Tuple) for target in targets):
            yield None
        case ast.Assign(targets=[ast.Name(id=name)]) if site.function and _bound_before(site, name):
            yield None
        case ast.Return(value=None):
            yield None


def _bound_before(site: Site, name: str) -> bool:
    line = getattr(site.node, "lineno", 0)
    function = site.function
    assert function is not None
    arguments = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    return name in arguments or any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store) and node.lineno < line
        for node in ast.walk(function)
    )


def argument_drop(site: Site) -> Iterator[ast.AST | None]:
    """`f(a, b)` becomes `f(a)`."""
    node = site.node
    if isinstance(node, ast.Call) and len(node.args) > 1 and not isinstance(node.args[-1], ast.Starred):
        yield ast.Call(node.func, node.args[:-1], node.keywords)


def argument_swap(site: Site) -> Iterator[ast.AST | None]:
    """`f(a, b)` becomes `f(b, a)`."""
    node = site.node
    if isinstance(node, ast.Call) and not any(isinstance(argument, ast.Starred) for argument in node.args):
        for place in range(len(node.args) - 1):
            args = list(node.args)
            args[place], args[place + 1] = args[place + 1], args[place]
            yield ast.Call(node.func, args, node.keywords)


def keyword_change(site: Site) -> Iterator[ast.AST | None]:
    """`f(a, key=b)` becomes `f(a)`."""
    node = site.node
    if isinstance(node, ast.Call):
        for place, keyword in enumerate(node.keywords):
            if keyword.arg is not None and not (site.app and keyword.arg in ("placeholder", "tooltip", "description")):
                yield ast.Call(node.func, node.args, node.keywords[:place] + node.keywords[place + 1 :])


def slice_shift(site: Site) -> Iterator[ast.AST | None]:
    """`a[1:3]` becomes `a[:3]` and `a[1:]`, `a[-1]` becomes `a[0]`."""
    node = site.node
    if isinstance(node, ast.Slice):
        for field in ("lower", "upper", "step"):
            if getattr(node, field) is not None:
                changed = copy.copy(node)
                setattr(changed, field, None)
                yield changed
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        match node.slice:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
                yield ast.Subscript(node.value, ast.Constant(0), node.ctx)
            case ast.Constant(value=0):
                yield ast.Subscript(node.value, ast.UnaryOp(ast.USub(), ast.Constant(1)), node.ctx)


def loop_exit(site: Site) -> Iterator[ast.AST | None]:
    """`break` becomes `continue` and the other way round."""
    if isinstance(site.node, ast.Break):
        yield ast.Continue()
    elif isinstance(site.node, ast.Continue):
        yield ast.Break()


def condition(site: Site) -> Iterator[ast.AST | None]:
    """An `if` always or never, a `while` never; an endless loop would say nothing."""
    if site.field not in ("test", "ifs") or isinstance(site.node, ast.Constant):
        return
    if not isinstance(site.parent, ast.While):
        yield ast.Constant(True)
    yield ast.Constant(False)


def branch(site: Site) -> Iterator[ast.AST | None]:
    """`a if c else b` becomes `b if c else a`."""
    if isinstance(site.node, ast.IfExp):
        yield ast.IfExp(site.node.test, site.node.orelse, site.node.body)


def emptied(site: Site) -> Iterator[ast.AST | None]:
    """`[a, b]` becomes `[]`, `for a in b` becomes `for a in ()`."""
    node = site.node
    match node:
        case ast.List(elts=[_, *_], ctx=ast.Load()):
            yield ast.List([], ast.Load())
        case ast.Tuple(elts=[_, *_], ctx=ast.Load()) if site.field != "slice":
            yield ast.Tuple([], ast.Load())
        case ast.Dict(keys=[_, *_]):
            yield ast.Dict([], [])
        case ast.Set():
            yield ast.Call(ast.Name("set", ast.Load()), [], [])
        case ast.expr() if site.field == "iter" and isinstance(site.parent, ast.For | ast.comprehension):
            yield ast.Tuple([], ast.Load())


def sibling(site: Site) -> Iterator[ast.AST | None]:
    """`min(a)` becomes `max(a)`, `sorted(a)` becomes `sorted(a, reverse=True)`."""
    node = site.node
    if not isinstance(node, ast.Call):
        return
    match node.func:
        case ast.Name(id=name):
            for other in SIBLINGS.get(name, ()):
                if other in _BUILTINS:
                    yield ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
        case ast.Attribute(value=value, attr=name):
            for other in SIBLINGS.get(name, ()):
                yield ast.Call(ast.Attribute(value, other, ast.Load()), node.args, node.keywords)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in ("sorted", "sort") and not any(keyword.arg == "reverse" for keyword in node.keywords):
        yield ast.Call(node.func, node.args, [*node.keywords, ast.keyword("reverse", ast.Constant(True))])


_BUILTINS = frozenset({"min", "max", "any", "all", "sum", "len", "sorted", "list", "filter", "map"})

OPERATORS: dict[str, Operator] = {
    "comparison boundary": comparison_boundary,
    "comparison negation": comparison_negation,
    "arithmetic": arithmetic,
    "unary": unary,
    "boolean": boolean,
    "constant": constant,
    "return value": return_value,
    "statement deletion": statement_deletion,
    "argument drop": argument_drop,
    "argument swap": argument_swap,
    "keyword change": keyword_change,
    "slice shift": slice_shift,
    "loop exit": loop_exit,
    "condition": condition,
    "branch": branch,
    "emptied": emptied,
    "sibling": sibling,
}
