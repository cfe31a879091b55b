"""Sources over real message buses, with services that behave like the desktop's own."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamer_app.presence.bus import BusLoop, BusSource
from dreamer_app.presence.gamemode import GameModeSource
from dreamer_app.presence.inhibitors import DesktopInhibitors, SystemInhibitors
from dreamer_app.presence.logind import IdleHintSource, LogindSource
from dreamer_app.presence.mutter import MutterSource
from dreamer_app.presence.screen_saver import ScreenSaverSource
from dreamer_app.presence.source import PresenceKind, SourceState
from tests.presence.buses import (
    Daemon,
    Desktop,
    GameMode,
    GnomeInhibitor,
    GnomeSession,
    KdePolicy,
    Login,
    Mutter,
    ScreenSaver,
    Session,
    daemon,
)
from tests.presence.listening import Listener, wait_active, wait_until

CORE = "/org/gnome/Mutter/IdleMonitor/Core"
LOGIN, SESSION = "/org/freedesktop/login1", "/org/freedesktop/login1/session/_31"


@pytest.fixture
def heard() -> Listener:
    """What the source told."""
    return Listener()


@pytest.fixture
def loop() -> Iterator[BusLoop]:
    """The loop of the test's bus; what runs on it ends with the test."""
    started: list[BusSource] = []

    class Loop(BusLoop):
        def run(self, source: BusSource):  # type: ignore[no-untyped-def]
            started.append(source)
            return super().run(source)

    yield Loop(system=False)
    for source in started:
        source.stop()


@pytest.fixture
def login(desktop: Desktop) -> Iterator[tuple[Login, Session]]:
    """A login manager with one session."""
    manager, session = Login(), Session()
    desktop.offer("org.freedesktop.login1", (LOGIN, manager), (SESSION, session))
    yield manager, session
    manager.close()


def test_mutter_rings_after_each_quiet(loop: BusLoop, desktop: Desktop, heard: Listener) -> None:
    mutter = Mutter()
    desktop.offer("org.gnome.Mutter.IdleMonitor", (CORE, mutter))
    source = MutterSource(loop)
    source.start(heard)
    assert heard.wait(PresenceKind.QUIET).at <= time.monotonic() - 60
    for _ in range(3):
        told = len(heard.events)
        desktop.soon(mutter.fire, "active")
        heard.wait(PresenceKind.INPUT, told)
        desktop.soon(mutter.fire, "idle")
        heard.wait(PresenceKind.QUIET, told)
        wait_until(lambda: "active" in mutter.watches.values())


def test_input_before_the_watch_stood_is_not_missed(loop: BusLoop, desktop: Desktop, heard: Listener) -> None:
    mutter = Mutter()
    mutter.idle = 3
    desktop.offer("org.gnome.Mutter.IdleMonitor", (CORE, mutter))
    MutterSource(loop).start(heard)
    heard.wait(PresenceKind.INPUT)


def test_a_compositor_that_restarts_is_followed(loop: BusLoop, desktop: Desktop, heard: Listener) -> None:
    mutter = Mutter()
    desktop.offer("org.gnome.Mutter.IdleMonitor", (CORE, mutter))
    source = MutterSource(loop)
    source.start(heard)
    wait_active(source)
    desktop.withdraw("org.gnome.Mutter.IdleMonitor")
    heard.wait(PresenceKind.SOURCE_LOST)
    mutter.watches.clear()
    desktop.offer("org.gnome.Mutter.IdleMonitor")
    heard.wait(PresenceKind.SOURCE_RECOVERED)
    wait_until(lambda: "active" in mutter.watches.values())
    desktop.soon(mutter.fire, "active")
    heard.wait(PresenceKind.INPUT)


def test_a_service_that_hangs_is_named_and_tried_again(loop: BusLoop, desktop: Desktop, heard: Listener) -> None:
    mutter = Mutter()
    mutter.hangs = True
    desktop.offer("org.gnome.Mutter.IdleMonitor", (CORE, mutter))
    source = MutterSource(loop)
    source.start(heard)
    wait_until(lambda: "does not answer" in source.status.detail)
    mutter.hangs = False
    wait_active(source)


def test_a_bus_that_hangs_holds_nobody_up(loop: BusLoop, bus: Daemon, heard: Listener) -> None:
    bus.freeze()
    try:
        source = MutterSource(loop)
        started = time.monotonic()
        source.start(heard)
        assert time.monotonic() - started < 1, "start must not wait for the bus"
        wait_until(lambda: "does not answer" in source.status.detail)
        assert source.status.state is SourceState.UNAVAILABLE
    finally:
        bus.thaw()
    wait_until(lambda: "not running here" in source.status.detail)


def test_without_a_bus_it_says_so(loop: BusLoop, heard: Listener) -> None:
    source = MutterSource(loop)
    source.start(heard)
    wait_until(lambda: "no D-Bus" in source.status.detail)
    assert "graphical session" in source.status.fix


def test_a_bus_that_dies_and_returns_is_followed(
    loop: BusLoop, tmp_path: Path, heard: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with daemon(tmp_path) as first:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", first.address)
        desktop = Desktop(first.address)
        desktop.offer("org.gnome.Mutter.IdleMonitor", (CORE, Mutter()))
        source = MutterSource(loop)
        source.start(heard)
        wait_active(source)
        desktop.close()
    heard.wait(PresenceKind.SOURCE_LOST)
    with daemon(tmp_path) as second:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", second.address)
        desktop = Desktop(second.address)
        desktop.offer("org.gnome.Mutter.IdleMonitor", (CORE, Mutter()))
        heard.wait(PresenceKind.SOURCE_RECOVERED)
        source.stop()
        desktop.close()


@pytest.mark.parametrize("name", ["org.freedesktop.ScreenSaver", "org.mate.ScreenSaver"])
def test_the_screen_saver_comes_and_goes(loop: BusLoop, desktop: Desktop, heard: Listener, name: str) -> None:
    saver = ScreenSaver(name, on=True)
    desktop.offer(name, ("/" + name.replace(".", "/"), saver))
    ScreenSaverSource(loop).start(heard)
    heard.wait(PresenceKind.AWAY)
    desktop.soon(saver.ActiveChanged, False)
    heard.wait(PresenceKind.BACK)


def test_sleep_waits_until_it_was_told(
    loop: BusLoop, desktop: Desktop, login: tuple[Login, Session], heard: Listener
) -> None:
    manager, _ = login
    held_while_told: list[bool] = []

    def listen(event: object) -> None:
        if getattr(event, "kind", None) is PresenceKind.SLEEPING:
            held_while_told.append(manager.is_held())
        heard(event)  # type: ignore[arg-type]

    source = LogindSource(loop)
    source.start(listen)
    wait_active(source)
    assert manager.is_held()
    desktop.soon(manager.PrepareForSleep, True)
    heard.wait(PresenceKind.SLEEPING)
    wait_until(lambda: not manager.is_held(), "the delay is given back")
    assert held_while_told == [True], "and not before the listener knew"
    desktop.soon(manager.PrepareForSleep, False)
    heard.wait(PresenceKind.RESUMED)
    wait_until(lambda: len(manager.delays) == 2 and manager.is_held(), "a new delay is taken")
    source.stop()
    wait_until(lambda: not manager.is_held(), "nothing is held after the end")


def test_locking_and_switching_of_users(
    loop: BusLoop, desktop: Desktop, login: tuple[Login, Session], heard: Listener
) -> None:
    _, session = login
    source = LogindSource(loop)
    source.start(heard)
    wait_active(source)
    heard.wait(PresenceKind.BACK)
    desktop.soon(session.Lock)
    heard.wait(PresenceKind.LOCKED)
    told = len(heard.events)
    desktop.soon(session.emit_properties_changed, {"LockedHint": False, "Active": False})
    heard.wait(PresenceKind.UNLOCKED, told)
    assert "another session" in heard.wait(PresenceKind.AWAY, told).detail


def test_the_idle_hint_says_since_when(
    loop: BusLoop, desktop: Desktop, login: tuple[Login, Session], heard: Listener
) -> None:
    _, session = login
    IdleHintSource(loop).start(heard)
    heard.wait(PresenceKind.INPUT)
    session.idle_since = 123_000_000
    desktop.soon(session.emit_properties_changed, {"IdleHint": True})
    assert heard.wait(PresenceKind.QUIET).at == 123


def test_a_video_on_gnome(loop: BusLoop, desktop: Desktop, heard: Listener) -> None:
    session = GnomeSession()
    desktop.offer(
        "org.gnome.SessionManager",
        ("/org/gnome/SessionManager", session),
        ("/org/gnome/SessionManager/Inhibitor1", GnomeInhibitor()),
    )
    DesktopInhibitors(loop).start(heard)
    heard.wait(PresenceKind.UNINHIBITED)
    session.flags = 8
    desktop.soon(session.InhibitorAdded)
    assert heard.wait(PresenceKind.INHIBITED).detail == "Videos"
    session.flags, told = 4, len(heard.events)
    desktop.soon(session.InhibitorRemoved)
    heard.wait(PresenceKind.UNINHIBITED, told)


def test_a_call_on_kde(loop: BusLoop, desktop: Desktop, heard: Listener) -> None:
    policy = KdePolicy()
    policy.held = [["Firefox", "in a call"]]
    name = "org.kde.Solid.PowerManagement.PolicyAgent"
    desktop.offer(name, ("/" + name.replace(".", "/"), policy))
    DesktopInhibitors(loop).start(heard)
    assert heard.wait(PresenceKind.INHIBITED).detail == "Firefox: in a call"
    policy.held, told = [], len(heard.events)
    desktop.soon(policy.InhibitionsChanged)
    heard.wait(PresenceKind.UNINHIBITED, told)


def test_a_lock_of_the_system_counts_and_our_own_delay_does_not(
    loop: BusLoop, desktop: Desktop, login: tuple[Login, Session], heard: Listener
) -> None:
    manager, _ = login
    manager.inhibitors = [["sleep", "The Dreamer", "why", "delay", 0, 1]]
    SystemInhibitors(loop).start(heard)
    heard.wait(PresenceKind.UNINHIBITED)
    desktop.soon(manager.block, ["sleep:idle", "mpv", "playing", "block", 0, 1])
    assert heard.wait(PresenceKind.INHIBITED).detail == "mpv: playing"
    told = len(heard.events)
    desktop.soon(manager.block)
    heard.wait(PresenceKind.UNINHIBITED, told)


def test_gamemode_counts_its_games(loop: BusLoop, desktop: Desktop, heard: Listener) -> None:
    games = GameMode()
    desktop.offer("com.feralinteractive.GameMode", ("/com/feralinteractive/GameMode", games))
    source = GameModeSource(loop)
    source.start(heard)
    wait_active(source)
    desktop.soon(games.play, os.getpid())
    started = heard.wait(PresenceKind.EXCLUSIVE_STARTED)
    assert started.detail == Path("/proc/self/comm").read_text(encoding="utf-8").strip()
    told = len(heard.events)
    desktop.soon(games.finish, os.getpid())
    heard.wait(PresenceKind.EXCLUSIVE_ENDED, told)
