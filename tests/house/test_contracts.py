"""The checks of `make check` are part of the test run, so that one closing line speaks for all of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tracked import ROOT

TOOLS = Path(sys.executable).parent
OUTSIDE = [str(file.relative_to(ROOT)) for folder in ("packaging", "docs") for file in (ROOT / folder).glob("*.py")]


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "--no-cache", "."],
        ["ruff", "format", "--no-cache", "--check", "."],
        ["mypy"],
        ["mypy", "--strict", *OUTSIDE],
        ["lint-imports", "--no-cache"],
    ],
    ids=["ruff check", "ruff format", "mypy", "mypy of the set-up", "import contracts"],
)
def test_the_house_is_clean(command: list[str]) -> None:
    result = subprocess.run(
        [TOOLS / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False, timeout=600
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_import_that_points_upward_is_refused(tmp_path: Path) -> None:
    """The contracts are live: a core that imports the engine must not pass."""
    house = tmp_path / "dreamer_app"
    for room in ("", *(path.name for path in (ROOT / "dreamer_app").iterdir() if (path / "__init__.py").exists())):
        (house / room).mkdir(parents=True, exist_ok=True)
        (house / room / "__init__.py").write_text("", encoding="utf-8")
    for module in (ROOT / "dreamer_app").glob("*.py"):
        (house / module.name).write_text("", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    command = [TOOLS / "lint-imports", "--no-cache"]

    clean = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    (house / "core" / "upward.py").write_text("import dreamer_app.engine\n", encoding="utf-8")
    broken = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)

    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert broken.returncode == 1
    assert "dreamer_app.core is not allowed to import dreamer_app.engine" in broken.stdout
