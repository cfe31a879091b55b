"""A plain Python package of examples, each with its tests, which plain pytest runs without The Dreamer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, count
from pathlib import Path
from typing import Self

from dreamer_app.academy.exports.format import Background, Format
from dreamer_app.academy.exports.trl_jsonl import rows
from dreamer_app.academy.training_example import TrainingExample, stamp_line
from dreamer_app.store.proven_task import ProvenTask

PACKAGE = "dream_examples"
FILES = 400
"""Handed over at a time; twice as many are in memory at most."""
_FROM = re.compile(r"^from solution import", re.MULTILINE)
_IMPORT = re.compile(r"^import solution$", re.MULTILINE)
_NO_WORD = re.compile(r"\W+")


def write(examples: Iterable[TrainingExample], folder: Path, background: Background) -> None:
    """Write the package into an empty folder.

    Raises:
        OSError: The disk is full or cannot be written.
    """
    package = folder / PACKAGE
    package.mkdir()
    _write(f"{package}/__init__.py", _ABOUT)
    environments = _Environments(package)
    with _Beside() as beside, (folder / "README.md").open("w", encoding="utf-8", newline="\n") as readme:
        readme.write(_README.format(version=background.version))
        for example in examples:
            place = environments.of(example.dream)
            name = f"dream_{example.dream.id}_{example.dream.entry_point}"
            mark = stamp_line(example)
            for path, text in _files(example, f"{package}/{place}", name, mark):
                beside.write(path, text)
            readme.write(f"- `{place}/{name}.py`: {example.dream.title} ({mark})\n")
    _write(f"{folder}/pyproject.toml", _PROJECT)


class _Environments:
    """A folder for every set of exact versions, because no environment fits all of them."""

    def __init__(self, package: Path) -> None:
        self._package = package
        self._places: dict[tuple[str, ...], str] = {}

    def of(self, dream: ProvenTask) -> str:
        """The name of a dream's folder, which is there with what its tests need."""
        place = self._places.get(dream.requirements)
        if place is None:
            name = "_and_".join(_NO_WORD.sub("_", pin.name.lower()) for pin in dream.libraries)
            names = chain([name], (f"{name}_{n}" for n in count(2)))
            place = next(one for one in names if one not in self._places.values())
            self._places[dream.requirements] = place
            (self._package / place).mkdir()
            _write(f"{self._package}/{place}/__init__.py", _ABOUT)
            pins = "".join(f"{pin}\n" for pin in dream.requirements)
            _write(f"{self._package}/{place}/requirements.txt", f"# synthetic: true\n{pins}")
        return place


def _files(example: TrainingExample, folder: str, name: str, mark: str) -> Iterator[tuple[str, str]]:
    dream = example.dream
    task = "".join([f"# {line}".rstrip() + "\n" for line in (dream.title, "", *example.task.splitlines())])
    yield f"{folder}/{name}.py", f"# {mark}\n#\n{task}\n{dream.solution.strip()}\n"
    tests = _IMPORT.sub(f"from . import {name} as solution", _FROM.sub(f"from .{name} import", dream.tests.strip()))
    yield f"{folder}/test_{name}.py", f"# {mark}\n{tests}\n"


class _Beside:
    """Writes files in a thread of its own, some hundreds at a time, while the next dreams are read.

    A file system takes as long over two small files as all else takes over a dream.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "package-files")
        self._waiting: list[tuple[str, str]] = []
        self._last: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with self._thread:
            if kind is None:
                self._hand_over()
                self._wait()

    def write(self, path: str, text: str) -> None:
        """Write a new file, soon.

        Raises:
            OSError: An earlier one could not be written.
        """
        self._waiting.append((path, text))
        if len(self._waiting) >= FILES:
            self._hand_over()

    def _hand_over(self) -> None:
        self._wait()
        self._last = self._thread.submit(_write_all, self._waiting)
        self._waiting = []

    def _wait(self) -> None:
        if self._last is not None:
            self._last.result()


def _write_all(files: Sequence[tuple[str, str]]) -> None:
    for path, text in files:
        _write(path, text)


def _write(path: str, text: str) -> None:
    with open(path, "xb", buffering=0) as file:  # noqa: PTH123 -- a Path takes longer than the file
        file.write(text.encode())


_ABOUT = '"""Proven examples. synthetic: true."""\n'
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

Synthetic programming tasks with solutions and tests, dreamt and proved by The Dreamer {version}. Those that were proved
with the same exact versions stand in one folder, which says what these are:

    pip install -r dream_examples/FOLDER/requirements.txt
    pytest dream_examples/FOLDER

"""

FORMAT = Format(
    name="package",
    about="A Python package of examples with tests, for people and CI.",
    file="dream-examples",
    rows=rows,
    folder=write,
)
