"""Locked requirements: exact, hashed, without an address, and in agreement with pyproject.toml and each other."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tracked import ROOT

LISTS = ("app", "dev", "worker", "build", "uv")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def group(name: str) -> list[str]:
    """The requirements of a dependency group with those of the groups that it includes."""
    found: list[str] = []
    for entry in PYPROJECT["dependency-groups"][name]:
        found += [entry] if isinstance(entry, str) else group(entry["include-group"])
    return found


def entries(name: str) -> list[tuple[Requirement, list[str]]]:
    """The requirements of a list, each with its digests."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", " ", text)
    found = []
    for line in joined.splitlines():
        words = line.split(" --hash=")
        if line.strip():
            found.append((Requirement(words[0].strip()), [word.strip() for word in words[1:]]))
    return found


def pins(name: str) -> dict[tuple[str, str], str]:
    """Version by (project, marker)."""
    return {
        (canonicalize_name(entry.name), str(entry.marker or "")): next(iter(entry.specifier)).version
        for entry, _ in entries(name)
    }


@pytest.mark.parametrize("name", LISTS)
def test_every_line_is_exact_and_hashed(name: str) -> None:
    found = entries(name)
    assert found
    for entry, digests in found:
        assert [specifier.operator for specifier in entry.specifier] == ["=="], entry
        assert entry.url is None, entry
        assert digests, entry
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in digests), entry


@pytest.mark.parametrize("name", LISTS)
def test_no_option_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert [line for line in text.splitlines() if line.startswith("-")] == []


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("app", PYPROJECT["project"]["dependencies"]),
        ("dev", PYPROJECT["project"]["dependencies"] + group("dev")),
        ("worker", group("worker")),
        ("build", group("build")),
        ("uv", group("uv")),
    ],
)
def test_what_is_declared_is_locked(name: str, wanted: list[str]) -> None:
    locked = pins(name)
    for text in wanted:
        requirement = Requirement(text)
        versions = [
            version for (project, _), version in locked.items() if project == canonicalize_name(requirement.name)
        ]
        assert versions, f"{text} is not in {name}.txt; run make lock"
        assert all(requirement.specifier.contains(version) for version in versions), f"{text} in {name}.txt: {versions}"


def test_the_lists_agree() -> None:
    app, dev = pins("app"), pins("dev")
    assert app.items() <= dev.items()
    for name in ("worker", "build", "uv"):
        for pin, version in pins(name).items():
            assert dev.get(pin, version) == version, f"{pin} differs between {name}.txt and dev.txt"
