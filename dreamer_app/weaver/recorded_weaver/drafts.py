"""A draft: a function to write, complete but for its recorded values.

Knows how to write itself down as `solution.py`; says nothing about whether it is any good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dreamer_app.oracle.model import Api
from dreamer_app.weaver.recorded_weaver.ops import Op
from dreamer_app.weaver.recorded_weaver.pieces import Parameter


@dataclass(frozen=True)
class Draft:
    """One function to write.

    Attributes:
        pattern: How it was composed, e.g. `ranking/splitter`.
        name: Of the function.
        title: One line.
        parameters: In order.
        imports: Import statements.
        lines: Statements before the result.
        result: Expression to return.
        steps: What it does, one sentence without full stop each.
        outcome: What is returned, in words, may be empty.
        apis: Every API that it needs, in order of use.
        ops: The documented calls behind it.
        cases: Argument tuples, the documented one first.
        parts: Parts of naturalness known so far.
        returns: Annotation of the result where it is known before anything runs.
        classes: Definitions that stand before the function.
    """

    pattern: str
    name: str
    title: str
    parameters: tuple[Parameter, ...]
    imports: tuple[str, ...]
    lines: tuple[str, ...]
    result: str
    steps: tuple[str, ...]
    outcome: str
    apis: tuple[Api, ...]
    ops: tuple[Op, ...]
    cases: tuple[tuple[Any, ...], ...]
    parts: Mapping[str, float] = field(default_factory=dict)
    returns: str = ""
    classes: tuple[str, ...] = ()

    def signature(self, returns: str) -> str:
        """The pinned line.

        Args:
            returns: Annotation of the result.
        """
        parameters = ", ".join(f"{p.name}: {p.annotation}" for p in self.parameters)
        return f"def {self.name}({parameters}) -> {returns}:"

    def source(self, returns: str = "object") -> str:
        """The module."""
        direct = sorted(line for line in set(self.imports) if line.startswith("import "))
        names: dict[str, set[str]] = {}
        for line in self.imports:
            if line.startswith("from "):
                module, _, name = line.removeprefix("from ").partition(" import ")
                names.setdefault(module, set()).add(name)
        taken = [f"from {module} import {', '.join(sorted(names[module]))}" for module in sorted(names)]
        head = "\n".join([*direct, *taken])
        body = "\n".join(f"    {line}" for line in (*self.lines, f"return {self.result}"))
        function = f'{self.signature(returns)}\n    """{self.title}."""\n{body}\n'
        return "\n\n\n".join((head, *self.classes, function))
