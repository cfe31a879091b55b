"""`make bench` finds every measurement, runs all of them even when one fails, and says so."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path

import pytest

from tests.bench.verdict_ledger import Ledger, Row, carry

runner = importlib.import_module("tests.bench.__main__")


@pytest.fixture
def measurements(monkeypatch: pytest.MonkeyPatch, tmp_path) -> list[str]:
    """Three measurements, the first of which fails; the list says which ran."""
    ran: list[str] = []
    for name in ("bench_alpha", "bench_beta", "bench_gamma_ray"):
        (tmp_path / f"{name}.py").touch()
        module = types.ModuleType(name)

        def main(name: str = name) -> None:
            ran.append(name)
            if name == "bench_alpha":
                raise RuntimeError("no figure today")

        module.main = main
        monkeypatch.setitem(sys.modules, f"tests.bench.{name}", module)
    (tmp_path / "not_a_bench.py").touch()
    monkeypatch.setattr(runner, "HERE", tmp_path)
    return ran


def test_one_that_fails_does_not_stop_the_others(measurements: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main([]) == 1
    assert measurements == ["bench_alpha", "bench_beta", "bench_gamma_ray"]
    printed = capsys.readouterr()
    assert "=== gamma ray ===" in printed.out
    assert "failed: bench_alpha" in printed.err


def test_words_select(measurements: list[str]) -> None:
    assert runner.main(["gamma", "beta"]) == 0
    assert measurements == ["bench_beta", "bench_gamma_ray"]


def test_a_word_that_selects_nothing_is_an_error(measurements: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["delta"]) == 2
    assert measurements == []
    assert "delta" in capsys.readouterr().err


def test_only_refusals_that_must_stand_are_carried_over(tmp_path: Path) -> None:
    older, newer = Ledger(tmp_path / "old" / "v.jsonl"), Ledger(tmp_path / "new" / "v.jsonl")
    for row in (
        Row("flaky", 0, "G5"),
        Row("flaky", 1, "G8"),
        Row("flaky", 2, ""),
        Row("flaky", 3, "G5", ("G5", "G7")),
        Row("trivial", 0, "G4"),
        Row("trivial", 1, "G4"),
    ):
        older.add(row)
    newer.add(Row("trivial", 1, "G0"))
    assert carry(older, newer, still=("G4", "G5"), judge_again=("good",)) == 2
    assert {(row.kind, row.number): row.stopped_by for row in Ledger(newer.file).rows.values()} == {
        ("flaky", 0): "G5",
        ("trivial", 0): "G4",
        ("trivial", 1): "G0",
    }
    assert carry(older, newer, still=("G8",), judge_again=("flaky",)) == 0
