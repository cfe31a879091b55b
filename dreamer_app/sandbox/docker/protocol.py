"""What a worker may say, and how it becomes a result: the border where untrusted bytes turn into values.

Two levels are told apart. Frames come from the supervisor, which no job can reach: a frame that is malformed, too long,
unexpected or missing means that the worker is broken (`WorkerLostError`). Records inside a frame come from the child
that ran dreamt code: malformed, surplus or contradictory records are that code's doing (`crashed`). Neither ever
becomes a pass.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dreamer_app.core.errors import DreamerError, WorkerLostError
from dreamer_app.sandbox.canonical import decode
from dreamer_app.sandbox.jobs import (
    BatteryJob,
    Coverage,
    PytestEvent,
    PytestJob,
    PytestResult,
    TestRun,
    Variant,
    VariantResult,
)

HEADER = struct.Struct(">I")
MAX_FRAME = 4 << 20
"""Bytes of one frame, in either direction; the runner's own limit."""

MAX_OUTBOUND = 2 << 20
"""Bytes of sources in one battery frame; larger batteries are sent in parts."""

MAX_RECORDS = 20_000
CANCEL = b"C"

Reason = Literal["exited", "signalled", "timeout", "flooded", "lost", "starved"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Ready(_Strict):
    """The worker has imported everything."""

    type: Literal["ready"]
    python: str = Field(max_length=50)
    errors: list[str] = Field(max_length=1000)
    modules: int
    seconds: float


class Failed(_Strict):
    """The worker could not start."""

    type: Literal["failed"]
    error: str


class Cancelled(_Strict):
    """The worker has killed its job and ends."""

    type: Literal["cancelled"]


class Done(_Strict):
    """A job is over; `clean` tells whether the worker may take another."""

    type: Literal["done"]
    clean: bool


class _Fate(_Strict):
    reason: Reason
    code: int | None
    seconds: float = Field(ge=0)
    cpu_seconds: float = Field(ge=0)
    records: str


class VariantFrame(_Fate):
    """One variant is over."""

    type: Literal["variant"]
    id: str


class PytestFrame(_Fate):
    """A pytest run is over."""

    type: Literal["pytest"]
    output: str
    dropped: bool


Frame = Ready | Failed | Cancelled | Done | VariantFrame | PytestFrame
_FRAME: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])


class _ImportErrorRecord(_Strict):
    t: Literal["import_error"]
    error: str = Field(max_length=2000)


class _TestRecord(_Strict):
    t: Literal["test"]
    name: str
    outcome: Literal["finished", "raised", "not_run"]
    error: str | None = Field(max_length=2000)
    values: dict[str, list[Any]] = Field(max_length=10_000)


class _CoverageRecord(_Strict):
    t: Literal["coverage"]
    statements: int = Field(ge=0)
    missing_lines: list[int]
    branches: int = Field(ge=0)
    missing_branches: list[Annotated[list[int], Field(min_length=2, max_length=2)]]


class _EndRecord(_Strict):
    t: Literal["end"]


_Record = _ImportErrorRecord | _TestRecord | _CoverageRecord | _EndRecord
_RECORD: TypeAdapter[_Record] = TypeAdapter(Annotated[_Record, Field(discriminator="t")])


class _BrokenRecordsError(Exception):
    """A child reported something that the runner's own code cannot have written."""


def lost(message: str) -> WorkerLostError:
    """The error for a worker that broke its protocol or vanished."""
    return WorkerLostError("A worker was lost", message, "The run is repeated in another worker.")


def pack(message: Mapping[str, Any]) -> bytes:
    """One frame to a worker.

    Raises:
        DreamerError: The job is larger than a frame may be.
    """
    payload = json.dumps(message, separators=(",", ":")).encode("ascii")
    if len(payload) > MAX_FRAME:
        raise DreamerError("A job is too large", f"{len(payload)} bytes of {MAX_FRAME}", "Split it.")
    return HEADER.pack(len(payload)) + payload


def frame_length(header: bytes) -> int:
    """Length of the frame that follows a header.

    Raises:
        WorkerLostError: It is beyond all bounds.
    """
    (length,) = HEADER.unpack(header)
    if not 2 <= length <= MAX_FRAME:
        raise lost(f"a frame of {length} bytes")
    return int(length)


def parse_frame(payload: bytes) -> Frame:
    """The content of one frame.

    Raises:
        WorkerLostError: It is not exactly one of the known frames.
    """
    try:
        return _FRAME.validate_python(json.loads(payload))
    except (ValueError, RecursionError, ValidationError) as error:
        raise lost(f"not a frame: {str(error)[:300]}") from error


def battery_messages(job: BatteryJob, imports: Iterable[str] = ()) -> list[tuple[dict[str, Any], tuple[Variant, ...]]]:
    """The frames that carry a battery, each with its variants; more than one when the sources are large."""
    parts: list[list[Variant]] = [[]]
    size = 0
    for variant in job.variants:
        cost = len(variant.solution or "") + len(variant.tests or "") + 500
        if parts[-1] and size + cost > MAX_OUTBOUND:
            parts.append([])
            size = 0
        parts[-1].append(variant)
        size += cost
    shared = job.model_dump(mode="json", exclude={"variants"})
    return [
        (
            {
                **shared,
                "type": "battery",
                "imports": sorted(imports),
                "variants": [variant.model_dump(mode="json") for variant in part],
            },
            tuple(part),
        )
        for part in parts
    ]


def pytest_message(job: PytestJob, imports: Iterable[str] = ()) -> dict[str, Any]:
    """The frame that carries a pytest run."""
    return {**job.model_dump(mode="json"), "type": "pytest", "imports": sorted(imports)}


def variant_result(frame: VariantFrame, variant: Variant, names: tuple[str, ...]) -> VariantResult:
    """What a variant did, judged by how it ended and by what it reported.

    Raises:
        WorkerLostError: The frame is about another variant, or the computer was too busy to run it.
    """
    if frame.id != variant.id:
        raise lost(f"a report about variant {frame.id!r} instead of {variant.id!r}")
    _refuse_starved(frame)
    not_run = {name: TestRun(outcome="not_run") for name in names}
    figures: dict[str, Any] = {"id": variant.id, "seconds": frame.seconds, "cpu_seconds": frame.cpu_seconds}
    try:
        tests, coverage, import_error, ended = _read_records(frame.records, names, partial=frame.reason != "exited")
    except _BrokenRecordsError as error:
        return VariantResult(**figures, status="crashed", tests=not_run, error=f"broken protocol: {error}")
    figures["tests"] = {**not_run, **tests}
    if frame.reason == "timeout":
        return VariantResult(**figures, status="timeout", error="ran out of time")
    if frame.reason != "exited" or frame.code != 0 or not ended:
        return VariantResult(**figures, status="crashed", error=_fate(frame))
    if import_error is not None:
        return VariantResult(**figures, status="import_error", error=import_error)
    if len(tests) != len(set(names)):
        return VariantResult(**figures, status="crashed", error="broken protocol: a test was not reported")
    return VariantResult(**figures, status="finished", coverage=coverage)


def _read_records(
    records: str, names: tuple[str, ...], *, partial: bool
) -> tuple[dict[str, TestRun], Coverage | None, str | None, bool]:
    tests: dict[str, TestRun] = {}
    coverage: Coverage | None = None
    import_error: str | None = None
    ended = False
    lines = records.split("\n")
    rest = lines.pop()
    if (rest and not partial) or len(lines) > MAX_RECORDS:
        raise _BrokenRecordsError("unfinished or endless records")
    for line in lines:
        record = _parse_record(line)
        if ended:
            raise _BrokenRecordsError("a record after the end")
        if isinstance(record, _TestRecord):
            if import_error is not None or record.name in tests or record.name not in names:
                raise _BrokenRecordsError(f"an unexpected report about {record.name[:80]!r}")
            tests[record.name] = _test_run(record)
        elif isinstance(record, _ImportErrorRecord):
            if tests or import_error is not None:
                raise _BrokenRecordsError("an import error after a test")
            import_error = record.error
        elif isinstance(record, _CoverageRecord):
            if coverage is not None:
                raise _BrokenRecordsError("coverage reported twice")
            arcs = tuple((arc[0], arc[1]) for arc in record.missing_branches)
            coverage = Coverage(
                statements=record.statements,
                missing_lines=tuple(record.missing_lines),
                branches=record.branches,
                missing_branches=arcs,
            )
        else:
            ended = True
    return tests, coverage, import_error, ended


def _parse_record(line: str) -> _Record:
    try:
        return _RECORD.validate_python(json.loads(line))
    except (ValueError, RecursionError, ValidationError) as error:
        raise _BrokenRecordsError(str(error)[:200]) from error


def _test_run(record: _TestRecord) -> TestRun:
    try:
        for values in record.values.values():
            for value in values:
                decode(value)
        observed = {key: tuple(values) for key, values in record.values.items()}
        return TestRun(outcome=record.outcome, error=record.error, values=observed)
    except (WorkerLostError, ValidationError, RecursionError) as error:
        raise _BrokenRecordsError(str(error)[:200]) from error


def _refuse_starved(frame: _Fate) -> None:
    """A run that others kept from the processor ran out of time through no fault of its own."""
    if frame.reason == "starved":
        raise lost(f"the computer was too busy: {frame.cpu_seconds:.1f} s of processor in {frame.seconds:.1f} s")


def _fate(frame: _Fate) -> str:
    match frame.reason:
        case "signalled":
            return f"killed by signal {frame.code}"
        case "flooded":
            return "reported or printed without end"
        case "lost":
            return "killed, stopped or broke the interpreter that it was forked from"
        case _:
            return f"ended early with exit status {frame.code}"


def pytest_result(frame: PytestFrame) -> PytestResult:
    """What a pytest run reported; still untrusted in content.

    Raises:
        WorkerLostError: The computer was too busy to run it.
    """
    _refuse_starved(frame)
    status: Literal["exited", "timeout", "crashed"] = "crashed"
    if frame.reason in ("exited", "timeout"):
        status = "exited" if frame.reason == "exited" else "timeout"
    events: list[PytestEvent] = []
    for line in frame.records.split("\n")[:-1]:
        try:
            event = PytestEvent.model_validate_json(line)
        except ValidationError:
            status = "crashed"
            break
        events.append(event)
    if not frame.records.endswith("\n") and frame.records:
        status = "crashed" if status == "exited" else status
    return PytestResult(
        status=status,
        exit_code=frame.code if status == "exited" else None,
        events=tuple(events),
        output=frame.output,
        dropped=frame.dropped or len(events) > MAX_RECORDS,
        seconds=frame.seconds,
        cpu_seconds=frame.cpu_seconds,
    )
