from __future__ import annotations

import json
from pathlib import Path

import pytest

from dreamer_app.academy.dataset_curator import DatasetCurator
from dreamer_app.academy.exports import chat_jsonl
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import Review
from tests import builders

DREAMS = (
    builders.verified(1),
    builders.verified(2, (builders.TOOLZ, builders.BOLTONS), review=Review.APPROVED),
    builders.verified(3, review=Review.REJECTED),
    builders.failed(4),
)


def test_every_line_says_that_it_is_synthetic_and_where_it_comes_from(tmp_path: Path) -> None:
    report = DatasetCurator().export(DREAMS, "chat", tmp_path)
    assert (report.dreams, report.approved, report.rejected) == (2, 1, 1)
    lines = [json.loads(line) for line in Path(report.file).read_text(encoding="utf-8").splitlines()]
    assert [line["dream_id"] for line in lines] == [DREAMS[0].id, DREAMS[1].id]
    for line, dream in zip(lines, DREAMS, strict=False):
        assert line["synthetic"] is True
        assert (line["origin"], line["tier"], line["review"]) == ("recorded", "recorded", dream.review.value)
        assert [pin["name"] for pin in line["libraries"]] == [pin.name for pin in dream.scenario.libraries]
        assert [message["role"] for message in line["messages"]] == ["system", "user", "assistant"]
        assert dream.scenario.prompt.strip() in line["messages"][1]["content"]
        assert dream.candidate.solution.strip() in line["messages"][2]["content"]


def test_the_same_dreams_give_the_same_bytes(tmp_path: Path) -> None:
    files = [DatasetCurator().export(iter(DREAMS), "chat", tmp_path / name).file for name in ("a", "b")]
    assert Path(files[0]).read_bytes() == Path(files[1]).read_bytes()
    assert b"\r" not in Path(files[0]).read_bytes()


def test_only_what_a_person_approved(tmp_path: Path) -> None:
    report = DatasetCurator().export(DREAMS, "chat", tmp_path, approved_only=True)
    assert (report.dreams, report.approved) == (1, 1)


def test_dreams_are_read_one_at_a_time_and_a_failure_keeps_the_old_file(tmp_path: Path) -> None:
    report = DatasetCurator().export(DREAMS[:1], "chat", tmp_path)
    before = Path(report.file).read_bytes()

    def breaks():
        yield DREAMS[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        DatasetCurator().export(breaks(), "chat", tmp_path)
    assert Path(report.file).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [chat_jsonl.FILE]


def test_an_unknown_format_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        DatasetCurator().export(DREAMS, "parquet", tmp_path)
    assert "chat" in caught.value.hint


def test_a_failed_dream_has_no_line() -> None:
    with pytest.raises(ValueError, match="not verified"):
        chat_jsonl.line(builders.failed())


def test_the_signature_is_in_the_task_exactly_once() -> None:
    signature = DREAMS[0].scenario.signature
    shown = DREAMS[0].scenario.model_copy(update={"prompt": f"Do this:\n\n```python\n{signature}\n    ...\n```"})
    for dream in (DREAMS[0], DREAMS[0].model_copy(update={"scenario": shown})):
        assert json.loads(chat_jsonl.line(dream))["messages"][1]["content"].count(signature) == 1
