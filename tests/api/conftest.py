from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dreamer_app.core.paths import DataPaths
from tests.api.fakes import World, api_world


@pytest.fixture(autouse=True)
def no_runtime_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets are made below the test's own folder."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)


@pytest.fixture
async def world(paths: DataPaths) -> AsyncIterator[World]:
    """The API over an empty base folder and a program that does what it is told."""
    async with api_world(paths) as found:
        yield found
