"""A plain Python package of examples, each with its tests, which plain pytest runs without The Dreamer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from dreamer_app.academy.exports.format import Background, Format
from dreamer_app.academy.exports.trl_jsonl import rows
from dreamer_app.academy.training_example import TrainingExample, stamp_line

PACKAGE = "dream_examples"
_FROM = re.compile(r"^from solution import", re.MULTILINE)
_IMPORT = re.compile(r"^import solution$", re.MULTILINE)


def write(examples: Iterable[TrainingExample], folder: Path, background: Background) -> None:
    """Write the package into an empty folder.

    Raises:
        OSError: The disk is full or cannot be written.
    """
    package = folder / PACKAGE
    package.mkdir()
    _write(package / "__init__.py", '"""Proven examples. synthetic: true."""\n')
    pins: set[str] = set()
    contents = []
    for example in examples:
        _write_example(example, package / f"dream_{example.dream.id}")
        pins.update(example.dream.requirements)
        contents.append(f"- `dream_{example.dream.id}`: {example.dream.title} ({stamp_line(example)})\n")
    _write(folder / "requirements.txt", "".join(f"{pin}\n" for pin in sorted(pins)))
    _write(folder / "pyproject.toml", _PROJECT)
    _write(folder / "README.md", _README.format(version=background.version, contents="".join(contents)))


def _write_example(example: TrainingExample, folder: Path) -> None:
    folder.mkdir()
    mark = f"# {stamp_line(example)}\n"
    _write(folder / "__init__.py", mark)
    _write(folder / "TASK.md", f"<!-- {stamp_line(example)} -->\n# {example.dream.title}\n\n{example.task}\n")
    _write(folder / "solution.py", mark + example.dream.solution.strip() + "\n")
    tests = _IMPORT.sub("from . import solution", _FROM.sub("from .solution import", example.dream.tests.strip()))
    _write(folder / "test_solution.py", f"{mark}{tests}\n")
    _write(folder / "requirements.txt", mark + "".join(f"{pin}\n" for pin in example.dream.requirements))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


_PROJECT = f"""# synthetic: true
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "dream-examples"
version = "1.0"
description = "Machine-made, machine-verified programming examples (synthetic)."

[tool.hatch.build.targets.wheel]
packages = ["{PACKAGE}"]

[tool.pytest.ini_options]
testpaths = ["{PACKAGE}"]
"""
_README = """<!-- synthetic: true -->
# Dream examples

Synthetic programming tasks with solutions and tests, dreamt and proved by The Dreamer {version}. Every example is in a
folder of its own with the exact versions that it was proved with; one environment may not fit all of them.

    pip install -r dream_examples/dream_<id>/requirements.txt
    pytest dream_examples/dream_<id>

{contents}"""

FORMAT = Format(
    name="package",
    about="A Python package of examples with tests, for people and CI.",
    file="dream-examples",
    rows=rows,
    folder=write,
)
