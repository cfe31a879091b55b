"""An X server of its own for every test that asks for one, and nothing of the desktop that runs the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.presence.buses import Daemon, Desktop, daemon
from tests.presence.x11 import Hand, XServer, x_server


@pytest.fixture(autouse=True)
def no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    """No display, no bus, no session of whoever runs the tests."""
    for name in (
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XDG_SESSION_TYPE",
        "XAUTHORITY",
        "DBUS_SESSION_BUS_ADDRESS",
        "XDG_RUNTIME_DIR",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[XServer]:
    """An X server that is this session's display."""
    with x_server() as running:
        monkeypatch.setenv("DISPLAY", running.name)
        yield running


@pytest.fixture
def hand(server: XServer) -> Iterator[Hand]:
    """A hand on that server's mouse and keyboard."""
    one = Hand(server.name)
    yield one
    one.close()


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """A message bus that is this session's and the system's."""
    with daemon(tmp_path) as running:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.address)
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", running.address)
        yield running


@pytest.fixture
def desktop(bus: Daemon) -> Iterator[Desktop]:
    """Where services can be offered."""
    one = Desktop(bus.address)
    yield one
    one.close()
