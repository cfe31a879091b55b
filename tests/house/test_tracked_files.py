"""No address of a package index, no path of one machine, and sources of the agreed size, names and docstrings."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.tracked import ROOT, sources, texts, tracked_files

# Spelled in parts, so that this file may be looked at like any other.
INDEX_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("deb", "debian", "org"),
        ("snapshot", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("registry-1", "docker", "io"),
        ("index", "docker", "io"),
        ("auth", "docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
        ("npmjs", "org"),
    )
]
MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:" + "|".join(("work", "root", "opt/pypi", "home/[a-z]+")) + r")/\S")
BANNED_WORDS = {"helper", "helpers", "util", "utils", "misc", "process", "handle", "stuff", "manager"}
BANNED_ALONE = {"data", "common"}  # they say nothing by themselves, but something about a base or a set
ALLOWED_NAMES = {"EnergyManager"}
DICTATED = {"dreamer_app/ui/journal/model.py: data"}
"""Methods that Qt calls by this very name."""
LONGEST_MODULE = 400


def test_there_is_something_to_look_at() -> None:
    assert ROOT / "pyproject.toml" in tracked_files()
    assert len(sources("dreamer_app")) > 10


@pytest.mark.parametrize("host", INDEX_HOSTS)
def test_no_address_of_an_index_or_mirror(host: str) -> None:
    found = [
        str(file.relative_to(ROOT)) for file in texts() if host in file.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []


def test_no_path_of_one_machine() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in texts()
        if not file.is_relative_to(ROOT / "tests" / "hostile")  # probes for the places that every Linux has
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if MACHINE_PATHS.search(line)
    ]
    assert found == []


def test_the_path_pattern_finds_what_it_is_meant_to_find() -> None:
    for bad in ("/" + "work/main/x", "cd /" + "root/.cache", '"/' + 'home/alice/dreams"'):
        assert MACHINE_PATHS.search(bad), bad
    for good in ("~/work/x", "data/work/x", "/" + "work", "framework/x"):
        assert not MACHINE_PATHS.search(good), good


def test_every_module_says_why_it_exists() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in sources("dreamer_app", "packaging", "docs")
        if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_source_is_longer_than_agreed() -> None:
    long = {
        str(file.relative_to(ROOT)): length
        for file in sources("dreamer_app", "packaging", "docs", "tests")
        if (length := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert long == {}


def words_of(name: str) -> set[str]:
    """The words of a snake_case or CamelCase name, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}


def names_in(text: str) -> set[str]:
    """Names of the classes, functions and methods that a source defines."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)}


def is_banned(name: str) -> bool:
    """Whether a name says nothing about what it names."""
    if name.startswith("test_"):
        return False  # a sentence, not a name
    return name not in ALLOWED_NAMES and (
        bool(words_of(name) & BANNED_WORDS) or name.lower().strip("_") in BANNED_ALONE
    )


def test_no_name_that_says_nothing() -> None:
    found = []
    for file in sources("dreamer_app", "packaging", "docs", "tests"):
        names = names_in(file.read_text(encoding="utf-8")) | {file.stem}
        found += [f"{file.relative_to(ROOT)}: {name}" for name in sorted(names) if is_banned(name)]
    assert set(found) == DICTATED


def test_banned_names_are_recognised() -> None:
    assert is_banned("ConfigManager")
    assert is_banned("docker_utils")
    assert is_banned("process")
    assert is_banned("_data")
    assert is_banned("common")
    assert not is_banned("common_base")
    assert not is_banned("EnergyManager")
    assert not is_banned("processes")
    assert not is_banned("DatasetCurator")
    assert not is_banned("test_a_busy_process_is_seen")
