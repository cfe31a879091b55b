"""Paths: everything under one base folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.core.paths import DataPaths, resource


def test_everything_lies_under_the_base(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path / "base")
    paths.create()
    properties = [name for name, value in vars(DataPaths).items() if isinstance(value, property)]
    assert properties
    for name in properties:
        assert paths.base in getattr(paths, name).parents
    assert paths.dreams.is_dir()


def test_creating_twice_keeps_what_is_there(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path)
    paths.create()
    (paths.dreams / "kept").write_text("x", encoding="utf-8")
    paths.create()
    assert (paths.dreams / "kept").read_text(encoding="utf-8") == "x"


def test_an_unknown_resource_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"no/such\.file"):
        resource("no/such.file")
