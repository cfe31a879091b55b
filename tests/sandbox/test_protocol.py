import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.core.errors import DreamerError, WorkerLostError
from dreamer_app.sandbox.docker import protocol
from dreamer_app.sandbox.jobs import BatteryJob, PytestJob, Variant

NAMES = ("test_a", "test_b")
VARIANT = Variant(id="v")
HONEST = [
    {"t": "test", "name": "test_a", "outcome": "finished", "error": None, "values": {"a1": [["int", "3"]]}},
    {"t": "test", "name": "test_b", "outcome": "raised", "error": "KeyError: 'x' (solution.py:3)", "values": {}},
    {"t": "end"},
]


def lines(records: list[Any]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def frame(records: str, reason: str = "exited", code: int | None = 0, name: str = "v") -> protocol.VariantFrame:
    content = {"type": "variant", "id": name, "reason": reason, "code": code, "seconds": 0.1, "cpu_seconds": 0.1}
    parsed = protocol.parse_frame(json.dumps({**content, "records": records}).encode())
    assert isinstance(parsed, protocol.VariantFrame)
    return parsed


def test_an_honest_report_becomes_a_result() -> None:
    result = protocol.variant_result(frame(lines(HONEST)), VARIANT, NAMES)
    assert result.status == "finished"
    assert result.tests["test_a"].values == {"a1": (["int", "3"],)}
    assert result.tests["test_b"].outcome == "raised"


def test_a_report_about_another_variant_is_no_report() -> None:
    with pytest.raises(WorkerLostError):
        protocol.variant_result(frame(lines(HONEST), name="w"), VARIANT, NAMES)


@pytest.mark.parametrize(
    "records",
    [
        [],
        HONEST[:-1],
        HONEST[1:],
        [HONEST[0], HONEST[0], HONEST[2]],
        [*HONEST, HONEST[0]],
        [HONEST[2], HONEST[0], HONEST[1]],
        [{**HONEST[0], "name": "test_other"}, *HONEST[1:]],
        [{**HONEST[0], "surplus": 1}, *HONEST[1:]],
        [{**HONEST[0], "outcome": "passed"}, *HONEST[1:]],
        [{**HONEST[0], "values": {"a1": [["int", "x"]]}}, *HONEST[1:]],
        [{**HONEST[0], "values": {"a1": [["set", [["list", []]]]]}}, *HONEST[1:]],
        [{**HONEST[0], "values": {"a1": "x"}}, *HONEST[1:]],
        [{"t": "import_error", "error": "x"}, *HONEST],
        [*HONEST[:2], {"t": "import_error", "error": "x"}, HONEST[2]],
        ["x", *HONEST],
    ],
)
def test_a_report_that_the_runner_cannot_have_written_is_a_crash(records: list[Any]) -> None:
    assert protocol.variant_result(frame(lines(records)), VARIANT, NAMES).status == "crashed"


@pytest.mark.parametrize(
    ("reason", "code", "status"),
    [
        ("exited", 1, "crashed"),
        ("exited", None, "crashed"),
        ("signalled", 9, "crashed"),
        ("flooded", None, "crashed"),
        ("lost", None, "crashed"),
        ("timeout", None, "timeout"),
    ],
)
def test_a_perfect_report_does_not_help_a_child_that_did_not_end_well(
    reason: str, code: int | None, status: str
) -> None:
    assert protocol.variant_result(frame(lines(HONEST), reason, code), VARIANT, NAMES).status == status


def test_a_run_that_others_kept_from_the_processor_says_nothing() -> None:
    with pytest.raises(WorkerLostError, match="too busy"):
        protocol.variant_result(frame(lines(HONEST[:1]), "starved", None), VARIANT, NAMES)
    with pytest.raises(WorkerLostError, match="too busy"):
        protocol.pytest_result(pytest_frame("", "starved"))


def test_what_was_reported_before_a_timeout_is_kept() -> None:
    result = protocol.variant_result(frame(lines(HONEST[:1]) + '{"t": "te', "timeout", None), VARIANT, NAMES)
    assert (result.status, result.tests["test_a"].outcome, result.tests["test_b"].outcome) == (
        "timeout",
        "finished",
        "not_run",
    )


@given(st.binary(max_size=300))
def test_no_bytes_at_all_are_read_as_more_than_a_known_frame(content: bytes) -> None:
    try:
        protocol.parse_frame(content)
    except WorkerLostError:
        return
    pytest.fail("random bytes passed for a frame")


@given(st.text(max_size=300))
def test_no_random_records_finish(records: str) -> None:
    try:
        parsed = frame(records)
    except WorkerLostError:
        return
    assert protocol.variant_result(parsed, VARIANT, NAMES).status == "crashed"


@given(st.data())
def test_a_damaged_report_never_finishes_with_other_content(data: st.DataObject) -> None:
    honest = lines(HONEST)
    place = data.draw(st.integers(0, len(honest) - 1))
    damage = data.draw(st.sampled_from(["cut", "drop", "swap", "double"]))
    match damage:
        case "cut":
            damaged = honest[:place]
        case "drop":
            damaged = honest[:place] + honest[place + 1 :]
        case "swap":
            damaged = honest[:place] + data.draw(st.characters(codec="ascii")) + honest[place + 1 :]
        case _:
            damaged = honest[:place] + honest[place:] + honest[place:]
    result = protocol.variant_result(frame(damaged), VARIANT, NAMES)
    if result.status == "finished":
        # Only damage inside a free text (a message, an observed value, white space) leaves a whole report.
        assert set(result.tests) == set(NAMES)
        assert [run.outcome for run in result.tests.values()] == ["finished", "raised"]
    else:
        assert result.status == "crashed"


@pytest.mark.parametrize("length", [0, 1, protocol.MAX_FRAME + 1, 2**32 - 1])
def test_a_frame_of_impossible_length_is_refused(length: int) -> None:
    with pytest.raises(WorkerLostError):
        protocol.frame_length(protocol.HEADER.pack(length))


def test_a_frame_that_is_nested_without_end_is_refused() -> None:
    with pytest.raises(WorkerLostError):
        protocol.parse_frame(b"[" * 100_000)


def test_a_header_never_looks_like_the_byte_that_cancels() -> None:
    assert protocol.HEADER.pack(protocol.MAX_FRAME)[:1] != protocol.CANCEL


def test_a_large_battery_is_sent_in_parts_that_each_fit() -> None:
    variants = tuple(Variant(id=f"v{number}", solution="#" * 400_000) for number in range(20))
    job = BatteryJob(solution="x = 1", tests="", test_names=(), variants=variants)
    messages = protocol.battery_messages(job, {"networkx"})
    assert len(messages) > 1
    assert [variant.id for _, part in messages for variant in part] == [variant.id for variant in variants]
    for message, part in messages:
        protocol.pack(message)
        assert [sent["id"] for sent in message["variants"]] == [variant.id for variant in part]


def test_a_job_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(DreamerError, match="too large"):
        protocol.pack(protocol.pytest_message(PytestJob(files={"solution.py": "#" * protocol.MAX_FRAME})))


def pytest_frame(records: str, reason: str = "exited") -> protocol.PytestFrame:
    content = {"type": "pytest", "reason": reason, "code": 0, "seconds": 0.1, "cpu_seconds": 0.1, "output": ""}
    parsed = protocol.parse_frame(json.dumps({**content, "dropped": False, "records": records}).encode())
    assert isinstance(parsed, protocol.PytestFrame)
    return parsed


@given(st.text(max_size=200))
def test_garbage_among_pytest_events_is_a_crash(records: str) -> None:
    try:
        result = protocol.pytest_result(pytest_frame(records))
    except WorkerLostError:
        return
    assert result.status == "crashed" or (records == "" and result.events == ())


def test_an_unfinished_event_is_a_crash() -> None:
    good = '{"n": 0, "kind": "end", "fields": {"status": 0}}\n'
    assert protocol.pytest_result(pytest_frame(good)).status == "exited"
    assert protocol.pytest_result(pytest_frame(good + good[:10])).status == "crashed"
    assert protocol.pytest_result(pytest_frame(good, "lost")).exit_code is None
