"""G0, shape: is this a solution and a test module at all, of the form that everything after relies on?

It reads text only and knows nothing of libraries. The most important rule is that the test file cannot shadow what it
tests: suites that redefine the function under test pass with any solution.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from dreamer_app.guardian.names import bound_names, imports
from dreamer_app.guardian.receipts import Evidence, Finding, StaticGate
from dreamer_app.guardian.rewriting import docstring
from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.blind import RECORD, BlindError

MAX_SOLUTION_BYTES = 16_000
MAX_TESTS_BYTES = 48_000
MAX_TESTS = 40
MIN_TESTS = 4
MIN_FILE_BITS = 32.0
"""Hidden bits over the whole file: guessing all of it at once succeeds less than once in four thousand million."""

_PLACEHOLDER = re.compile(r"\b(TODO|FIXME|XXX)\b")
_RESERVED = ("pytest", "__", "collect_ignore", "conftest")


class ShapeGate(StaticGate):
    """Rejects what is not of the pinned form."""

    id = "G0"
    name = "shape"
    version = "1"

    def read(self, trial: Trial) -> Finding:
        """Collect everything that is wrong with the form, not only the first thing."""
        try:
            problems = list(_sizes(trial))
            tree, tests = trial.solution_tree, trial.tests_tree
            problems += [*_entry_point(trial), *_unfinished(tree, trial.candidate.solution, "solution.py")]
            problems += [*_unfinished(tests, trial.scenario.tests, "test_solution.py"), *_test_module(tests)]
            problems += _shadowing(tree, tests, trial.scenario.entry_point)
            figures, weak = _strength(trial)
        except (SyntaxError, ValueError, BlindError) as error:
            return Finding(False, {"reason": "it does not have the form of a dream", "problems": [str(error)]})
        problems += weak
        evidence: Evidence = {**figures, "problems": list(problems)}
        if problems:
            evidence["reason"] = problems[0]
        return Finding(not problems, evidence)


def _sizes(trial: Trial) -> Iterator[str]:
    if len(trial.candidate.solution.encode()) > MAX_SOLUTION_BYTES:
        yield f"solution.py is larger than {MAX_SOLUTION_BYTES} bytes"
    if len(trial.scenario.tests.encode()) > MAX_TESTS_BYTES:
        yield f"test_solution.py is larger than {MAX_TESTS_BYTES} bytes"


def _entry_point(trial: Trial) -> Iterator[str]:
    name, tree = trial.scenario.entry_point, trial.solution_tree
    definitions = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name == name
    ]
    inside = {id(inner) for node in tree.body if _opens_scope(node) for inner in ast.walk(node) if inner is not node}
    bindings = [node for bound, node in bound_names(tree) if bound == name and id(node) not in inside]
    if len(definitions) != 1 or len(bindings) != 1 or any(item.bound == name for item in imports(tree)):
        yield f"solution.py must define {name} exactly once at its top level"
        return
    pinned = _header(trial.scenario.signature)
    found = definitions[0]
    if ast.dump(_bare(found)) != ast.dump(_bare(pinned)):
        line = ast.unparse(ast.fix_missing_locations(_bare(found))).splitlines()[0]
        yield f"the signature is `{line}`, pinned is `{trial.scenario.signature}`"


def _opens_scope(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _header(signature: str) -> ast.stmt:
    text = signature.rstrip()
    return ast.parse(f"{text if text.endswith(':') else text + ':'}\n    pass").body[0]


def _bare(node: ast.stmt) -> ast.stmt:
    """The definition without body and decorators, so that only what is pinned is compared."""
    match node:
        case ast.FunctionDef():
            return ast.FunctionDef(node.name, node.args, [ast.Pass()], [], node.returns)
        case ast.AsyncFunctionDef():
            return ast.AsyncFunctionDef(node.name, node.args, [ast.Pass()], [], node.returns)
        case ast.ClassDef():
            return ast.ClassDef(node.name, node.bases, node.keywords, [ast.Pass()], [])
    return node


def _unfinished(tree: ast.Module, source: str, file: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and _PLACEHOLDER.search(token.string):
            yield f"{file}:{token.start[0]}: {token.string.strip()}"
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=value)) if value is ...:
                yield f"{file}:{node.lineno}: `...` in place of code"
            case ast.Raise(exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))):
                yield f"{file}:{node.lineno}: raises NotImplementedError"
            case ast.FunctionDef() | ast.AsyncFunctionDef() if not [
                line for line in node.body if not isinstance(line, ast.Pass) and line is not docstring(node)
            ]:
                yield f"{file}:{node.lineno}: {node.name} has no body"
            case ast.Name(id=name) if name == RECORD:
                yield f"{file}:{node.lineno}: a value was never recorded"


def _test_module(tests: ast.Module) -> Iterator[str]:
    if not any(item.module == "solution" and not item.relative for item in imports(tests)):
        yield "test_solution.py does not import solution"
    for node in tests.body:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef():
                pass
            case ast.Assign() | ast.AnnAssign():
                for name, _ in bound_names(node):
                    if name.startswith(_RESERVED):
                        yield f"test_solution.py:{node.lineno}: {name} belongs to pytest or to Python"
            case ast.Expr() if node is docstring(tests):
                pass
            case _:
                yield f"test_solution.py:{node.lineno}: only imports, constants and functions stand at the top level"
    for line in sorted(_escapes(tests)):
        yield f"test_solution.py:{line}: a test neither returns early nor catches exceptions"


def _escapes(tests: ast.Module) -> set[int]:
    """Lines where a test could end without having failed."""
    lines: set[int] = set()
    for test in tests.body:
        if not (isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef) and test.name.startswith("test")):
            continue
        pending: list[ast.AST] = list(test.body)
        while pending:
            node = pending.pop()
            if isinstance(node, ast.Return | ast.Try | ast.TryStar):
                lines.add(node.lineno)
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
                pending.extend(ast.iter_child_nodes(node))
    return lines


def _shadowing(solution: ast.Module, tests: ast.Module, entry_point: str) -> Iterator[str]:
    exported = {entry_point}
    for node in solution.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            exported.add(node.name)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            exported.update(name for name, _ in bound_names(node))
    taken: set[str] = set()
    for item in imports(tests):
        if item.module == "solution" and item.name == "*":
            yield f"test_solution.py:{item.line}: star import"
        if item.module == "solution" and item.name == item.bound:
            taken.add(item.bound)
        elif item.bound in exported or (item.bound == "solution" and item.module != "solution"):
            yield f"test_solution.py:{item.line}: {item.bound} shadows a name of the solution"
    for name, binder in bound_names(tests):
        if name in exported or name == "solution":
            yield f"test_solution.py:{getattr(binder, 'lineno', 0)}: {name} shadows a name of the solution"
    whole = any(item.module == "solution" and item.name is None for item in imports(tests))
    if entry_point not in taken and not whole:
        yield f"test_solution.py does not import {entry_point}"


def _strength(trial: Trial) -> tuple[Evidence, list[str]]:
    tests = trial.tests
    bits = {name: round(tests.hidden_bits(name), 1) for name in tests.test_names}
    problems = [
        f"{name} compares nothing with a hidden literal"
        for name in tests.test_names
        if not any(expectation.hidden for expectation in tests.of(name).values())
    ]
    if not MIN_TESTS <= len(bits) <= MAX_TESTS:
        problems.append(f"{len(bits)} tests; {MIN_TESTS} to {MAX_TESTS} are wanted")
    if sum(bits.values()) < MIN_FILE_BITS:
        problems.append(f"all expected values together are {sum(bits.values()):.0f} bits hard to guess")
    return {"tests": len(bits), "hidden_bits": round(sum(bits.values()), 1)}, problems
