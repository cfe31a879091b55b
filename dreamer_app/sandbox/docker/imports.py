"""Which library modules a job will import, read from its source, so that a worker imports them once and not per run."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from functools import lru_cache, partial

from dreamer_app.core.interpreter import steady

MAX_NAMES = 200


def library_imports(sources: Iterable[str], roots: Collection[str]) -> frozenset[str]:
    """Absolute imports of these libraries as `module` or `module:attribute`; sources that do not parse count nothing.

    Args:
        sources: Python sources.
        roots: Top-level packages that may be imported ahead, i.e. those of the environment.
    """
    names = frozenset[str]().union(*map(_imports, sources))
    known = sorted(name for name in names if name.partition(":")[0].partition(".")[0] in roots)
    return frozenset(known[:MAX_NAMES])


@lru_cache(maxsize=64)  # the jobs of one proof run the same two sources again and again
def _imports(source: str) -> frozenset[str]:
    try:
        tree = steady(partial(ast.parse, source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
            names.update(f"{node.module}:{alias.name}" for alias in node.names if alias.name != "*")
    return frozenset(names)
