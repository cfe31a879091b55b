"""Decides which drafts are worth the proof: they are run on all their cases, then taken apart.

What passes here nearly always passes the proof. Nothing in here is a verdict.
"""

from __future__ import annotations

import asyncio
import builtins
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from dreamer_app.oracle.model import NodeKind
from dreamer_app.sandbox.literals import entropy
from dreamer_app.weaver.recorded_weaver.drafts import Draft
from dreamer_app.weaver.recorded_weaver.ops import Spelling
from dreamer_app.weaver.recorded_weaver.rehearsal import ENOUGH, Altered, Outcome, Program, Rehearsed, Stage
from dreamer_app.weaver.recorded_weaver.spices import Spiced, empty_result, odd_cases
from dreamer_app.weaver.recorded_weaver.values import freeze, is_plain, join, shape
from dreamer_app.weaver.recorded_weaver.variants import Changed, mutant_count, variants

SKETCHED = 6
"""Cases that show whether a draft runs at all."""
MIN_CASES = 8
MIN_DISTINCT = 5
MAX_EMPTY = 0.4
"""Largest share of empty results."""
MIN_KILLED = 0.92
MIN_MUTANTS = 9
"""The proof wants eight."""
MAX_TESTED = 12
MIN_BITS = 48.0
"""Of all expected values together; the proof wants 32."""
OTHER_HASH_SEED = 4711


@dataclass(frozen=True)
class Screened:
    """A draft that is worth the proof.

    Attributes:
        draft: The program.
        returns: Annotation of its result.
        cases: Argument tuples and results to test, the documented one first.
        errors: Argument tuples and names of exceptions.
        necessary: Keys of the APIs whose ablation changed results.
        killed: Share of own mutants that the cases notice.
    """

    draft: Draft
    returns: str
    cases: tuple[tuple[tuple[Any, ...], Any], ...]
    errors: tuple[tuple[tuple[Any, ...], str], ...]
    necessary: tuple[str, ...]
    killed: float


@dataclass
class Screen:
    """The screening of drafts.

    Attributes:
        stage: Where they run.
        spelling: How APIs are written.
        dropped: How many drafts fell, by reason.
        least: Own mutants that a draft must have.
    """

    stage: Stage
    spelling: Spelling
    dropped: Counter[str]
    least: int = MIN_MUTANTS

    async def sketch(self, drafts: Sequence[Draft]) -> list[Spiced]:
        """The drafts that run at all, with the shape of their results and what they mind.

        Raises:
            InfrastructureError: No worker could be had.
        """
        odd = [odd_cases(draft) for draft in drafts]
        programs = [
            Program(str(n), draft.source(), draft.name, (*draft.cases[:SKETCHED], *chain(*odd[n].values())))
            for n, draft in enumerate(drafts)
        ]
        ran = await self.stage.rehearse(programs)
        kept: list[Spiced] = []
        for number, draft in enumerate(drafts):
            outcomes = ran[str(number)].outcomes if str(number) in ran else ()
            usual, rest = outcomes[: len(draft.cases[:SKETCHED])], outcomes[len(draft.cases[:SKETCHED]) :]
            values = [outcome.value for outcome in usual if outcome.ok]
            result = join(shape(value) for value in values)
            if len(values) < len(draft.cases[:SKETCHED]) // 2 or not annotation(result):
                self.dropped["does not run"] += 1
            elif len({repr(freeze(value)) for value in values}) < 2:
                self.dropped["results are too much alike"] += 1
            else:
                kept.append(Spiced(draft, result, _minds(odd[number], usual, rest, result)))
        return kept

    async def screen(self, drafts: Sequence[Draft]) -> list[Screened]:
        """The drafts worth the proof, in order.

        Raises:
            InfrastructureError: No worker could be had.
        """
        rich = [draft for draft in drafts if mutant_count(draft.source()) >= self.least]
        self.dropped["too few mutants"] += len(drafts) - len(rich)
        drafts = rich
        programs = [Program(str(n), draft.source(), draft.name, draft.cases) for n, draft in enumerate(drafts)]
        ran = await self.stage.rehearse(programs)
        alive: dict[int, tuple[str, list[int]]] = {}
        for number, draft in enumerate(drafts):
            reason, returns, good = _first_look(draft, ran.get(str(number)))
            if reason:
                self.dropped[reason] += 1
            else:
                alive[number] = (returns, good)
        if not alive:
            return []
        kept = await self._take_apart(drafts, alive, ran)
        return await self._repeat(kept)

    async def _take_apart(
        self, drafts: Sequence[Draft], alive: Mapping[int, tuple[str, list[int]]], ran: Mapping[str, Rehearsed]
    ) -> list[Screened]:
        changed: dict[str, tuple[int, Changed]] = {}
        programs: list[Altered] = []
        for number in alive:
            draft = drafts[number]
            cases = tuple(draft.cases[i] for i in alive[number][1])
            for place, variant in enumerate(await asyncio.to_thread(list, variants(draft, self._spelled(draft)))):
                key = f"{number}:{place}"
                changed[key] = (number, variant)
                programs.append(Altered(key, variant.source, draft.name, cases, draft.source()))
        differing = await self.stage.compare(programs)
        kept: list[Screened] = []
        for number, (returns, good) in alive.items():
            draft = drafts[number]
            expected = [ran[str(number)].outcomes[i] for i in good]
            everywhere = frozenset(range(len(expected)))  # what does not even run is noticed by every case
            noticed = {key: differing.get(key, everywhere) for key, (owner, _) in changed.items() if owner == number}
            verdict = self._verdict(draft, {key: changed[key][1] for key in noticed}, noticed)
            if isinstance(verdict, str):
                self.dropped[verdict] += 1
                continue
            necessary, killed = verdict
            chosen = _choose(expected, noticed)
            cases_kept = tuple((draft.cases[good[i]], expected[i].value) for i in chosen)
            errors = _errors(draft, ran[str(number)])
            if sum(entropy(value) for _, value in cases_kept) < MIN_BITS:
                self.dropped["results are easy to guess"] += 1
                continue
            kept.append(Screened(draft, returns, cases_kept, errors, necessary, killed))
        return kept

    def _verdict(
        self, draft: Draft, changed: Mapping[str, Changed], noticed: Mapping[str, frozenset[int]]
    ) -> tuple[tuple[str, ...], float] | str:
        necessary = [
            variant.about
            for key, variant in changed.items()
            if variant.kind == "ablation" and len(noticed[key]) >= ENOUGH
        ]
        if len(necessary) < max(2, len(draft.apis)):
            return "an API is not needed"
        for parameter in draft.parameters:
            keys = [k for k, v in changed.items() if v.kind == "parameter" and v.about.startswith(f"{parameter.name}:")]
            if not any(noticed[key] for key in keys):
                return "a parameter does not matter"
        mutants = [key for key, variant in changed.items() if variant.kind == "mutant"]
        killed = sum(bool(noticed[key]) for key in mutants) / len(mutants) if mutants else 0.0
        if len(mutants) < self.least:
            return "too few mutants"
        return (tuple(necessary), killed) if killed >= MIN_KILLED else "mutants survive"

    async def _repeat(self, kept: Sequence[Screened]) -> list[Screened]:
        """Only what gives the same results in a fresh interpreter with another hash seed."""
        programs = [
            Program(str(n), one.draft.source(), one.draft.name, tuple(case for case, _ in one.cases))
            for n, one in enumerate(kept)
        ]
        again = await self.stage.rehearse(programs, hash_seed=OTHER_HASH_SEED) if kept else {}
        same: list[Screened] = []
        for number, one in enumerate(kept):
            found = again.get(str(number))
            values = [freeze(outcome.value) for outcome in found.outcomes] if found else []
            if values == [freeze(value) for _, value in one.cases]:
                same.append(one)
            else:
                self.dropped["depends on the hash seed"] += 1
        return same

    def _spelled(self, draft: Draft) -> dict[str, str]:
        return {
            api.key: f".{api.key.rpartition('.')[2]}" if api.kind is NodeKind.METHOD else self.spelling.name(api)
            for api in draft.apis
        }


def _minds(
    odd: Mapping[str, Sequence[Any]], usual: Sequence[Outcome], rest: Sequence[Outcome], result: str
) -> frozenset[str]:
    """The odd things about which a draft does something else than about the usual ones."""
    found: set[str] = set()
    start = 0
    for name, cases in odd.items():
        answers, start = rest[start : start + len(cases)], start + len(cases)
        if name == "empty":
            empty = empty_result(result)
            if empty is not None and any(not one.ok or repr(one.value) != empty for one in answers):
                found.add(name)
        elif any(
            one.ok and (not other.ok or freeze(one.value) != freeze(other.value))
            for one, other in zip(usual, answers, strict=False)
        ):
            found.add(name)
    return frozenset(found)


def _first_look(draft: Draft, ran: Rehearsed | None) -> tuple[str, str, list[int]]:
    if ran is None or not ran.outcomes:
        return "does not run", "", []
    if ran.deprecated:
        return "deprecated", "", []
    good = [i for i, outcome in enumerate(ran.outcomes) if outcome.ok and is_plain(outcome.value)]
    if len(good) < MIN_CASES or not ran.outcomes[0].ok or good[0] != 0:
        return "too few cases work", "", []
    values = [ran.outcomes[i].value for i in good]
    if len({repr(freeze(value)) for value in values}) < MIN_DISTINCT:
        return "results are too much alike", "", []
    empty = sum(value in ([], {}, (), "", None, 0, False) for value in values)
    if empty > MAX_EMPTY * len(values) or values[0] in ([], {}, (), "", None):
        return "results are mostly empty", "", []
    returns = draft.returns or annotation(join(shape(value) for value in values))
    if not returns:
        return "results have no clear type", "", []
    arguments = [draft.cases[i][0] for i in good]
    if any(
        all(shortcut(one) == value for one, value in zip(arguments, values, strict=True)) for shortcut in _SHORTCUTS
    ):
        return "a builtin does the same", "", []
    return "", returns, good


def annotation(text: str) -> str:
    """A shape as an annotation; empty when it says nothing."""
    for vague, plain in (("list[Any]", "list"), ("dict[Any, Any]", "dict"), ("tuple[Any, ...]", "tuple")):
        text = text.replace(vague, plain)
    return "" if "Any" in text or "?" in text else text


def _choose(expected: Sequence[Outcome], noticed: Mapping[str, frozenset[int]]) -> list[int]:
    """The documented case, those that notice what no other does, then the most different results."""
    chosen = [0]
    open_variants = [cases for cases in noticed.values() if cases and 0 not in cases]
    while open_variants and len(chosen) < MAX_TESTED:
        counts = Counter(i for cases in open_variants for i in cases)
        best = min(counts, key=lambda i: (-counts[i], i))
        chosen.append(best)
        open_variants = [cases for cases in open_variants if best not in cases]
    seen = {repr(freeze(expected[i].value)) for i in chosen}
    fresh = [i for i in range(len(expected)) if i not in chosen and repr(freeze(expected[i].value)) not in seen]
    rest = [i for i in range(len(expected)) if i not in chosen and i not in fresh]
    for i in fresh:
        if len(chosen) < MAX_TESTED and repr(freeze(expected[i].value)) not in seen:
            seen.add(repr(freeze(expected[i].value)))
            chosen.append(i)
    chosen += rest[: max(0, MIN_CASES - len(chosen))]
    return chosen


def _errors(draft: Draft, ran: Rehearsed) -> tuple[tuple[tuple[Any, ...], str], ...]:
    """Cases that raise what the documentation announces, with the exception's dotted path."""
    found: list[tuple[tuple[Any, ...], str]] = []
    for place, outcome in enumerate(ran.outcomes):
        if outcome.kind != "raised" or not outcome.error:
            continue
        name = outcome.error[0]
        for api in draft.apis:
            if name in {announced.rpartition(".")[2] for announced in api.raises}:
                builtin = isinstance(getattr(builtins, name, None), type)
                path = name if builtin else f"{api.key.partition('.')[0]}.{name}"
                found.append((draft.cases[place], path))
                break
    same = [one for one in found if one[1] == found[0][1]]
    return tuple(same[:2])


def _same(value: Any) -> Any:
    return value


_NOTHING = object()
_Shortcut = Callable[[Any], Any]


def _guarded(function: _Shortcut) -> _Shortcut:
    def call(value: Any) -> Any:
        try:
            return function(value)
        except Exception:  # a shortcut that fails is no shortcut
            return _NOTHING

    return call


_PLAIN_PYTHON: tuple[_Shortcut, ...] = (
    _same,
    sorted,
    len,
    lambda v: v[::-1],
    lambda v: list(dict.fromkeys(v)),
    lambda v: dict(Counter(v)),
    lambda v: sorted(v, reverse=True),
    lambda v: sorted(set(v)),
    lambda v: [len(one) for one in v],
    lambda v: [str(one) for one in v],
    lambda v: [one.lower() for one in v],
    lambda v: [one.upper() for one in v],
    lambda v: [one.strip() for one in v],
    sum,
    max,
    min,
)
_SHORTCUTS = [_guarded(function) for function in _PLAIN_PYTHON]
"""What Python can do by itself; a task that one of them solves needs no library."""
