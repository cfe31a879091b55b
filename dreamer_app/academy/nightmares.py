"""Nightmares: documentation examples that do not run although nothing is missing, each with a minimal reproduction.

What needs a network, a file, another package or a reader's own names is no nightmare, nor is what fails differently
every time; it is counted apart, because nobody knows whether it would run. Running is others' matter: jobs go out,
results come back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from dreamer_app.academy.example_driver import TEST, WALL, Step, as_program, in_context, steps_of, variant_of
from dreamer_app.core.errors import WorkerLostError
from dreamer_app.core.types import LibraryPin
from dreamer_app.oracle.model import Example
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, Variant, VariantResult
from dreamer_app.store.nightmares import Nightmare

BATCH = 12
"""Examples of one job: what a lost worker costs is bounded by it."""
LONGEST_MINIMAL = 40
"""Steps from which an example is only cut behind the one that fails, and not made smaller."""

Run = Callable[[BatteryJob], Awaitable[BatteryResult]]

_NEEDS = frozenset(
    {
        "ConnectError",
        "ConnectionError",
        "ConnectionRefusedError",
        "EOFError",
        "FileNotFoundError",
        "HTTPError",
        "IsADirectoryError",
        "ModuleNotFoundError",
        "NotADirectoryError",
        "OSError",
        "PermissionError",
        "SkipTest",
        "SystemExit",
        "TimeoutError",
        "URLError",
        "UnsupportedOperation",
        "gaierror",
    }
)
"""What an example raises that lacks a network, a file, a package, a terminal or an argument."""


@dataclass(frozen=True)
class Outcome:
    """What became of one run.

    Attributes:
        why: Empty when it held, else `raises`, `differs`, `hangs` or `crashes`.
        kind: Name of the exception.
        error: In words.
        step: Which step failed, None when unknown.
    """

    why: str = ""
    kind: str = ""
    error: str = ""
    step: int | None = None


async def examine(
    examples: Sequence[Example], pin: LibraryPin, run: Run, told: Callable[[int], None]
) -> tuple[tuple[Nightmare, ...], Counter[str]]:
    """Run examples and collect those that are broken.

    Args:
        examples: Of one library.
        pin: The library at the version that the workers have.
        run: Runs a job in a worker.
        told: Hears how many are done.

    Returns:
        The nightmares, and the examples counted by what became of them.

    Raises:
        InfrastructureError: No worker can be had.
    """
    found: list[Nightmare] = []
    counts: Counter[str] = Counter()
    done = 0
    for group in _groups(examples):
        steps = {one.key: steps_of(one) for one in group}
        files = {name: text for one in group for name, text in one.companions.items()}
        variants = [variant_of(one.key, steps[one.key], one.owner) for one in group]
        outcomes = await _outcomes(variants, files, run)
        broken = [one for one in group if _judge(outcomes[one.key], pin) == "broken"]
        again = [variant_of(one.key, in_context(one, examples), one.owner) for one in broken]
        later = await _outcomes(again, files, run) if again else {}
        for one in group:
            verdict = _confirmed(outcomes[one.key], later.get(one.key), pin)
            counts[verdict] += 1
            if verdict == "broken":
                found.append(await _nightmare(one, steps[one.key], outcomes[one.key], pin, run))
        done += len(group)
        told(done)
    return tuple(found), counts


def _groups(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """Examples in batches whose companions do not get in each other's way."""
    group: list[Example] = []
    files: dict[str, str] = {}
    for one in examples:
        clash = any(files.get(name, text) != text for name, text in one.companions.items())
        if group and (clash or len(group) >= BATCH):
            yield group
            group, files = [], {}
        group.append(one)
        files |= one.companions
    if group:
        yield group


async def _outcomes(variants: Sequence[Variant], files: dict[str, str], run: Run) -> dict[str, Outcome]:
    """Run all; when the worker is lost over several, each half again, so that only the guilty one is blamed."""
    job = BatteryJob(solution="", tests="", test_names=(TEST,), files=files, variants=tuple(variants), wall=WALL)
    try:
        result = await run(job)
    except WorkerLostError:
        if len(variants) == 1:
            return {variants[0].id: Outcome("crashes", error="The worker was lost.")}
        half = len(variants) // 2
        return await _outcomes(variants[:half], files, run) | await _outcomes(variants[half:], files, run)
    return {one.id: _outcome(one) for one in result.variants}


def _outcome(result: VariantResult) -> Outcome:
    if result.status == "timeout":
        return Outcome("hangs", error=f"It did not end within {WALL:.0f} seconds.")
    if result.status != "finished" or TEST not in result.tests:
        return Outcome("crashes", error=result.error or result.status)
    test = result.tests[TEST]
    if test.outcome == "finished":
        return Outcome()
    kind, _, text = (test.error or "").partition(": ")
    text = text.removesuffix(" (test_solution.py:1)")
    if kind == "Differs":
        number, _, said = text.removeprefix("step ").partition(": ")
        return Outcome("differs", kind, _short(said), int(number) if number.isdigit() else None)
    if kind == "Step" and text.count("|") >= 2:
        number, name, said = text.split("|", 2)
        return Outcome("raises", name, _short(f"{name}: {said}"), int(number) if number.isdigit() else None)
    return Outcome("raises", kind, _short(test.error or "it was not run"))


def _short(text: str) -> str:
    return text.rpartition(" (test_solution.py:")[0] or text


def _judge(outcome: Outcome, pin: LibraryPin) -> str:
    if not outcome.why:
        return "held"
    ours = any(f"'{name}" in outcome.error for name in pin.import_names)
    if outcome.kind == "ModuleNotFoundError" and ours:
        return "broken"
    if outcome.kind in _NEEDS or outcome.why == "hangs" or (outcome.kind == "ImportError" and not ours):
        return "needs"
    return "fragment" if outcome.kind == "NameError" else "broken"


def _confirmed(first: Outcome, again: Outcome | None, pin: LibraryPin) -> str:
    """What became of an example: broken only when it fails in the same way again, after all that stands before it."""
    if again is None:
        return _judge(first, pin)
    return _judge(again, pin) if not again.why or _same(first, again) else "varies"


async def _nightmare(example: Example, steps: tuple[Step, ...], seen: Outcome, pin: LibraryPin, run: Run) -> Nightmare:
    smallest = await _smallest(example, steps, seen, run)
    return Nightmare(
        kind="example",
        key=example.key,
        title=" › ".join(example.headings[-2:]) or example.owner or example.file,
        version=pin.version,
        place=f"{example.file}:{example.line}",
        why=seen.why,
        error=seen.error,
        reproduction=as_program(smallest),
    )


async def _smallest(example: Example, steps: tuple[Step, ...], seen: Outcome, run: Run) -> tuple[Step, ...]:
    """The steps up to the failing one, without those that it fails without in the same way."""
    if seen.step is None:
        return steps
    cut = steps[: seen.step + 1]
    if len(cut) == 1 or len(cut) > LONGEST_MINIMAL:
        return cut
    files = dict(example.companions)

    singly = [
        variant_of(str(n), [step for place, step in enumerate(cut) if place != n], example.owner)
        for n in range(len(cut) - 1)
    ]
    alone = await _outcomes(singly, files, run)
    needless = {n for n in range(len(cut) - 1) if _same(alone[str(n)], seen)}
    small = tuple(step for n, step in enumerate(cut) if n not in needless)
    together = await _outcomes([variant_of("all", small, example.owner)], files, run)
    return small if _same(together["all"], seen) else cut


def _same(one: Outcome, other: Outcome) -> bool:
    return (one.why, one.kind, one.error[:200]) == (other.why, other.kind, other.error[:200])
