"""What the program imports is declared: what merely happens to be installed is missing on the next computer."""

from __future__ import annotations

import ast
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.test_requirements import PYPROJECT, group
from tests.house.tracked import ROOT, sources

LATE = ("import_module", "late_import", "find_spec")  # calls that import the module which their first argument names


def imported(file: Path) -> set[str]:
    """Top-level names that a module imports, late ones included, without the standard library's and our own."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                names.update(alias.name for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                names.add(module)
            case ast.Call(
                func=ast.Name(id=called) | ast.Attribute(attr=called), args=[ast.Constant(value=str(module)), *_]
            ) if called in LATE:
                names.add(module)
    return (
        {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names) - {"", "dreamer_app", "test_solution"}
    )


@cache
def bring(requirements: tuple[str, ...]) -> frozenset[str]:
    """The projects that requirements name, and what these require themselves: fastapi brings starlette."""
    named = {canonicalize_name(Requirement(line).name) for line in requirements}
    carried = set()
    for project in named:
        for line in installed(project):
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                carried.add(canonicalize_name(requirement.name))
    return frozenset(named | carried)


def installed(project: str) -> list[str]:
    """What an installed project requires; nothing where it does not belong on this platform."""
    try:
        return metadata.requires(project) or []
    except metadata.PackageNotFoundError:
        return []


def undeclared(files: list[Path], requirements: list[str]) -> set[str]:
    """File and name of every import that the requirements do not bring."""
    projects = metadata.packages_distributions()
    brought = bring(tuple(requirements))
    return {
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in imported(file)
        if not {canonicalize_name(found) for found in projects.get(name, [])} & brought
    }


def test_every_import_of_the_program_is_declared() -> None:
    project = PYPROJECT["project"]
    app = project["dependencies"] + [line for lines in project["optional-dependencies"].values() for line in lines]
    runner = sources("dreamer_app/sandbox/runner")
    assert undeclared([file for file in sources("dreamer_app") if file not in runner], app) == set()
    assert undeclared(runner, app + group("worker")) == set()


def test_every_declared_dependency_is_used() -> None:
    projects = metadata.packages_distributions()
    used = {
        canonicalize_name(project)
        for file in sources("dreamer_app")
        for name in imported(file)
        for project in projects.get(name, [])
    }
    declared = {canonicalize_name(Requirement(line).name) for line in PYPROJECT["project"]["dependencies"]}
    assert declared - used == set()
