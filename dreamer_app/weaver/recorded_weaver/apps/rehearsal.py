"""Runs a drafted app in a weave worker: records what its tests observe, and drops what would not survive the proof.

Cheap checks only: two interpreters must agree, every line must be run, every API must be missed when it is taken away,
and the app must not pass without its handlers. The proof itself is the Guardian's.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dreamer_app.oracle.model import Api
from dreamer_app.sandbox.blind import BlindTests, blind, judge
from dreamer_app.sandbox.jobs import BatteryJob, Variant
from dreamer_app.weaver.recorded_weaver.apps.draft import Draft
from dreamer_app.weaver.recorded_weaver.family import Loom
from dreamer_app.weaver.recorded_weaver.recording import RUNS, recorded

WALL = 20.0
"""Seconds for one run of all tests; they take about one on an idle machine."""


@dataclass(frozen=True)
class Rehearsed:
    """A draft that behaved.

    Attributes:
        solution: Source of `solution.py`.
        tests: With recorded values.
        necessary: Keys of the APIs that were missed.
        seconds: Of the two plain runs together.
    """

    solution: str
    tests: str
    necessary: tuple[str, ...]
    seconds: float


class Rehearsal:
    """Rehearses drafts on a loom.

    Args:
        loom: Where they run.
    """

    def __init__(self, loom: Loom) -> None:
        self._loom = loom
        self.dropped: Counter[str] = Counter()

    async def rehearse(self, draft: Draft, apis: Sequence[Api]) -> Rehearsed | None:
        """Record a draft; None when it is not worth a proof.

        Raises:
            InfrastructureError: No worker could be had.
        """
        solution, tests = draft.solution(), draft.tests()
        halves = blind(tests)
        job = BatteryJob(solution=solution, tests=halves.source, test_names=halves.test_names, variants=RUNS, wall=WALL)
        first, second = (await self._loom.battery(job)).variants
        whole = recorded(tests, first, second, self.dropped)
        if whole is None:
            return None
        known = blind(whole)
        idle = Variant(id="idle", solution=_idle(solution, draft.name))
        answers = await self._loom.battery(job.model_copy(update={"variants": (idle,)}))
        if len(judge(known, answers.variants[0]).failures) * 3 < 2 * len(halves.test_names):
            self.dropped["passes without its handlers"] += 1
            return None
        necessary = await self._necessary(job, known, solution, apis)
        return Rehearsed(solution, whole, necessary, first.seconds + second.seconds)

    async def _necessary(
        self, job: BatteryJob, known: BlindTests, solution: str, apis: Sequence[Api]
    ) -> tuple[str, ...]:
        """Which APIs are missed; one test each is tried first, all of them only for what that one does not miss."""
        open_ones = {api.key: changed for api in apis if (changed := without(solution, api)) is not None}
        missed: set[str] = set()
        for names in (known.test_names[1:2], known.test_names):
            variants = tuple(Variant(id=key, solution=changed, test_names=names) for key, changed in open_ones.items())
            if not variants:
                break
            answers = (await self._loom.battery(job.model_copy(update={"variants": variants}))).variants
            missed |= {answer.id for answer in answers if not judge(known, answer, names).passed}
            open_ones = {key: changed for key, changed in open_ones.items() if key not in missed}
        return tuple(api.key for api in apis if api.key in missed)


def _idle(solution: str, name: str) -> str:
    """The app with everything on the screen and nothing behind it."""
    tree = ast.parse(solution)
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name not in ("compose", "__init__"):
                    item.body = [ast.Pass()]
    return ast.unparse(tree)


def without(solution: str, api: Api) -> str | None:
    """The solution with an API that fails when it is touched; None when nothing refers to it."""
    tree = ast.parse(solution)
    remover = _Remover(api, _imported(tree))
    tree = remover.visit(tree)
    return ast.unparse(ast.fix_missing_locations(tree)) if remover.found else None


def _imported(tree: ast.Module) -> dict[str, str]:
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


class _Remover(ast.NodeTransformer):
    """Replaces the uses of one API by a division by zero; annotations are left alone."""

    def __init__(self, api: Api, imported: dict[str, str]) -> None:
        self._paths = {api.key, *api.aliases}
        self._member = api.key.rpartition(".")[2] if api.kind.value in ("method", "attribute") else ""
        self._imported = imported
        self.found = False

    def _is(self, node: ast.expr) -> bool:
        root, _, rest = ast.unparse(node).partition(".")
        path = self._imported.get(root)
        return path is not None and (f"{path}.{rest}" if rest else path) in self._paths

    def visit_Name(self, node: ast.Name) -> ast.AST:  # ast dictates the name
        return self._gone() if isinstance(node.ctx, ast.Load) and self._is(node) else node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:  # ast dictates the name
        if isinstance(node.ctx, ast.Load) and (node.attr == self._member or self._is(node)):
            return self._gone()
        self.generic_visit(node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:  # ast dictates the name
        target = node.targets[0]
        if self._member and isinstance(target, ast.Attribute) and target.attr == self._member:
            return ast.Expr(self._gone())
        self.generic_visit(node)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:  # ast dictates the name
        if node.name == self._member:
            node.body = [ast.Expr(self._gone())]
            return node
        node.body = [self.visit(item) for item in node.body]
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        return node

    def _gone(self) -> ast.expr:
        self.found = True
        return ast.BinOp(ast.Constant(1), ast.Div(), ast.Constant(0))
