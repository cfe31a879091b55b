"""Our own deny rules over a syntax tree, each with an identifier that is never reused.

They cover what bandit does not care about: reaching the outside, the interpreter's internals, the test machinery, and
objects that lie about being equal. Rules look at imports, at resolved dotted paths and at single nodes; a rule that
needs a library's knowledge does not belong here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from dreamer_app.guardian.names import Reference, imports, references


@dataclass(frozen=True)
class Violation:
    """One finding.

    Attributes:
        rule: Identifier.
        line: Where.
        what: In words.
    """

    rule: str
    line: int
    what: str


MODULES: dict[str, tuple[str, frozenset[str]]] = {
    "D01": (
        "reaches the network",
        frozenset(
            {"socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "socketserver", "xmlrpc", "telnetlib"}
            | {"poplib", "imaplib", "select", "selectors", "requests", "httpx", "aiohttp", "webbrowser"}
        ),
    ),
    "D02": (
        "starts programs",
        frozenset({"subprocess", "multiprocessing", "pty", "os.system", "os.popen", "os.fork", "os.kill", "os.execv"}),
    ),
    "D03": ("calls native code", frozenset({"ctypes", "cffi", "mmap", "_ctypes"})),
    "D04": ("loads objects from bytes", frozenset({"pickle", "marshal", "shelve", "dill", "cloudpickle", "dbm"})),
    "D05": ("runs code made at run time", frozenset({"importlib", "runpy", "code", "codeop", "pkgutil", "zipimport"})),
    "D06": (
        "looks into the interpreter",
        frozenset({"gc", "inspect", "builtins", "dis", "traceback", "linecache", "tracemalloc", "faulthandler"}),
    ),
    "D07": ("acts behind the scenes", frozenset({"atexit", "signal", "weakref.finalize", "sched"})),
    "D08": ("starts threads", frozenset({"threading", "_thread", "concurrent", "asyncio.to_thread"})),
    "D09": ("reads the machine", frozenset({"platform", "getpass", "pwd", "grp", "locale", "resource", "sysconfig"})),
    "D10": ("hides warnings or patches objects", frozenset({"warnings", "unittest", "doctest", "mock"})),
}
"""Modules and functions that are refused wherever they are imported or used."""

PATHS: dict[str, tuple[str, frozenset[str]]] = {
    "D01": (
        "reaches the network",
        frozenset({"asyncio.open_connection", "asyncio.start_server", "asyncio.open_unix_connection"}),
    ),
    "D02": (
        "starts programs",
        frozenset({"asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell", "asyncio.subprocess"}),
    ),
    "D09": (
        "reads the machine",
        frozenset({"os.path.expanduser", "os.path.expandvars", "pathlib.Path.home", "pathlib.Path.cwd"}),
    ),
}
SYS_ALLOWED = frozenset({"maxsize", "float_info", "byteorder", "maxunicode", "version_info"})
PYTEST_ALLOWED = ("pytest.raises", "pytest.approx", "pytest.mark.asyncio")

BUILTINS: dict[str, tuple[str, frozenset[str]]] = {
    "D05": ("runs code made at run time", frozenset({"exec", "eval", "compile", "__import__", "__loader__"})),
    "D11": ("ends the program", frozenset({"exit", "quit", "SystemExit"})),
    "D12": ("rummages in namespaces", frozenset({"globals", "locals", "__builtins__", "__file__", "__spec__"})),
    "D13": ("waits for a person", frozenset({"input", "breakpoint"})),
    "D14": ("speaks to the judge", frozenset({"observe", "observe_raises"})),
}

FRAMES = frozenset(
    {"f_back", "f_locals", "f_globals", "f_code", "f_builtins", "f_trace", "gi_frame", "cr_frame", "ag_frame"}
    | {"tb_frame", "tb_next", "__code__", "__globals__", "__builtins__", "__closure__", "__subclasses__"}
    | {"__traceback__", "__kwdefaults__", "__loader__", "__reduce__", "__reduce_ex__", "__getattribute__"}
    | {"co_consts", "co_code", "_getframe"}
)
"""Attributes that lead from an object to the code, the frames or the namespaces around it."""

FILES = frozenset(
    {"write_text", "write_bytes", "read_text", "read_bytes", "unlink", "rmdir", "touch", "mkdir", "symlink_to"}
    | {"hardlink_to", "chmod", "rmtree", "iterdir"}
)
"""Methods that touch the file system. A program that imports `tempfile` may use them: the worker's only writable place
is its own temporary folder."""
ELSEWHERE = frozenset({"run_in_executor", "create_connection", "create_server", "subprocess_exec", "subprocess_shell"})
COMPARISONS = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__"})
HIDDEN_HOOKS = frozenset({"__del__", "__getattribute__", "__instancecheck__", "__subclasscheck__"})


def violations(tree: ast.Module, *, is_test: bool) -> list[Violation]:
    """Everything in a module that our rules refuse, in source order.

    Args:
        tree: The module.
        is_test: Whether it is the test module, which may import pytest and the solution.
    """
    found = [*_imported(tree, is_test=is_test), *_referenced(tree, references(tree), is_test=is_test)]
    has_tmp = any(item.module == "tempfile" for item in imports(tree))
    for node in ast.walk(tree):
        found += _of_node(node)
        if isinstance(node, ast.Call):
            found += _of_call(node, has_tmp=has_tmp)
    return sorted(set(found), key=lambda violation: (violation.line, violation.rule, violation.what))


def _denied(path: str) -> tuple[str, str] | None:
    for table in (MODULES, PATHS):
        for rule, (what, names) in table.items():
            if any(path == name or path.startswith(f"{name}.") for name in names):
                return rule, what
    return None


def _imported(tree: ast.Module, *, is_test: bool) -> Iterator[Violation]:
    for item in imports(tree):
        path = item.path if item.name else item.module
        denied = _denied(path)
        root = item.module.split(".", maxsplit=1)[0]
        if denied:
            yield Violation(denied[0], item.line, f"{path} {denied[1]}")
        if root in ("_pytest", "pluggy", "conftest", "test_solution") or (
            root in ("pytest", "solution") and not is_test
        ):
            yield Violation("D15", item.line, f"{root} is the test machinery")
        if root == "pytest" and item.name is not None:
            yield Violation("D15", item.line, "pytest is imported whole or not at all")


def _referenced(tree: ast.Module, found: list[Reference], *, is_test: bool) -> Iterator[Violation]:
    for item in found:
        denied = _denied(item.path)
        root, _, rest = item.path.partition(".")
        first = rest.split(".", maxsplit=1)[0]
        if denied:
            yield Violation(denied[0], item.line, f"{item.path} {denied[1]}")
        if root == "sys" and first not in SYS_ALLOWED:
            yield Violation("D06", item.line, f"{item.path} looks into the interpreter")
        if root == "os" and first != "path":
            yield Violation("D09", item.line, f"{item.path} reads or changes the machine")
        if is_test and root == "pytest" and item.path not in PYTEST_ALLOWED:
            yield Violation("D15", item.line, f"{item.path} is the test machinery")
        if item.store and len(item.names) > 1:
            yield Violation("D16", item.line, f"{item.path} is patched")
    yield from _patched_by_name(tree, found)


def _patched_by_name(tree: ast.Module, found: list[Reference]) -> Iterator[Violation]:
    foreign = {id(item.node): item.path for item in found}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id in ("setattr", "delattr") and node.args and id(node.args[0]) in foreign:
            yield Violation("D16", node.lineno, f"{foreign[id(node.args[0])]} is patched")
        if node.func.id in ("getattr", "setattr", "delattr", "hasattr") and len(node.args) > 1:
            name = node.args[1]
            if isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value.startswith("__"):
                yield Violation("D12", node.lineno, f"{node.func.id} of {name.value}")
            elif not isinstance(name, ast.Constant) and id(node.args[0]) in foreign:
                yield Violation("D12", node.lineno, f"{node.func.id} of a computed name")


def _of_node(node: ast.AST) -> Iterator[Violation]:
    match node:
        case ast.Name(id=name):
            for rule, (what, names) in BUILTINS.items():
                if name in names:
                    yield Violation(rule, node.lineno, f"{name} {what}")
        case ast.Attribute(attr=name):
            if name in FRAMES:
                yield Violation("D06", node.lineno, f".{name} looks into the interpreter")
            if name in ("__class__", "__dict__", "__bases__") and not isinstance(node.ctx, ast.Load):
                yield Violation("D16", node.lineno, f".{name} is patched")
        case ast.Constant(value=str(text)):
            for name in ("__globals__", "__builtins__", "__subclasses__", "__code__", "/proc/", "/etc/"):
                if name in text:
                    yield Violation("D12", node.lineno, f"a text holds {name}")
        case ast.ClassDef():
            yield from _of_class(node)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            if name.startswith("pytest_") or name in ("setup_module", "teardown_module", "setup_function"):
                yield Violation("D15", node.lineno, f"{name} is the test machinery")


def _of_call(node: ast.Call, *, has_tmp: bool) -> Iterator[Violation]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if not has_tmp and ((isinstance(function, ast.Attribute) and name in FILES) or _opens(node)):
        yield Violation("D17", node.lineno, f"{name} touches files outside of a temporary folder")
    if name in ELSEWHERE:
        yield Violation("D08", node.lineno, f"{name} starts work elsewhere")
    for keyword in node.keywords:
        if keyword.arg in ("thread", "shell") and getattr(keyword.value, "value", True) is True:
            yield Violation("D08", node.lineno, f"{keyword.arg}=True starts work elsewhere")


def _opens(call: ast.Call) -> bool:
    """Whether it is `open` itself, or a method named so that is called the way files are opened."""
    if isinstance(call.func, ast.Name):
        return call.func.id == "open"
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "open"):
        return False
    given = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    return any(
        isinstance(node, ast.Constant) and str(node.value).strip("bt+") in ("r", "w", "a", "x") for node in given
    )


def _of_class(node: ast.ClassDef) -> Iterator[Violation]:
    for item in node.body:
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
            if item.name in HIDDEN_HOOKS:
                yield Violation("D18", item.lineno, f"{item.name} acts behind the scenes")
            if item.name in COMPARISONS and not _compares(item):
                yield Violation("D19", item.lineno, f"{item.name} answers without looking at the other object")
        elif isinstance(item, ast.Assign):
            for target in item.targets:
                if isinstance(target, ast.Name) and target.id in COMPARISONS | HIDDEN_HOOKS:
                    yield Violation("D19", item.lineno, f"{target.id} is assigned, not defined")


def _compares(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether some returned value is computed from the other operand."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    if len(arguments) < 2:
        return False
    other = arguments[1].arg
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]
    return any(isinstance(node, ast.Name) and node.id == other for value in returned for node in ast.walk(value))
