"""The commands that people and CI type do what the pages promise."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tracked import ROOT

CLOSING = "================== 1 failed, 2 passed in 0.12s =================="


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run make in a checkout."""
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def test_make_dream_is_one_short_night_in_the_data_folder() -> None:
    planned = make("-n", "dream").stdout.splitlines()
    assert "packaging/bootstrap.py app" in planned[0]
    command = ".venv/bin/dreamer night --library textual --library rich --dreams 10 --base-dir data"
    assert " ".join(planned[1].split()) == command


def test_make_dream_takes_other_libraries() -> None:
    planned = make("-n", "dream", "LIBRARIES=toolz", "DREAMS=3").stdout
    assert "--library toolz --dreams 3" in planned
    assert "textual" not in planned


def test_make_alone_only_explains() -> None:
    text = make().stdout
    assert "make dream" in text
    assert "make test" in text


def test_make_clean_spares_the_dreams(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("dreamer_app", "tests", "packaging", "docs", ".venv/bin", ".tools", "data/synthetic_training/dream_1"):
        (tmp_path / name).mkdir(parents=True)
    kept = [tmp_path / "data" / "synthetic_training" / "dream_1" / "dream.json", tmp_path / "data" / "dreamer.sqlite"]
    for file in kept:
        file.touch()

    make("clean", folder=tmp_path)

    assert all(file.exists() for file in kept)
    assert not (tmp_path / ".venv").exists()
    assert not (tmp_path / ".tools").exists()


@pytest.mark.parametrize(("status", "closing"), [(0, CLOSING.replace("1 failed, ", "")), (2, CLOSING)])
def test_ci_ends_with_the_closing_line_of_pytest(tmp_path: Path, status: int, closing: str) -> None:
    """Also when make says something after it."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "bin").mkdir()
    stand_in = tmp_path / "bin" / "make"
    said = ["set-up: ready", closing, *(["make: *** [Makefile:20: test] Error 1"] if status else [])]
    lines = ["#!/bin/sh", f'echo "$@" > {tmp_path}/asked', *(f"echo '{line}'" for line in said), f"exit {status}"]
    stand_in.write_text("\n".join(lines) + "\n", encoding="utf-8")
    stand_in.chmod(0o755)

    result = subprocess.run(
        ["bash", ".ci/run"],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "CI": "true"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert result.returncode == status
    assert result.stdout.splitlines()[-1] == closing
    assert (tmp_path / "asked").read_text(encoding="utf-8").split()[-1] == "test"
