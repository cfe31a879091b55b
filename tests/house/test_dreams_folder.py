"""A dream lies in the checkout's data folder but is tested on its own, as its owner would."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.tracked import ROOT


def test_a_dream_in_the_checkout_is_not_tested_under_the_checkouts_rules(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    dreams = tmp_path / "data" / "synthetic_training"
    dreams.mkdir(parents=True)
    for page in (ROOT / "data" / "synthetic_training").glob("*.ini"):
        shutil.copy(page, dreams)
    dream = dreams / "dream_0123456789abcdef"
    dream.mkdir()
    (dream / "solution.py").write_text("def answer() -> int:\n    return 42\n", encoding="utf-8")
    (dream / "test_solution.py").write_text(
        "from solution import answer\n\n\ndef test_answer():\n    assert answer() == 42\n", encoding="utf-8"
    )

    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=dream,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 passed" in result.stdout
    assert f"rootdir: {dreams}\n" in result.stdout
