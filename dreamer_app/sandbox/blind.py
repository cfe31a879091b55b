"""The blind form of a test module: what the worker runs, without the values that would let it cheat.

`blind` replaces every assertion by an observation and keeps the expected literal on the host; `judge` compares what a
worker observed with what was expected; `record` fills the placeholder `RECORD` with observed values; `perturb` breaks
one literal per test, so that a run in which such a test passes is proof of a forged report. Everything here works on
source text; nothing is ever executed.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.types import Frozen
from dreamer_app.sandbox.canonical import Opaque, Raised, decode
from dreamer_app.sandbox.jobs import Canonical, VariantResult
from dreamer_app.sandbox.literals import ABS_TOLERANCE, REL_TOLERANCE, broken, close, entropy, exactly, literal

RECORD = "RECORD"
"""Name that a weaver writes where a literal will be recorded: `assert f(1) == RECORD`."""


_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.In: "in",
    ast.NotIn: "not in",
}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "in": lambda observed, expected: observed in expected,
    "not in": lambda observed, expected: observed not in expected,
}


class BlindError(DreamerError):
    """A test module is not of the form that can be judged from outside."""


Span = tuple[int, int, int, int]
"""First line, first column, last line, last column of a literal, as `ast` counts them (columns in UTF-8 bytes)."""


@dataclass(frozen=True)
class Expectation:
    """What one assertion expects.

    Attributes:
        test: Name of the test.
        kind: `compare` (operator and literal), `approx`, `raises` (a class name), `truth`, or `record`.
        operator: Of a comparison.
        literal: Expected value, or the exception's class name.
        tolerance: Relative and absolute, for `approx`.
        bits: How hard the expected value is to guess.
        span: Where the literal stands in the original source, None for `truth`.
    """

    test: str
    kind: Literal["compare", "approx", "raises", "truth", "record"]
    operator: str = "=="
    literal: Any = None
    tolerance: tuple[float, float] = (REL_TOLERANCE, ABS_TOLERANCE)
    bits: float = 0.0
    span: Span | None = None

    @property
    def hidden(self) -> bool:
        """Whether the worker never sees what is expected."""
        return self.kind in ("approx", "raises") or (self.kind == "compare" and self.operator in ("==", "is"))


@dataclass(frozen=True)
class BlindTests:
    """A test module in two halves.

    Attributes:
        source: What the worker runs.
        test_names: In order of definition.
        expectations: What stays here, by observation identifier.
    """

    source: str
    test_names: tuple[str, ...]
    expectations: Mapping[str, Expectation]

    def of(self, test: str) -> dict[str, Expectation]:
        """The expectations of one test."""
        return {key: value for key, value in self.expectations.items() if value.test == test}

    def hidden_bits(self, test: str) -> float:
        """How many bits a forger of this test would have to guess."""
        return sum(expectation.bits for expectation in self.of(test).values() if expectation.hidden)


class Judgement(Frozen):
    """The host's word over one variant.

    Attributes:
        passed: Every test that was asked for ran to its end and showed exactly what was expected.
        failures: Test name to the first reason why it did not.
    """

    passed: bool
    failures: dict[str, str]


def blind(tests: str) -> BlindTests:
    """Split a test module into its blind form and its expectations.

    Raises:
        BlindError: It does not parse, has no tests, uses fixtures or decorators other than `pytest.mark.asyncio`,
            asserts outside of tests, or uses a form of `pytest.raises` that cannot be judged from outside.
    """
    try:
        module = ast.parse(tests)
    except SyntaxError as error:
        raise _refused(f"line {error.lineno}: {error.msg}") from error
    expectations: dict[str, Expectation] = {}
    names: list[str] = []
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            if node.name in names:
                raise _refused(f"{node.name} is defined twice")
            names.append(node.name)
            _check_form(node)
            blinder = _Blinder(node.name, expectations)
            node.body = [blinder.visit(statement) for statement in node.body]
            node.decorator_list = []
        elif any(isinstance(inner, ast.Assert) for inner in ast.walk(node)):
            raise _refused(f"line {node.lineno}: assertions belong into test functions")
    if not names:
        raise _refused("there is no test function")
    _drop_unused_pytest(module)
    return BlindTests(ast.unparse(ast.fix_missing_locations(module)), tuple(names), expectations)


def judge(
    tests: BlindTests, result: VariantResult, names: Sequence[str] | None = None, *, exact: bool = False
) -> Judgement:
    """Compare what a worker observed with what was expected. Anything missing, extra or malformed fails.

    Args:
        tests: The two halves.
        result: Of one variant.
        names: The tests that the variant was asked to run; all when None.
        exact: Whether what equals a literal must also be of its kind, which pytest does not ask: 3 is not 3.0.

    Raises:
        WorkerLostError: An observed value is not canonical.
    """
    asked = tuple(names) if names is not None else tests.test_names
    if result.status != "finished":
        return Judgement(passed=False, failures=dict.fromkeys(asked, f"{result.status}: {result.error or ''}".strip()))
    failures: dict[str, str] = {}
    for name in set(result.tests) - set(asked):
        failures[name] = "a test that nobody asked for"
    for name in asked:
        reason = _failure(tests.of(name), result, name, exact=exact)
        if reason:
            failures[name] = reason
    return Judgement(passed=not failures, failures=failures)


def record(tests: str, result: VariantResult) -> str:
    """Replace every `RECORD` by the value that was observed for it.

    Raises:
        BlindError: A test did not finish, or a value differs between two observations.
        LiteralError: A value has no literal.
    """
    halves = blind(tests)
    edits: list[tuple[Span, str]] = []
    for key, expectation in halves.expectations.items():
        if expectation.kind != "record" or expectation.span is None:
            continue
        run = result.tests.get(expectation.test)
        if result.status != "finished" or run is None or run.outcome != "finished":
            raise _refused(f"{expectation.test} did not finish: {run.error if run else result.error}")
        values = [decode(value) for value in run.values.get(key, ())]
        if not values or any(value != values[0] for value in values):
            raise _refused(f"{expectation.test} observed {len(values)} different values in one place")
        edits.append((expectation.span, literal(values[0])))
    return _replace(tests, edits)


def perturb(tests: str) -> str:
    """Break the first hidden literal of every test; an honest run fails every one of them.

    Raises:
        BlindError: A test has no hidden literal, or the module cannot be judged at all.
    """
    halves = blind(tests)
    edits: list[tuple[Span, str]] = []
    for name in halves.test_names:
        first = next((e for e in halves.of(name).values() if e.hidden and e.span is not None), None)
        if first is None or first.span is None:
            raise _refused(f"{name} has no literal that could be hidden")
        wrong = 'type("Probe", (Exception,), {})' if first.kind == "raises" else repr(broken(first.literal))
        edits.append((first.span, wrong))
    return _replace(tests, edits)


def rewritten(tests: str, values: Mapping[str, Any]) -> str:
    """Replace expected literals by other values, by observation identifier.

    Raises:
        BlindError: The module cannot be judged, or has no literal under an identifier.
        LiteralError: A value has no literal.
    """
    halves = blind(tests)
    edits: list[tuple[Span, str]] = []
    for key, value in values.items():
        expectation = halves.expectations.get(key)
        if expectation is None or expectation.kind != "compare" or expectation.span is None:
            raise _refused(f"{key} has no literal that could be replaced")
        edits.append((expectation.span, literal(value)))
    return _replace(tests, edits)


class _Blinder(ast.NodeTransformer):
    """Turns the assertions of one test into observations."""

    def __init__(self, test: str, expectations: dict[str, Expectation]) -> None:
        self._test = test
        self._expectations = expectations

    def _add(self, expectation: Expectation) -> str:
        key = f"{self._test}:{sum(e.test == self._test for e in self._expectations.values())}"
        self._expectations[key] = expectation
        return key

    def visit_Assert(self, node: ast.Assert) -> ast.AST:  # ast dictates the name
        expression, expectation = _expectation(node.test, self._test)
        call = ast.Call(ast.Name("observe", ast.Load()), [ast.Constant(self._add(expectation)), expression], [])
        return ast.copy_location(ast.Expr(call), node)

    def visit_With(self, node: ast.With) -> ast.AST:  # ast dictates the name
        for item in node.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.raises":
                if len(call.args) != 1 or call.keywords or item.optional_vars is not None:
                    raise _refused(f"line {node.lineno}: only `with pytest.raises(SomeError):` can be judged")
                name = ast.unparse(call.args[0]).rsplit(".", 1)[-1]
                key = self._add(Expectation(self._test, "raises", literal=name, bits=4.0, span=_span(call.args[0])))
                item.context_expr = ast.Call(ast.Name("observe_raises", ast.Load()), [ast.Constant(key)], [])
        self.generic_visit(node)
        return node


def _expectation(test: ast.expr, name: str) -> tuple[ast.expr, Expectation]:
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in _OPERATORS:
        left, right, sign = test.left, test.comparators[0], _OPERATORS[type(test.ops[0])]
        if sign == "==" and isinstance(right, ast.Name) and right.id == RECORD:
            return left, Expectation(name, "record", span=_span(right))
        approx = _approx(right) if sign == "==" else None
        if approx:
            value, tolerance = approx
            return left, Expectation(name, "approx", "==", value, tolerance, entropy(value), _span(right))
        for expression, other in ((left, right), (right, left)):
            found = _literal(other)
            usable = found and (sign in ("==", "!=") or other is right)
            if found and usable and (sign != "is" or found[0] in (None, True, False)):
                bits = entropy(found[0]) if sign in ("==", "is") else 1.0
                return expression, Expectation(name, "compare", sign, found[0], bits=bits, span=_span(other))
    truth = ast.Call(ast.Name("bool", ast.Load()), [test], [])
    return truth, Expectation(name, "truth", bits=1.0)


def _literal(node: ast.expr) -> tuple[Any] | None:
    try:
        return (ast.literal_eval(node),)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None


def _approx(node: ast.expr) -> tuple[Any, tuple[float, float]] | None:
    if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.approx" and len(node.args) == 1):
        return None
    found = _literal(node.args[0])
    options = {keyword.arg: _literal(keyword.value) for keyword in node.keywords}
    if found is None or not set(options) <= {"rel", "abs"} or None in options.values():
        return None
    rel, absolute = (
        options.get(key) or (fallback,) for key, fallback in (("rel", REL_TOLERANCE), ("abs", ABS_TOLERANCE))
    )
    return found[0], (float(rel[0]), float(absolute[0]))


def _check_form(node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    arguments = node.args
    if arguments.args or arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg:
        raise _refused(f"{node.name} takes arguments; tests are fixture-free")
    allowed = "pytest.mark.asyncio" if isinstance(node, ast.AsyncFunctionDef) else None
    for decorator in node.decorator_list:
        if ast.unparse(decorator) != allowed:
            raise _refused(f"{node.name} has the decorator {ast.unparse(decorator)}")
    if any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in ast.walk(node)):
        raise _refused(f"{node.name} yields and would never run")


def _drop_unused_pytest(module: ast.Module) -> None:
    used = any(isinstance(node, ast.Name) and node.id == "pytest" for node in ast.walk(module))
    if not used:
        module.body = [
            node
            for node in module.body
            if not (isinstance(node, ast.Import) and [alias.name for alias in node.names] == ["pytest"])
        ]


def _failure(expectations: Mapping[str, Expectation], result: VariantResult, name: str, *, exact: bool) -> str | None:
    run = result.tests.get(name)
    if run is None or run.outcome != "finished":
        return run.error or run.outcome if run else "not reported"
    if not expectations:
        return "the test asserts nothing"
    for key in set(run.values) - set(expectations):
        return f"an observation that nobody asked for: {key}"
    for key, expectation in expectations.items():
        values = run.values.get(key, ())
        if not values:
            return f"an assertion was never reached: {key}"
        for value in values:
            if not _holds(expectation, value, exact=exact):
                return _difference(expectation, value)
    return None


def _holds(expectation: Expectation, value: Canonical, *, exact: bool) -> bool:
    observed, expected = decode(value), expectation.literal
    match expectation.kind:
        case "truth":
            return observed is True
        case "raises":
            return isinstance(observed, Raised) and expected in observed.classes
        case "approx":
            return close(observed, expected, *expectation.tolerance)
        case "record":
            return False
    if isinstance(observed, Opaque | Raised):
        return False
    if exact and expectation.operator == "==":
        return exactly(observed, expected)
    try:
        return bool(_COMPARE[expectation.operator](observed, expected))
    except TypeError:
        return False


def _difference(expectation: Expectation, value: Canonical) -> str:
    return f"expected {expectation.operator} {str(expectation.literal)[:80]}, observed {str(decode(value))[:80]}"


def _span(node: ast.expr) -> Span:
    return (node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)


def _replace(source: str, edits: Sequence[tuple[Span, str]]) -> str:
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    for (first, start, last, end), text in sorted(edits, reverse=True):
        indent = b" " * (len(lines[first - 1]) - len(lines[first - 1].lstrip()) + 4)
        body = text.encode().replace(b"\n", b"\n" + indent)
        lines[first - 1 : last] = [lines[first - 1][:start] + body + lines[last - 1][end:]]
    return b"".join(lines).decode()


def _refused(message: str) -> BlindError:
    return BlindError("The tests cannot be judged", message, "Write `assert <expression> == <literal>` in plain tests.")
