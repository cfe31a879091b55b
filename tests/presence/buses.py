"""Private D-Bus daemons, and services on them that behave like the desktop's own.

Signatures stand in the annotations and members have the names of the originals, as dbus-fast wants it.
"""

# ruff: noqa: F722, F821, UP037

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from dbus_fast import BusType
from dbus_fast.aio import MessageBus
from dbus_fast.constants import PropertyAccess
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

T = TypeVar("T")


class Daemon:
    """A message bus of one's own."""

    def __init__(self, folder: str) -> None:
        command = ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:dir={folder}"]
        self._daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self._daemon.stdout is not None
        self.address = self._daemon.stdout.readline().strip()
        assert self.address, "dbus-daemon did not start"

    def freeze(self) -> None:
        """Let it hang."""
        self._daemon.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._daemon.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """Take it away."""
        self._daemon.kill()
        self._daemon.wait(10)
        assert self._daemon.stdout is not None
        self._daemon.stdout.close()


@contextmanager
def daemon(folder: object) -> Iterator[Daemon]:
    """A bus for the time of a test."""
    running = Daemon(str(folder))
    try:
        yield running
    finally:
        running.kill()


class Desktop:
    """Runs services on a bus from a thread of its own.

    Args:
        address: Of the bus.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake-desktop")
        self._thread.start()
        self._bus = self.run(self._connect())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the services' own loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def soon(self, what: Any, *arguments: Any) -> None:
        """Call something on the services' own loop, and wait until it ran."""

        async def call() -> None:
            what(*arguments)

        self.run(call())

    def offer(self, service: str, *objects: tuple[str, ServiceInterface]) -> None:
        """Put objects on the bus and take the name."""
        for path, interface in objects:
            self.soon(self._bus.export, path, interface)
        self.run(self._bus.request_name(service))

    def withdraw(self, service: str) -> None:
        """Give the name back."""
        self.run(self._bus.release_name(service))

    def close(self) -> None:
        """Leave the bus."""
        self.soon(self._bus.disconnect)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

    async def _connect(self) -> MessageBus:
        return await MessageBus(bus_address=self._address, bus_type=BusType.SESSION, negotiate_unix_fd=True).connect()


class Mutter(ServiceInterface):
    """GNOME's idle monitor."""

    def __init__(self) -> None:
        super().__init__("org.gnome.Mutter.IdleMonitor")
        self.idle = 60_000
        self.watches: dict[int, str] = {}
        self.hangs = False

    def _add(self, kind: str) -> int:
        self.watches[number := len(self.watches) + 1] = kind
        return number

    @dbus_method()
    async def GetIdletime(self) -> "t":
        if self.hangs:
            await asyncio.sleep(3600)
        return self.idle

    @dbus_method()
    def AddIdleWatch(self, interval: "t") -> "u":
        return self._add(f"idle {interval}")

    @dbus_method()
    def AddUserActiveWatch(self) -> "u":
        return self._add("active")

    @dbus_signal()
    def WatchFired(self, number) -> "u":
        return number

    def fire(self, kind: str) -> None:
        """Ring the newest watch of a kind; one that waits for somebody is used up by it."""
        number = max(number for number, what in self.watches.items() if what.startswith(kind))
        if kind == "active":
            self.watches[number] = "used"
        self.WatchFired(number)


class ScreenSaver(ServiceInterface):
    """A screen saver."""

    def __init__(self, name: str = "org.freedesktop.ScreenSaver", *, on: bool = False) -> None:
        super().__init__(name)
        self.on = on

    @dbus_method()
    def GetActive(self) -> "b":
        return self.on

    @dbus_signal()
    def ActiveChanged(self, on) -> "b":
        return on


class Login(ServiceInterface):
    """The login manager; it counts who holds sleep up."""

    def __init__(self) -> None:
        super().__init__("org.freedesktop.login1.Manager")
        self.inhibitors: list[list[Any]] = []
        self.delays: list[tuple[int, int]] = []

    @dbus_method()
    def GetSessionByPID(self, pid: "u") -> "o":
        return "/org/freedesktop/login1/session/_31"

    @dbus_method()
    def Inhibit(self, what: "s", who: "s", why: "s", mode: "s") -> "h":
        assert (what, mode) == ("sleep", "delay")
        self.delays.append(os.pipe())
        return self.delays[-1][1]

    def is_held(self) -> bool:
        """Whether anybody but this service itself holds the newest delay; all live in this one program."""
        descriptors = Path("/proc/self/fd")
        pipe = (descriptors / str(self.delays[-1][0])).readlink()
        opened = 0
        for descriptor in descriptors.iterdir():
            with contextlib.suppress(OSError):
                opened += descriptor.readlink() == pipe
        return opened > 2

    def close(self) -> None:
        """Forget all delays."""
        for ends in self.delays:
            for end in ends:
                os.close(end)

    @dbus_method()
    def ListInhibitors(self) -> "a(ssssuu)":
        return self.inhibitors

    @dbus_signal()
    def PrepareForSleep(self, begins) -> "b":
        return begins

    @dbus_property(access=PropertyAccess.READ)
    def BlockInhibited(self) -> "s":
        return "idle" if self.inhibitors else ""

    def block(self, *held: list[Any]) -> None:
        """These hold locks now."""
        self.inhibitors = list(held)
        self.emit_properties_changed({"BlockInhibited": self.BlockInhibited})


class Session(ServiceInterface):
    """A session of the login manager."""

    def __init__(self) -> None:
        super().__init__("org.freedesktop.login1.Session")
        self.active, self.locked, self.idle, self.idle_since = True, False, False, 0

    @dbus_property(access=PropertyAccess.READ)
    def Active(self) -> "b":
        return self.active

    @dbus_property(access=PropertyAccess.READ)
    def LockedHint(self) -> "b":
        return self.locked

    @dbus_property(access=PropertyAccess.READ)
    def IdleHint(self) -> "b":
        return self.idle

    @dbus_property(access=PropertyAccess.READ)
    def IdleSinceHintMonotonic(self) -> "t":
        return self.idle_since

    @dbus_signal()
    def Lock(self) -> None:
        return None

    @dbus_signal()
    def Unlock(self) -> None:
        return None


class GnomeSession(ServiceInterface):
    """GNOME's session manager, as far as inhibitors go."""

    def __init__(self) -> None:
        super().__init__("org.gnome.SessionManager")
        self.flags = 0

    @dbus_property(access=PropertyAccess.READ)
    def InhibitedActions(self) -> "u":
        return self.flags

    @dbus_method()
    def GetInhibitors(self) -> "ao":
        return ["/org/gnome/SessionManager/Inhibitor1"] if self.flags else []

    @dbus_signal()
    def InhibitorAdded(self) -> "o":
        return "/org/gnome/SessionManager/Inhibitor1"

    @dbus_signal()
    def InhibitorRemoved(self) -> "o":
        return "/org/gnome/SessionManager/Inhibitor1"


class GnomeInhibitor(ServiceInterface):
    """One inhibitor of GNOME's."""

    def __init__(self) -> None:
        super().__init__("org.gnome.SessionManager.Inhibitor")

    @dbus_method()
    def GetAppId(self) -> "s":
        return "Videos"

    @dbus_method()
    def GetFlags(self) -> "u":
        return 8


class KdePolicy(ServiceInterface):
    """KDE's power policy agent."""

    def __init__(self) -> None:
        super().__init__("org.kde.Solid.PowerManagement.PolicyAgent")
        self.held: list[list[str]] = []

    @dbus_method()
    def ListInhibitions(self) -> "a(ss)":
        return self.held

    @dbus_signal()
    def InhibitionsChanged(self) -> "a(ss)as":
        return [self.held, []]


class GameMode(ServiceInterface):
    """GameMode's daemon."""

    def __init__(self) -> None:
        super().__init__("com.feralinteractive.GameMode")
        self.clients: list[int] = []

    @dbus_property(access=PropertyAccess.READ)
    def ClientCount(self) -> "i":
        return len(self.clients)

    @dbus_signal()
    def GameRegistered(self, pid) -> "io":
        return [pid, f"/com/feralinteractive/GameMode/Games/{pid}"]

    @dbus_signal()
    def GameUnregistered(self, pid) -> "io":
        return [pid, f"/com/feralinteractive/GameMode/Games/{pid}"]

    def play(self, pid: int) -> None:
        """A game begins."""
        self.clients.append(pid)
        self.GameRegistered(pid)

    def finish(self, pid: int) -> None:
        """A game ends."""
        self.clients.remove(pid)
        self.GameUnregistered(pid)
