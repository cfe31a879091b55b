"""Which libraries does the user work with? Read from the requirements of folders that the settings name.

Only `requirements*.txt` and `pyproject.toml` directly in such a folder are opened, as text; nothing of a project is run
and nothing leaves this computer.
"""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

LARGEST = 1_000_000
"""Bytes of a requirements file that is still read."""


def own_libraries(projects: Sequence[str]) -> frozenset[str]:
    """Distribution names in the requirements of these folders; folders that are not there are passed over."""
    found: set[str] = set()
    for project in projects:
        folder = Path(project).expanduser()
        for file in sorted(folder.glob("requirements*.txt")) if folder.is_dir() else ():
            found.update(_names(_lines(file)))
        found.update(_names(_declared(folder / "pyproject.toml")))
    return frozenset(found)


def _names(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        with contextlib.suppress(InvalidRequirement):
            yield canonicalize_name(Requirement(line.partition("#")[0].partition(" --")[0].strip()).name)


def _lines(file: Path) -> Iterator[str]:
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if file.stat().st_size <= LARGEST:
            yield from file.read_text(encoding="utf-8").splitlines()


def _declared(file: Path) -> Iterator[str]:
    """Dependencies of a project, its extras and its groups."""
    with contextlib.suppress(OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError, TypeError):
        document = tomllib.loads(file.read_text(encoding="utf-8"))
        project = document.get("project", {})
        lists = [project.get("dependencies", ())]
        lists += [*project.get("optional-dependencies", {}).values(), *document.get("dependency-groups", {}).values()]
        yield from (line for group in lists for line in group if isinstance(line, str))
