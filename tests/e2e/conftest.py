"""One real night, shared by all end-to-end tests that only look at its dreams."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.nights import dream_folders, dreamer_json

DREAMS = 6


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after a small night; tests that change anything work on a copy."""
    base = tmp_path_factory.mktemp("night")
    dreamer_json(
        "night", "--library", "textual", "--library", "rich", "--dreams", str(DREAMS), "--seed", "7", base=base
    )
    assert len(dream_folders(base)) >= DREAMS
    return base
