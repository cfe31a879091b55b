"""A dream speaks for itself: plain pytest, its own requirements, no Dreamer; and its tests have teeth."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.nights import dream_folders, dreamer_json, without_the_dreamer

pytestmark = [pytest.mark.docker, pytest.mark.network]
UV = Path(sys.executable).with_name("uv")
ALL_PASSED, SOME_FAILED = 0, 1


class Stub(ast.NodeTransformer):
    """Every function keeps its name and arguments and does nothing."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Empty the body."""
        node.body = [ast.Return(ast.Constant(None))]
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """Empty the body."""
        node.body = [ast.Return(ast.Constant(None))]
        return node


def stubbed(source: str) -> str:
    """The same names, nothing done."""
    return ast.unparse(ast.fix_missing_locations(Stub().visit(ast.parse(source)))) + "\n"


def environment_for(requirements: Path, place: Path) -> Path:
    """The interpreter of a fresh virtual environment with exactly these requirements."""
    environment = without_the_dreamer()
    for command in (
        [UV, "venv", "--quiet", "--python", sys.executable, place],
        [UV, "pip", "install", "--quiet", "--python", place / "bin" / "python", "-r", requirements],
    ):
        made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
        assert made.returncode == 0, made.stderr
    return place / "bin" / "python"


@pytest.fixture(scope="module")
def environments(night: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One clean interpreter for every distinct requirements.txt of the night, by its text."""
    found: dict[str, Path] = {}
    for folder in dream_folders(night):
        text = (folder / "requirements.txt").read_text(encoding="utf-8")
        if text not in found:
            found[text] = environment_for(folder / "requirements.txt", tmp_path_factory.mktemp("clean") / "venv")
    return found


def plain_pytest(folder: Path, environments: dict[str, Path]) -> subprocess.CompletedProcess[str]:
    """What a person types in the folder of a dream."""
    python = environments[(folder / "requirements.txt").read_text(encoding="utf-8")]
    return subprocess.run(
        [python, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=folder,
        env=without_the_dreamer(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_clean_environments_know_no_dreamer(environments: dict[str, Path]) -> None:
    for python in environments.values():
        ask = [python, "-c", "import dreamer_app"]
        asked = subprocess.run(ask, cwd="/", env=without_the_dreamer(), capture_output=True, text=True, check=False)
        assert "No module named 'dreamer_app'" in asked.stderr


def test_requirements_are_exact(night: Path) -> None:
    for folder in dream_folders(night):
        lines = (folder / "requirements.txt").read_text(encoding="utf-8").split()
        assert lines
        assert all(line.count("==") == 1 for line in lines), folder


def test_every_dream_passes_plain_pytest(night: Path, environments: dict[str, Path], tmp_path: Path) -> None:
    for folder in dream_folders(night):
        copy = shutil.copytree(folder, tmp_path / folder.name)
        result = plain_pytest(copy, environments)
        assert result.returncode == ALL_PASSED, f"{folder.name}:\n{result.stdout}\n{result.stderr}"
        assert "skipped" not in result.stdout.splitlines()[-1]


def test_every_dream_fails_as_a_stub(night: Path, environments: dict[str, Path], tmp_path: Path) -> None:
    for folder in dream_folders(night):
        copy = shutil.copytree(folder, tmp_path / folder.name)
        solution = copy / "solution.py"
        solution.write_text(stubbed(solution.read_text(encoding="utf-8")), encoding="utf-8")
        result = plain_pytest(copy, environments)
        assert result.returncode == SOME_FAILED, f"{folder.name}:\n{result.stdout}\n{result.stderr}"


def test_verify_agrees_after_the_database_is_gone(night: Path, tmp_path: Path) -> None:
    base = shutil.copytree(night, tmp_path / "base", symlinks=True)
    for file in base.glob("dreamer.sqlite*"):
        file.unlink()
    ids = {folder.name.removeprefix("dream_") for folder in dream_folders(base)}

    dreamer_json("verify", "--all", base=base)

    listed = dreamer_json("journal", "list", base=base)
    assert {dream["id"] for dream in listed["dreams"]} == ids
