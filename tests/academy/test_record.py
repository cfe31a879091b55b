from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dreamer_app.academy import record
from dreamer_app.core import atomic
from dreamer_app.core.types import DreamState, Review
from tests import builders

DREAM = builders.verified()

ALWAYS = {
    "synthetic", "dream_id", "night_id", "created_at", "origin", "tier", "review", "libraries", "knowledge",
    "scenario", "uses_api", "difficulty", "guardian", "provenance", "cost",
}  # fmt: skip


def test_a_dream_folder_holds_what_was_promised(tmp_path: Path) -> None:
    folder = record.write_record(tmp_path, DREAM)
    assert sorted(path.name for path in folder.iterdir()) == [
        "dream.json", "requirements.txt", "solution.py", "test_solution.py",
    ]  # fmt: skip
    assert folder == tmp_path / f"dream_{DREAM.id}"
    document = json.loads((folder / "dream.json").read_text(encoding="utf-8"))
    assert document["synthetic"] is True
    assert set(document) >= ALWAYS
    assert set(document["scenario"]) >= {"title", "prompt", "entry_point", "signature"}
    assert set(document["knowledge"]) >= {"nodes", "edges", "cluster", "quotes"}
    assert document["libraries"][0] | {"import_names": None} == {
        "name": "toolz", "version": "1.0.0", "license": "BSD-3-Clause", "import_names": None,
    }  # fmt: skip
    assert [receipt["gate"] for receipt in document["guardian"]["receipts"]] == ["G0", "G5", "G6", "G9"]
    assert (folder / "solution.py").read_text() == DREAM.candidate.solution
    assert (folder / "requirements.txt").read_text() == "pytest==9.0.0\ntoolz==1.0.0\n"


@pytest.mark.parametrize("tests", [DREAM.scenario.tests, DREAM.scenario.tests.rstrip("\n")])
def test_a_dream_comes_back_from_its_folder(tmp_path: Path, tests: str) -> None:
    scenario = DREAM.scenario.model_copy(update={"tests": tests})
    dream = DREAM.model_copy(update={"scenario": scenario, "id": scenario.id})
    assert record.read_record(record.write_record(tmp_path, dream)) == dream


@pytest.mark.parametrize("state", [DreamState.FAILED, DreamState.RUNNING, DreamState.INTERRUPTED])
def test_only_verified_dreams_get_a_folder(tmp_path: Path, state: DreamState) -> None:
    with pytest.raises(ValueError, match="not verified"):
        record.write_record(tmp_path, DREAM.model_copy(update={"state": state}))
    assert list(tmp_path.iterdir()) == []


def test_nothing_in_a_dream_folder_can_be_started_whatever_the_umask_allows(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = record.write_record(tmp_path, DREAM)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o111 for path in folder.iterdir()} == {0}


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    folder = record.write_record(tmp_path, DREAM)
    before = (folder / "dream.json").read_bytes()
    record.write_record(tmp_path, DREAM.model_copy(update={"review": Review.APPROVED}))
    assert (folder / "dream.json").read_bytes() == before
    assert list(tmp_path.iterdir()) == [folder]


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter([None, None])

    def fsync(_descriptor: int) -> None:
        if next(calls, "full") == "full":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="No space"):
        record.write_record(tmp_path, DREAM)
    assert list(tmp_path.iterdir()) == []


def test_what_a_crash_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    folder = record.write_record(tmp_path, DREAM)
    (tmp_path / ".writing-dream_1-aa").mkdir()
    (tmp_path / ".writing-dream_1-aa" / "solution.py").write_text("half")
    (tmp_path / ".writing-dream.json-bb").write_text("half")
    assert atomic.remove_unfinished(tmp_path) == 2
    assert list(tmp_path.iterdir()) == [folder]


def test_a_review_changes_the_document_only(tmp_path: Path) -> None:
    folder = record.write_record(tmp_path, DREAM)
    record.write_review(tmp_path, DREAM.id, Review.APPROVED)
    assert record.read_record(folder) == DREAM.model_copy(update={"review": Review.APPROVED})


def _edit(folder: Path, change) -> None:
    document = json.loads((folder / "dream.json").read_text(encoding="utf-8"))
    change(document)
    (folder / "dream.json").write_text(json.dumps(document), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / "solution.py").unlink(), "solution.py is missing"),
        (lambda folder: (folder / "dream.json").write_text("{"), "dream.json"),
        (lambda folder: (folder / "dream.json").unlink(), "dream.json is missing"),
        (lambda folder: (folder / "solution.py").write_bytes(b"\xff\xfe"), "solution.py"),
        (lambda folder: (folder / "solution.py").write_text("x = 1\n"), "solution.py changed after verification"),
        (lambda folder: (folder / "requirements.txt").write_text(""), "requirements.txt changed"),
        (lambda folder: _edit(folder, lambda d: d.update(synthetic=False)), "synthetic"),
        (lambda folder: _edit(folder, lambda d: d.pop("synthetic")), "synthetic"),
        (lambda folder: _edit(folder, lambda d: d.update(dream_id="0" * 16)), "belongs to dream 0000"),
        (lambda folder: _edit(folder, lambda d: d["guardian"].update(accepted=False)), "accepted"),
        (lambda folder: _edit(folder, lambda d: d["scenario"].update(prompt="Another task.")), "is not what dream"),
        (lambda folder: _edit(folder, lambda d: d.update(surprise=1)), "surprise"),
    ],
)
def test_a_damaged_folder_is_refused_with_the_reason(tmp_path: Path, damage, reason: str) -> None:
    folder = record.write_record(tmp_path, DREAM)
    damage(folder)
    with pytest.raises(record.RecordError) as caught:
        record.read_record(folder)
    assert reason in caught.value.message and str(folder) in caught.value.message


def test_an_edited_solution_can_be_read_for_proving_it_again(tmp_path: Path) -> None:
    folder = record.write_record(tmp_path, DREAM)
    assert record.changed_files(folder) == ()
    (folder / "solution.py").write_text("def group(words):\n    return {}\n")
    assert record.read_record(folder, allow_changes=True).candidate.solution.startswith("def group(words)")
    assert record.changed_files(folder) == ("solution.py",)
