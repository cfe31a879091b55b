"""G1, imports: only what the task is about, nothing that differs from run to run.

An import of anything else is either an invented package or a dependency that nobody pinned. Whether the imported API
exists is the next gate's question.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from dreamer_app.guardian.names import Import, Reference, imports, references
from dreamer_app.guardian.receipts import Finding, StaticGate, listed, rejected
from dreamer_app.guardian.trial import Trial

STDLIB = frozenset(
    {
        "__future__",
        "abc",
        "array",
        "asyncio",
        "base64",
        "binascii",
        "bisect",
        "calendar",
        "cmath",
        "collections",
        "collections.abc",
        "colorsys",
        "contextlib",
        "contextvars",
        "copy",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
        "enum",
        "fractions",
        "functools",
        "graphlib",
        "hashlib",
        "heapq",
        "html",
        "html.parser",
        "io",
        "ipaddress",
        "itertools",
        "json",
        "keyword",
        "math",
        "numbers",
        "operator",
        "os.path",
        "pathlib",
        "pprint",
        "queue",
        "random",
        "re",
        "reprlib",
        "statistics",
        "string",
        "struct",
        "sys",
        "tempfile",
        "textwrap",
        "time",
        "tokenize",
        "types",
        "typing",
        "unicodedata",
        "uuid",
        "weakref",
        "zlib",
        "zoneinfo",
    }
)
"""Standard library modules that compute; those that reach out of the program, or into it, are left out."""

ONLY_FROM: dict[str, frozenset[str]] = {
    "sys": frozenset({"maxsize", "float_info", "byteorder", "maxunicode", "version_info"}),
    "time": frozenset({"gmtime", "struct_time", "strftime", "strptime"}),
    "types": frozenset({"SimpleNamespace", "MappingProxyType", "GenericAlias", "NoneType", "TracebackType"}),
    "tempfile": frozenset({"TemporaryDirectory", "SpooledTemporaryFile", "TemporaryFile", "NamedTemporaryFile"}),
    "uuid": frozenset({"UUID", "uuid3", "uuid5", "NAMESPACE_DNS", "NAMESPACE_URL", "NAMESPACE_OID", "NAMESPACE_X500"}),
    "random": frozenset({"Random", "seed"}),
    "os": frozenset({"path"}),
}
"""Modules of which only these names may be used, because the rest differs from run to run or tampers with Python."""

CLOCKS = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "datetime.date.today",
    }
)
CLOCK_WHEN_SHORT = {"time.gmtime": 1, "time.strftime": 2}
"""Functions that read the clock unless they are given at least so many arguments."""
DYNAMIC = frozenset({"exec", "eval", "compile", "__import__"})
TEST_ONLY = frozenset({"pytest", "solution"})


class ImportsGate(StaticGate):
    """Rejects foreign, dynamic and unrepeatable imports."""

    id = "G1"
    name = "imports"
    version = "1"

    def read(self, trial: Trial) -> Finding:
        """List every import that is not allowed, by file and line."""
        problems: list[str] = []
        used: set[str] = set()
        libraries = frozenset(trial.import_names)
        for file, tree in (("solution.py", trial.solution_tree), ("test_solution.py", trial.tests_tree)):
            roots = libraries if tree is trial.solution_tree else libraries | TEST_ONLY
            for item in imports(tree):
                reason = _foreign(item, roots)
                if reason:
                    problems.append(f"{file}:{item.line}: {reason}")
                used.add(item.module.split(".", maxsplit=1)[0])
            problems += [f"{file}:{line}: {reason}" for line, reason in _dynamic(tree)]
            problems += [f"{file}:{line}: {reason}" for line, reason in _unrepeatable(references(tree))]
        if problems:
            return rejected(problems[0], problems=listed(problems))
        return Finding(True, {"modules": listed(sorted(used))})


def _foreign(item: Import, roots: frozenset[str]) -> str | None:
    if item.relative:
        return "relative import"
    if item.name == "*":
        return f"star import from {item.module}"
    if item.module.split(".", maxsplit=1)[0] in roots or item.module in STDLIB:
        return None
    return f"{item.module} is neither under study nor an allowed module of the standard library"


def _dynamic(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in DYNAMIC:
            yield node.lineno, f"{node.id} runs or imports code that cannot be read beforehand"


def _unrepeatable(found: list[Reference]) -> Iterator[tuple[int, str]]:
    seeded = any(item.path == "random.seed" and item.call and item.call.args for item in found)
    for item in found:
        root, _, rest = item.path.partition(".")
        allowed = ONLY_FROM.get(root)
        wanted = CLOCK_WHEN_SHORT.get(item.path, 0)
        if item.path in CLOCKS or (wanted and (item.call is None or len(item.call.args) < wanted)):
            yield item.line, f"{item.path} reads the clock"
        elif root == "random" and item.path != "random" and not _repeatable_random(item, seeded):
            yield item.line, f"{item.path} without a seed"
        elif allowed is not None and root != "random" and rest.split(".", maxsplit=1)[0] not in allowed:
            yield item.line, f"{item.path} differs from run to run or reaches into the interpreter"
        elif item.path == "random" or (allowed is not None and not rest):
            yield item.line, f"the module {item.path} is passed around"


def _repeatable_random(item: Reference, seeded: bool) -> bool:
    name = item.path.split(".")[1]
    if name in ("Random", "seed"):
        seed_given = item.call is not None and bool(item.call.args or item.call.keywords)
        return seed_given or item.annotation
    return seeded and name not in ("SystemRandom",)
