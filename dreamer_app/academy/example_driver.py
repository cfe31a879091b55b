"""Documentation examples as programs of single steps, and the test module that runs such a program in a worker.

An example runs as its readers would run it: a docstring's among the names of its module, a page's and a program's as
`__main__`. Text applications are started without a terminal. Nothing is judged here.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass

from dreamer_app.oracle.model import Example
from dreamer_app.sandbox.jobs import Variant

TEST = "test_example"
WALL = 10.0
"""Seconds for one example."""


@dataclass(frozen=True)
class Step:
    """One statement.

    Attributes:
        source: As in the documentation.
        want: What the documentation shows that it prints, empty where nothing is compared.
        before: It belongs to an earlier example; whatever it does is not looked at.
    """

    source: str
    want: str = ""
    before: bool = False


def steps_of(example: Example) -> tuple[Step, ...]:
    """An example, with what it needs of earlier ones, statement by statement."""
    setup = _statements(example.setup)
    if example.form == "doctest":
        own = [Step(one.source, one.want) for one in example.statements]
    else:
        # the setup of a block holds statements of its page only, so that a program is its own first statements
        own = [Step(source) for source in _statements(example.code)]
    return (*(Step(source) for source in setup), *own)


def in_context(example: Example, others: Sequence[Example]) -> tuple[Step, ...]:
    """A doctest after all that stands before it in the same docstring or page, as doctest itself runs it."""
    if example.form != "doctest":
        return steps_of(example)
    place = (example.file, example.owner)
    earlier = sorted(
        (one for one in others if (one.file, one.owner) == place and one.form == "doctest" and one.line < example.line),
        key=lambda one: one.line,
    )
    setup = [Step(source, before=True) for one in (*earlier, example) for source in _statements(one.setup)]
    before = [Step(statement.source, before=True) for one in earlier for statement in one.statements]
    return (*dict.fromkeys(setup), *before, *(Step(one.source, one.want) for one in example.statements))


def variant_of(identifier: str, steps: Sequence[Step], owner: str | None) -> Variant:
    """The run of some steps.

    Args:
        identifier: Of the run.
        steps: In their order.
        owner: Dotted path of the API whose docstring they are in, None for pages and programs.
    """
    program = json.dumps([[step.source, step.want, step.before] for step in steps])
    head = f"STEPS, OWNER = json.loads({program!r}), {owner!r}\n"
    return Variant(id=identifier, tests=f"import json\n{head}{_DRIVER}", test_names=(TEST,), wall=WALL)


def as_program(steps: Sequence[Step]) -> str:
    """Steps as a person would try them, with what the documentation shows as comments."""
    lines = []
    for step in steps:
        lines.append(step.source.rstrip())
        lines += [f"# documented: {line}" for line in step.want.rstrip().splitlines()]
    return "\n".join(lines) + "\n"


def _statements(source: str) -> list[str]:
    """The source of each top-level statement, decorators and all."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    lines = source.splitlines(keepends=True)
    found: list[tuple[int, int]] = []
    for node in tree.body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
        if node.col_offset or (found and first <= found[-1][1]):  # two statements in one line stay together
            if found:
                found[-1] = (found[-1][0], node.end_lineno or node.lineno)
            continue
        found.append((first, node.end_lineno or node.lineno))
    return ["".join(lines[first - 1 : last]) for first, last in found]


_DRIVER = """
import __future__
import contextlib
import doctest
import importlib
import io
import re
import sys
import types

FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_ERROR = re.compile(r"[A-Za-z_][A-Za-z_.0-9]*\\s*(:|$)")
FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


class Differs(Exception):
    pass


class Step(Exception):
    pass


def _names(owner):
    # The names that a docstring's example may use: those of the module that its owner was written in.
    parts = owner.split(".")
    for n in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:n]))
        except ImportError:
            continue
        for name in parts[n:]:
            found = getattr(found, name, found)
        home = sys.modules.get(getattr(found, "__module__", None) or "", found)
        return dict(vars(home)) if isinstance(home, types.ModuleType) else {}
    return {}


def _without_terminal():
    app = sys.modules.get("textual.app")
    if app is None:
        return

    def run(self, *_, **__):
        import asyncio

        async def live():
            async with self.run_test() as pilot:
                await pilot.pause()

        asyncio.run(live())

    app.App.run = run


def _plain(text):
    return re.sub(r"0x[0-9a-fA-F]+", "0x…", text)


def _compare(n, want, got, error):
    if want.lstrip().startswith("Traceback"):
        said = next((line for line in want.strip().splitlines()[1:] if _ERROR.match(line)), "")
        if error is None:
            raise Differs(f"step {n}: nothing was raised; documented: {said[:120]}")
        documented = said.partition(":")[0].rpartition(".")[2]
        if documented not in {kind.__name__ for kind in type(error).__mro__}:
            raise error
    elif error is not None:
        raise error
    elif want.strip() and not doctest.OutputChecker().check_output(_plain(want), _plain(got), FLAGS):
        raise Differs(f"step {n}: documented {want.strip()[:180]!r}, got {got.strip()[:180]!r}")


def test_example():
    module = types.ModuleType("__main__")
    module.__file__ = "/job/solution.py"
    sys.modules["__main__"], sys.argv = module, ["example"]
    if OWNER:
        vars(module).update(_names(OWNER), __name__="__main__")
    flags = 0
    for n, (source, want, before) in enumerate(STEPS):
        out, error = io.StringIO(), None
        _without_terminal()
        try:
            with contextlib.redirect_stdout(out):
                code = compile(source, f"step {n}", "single" if want else "exec", flags, dont_inherit=True)
                flags |= code.co_flags & FUTURES
                exec(code, vars(module))
        except SystemExit as left:
            if left.code:
                raise
            return
        except Exception as caught:
            error = caught
        if before:
            continue
        try:
            _compare(n, want, out.getvalue(), error)
        except Differs:
            raise
        except Exception as raised:
            raise Step(f"{n}|{type(raised).__name__}|{raised}") from raised
"""
