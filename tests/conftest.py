"""What holds for every test: hypothesis draws the same examples in every CI run, no test is timed, and one that needs a
Docker engine fails with the fix where there is none, because a skipped proof would look like a passed one.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.paths import DataPaths
from dreamer_app.sandbox.docker.engine import Engine

settings.register_profile("house", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")


@cache
def _engine_problem() -> str | None:
    try:
        Engine.connect().close()
    except DreamerError as error:
        return f"{error.title}: {error.message}\n→ {error.hint}"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail tests marked `docker` at once, with what mends it, where no engine answers."""
    if item.get_closest_marker("docker") is not None and (problem := _engine_problem()) is not None:
        pytest.fail(f"This test needs a Docker engine. {problem}", pytrace=False)


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    """An empty base folder."""
    base = DataPaths(tmp_path)
    base.create()
    return base
