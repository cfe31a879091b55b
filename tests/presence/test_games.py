"""Games and exclusive programs: real programs, a real window manager, the kernel's own events."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.protocol.event import ClientMessage

from dreamer_app.core.settings import PresenceSettings
from dreamer_app.presence.exclusive import Program, exclusive_name
from dreamer_app.presence.fullscreen import FullscreenSource
from dreamer_app.presence.proc import program_name, uses_gpu
from dreamer_app.presence.programs import ProgramsSource
from dreamer_app.presence.source import PresenceKind
from dreamer_app.presence.watch import PresenceWatch
from dreamer_app.presence.windows import current_program
from tests.presence.listening import Listener, wait_active, wait_until
from tests.presence.x11 import XServer

STARTED, ENDED = PresenceKind.EXCLUSIVE_STARTED, PresenceKind.EXCLUSIVE_ENDED


@pytest.fixture
def game(tmp_path: Path) -> str:
    """A program with a name of its own."""
    return shutil.copy(shutil.which("sleep") or "/bin/sleep", tmp_path / "fakegame")


@pytest.mark.parametrize("events", [True, False], ids=["told by the kernel", "looking by itself"])
def test_a_listed_program_is_noticed_and_its_end_too(game: str, events: bool) -> None:
    heard = Listener()
    source = ProgramsSource(["FakeGame.exe"], steam=False, events=events)
    source.start(heard)
    try:
        wait_active(source)
        source.attend(closely=True)
        running = subprocess.Popen([game, "60"])
        assert heard.wait(STARTED).detail == "FakeGame.exe"
        running.kill()
        running.wait(10)
        heard.wait(ENDED)
    finally:
        source.stop()


def test_a_program_that_runs_already_is_noticed(game: str) -> None:
    with subprocess.Popen([game, "60"]) as running:
        heard = Listener()
        source = ProgramsSource(["fakegame"], steam=False)
        source.start(heard)
        try:
            heard.wait(STARTED)
        finally:
            source.stop()
            running.kill()


def test_what_steam_launches_is_noticed_by_its_command_line() -> None:
    heard = Listener()
    source = ProgramsSource([], steam=True)
    source.start(heard)
    source.attend(closely=True)
    command = [sys.executable, "-c", "input()", "SteamLaunch", "AppId=440", "--", "game"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as running:
        try:
            assert heard.wait(STARTED).detail == "Steam game 440"
        finally:
            source.stop()
            running.kill()


@pytest.mark.parametrize(
    ("program", "listed", "name"),
    [
        (Program(1, "Blender", "/usr/bin/blender"), ["blender"], "blender"),
        (Program(1, "wine64-preloader", "", ("C:\\Games\\Quake.exe", "-w")), ["quake"], "quake"),
        (Program(1, "python3", "/usr/bin/python3", ("python3", "/opt/studio.py")), ["studio.py"], "studio.py"),
        (Program(1, "bash", "/bin/bash", ("bash", "-c", "blender")), ["blender"], None),
        (Program(1, "grep", "/bin/grep", ("grep", "blender")), ["blender"], None),
        (Program(1, "vi", "", ("vi", "AppId=3")), [], None),
        (Program(1, "", ""), [""], None),
    ],
)
def test_names(program: Program, listed: list[str], name: str | None) -> None:
    assert exclusive_name(program, listed, steam=True) == name


def test_a_graphics_card_is_seen_by_what_is_open(tmp_path: Path) -> None:
    for pid, target in ((1, "/dev/dri/renderD128"), (2, "/dev/null"), (3, "/dev/nvidia0")):
        (tmp_path / str(pid) / "fd").mkdir(parents=True)
        (tmp_path / str(pid) / "fd" / "5").symlink_to(target)
    assert [uses_gpu(pid, tmp_path) for pid in (1, 2, 3, 4)] == [True, False, True, None]


class Window:
    """A program's window that can fill the screen, as games do."""

    def __init__(self, display: str) -> None:
        self._display = Display(display)
        self._root = self._display.screen().root
        self._window = self._root.create_window(0, 0, 80, 60, 0, self._display.screen().root_depth)
        pid = self._display.intern_atom("_NET_WM_PID")
        self._window.change_property(pid, self._display.intern_atom("CARDINAL"), 32, [os.getpid()])
        self._window.map()
        self._display.sync()

    def to_front(self) -> None:
        """Ask the window manager to put it there."""
        self._ask("_NET_ACTIVE_WINDOW", 2, X.CurrentTime)

    def fill_screen(self, *, on: bool) -> None:
        """Ask the window manager."""
        self._ask("_NET_WM_STATE", int(on), self._display.intern_atom("_NET_WM_STATE_FULLSCREEN"))

    def _ask(self, what: str, *values: int) -> None:
        five = (*values, 0, 0, 0, 0)[:5]
        message = ClientMessage(window=self._window, client_type=self._display.intern_atom(what), data=(32, five))
        self._root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._display.sync()

    def close(self) -> None:
        """Go away."""
        self._display.close()


@pytest.fixture
def desk(server: XServer) -> Iterator[XServer]:
    """A display with a window manager."""
    with subprocess.Popen(["openbox", "--sm-disable"], stderr=subprocess.DEVNULL) as manager:
        root = Display(server.name)
        check = root.intern_atom("_NET_SUPPORTING_WM_CHECK")
        wait_until(lambda: root.screen().root.get_full_property(check, X.AnyPropertyType) is not None)
        root.close()
        yield server
        manager.kill()


def wait_in_front(window: Window) -> None:
    """Until the window manager has put it there; it may only just have taken it on."""
    wait_until(lambda: window.to_front() or current_program() is not None, "the window is in front")


def test_a_full_screen_game_begins_and_ends(desk: XServer) -> None:
    heard = Listener()
    source = FullscreenSource(uses_gpu=lambda pid: pid == os.getpid())
    source.start(heard)
    wait_active(source)
    window = Window(desk.name)
    try:
        wait_in_front(window)
        window.fill_screen(on=True)
        assert heard.wait(STARTED).detail == program_name(os.getpid())
        window.fill_screen(on=False)
        heard.wait(ENDED)
        window.fill_screen(on=True)
        heard.wait(STARTED, 2)
    finally:
        window.close()
    heard.wait(ENDED, 2)
    source.stop()


def test_a_full_screen_reader_is_no_game(desk: XServer) -> None:
    heard, asked = Listener(), []
    source = FullscreenSource(uses_gpu=lambda pid: asked.append(pid) is not None)
    source.start(heard)
    wait_active(source)
    window = Window(desk.name)
    wait_in_front(window)
    window.fill_screen(on=True)
    wait_until(lambda: len(asked) > 0, "it was looked at")
    source.stop()
    window.close()
    assert heard.events == []


def test_the_program_of_the_current_window_can_be_added(desk: XServer) -> None:
    window = Window(desk.name)
    wait_in_front(window)
    name = current_program()
    window.close()
    assert name is not None
    this = Program(os.getpid(), "", sys.executable, tuple(Path("/proc/self/cmdline").read_text().split("\0")))
    assert exclusive_name(this, [name], steam=False) == name


def test_the_watch_names_what_runs(game: str) -> None:
    heard = Listener()
    quiet = {"idle_alarm": False, "second_look": False, "desktop": False, "session": False, "inhibitors": False}
    watch = PresenceWatch(heard, PresenceSettings(games=False, exclusive_programs=("fakegame",), **quiet))
    watch.start()
    watch.attend(closely=True)
    try:
        with subprocess.Popen([game, "60"]) as running:
            heard.wait(STARTED)
            assert watch.now().exclusive == ("fakegame",)
            running.kill()
        heard.wait(ENDED)
        assert watch.now().exclusive == ()
    finally:
        watch.stop()
