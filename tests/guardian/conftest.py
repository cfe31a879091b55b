"""The known-good dreams and, for tests with real workers, one environment that has their libraries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import GuardianSettings
from dreamer_app.guardian.guardian import Guardian
from dreamer_app.sandbox.jobs import Environment
from dreamer_app.sandbox.sandbox import Sandbox
from tests.guardian.dreams import Planted, load
from tests.guardian.knowledge import EXAMPLES, PINS, SmallGraph


@pytest.fixture(scope="session")
def households() -> Planted:
    return load("good", "households")


@pytest.fixture(scope="session")
def route() -> Planted:
    return load("good", "cheapest_route")


@pytest.fixture(scope="session")
def shopping() -> Planted:
    return load("good", "shopping_list")


@dataclass
class Court:
    """A Guardian over real workers."""

    sandbox: Sandbox
    environment: Environment
    guardian: Guardian


@pytest.fixture(scope="session")
def court_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder, so that the environment is installed once."""
    return tmp_path_factory.mktemp("court")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def court(court_folder: Path) -> AsyncIterator[Court]:
    from tests.sandbox.conftest import own_sandbox

    paths = DataPaths(court_folder)
    paths.create()
    async with own_sandbox(paths, favoured=False) as sandbox:
        environment = await sandbox.environment(list(PINS.values()))
        guardian = Guardian(sandbox, SmallGraph(examples=EXAMPLES[:1]), GuardianSettings())
        yield Court(sandbox, environment, guardian)
