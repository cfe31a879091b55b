"""What goes into a worker and what comes out: plain values, nothing of this machine in them.

The expected values of a test never go in. The host turns every `assert <expression> == <literal>` of a test module
into `observe(<id>, <expression>)` (the *blind form*); the worker reports what it observed in the canonical form of
`sandbox.canonical`, and the host compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import JsonValue, SkipValidation

from dreamer_app.core.types import Frozen, LibraryPin

Canonical = Annotated[JsonValue, SkipValidation]
"""A tagged value, see `sandbox.canonical`, by which it is checked where it comes in; nothing looks at it again."""


class Environment(Frozen):
    """A read-only folder of installed wheels.

    Attributes:
        id: Digest over the lock, the Python version, the platform and the worker image.
        path: Folder on this machine.
        pins: Everything installed, exact, dependencies and test tools included.
        python: Python version of the worker, e.g. `3.11`.
        image: Identifier of the worker image.
        preload: Modules that a worker imports before it is given a job.
    """

    id: str
    path: str
    pins: tuple[LibraryPin, ...]
    python: str
    image: str
    preload: tuple[str, ...] = ()


class Variant(Frozen):
    """One run of a blind test module against one solution, each in a child process of its own.

    Attributes:
        id: Unique in its job.
        solution: Source of `solution.py`; None means the job's.
        tests: Source of the blind test module; None means the job's.
        test_names: Tests to run, in this order; None means the job's.
        hash_seed: None forks from the preloaded interpreter; a number starts a fresh interpreter with that
            `PYTHONHASHSEED`.
        environment: Variables to set in the child, e.g. TZ, LANG, HOME.
        clock_offset: Seconds by which the child's wall clock is shifted.
        coverage: Measure branch coverage of `solution.py`.
        wall: Seconds before it is killed; None means the job's.
    """

    id: str
    solution: str | None = None
    tests: str | None = None
    test_names: tuple[str, ...] | None = None
    hash_seed: int | None = None
    environment: Mapping[str, str] = {}
    clock_offset: float = 0.0
    coverage: bool = False
    wall: float | None = None


class BatteryJob(Frozen):
    """Many runs of a blind test module.

    Attributes:
        solution: Source of `solution.py` (default of the variants).
        tests: Blind test module (default of the variants). It finds `observe` and `observe_raises` as builtins.
        test_names: Tests to run, in this order (default of the variants).
        files: Further read-only text files beside them, by name.
        variants: At least one.
        wall: Seconds per variant.
    """

    solution: str
    tests: str
    test_names: tuple[str, ...]
    files: Mapping[str, str] = {}
    variants: tuple[Variant, ...]
    wall: float = 10.0


class TestRun(Frozen):
    """What one test did.

    Attributes:
        outcome: `finished` (ran to its end), `raised`, or `not_run`.
        error: `ExceptionType: message` with the last line number in test or solution, None when finished.
        values: Observation identifier to the canonical values that were observed for it, in order.
    """

    __test__ = False

    outcome: Literal["finished", "raised", "not_run"]
    error: str | None = None
    values: Mapping[str, tuple[Canonical, ...]] = {}


class Coverage(Frozen):
    """Branch coverage of `solution.py` as measured inside the worker.

    Attributes:
        statements: Executable lines.
        missing_lines: Lines never executed.
        branches: Possible branches.
        missing_branches: Branches never taken, as (from line, to line).
    """

    statements: int
    missing_lines: tuple[int, ...]
    branches: int
    missing_branches: tuple[tuple[int, int], ...]


class VariantResult(Frozen):
    """What one variant did.

    Attributes:
        id: The variant's.
        status: `finished` (the child ended by itself after running the tests), `import_error` (solution or tests
            could not be imported), `timeout`, or `crashed` (signal, exit, memory, broken protocol).
        tests: By test name; every name asked for is present.
        error: Import error or crash in words.
        coverage: Only when asked for and measured.
        seconds: Wall-clock time of the child.
        cpu_seconds: CPU time of the child and its descendants.
    """

    id: str
    status: Literal["finished", "import_error", "timeout", "crashed"]
    tests: Mapping[str, TestRun]
    error: str | None = None
    coverage: Coverage | None = None
    seconds: float
    cpu_seconds: float


class BatteryResult(Frozen):
    """All variants, in the order of the job."""

    variants: tuple[VariantResult, ...]


class PytestJob(Frozen):
    """One plain pytest run over real files, as a user would run it.

    Attributes:
        files: By name, flat; `solution.py` and `test_solution.py` among them.
        wall: Seconds before it is killed.
        arguments: Further pytest arguments.
    """

    files: Mapping[str, str]
    wall: float = 30.0
    arguments: tuple[str, ...] = ()


class PytestEvent(Frozen):
    """One line of the event stream that the plug-in inside the worker reports.

    Attributes:
        n: Strictly increasing from 0.
        kind: `collected` (ids), `report` (id, when, outcome), `warning` (text) or `end` (status).
        fields: The rest, by kind.
    """

    n: int
    kind: str
    fields: dict[str, JsonValue]


class PytestResult(Frozen):
    """What the run reported; untrusted until the host has checked it against what it knows.

    Attributes:
        status: `exited` (by itself), `timeout`, or `crashed`.
        exit_code: Of the child, None unless it exited.
        events: The event stream.
        output: Tail of stdout and stderr, capped.
        dropped: Whether events or output beyond the caps were dropped.
        seconds: Wall-clock time.
        cpu_seconds: CPU time.
    """

    status: Literal["exited", "timeout", "crashed"]
    exit_code: int | None
    events: tuple[PytestEvent, ...]
    output: str
    dropped: bool
    seconds: float
    cpu_seconds: float
