"""The pages say what is so: generated pages are current, links lead somewhere, commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import make_pages
import make_trust_page
import pytest
import typer

from dreamer_app.cli.app import app
from tests.house.tracked import ROOT, tracked_files

PAGES = [file for file in tracked_files() if file.suffix == ".md"]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("name", sorted(make_pages.PAGES))
def test_generated_pages_are_current(name: str) -> None:
    page = ROOT / "docs" / name
    assert page.read_text(encoding="utf-8") == make_pages.PAGES[name](), "run make docs"


def test_the_page_of_trust_says_what_was_measured() -> None:
    page = ROOT / "docs" / "trust.md"
    stored = make_trust_page.Figures.stored()
    assert stored.planted is not None
    assert page.read_text(encoding="utf-8") == make_trust_page.page(stored), "run docs/make_trust_page.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    lost = [
        target
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target.partition("#")[0]).exists()
    ]
    assert lost == []


def make_targets() -> set[str]:
    """The targets that the Makefile declares as commands."""
    declared = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert declared
    return set(declared[1].split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_commands_exist(page: Path) -> None:
    named = set(re.findall(r"(?:`|^ {4}|\n)make ([a-z]+)", page.read_text(encoding="utf-8")))
    assert named <= make_targets()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_program_commands_exist(page: Path) -> None:
    program = typer.main.get_command(app)
    known = {name for name, _ in make_pages.commands(program, "dreamer")}
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^ {4})(?:\.venv/bin/)?(dreamer [a-z-]+(?: [a-z]+)?)", text, re.MULTILINE))
    unknown = {name for name in named if not any(f"{name} ".startswith(f"{command} ") for command in known)}
    assert unknown == set()


def test_every_make_command_is_explained() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in make_targets():
        assert re.search(rf"^{target}:.*## \S", text, re.MULTILINE), target
