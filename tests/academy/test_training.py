"""The rows and the recipe, tried with the tools that they are for, wherever these were installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.academy.training_room import check_formats, is_there, train

pytestmark = pytest.mark.skipif(not is_there(), reason="make bench BENCH=recipes installs TRL, PEFT and torch")


def test_the_trl_script_lowers_the_loss_on_held_out_rows_and_its_adapter_loads_back(tmp_path: Path) -> None:
    before, after = train(tmp_path, 60)
    assert after < before


def test_trl_takes_every_format_for_one_of_its_own(tmp_path: Path) -> None:
    said = check_formats(tmp_path, 6)
    assert [line.split(":")[0] for line in said.splitlines()] == ["chat", "trl", "dpo", "kto", "grpo"]
