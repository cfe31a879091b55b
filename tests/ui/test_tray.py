"""The tray as a panel sees it: icon, words, menu, clicks; late and restarted panels; and none at all."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from dreamer_app.ui.tray_host import WATCHER
from tests.house.tracked import ROOT
from tests.ui.bus import Panel, panel, screen, session_bus


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with screen() as name:
        yield name


@pytest.fixture
def address() -> Iterator[str]:
    with session_bus() as found:
        yield found


class Program:
    """The small program under test."""

    def __init__(self, running: asyncio.subprocess.Process) -> None:
        self.running = running

    def become(self, **fields: Any) -> None:
        self.running.stdin.write(f"{json.dumps(fields)}\n".encode())

    async def says(self, wanted: str) -> None:
        async with asyncio.timeout(20):
            while line := (await self.running.stdout.readline()).decode().strip():
                if line.startswith(wanted):
                    return
        raise AssertionError(f"it ended without saying {wanted!r}")


@asynccontextmanager
async def program(display: str, address: str) -> AsyncIterator[Program]:
    environment = {**os.environ, "DISPLAY": display, "DBUS_SESSION_BUS_ADDRESS": address, "QT_QPA_PLATFORM": "xcb"}
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.ui.tray_program",
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Program(running)
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def test_a_panel_sees_state_and_menu_and_its_clicks_arrive(display: str, address: str) -> None:
    async with panel(address) as seen, program(display, address) as tray:
        await seen.until_property("IconName", "dreamer-awake-symbolic")
        assert await seen.property("Title") == "The Dreamer"
        await seen.click()
        await tray.says("window journal")

        tray.become(state="dreaming", verified=12, libraries=["httpx", "pydantic"], to_review=8)
        await seen.until_property("IconName", "dreamer-dreaming-symbolic")
        assert "12 verified" in str(await seen.property("ToolTip"))
        entries = await seen.entries()
        assert list(entries)[:4] == [
            "Dreaming — 12 verified tonight",
            "httpx × pydantic",
            "Stop dreaming",
            "Finish current dreams, then stop",
        ]
        assert "Dream Journal…  (8 to review)" in entries
        await said_after(seen, tray, {"Stop dreaming": "stop", "Finish current dreams, then stop": "finish"})
        await said_after(seen, tray, {"1 hour": "pause 2026-03-04 14:00", "Until I resume": "pause None"})
        await said_after(seen, tray, {"Settings…": "window settings", "Diagnostics…": "window health"})

        tray.become(state="paused")
        await seen.until_property("IconName", "dreamer-paused-symbolic")
        assert "Resume" in await seen.entries()
        assert "Pause" not in await seen.entries()

        await seen.choose("Quit")
        await tray.says("shut_down")
        await tray.says("ended")
        assert await tray.running.wait() == 0


async def said_after(seen: Panel, tray: Program, wishes: dict[str, str]) -> None:
    """Choose entries and wait for what the program says."""
    for label, word in wishes.items():
        await seen.choose(label)
        await tray.says(word)


async def test_a_panel_that_comes_late_or_again_gets_the_icon(display: str, address: str) -> None:
    async with program(display, address) as tray:
        async with panel(address) as first:
            await first.until_property("IconName", "dreamer-awake-symbolic")
            await first.bus.release_name(WATCHER)
        async with panel(address) as second:
            await second.until_property("IconName", "dreamer-awake-symbolic")
        tray.running.send_signal(signal.SIGTERM)
        await tray.says("shut_down")
        assert await tray.running.wait() == 0


async def test_without_a_tray_a_window_says_so(display: str, address: str) -> None:
    async with program(display, address) as tray:
        await tray.says("window no_tray")
        tray.running.send_signal(signal.SIGINT)
        await tray.says("ended")
