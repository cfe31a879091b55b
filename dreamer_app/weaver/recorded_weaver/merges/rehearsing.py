"""Runs features and merged apps in a weave worker: finds out what can be seen, drops what nobody would miss, records.

It predicts the proof and shares nothing with it.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dreamer_app.core.errors import DreamerError
from dreamer_app.oracle.model import Api
from dreamer_app.sandbox.blind import BlindTests, blind, judge, record
from dreamer_app.sandbox.canonical import Opaque, Raised, decode
from dreamer_app.sandbox.jobs import BatteryJob, TestRun, Variant, VariantResult
from dreamer_app.sandbox.literals import LiteralError
from dreamer_app.weaver.recorded_weaver.apps.rehearsal import without
from dreamer_app.weaver.recorded_weaver.family import Loom
from dreamer_app.weaver.recorded_weaver.merges.harvest import APP, Feature, Function
from dreamer_app.weaver.recorded_weaver.merges.merging import merge
from dreamer_app.weaver.recorded_weaver.merges.script import (
    Facet,
    Scene,
    Step,
    exploration,
    facets,
    steps,
    written_tests,
)
from dreamer_app.weaver.recorded_weaver.recording import RUNS, recorded

WALL = 30.0
"""Seconds for one run of all tests."""
MAX_VALUE = 700
"""Characters of a value that a person still reads."""
BATCH = 24


@dataclass(frozen=True)
class Known:
    """A feature that was seen working.

    Attributes:
        feature: Shrunk to what can be seen.
        start: What is worth looking at when nothing happened yet.
        acts: Steps, each with what it changed.
        live: Everything that some step changed.
        steady: Everything that could be seen after every step.
    """

    feature: Feature
    start: tuple[Facet, ...]
    acts: tuple[tuple[Step, tuple[Facet, ...]], ...]
    live: tuple[Facet, ...]
    steady: tuple[Facet, ...] = ()


class Rehearsing:
    """Rehearses on a loom, with a tally of what was dropped."""

    def __init__(self, loom: Loom) -> None:
        self._loom = loom
        self.dropped: Counter[str] = Counter()

    async def learn(self, feature: Feature) -> Known | None:
        """What a feature does by itself; None when it does too little, or not the same again.

        Raises:
            InfrastructureError: No worker could be had.
        """
        for thorough in (False, True):
            known, complete = await self._explore(feature, thorough)
            if known is None:
                return None
            if complete:
                return await self._shrunk(known)
        self.dropped["feature: not every branch is taken"] += 1
        return None

    async def _explore(self, feature: Feature, thorough: bool) -> tuple[Known | None, bool]:
        script, looks = steps(feature, thorough), facets(feature)
        solution = merge((feature,), None, APP)
        if not script or solution is None:
            self.dropped["feature: nothing to do"] += 1
            return None, False
        variant = Variant(id="plain", coverage=True)
        job = BatteryJob(
            solution=solution,
            tests=exploration(script, looks),
            test_names=("test_explore",),
            variants=(variant,),
            wall=WALL,
        )
        result = (await self._loom.battery(job)).variants[0]
        run = result.tests.get("test_explore")
        if result.status != "finished" or run is None or run.outcome != "finished":
            self.dropped["feature: does not run"] += 1
            return None, False
        covered = result.coverage
        complete = covered is None or not (covered.missing_lines or covered.missing_branches)
        known = _read(feature, script, looks, run)
        if known is None:
            self.dropped["feature: nothing changes"] += 1
        return known, complete

    async def _shrunk(self, known: Known) -> Known | None:
        """Without the statements and arguments that nobody would miss."""
        tests = written_tests(APP, solo_scenes(known, everything=True))
        source, solution = known.feature.source, merge((known.feature,), None, APP)
        if solution is None:
            return None
        base = (await self._run(solution, tests, [Variant(id="plain")]))[0]
        try:
            halves = blind(record(tests, base))
        except (DreamerError, LiteralError):
            self.dropped["feature: not the same again"] += 1
            return None
        smaller = {str(number): text for number, text in enumerate(smaller_sources(source))}
        chosen = [int(number) for number in await self._unmissed(known, halves, tests, smaller)]
        for group in (chosen, chosen[: len(chosen) // 2], chosen[:1]):
            together = without_all(source, group)
            if group and await self._unmissed(known, halves, tests, {"all": together}):
                return replace(known, feature=replace(known.feature, source=together))
        return known

    async def _unmissed(self, known: Known, halves: BlindTests, tests: str, sources: dict[str, str]) -> list[str]:
        variants = []
        for number, source in sources.items():
            solution = merge((replace(known.feature, source=source),), None, APP)
            if solution is not None:
                variants.append(Variant(id=number, solution=solution))
        results = await self._run("", tests, variants)
        return [result.id for result in results if judge(halves, result).passed]

    async def _run(self, solution: str, tests: str, variants: Sequence[Variant]) -> list[VariantResult]:
        halves = blind(tests)
        found: list[VariantResult] = []
        for start in range(0, len(variants), BATCH):
            job = BatteryJob(
                solution=solution,
                tests=halves.source,
                test_names=halves.test_names,
                variants=tuple(variants[start : start + BATCH]),
                wall=WALL,
            )
            found += (await self._loom.battery(job)).variants
        return found

    async def rehearse(self, solution: str, tests: str, name: str, apis: Sequence[Api]) -> tuple[str, list[Api]] | None:
        """Record the tests of a merged app; None when they would not survive the proof.

        Returns:
            The tests with values, and the APIs that were missed when they were taken away.

        Raises:
            InfrastructureError: No worker could be had.
        """
        first, second = await self._run(solution, tests, RUNS)
        whole = recorded(tests, first, second, self.dropped)
        if whole is None:
            return None
        known = blind(whole)
        changed = {f"idle:{n}": source for n, source in enumerate(idle_sources(solution, name))}
        changed |= {api.key: source for api in apis if (source := without(solution, api)) is not None}
        results = await self._run(solution, tests, [Variant(id=k, solution=v) for k, v in changed.items()])
        passed = {result.id for result in results if judge(known, result).passed}
        if any(key.startswith("idle:") for key in passed):
            self.dropped["a handler is not missed"] += 1
            return None
        return whole, [api for api in apis if api.key in changed and api.key not in passed]


def _read(feature: Feature, script: Sequence[Step], looks: Sequence[Facet], run: TestRun) -> Known | None:
    seen: list[dict[int, object]] = []
    for place in range(len(script) + 1):
        row: dict[int, object] = {}
        for number in range(len(looks)):
            values = run.values.get(f"{place}:{number}", ())
            value = decode(values[0]) if values else None
            if values and not isinstance(value, Opaque | Raised) and len(repr(value)) <= MAX_VALUE:
                row[number] = value
        seen.append(row)
    steady = set.intersection(*(set(row) for row in seen))
    acts: list[tuple[Step, tuple[Facet, ...]]] = []
    live: dict[int, None] = {}
    for number, step in enumerate(script, 1):
        changed = [n for n in sorted(steady) if seen[number][n] != seen[number - 1][n]]
        live |= dict.fromkeys(changed)
        acts.append((step, tuple(looks[n] for n in sorted({*changed, *_own(step, looks, steady)}))))
    if not live:
        return None
    watched = tuple(looks[n] for n in sorted(live))
    whole = tuple((step, changed or watched[:2]) for step, changed in acts)
    telling = tuple(
        looks[n] for n in sorted(steady) if n in live or seen[0][n] not in (None, "", [], False, 0, "#000000")
    )
    plain = tuple(f for f in telling if ".styles.background" not in f.expression or f in watched)
    return Known(feature, plain, whole, watched, tuple(looks[n] for n in sorted(steady)))


def _own(step: Step, looks: Sequence[Facet], steady: set[int]) -> set[int]:
    """The value of the widget that was used: that it stayed as it was may be what the program is about."""
    return {n for n in steady if step.widget and looks[n].expression == f'app.query_one("#{step.widget}").value'}


def solo_scenes(known: Known, *, everything: bool = False) -> list[Scene]:
    """The tests of a feature by itself; `everything` looks at all that could be seen after every step."""
    if everything:
        acts = tuple((step, known.steady) for step, _ in known.acts)
        return [Scene("story", ((None, (tree_facet(), *known.steady)), *acts))]
    return [
        Scene("start", ((None, (tree_facet(), *known.start)),)),
        Scene("story", ((None, ()), *known.acts)),
    ]


def tree_facet() -> Facet:
    """The identifiers on the screen, in order."""
    return Facet(
        "[w.id for w in app.screen.walk_children() if w.id and w.id[0] != '-']", "the identifiers on the screen"
    )


def idle_sources(solution: str, name: str) -> Iterator[str]:
    """The app with one of its methods doing nothing, one after the other."""
    tree = ast.parse(solution)
    app = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    for item in app.body:
        if isinstance(item, Function) and item.name not in ("compose", "__init__"):
            body, item.body = item.body, [ast.Pass()]
            yield ast.unparse(tree)
            item.body = body


def smaller_sources(source: str) -> list[str]:
    """The program with one thing less, one after the other."""
    return [without_all(source, [number]) for number in range(len(_places(ast.parse(source))))]


def without_all(source: str, numbers: Sequence[int]) -> str:
    """The program without several of the things that could go."""
    tree = ast.parse(source)
    places = _places(tree)
    for number in numbers:
        owner, field, node = places[number]
        kept = [item for item in getattr(owner, field) if item is not node]
        setattr(owner, field, kept or ([ast.Pass()] if field in ("body", "orelse") else []))
        if field == "orelse" and kept == []:
            owner.orelse = []  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            node.body = [item for item in node.body if not _hollow(item)] or [ast.Pass()]
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _hollow(item: ast.stmt) -> bool:
    return isinstance(item, Function) and all(isinstance(line, ast.Pass) for line in item.body)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _places(tree: ast.Module) -> list[tuple[ast.AST, str, ast.AST]]:
    found: list[tuple[ast.AST, str, ast.AST]] = []
    for node in ast.walk(tree):
        for field in ("body", "orelse"):
            for item in getattr(node, field, None) or () if not isinstance(node, ast.Lambda | ast.IfExp) else ():
                if isinstance(getattr(item, "value", None), ast.Yield):
                    continue
                if isinstance(item, ast.Expr | ast.AugAssign | ast.Assign | ast.If | ast.For | Function) and not (
                    isinstance(item, Function) and item.name == "compose"
                ):
                    found.append((node, field, item))
        if isinstance(node, ast.Call) and not re.fullmatch(r"query_one|on|reactive|write|update", _called(node)):
            found += [(node, "keywords", k) for k in node.keywords if k.arg not in (None, "id")]
    return found
