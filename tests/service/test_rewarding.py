"""The reward function, as a training script calls it, over real workers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from dreamer_app.academy.dataset_curator import DatasetCurator
from dreamer_app.academy.record import folders, read_record
from dreamer_app.academy.selection import ExportOrder
from dreamer_app.core.paths import DataPaths
from dreamer_app.service.rewarding import Rewards, code_of
from tests.academy.sources import ListedDreams

EXAMPLE = Path(__file__).resolve().parents[1] / "planted" / "example"


def test_the_code_of_an_answer_is_its_last_block_or_all_of_it() -> None:
    assert code_of("First:\n```python\na = 1\n```\nbetter:\n```py\na = 2\n```\n") == "a = 2\n"
    assert code_of("a = 3\n") == "a = 3\n"


def test_tests_that_cannot_be_judged_from_outside_earn_nothing(tmp_path: Path) -> None:
    from tests.service.fakes import FakeWorld

    assert Rewards(tmp_path, FakeWorld().workshop).of(
        ["x = 1"], ["def test_a(tmp_path):\n    assert tmp_path\n"], [[]]
    ) == [0.0]


@pytest.mark.docker
@pytest.mark.network
def test_the_reward_beside_the_rows_runs_completions_in_sealed_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [folder] = folders(EXAMPLE)
    dream = read_record(folder)
    DatasetCurator().export(ListedDreams([dream]), ExportOrder(format="grpo"), tmp_path)
    row = json.loads((tmp_path / "dreams.grpo.jsonl").read_text(encoding="utf-8"))
    monkeypatch.setattr(DataPaths, "default", classmethod(lambda _cls: DataPaths(tmp_path / "base")))
    monkeypatch.syspath_prepend(str(tmp_path))
    right = dream.candidate.solution
    answers = [f"```python\n{right}\n```", right.replace("minimum]", "minimum + 1]"), "def f(:", "raise SystemExit(0)"]
    try:
        from reward import reward  # type: ignore[import-not-found]

        earned = reward(
            completions=[[{"role": "assistant", "content": one}] for one in answers],
            tests=[row["tests"]] * 4,
            libraries=[row["libraries"]] * 4,
            dream_id=[row["dream_id"]] * 4,
        )
    finally:
        sys.modules.pop("reward", None)
    assert earned[0] == 1.0 and 0.0 <= earned[1] < 1.0 and earned[2:] == [0.0, 0.0]
