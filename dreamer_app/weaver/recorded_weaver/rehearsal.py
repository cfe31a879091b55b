"""Runs many small programs inside a `weave` worker and brings back what they returned.

One run of a worker takes a whole batch, because starting costs more than most programs. A batch that dies (endless
loops inside C code are common among random programs) is split until the guilty program is alone. Results are never used
for a verdict.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dreamer_app.sandbox.canonical import decode
from dreamer_app.sandbox.jobs import BatteryJob, TestRun, Variant, VariantResult
from dreamer_app.weaver.recorded_weaver.family import Loom

BATCH_WALL = 30.0
"""Seconds of wall-clock time for a batch: a net under the limits below, so that a busy computer changes nothing."""
BATCH_CPU = 3.0
CALL_CPU = 0.1
LOAD_CPU = 2.0
"""Seconds of processor time for a batch, for one call and for the imports of a program. The kernel ends a batch that
exceeds its own even inside C code; the others are alarms."""

ENOUGH = 3
"""Calls in which a changed program must differ until it counts as noticed for good."""

_TEST = "test_rehearse"
_LIMITS = f"BATCH_CPU, CALL_CPU, LOAD_CPU, ENOUGH = {BATCH_CPU}, {CALL_CPU}, {LOAD_CPU}, {ENOUGH}\n"
_DRIVER = """
import ast
import contextlib
import io
import resource
import signal
import sys
import time
import warnings


class _TooLong(BaseException):
    pass


def _alarm(number, frame):
    raise _TooLong


def _small(value, budget=600):
    # What is left of a budget of items after a value; negative when it is too large to be reported.
    waiting = [value]
    while waiting and budget >= 0:
        one = waiting.pop()
        budget -= 1
        if isinstance(one, (list, tuple, set, frozenset)):
            budget -= len(one)
            waiting.extend(one if budget >= 0 else ())
        elif isinstance(one, dict):
            budget -= len(one)
            waiting.extend(list(one.values()) if budget >= 0 else ())
        elif isinstance(one, (str, bytes)):
            budget -= len(one) // 20
    return budget


def _guarded(work, wall=CALL_CPU):
    signal.setitimer(signal.ITIMER_PROF, wall)
    try:
        value = work()
        return ("value", value) if _small(value) >= 0 else ("large", "")
    except _TooLong:
        return ("timeout", "")
    except Exception as error:
        return ("raised", [kind.__name__ for kind in type(error).__mro__[:-1]], str(error)[:200])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _limited():
    signal.signal(signal.SIGPROF, _alarm)
    ceiling = int(time.process_time() + BATCH_CPU) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (ceiling, ceiling + 1))
    sys.setrecursionlimit(400)


def _loaded(key, source):
    space = {"__name__": "solution"}
    return _guarded(lambda: exec(compile(source, key, "exec"), space), LOAD_CPU), space


def _called(space, entry, call):
    arguments = ast.literal_eval(call)
    return _guarded(lambda: space[entry](*arguments))
"""
_RECORD = """
def test_rehearse():
    _limited()
    for key, source, entry, calls in PROGRAMS:
        with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("always")
            ready, space = _loaded(key, source)
            results = [_called(space, entry, call) for call in calls] if ready[0] == "value" else [ready]
        noisy = any(issubclass(one.category, (DeprecationWarning, FutureWarning)) for one in caught)
        observe(key, (ready[0], noisy, results))
"""
_COMPARE = """
def _differs(one, other):
    try:
        return other[0] != "value" or not bool(one[1] == other[1])
    except Exception:
        return True


def _noticed(key, source, entry, calls, expected):
    ready, space = _loaded(key, source)
    if ready[0] != "value":
        return list(range(len(calls)))[:ENOUGH]
    found = []
    for place, call in enumerate(calls):
        if len(found) < ENOUGH and _differs(expected[place], _called(space, entry, call)):
            found.append(place)
    return found


def test_rehearse():
    _limited()
    known = {}
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()):
        for key, source, entry, calls, original in PROGRAMS:
            if original not in known:
                space = _loaded(key, ORIGINALS[original])[1]
                known[original] = [_called(space, entry, call) for call in calls]
            observe(key, _noticed(key, source, entry, calls, known[original]))
"""


@dataclass(frozen=True)
class Program:
    """Something to call.

    Attributes:
        key: Unique in its batch.
        source: Module that defines the entry point.
        entry: Its name.
        calls: Argument tuples of literals.
    """

    key: str
    source: str
    entry: str
    calls: tuple[tuple[Any, ...], ...] = ((),)


P = TypeVar("P", bound=Program)


@dataclass(frozen=True)
class Altered(Program):
    """A changed program that is held against the one it was made from.

    Attributes:
        original: The unchanged module; it works on every call.
    """

    original: str = ""


@dataclass(frozen=True)
class Outcome:
    """What one call did.

    Attributes:
        kind: `value`, `raised` or `timeout`; results too large to be read by anybody count as `timeout`.
        value: The plain value.
        error: Names of the exception's classes, most special first.
        message: Of the exception.
    """

    kind: str
    value: Any = None
    error: tuple[str, ...] = ()
    message: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.kind == "value"


@dataclass(frozen=True)
class Rehearsed:
    """What one program did, call by call; empty when it could not even be loaded.

    Attributes:
        outcomes: One per call.
        deprecated: Whether it warned of deprecations.
    """

    outcomes: tuple[Outcome, ...] = ()
    deprecated: bool = False


@dataclass
class Stage:
    """Where programs are rehearsed, with a tally of what it took.

    Attributes:
        loom: The worker.
        batch: Programs per run.
        cpu_seconds: CPU time of all runs so far.
    """

    loom: Loom
    batch: int = 30
    cpu_seconds: float = field(default=0.0)

    async def rehearse(self, programs: Sequence[Program], hash_seed: int | None = None) -> Mapping[str, Rehearsed]:
        """Run programs; those that cannot be run even alone are missing from the answer.

        Args:
            programs: With distinct keys.
            hash_seed: Start fresh interpreters with this `PYTHONHASHSEED`.

        Raises:
            InfrastructureError: No worker could be had.
        """
        found: dict[str, Rehearsed] = {}
        async for run in self._runs(programs, _recording, hash_seed):
            found.update({key: _rehearsed(decode(values[0])) for key, values in run.values.items()})
        return found

    async def compare(self, programs: Sequence[Altered]) -> Mapping[str, frozenset[int]]:
        """The first few calls in which each changed program does something else than its original.

        Equality is that of `==`, because that is what tests will see. The comparison happens inside the worker, which
        saves bringing every result back. Programs that cannot be run even alone are missing from the answer.

        Raises:
            InfrastructureError: No worker could be had.
        """
        found: dict[str, frozenset[int]] = {}
        async for run in self._runs(programs, _comparing):
            found.update({key: frozenset(decode(values[0])) for key, values in run.values.items()})
        return found

    async def _runs(
        self, programs: Sequence[P], written: Callable[[Sequence[P]], str], hash_seed: int | None = None
    ) -> AsyncIterator[TestRun]:
        """Finished batches; one that died is split until the guilty program is alone."""
        waiting = [tuple(programs[i : i + self.batch]) for i in range(0, len(programs), self.batch)]
        while waiting:
            batches, waiting = waiting[:8], waiting[8:]
            results = await self._run([written(batch) for batch in batches], hash_seed)
            for batch, result in zip(batches, results, strict=True):
                self.cpu_seconds += result.cpu_seconds
                run = result.tests.get(_TEST)
                if result.status == "finished" and run is not None and run.outcome == "finished":
                    yield run
                elif len(batch) > 1:
                    step = max(1, len(batch) // 6)
                    waiting.extend(batch[i : i + step] for i in range(0, len(batch), step))

    async def _run(self, modules: Sequence[str], hash_seed: int | None) -> tuple[VariantResult, ...]:
        variants = tuple(
            Variant(id=str(number), tests=module, hash_seed=hash_seed, wall=BATCH_WALL)
            for number, module in enumerate(modules)
        )
        job = BatteryJob(solution="", tests="", test_names=(_TEST,), variants=variants, wall=BATCH_WALL)
        return (await self.loom.battery(job)).variants


def _recording(batch: Sequence[Program]) -> str:
    programs = [(p.key, p.source, p.entry, [repr(call) for call in p.calls]) for p in batch]
    return f"{_LIMITS}PROGRAMS = {programs!r}\n{_DRIVER}{_RECORD}"


def _comparing(batch: Sequence[Altered]) -> str:
    originals = list(dict.fromkeys(p.original for p in batch))
    places = {original: place for place, original in enumerate(originals)}
    programs = [(p.key, p.source, p.entry, [repr(call) for call in p.calls], places[p.original]) for p in batch]
    return f"{_LIMITS}ORIGINALS = {originals!r}\nPROGRAMS = {programs!r}\n{_DRIVER}{_COMPARE}"


def _rehearsed(found: Any) -> Rehearsed:
    ready, noisy, results = found
    return Rehearsed(tuple(_outcome(result) for result in results) if ready == "value" else (), noisy)


def _outcome(result: Any) -> Outcome:
    match result:
        case ("value", value):
            return Outcome("value", value)
        case ("raised", names, message):
            return Outcome("raised", None, tuple(names), message)
    return Outcome("timeout")
