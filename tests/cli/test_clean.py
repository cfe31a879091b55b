from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dreamer_app.academy.record import write_record
from dreamer_app.cli.app import run
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Review
from tests import builders
from tests.service.fakes import FakeWorld


def test_clean_shows_then_cleans_then_takes_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = DataPaths(tmp_path)
    paths.create()
    for n, review in ((1, Review.APPROVED), (2, Review.REJECTED)):
        write_record(paths.dreams, builders.verified(n, review=review))
    old = paths.sources / "archive"
    old.write_bytes(b"x" * 10_000)
    os.utime(old, (0, 0))

    def asked(*words: str) -> dict:
        assert run(FakeWorld().workshop, ["clean", *words, "--json", "--base-dir", str(tmp_path)]) == 0
        return json.loads(capsys.readouterr().out)

    plan = asked()
    assert [item["title"] for item in plan["plan"]["items"]] == ["archive"] and plan["cleaned"] is None
    assert old.exists(), "shown is not done"
    tight = asked("--down-to", "0.000001")["plan"]["items"]
    assert {item["kind"] for item in tight} == {"sources", "rejected"}
    done = asked("--down-to", "0.000001", "--yes")["cleaned"]
    assert done["undoable"] == 1 and not old.exists()
    assert [folder.name for folder in paths.dreams.glob("dream_*")] == [f"dream_{builders.scenario(1).id}"]
    assert asked("--undo") == {"back": [builders.scenario(2).id]}
    assert len(list(paths.dreams.glob("dream_*"))) == 2
    assert run(FakeWorld().workshop, ["clean", "--undo", "--yes", "--base-dir", str(tmp_path)]) == 2
    capsys.readouterr()
    assert run(FakeWorld().workshop, ["clean", "--base-dir", str(tmp_path)]) == 0
    assert "Nothing is old enough" in capsys.readouterr().out
