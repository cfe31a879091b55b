"""A session bus, a screen, a panel and a notification daemon of the test's own."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

from tests.ui.waiting import until

WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"


@contextmanager
def session_bus() -> Iterator[str]:
    """A message bus that nobody else is on; its address."""
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    ) as daemon:
        try:
            yield daemon.stdout.readline().strip()
        finally:
            daemon.terminate()


@contextmanager
def screen() -> Iterator[str]:
    """An X server without a monitor; its display."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    try:
        os.close(write)
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


class FakeWatcher(ServiceInterface):
    """A panel: knows which tray icons are there."""

    def __init__(self) -> None:
        super().__init__(WATCHER)
        self.items: list[str] = []

    @dbus_method()
    def RegisterStatusNotifierItem(self, service: "s"):  # noqa: F821, UP037
        self.items.append(service)

    @dbus_method()
    def RegisterStatusNotifierHost(self, service: "s"):  # noqa: F821, UP037
        pass


class FakeDaemon(ServiceInterface):
    """A notification daemon: keeps what it was shown, answers when told to."""

    def __init__(self, capabilities: list[str] | None = None) -> None:
        super().__init__("org.freedesktop.Notifications")
        self.capabilities = ["actions", "body", "body-markup"] if capabilities is None else capabilities
        self.shown: list[list[Any]] = []

    @dbus_method()
    def GetCapabilities(self) -> "as":  # noqa: F722
        return self.capabilities

    @dbus_method()
    def Notify(  # noqa: PLR0917
        self,
        app: "s",  # noqa: F821, UP037
        replaces: "u",  # noqa: F821, UP037
        icon: "s",  # noqa: F821, UP037
        summary: "s",  # noqa: F821, UP037
        body: "s",  # noqa: F821, UP037
        actions: "as",  # noqa: F722
        hints: "a{sv}",  # noqa: F722
        timeout: "i",  # noqa: F821, UP037
    ) -> "u":  # noqa: F821, UP037
        self.shown.append([summary, body, actions, {name: value.value for name, value in hints.items()}])
        return len(self.shown)

    @dbus_signal()
    def ActionInvoked(self, number, key) -> "us":  # noqa: F821, UP037
        return [number, key]


class Panel:
    """Talks to the tray icon as a panel does.

    Args:
        bus: Connected.
        watcher: Where icons register.
    """

    def __init__(self, bus: MessageBus, watcher: FakeWatcher) -> None:
        self.bus, self.watcher = bus, watcher

    async def call(self, path: str, interface: str, member: str, signature: str = "", body: Any = ()) -> list[Any]:
        """Ask the icon's program."""
        await until(lambda: self.watcher.items)
        answer = await self.bus.call(
            Message(
                destination=self.watcher.items[-1],
                path=path,
                interface=interface,
                member=member,
                signature=signature,
                body=list(body),
            )
        )
        assert answer is not None
        assert answer.message_type is MessageType.METHOD_RETURN, answer.body
        return answer.body

    async def property(self, name: str) -> Any:
        """A property of the icon."""
        body = await self.call("/StatusNotifierItem", "org.freedesktop.DBus.Properties", "Get", "ss", [ITEM, name])
        return body[0].value

    async def click(self) -> None:
        """A click of the left button."""
        await self.call("/StatusNotifierItem", ITEM, "Activate", "ii", [0, 0])

    async def entries(self) -> dict[str, int]:
        """Every visible entry of the menu with its number; submenus are flat."""
        found: dict[str, int] = {}
        _, layout = await self.call("/MenuBar", MENU, "GetLayout", "iias", [0, -1, []])

        def walk(node: Any) -> None:
            number, properties, children = node
            label = properties.get("label", Variant("s", "")).value.replace("_", "")
            if label and properties.get("visible", Variant("b", True)).value:
                found[label] = number
            for child in children:
                walk(child.value)

        walk(layout)
        return found

    async def choose(self, label: str) -> None:
        """Click an entry of the menu."""
        number = (await self.entries())[label]
        await self.call("/MenuBar", MENU, "Event", "isvu", [number, "clicked", Variant("s", ""), 0])

    async def until_property(self, name: str, value: Any) -> None:
        """Wait for a property to be so."""
        async with asyncio.timeout(10):
            while await self.property(name) != value:  # noqa: ASYNC110  asked over the bus
                await asyncio.sleep(0.05)


@asynccontextmanager
async def panel(address: str) -> AsyncIterator[Panel]:
    """A panel on a bus."""
    bus = await MessageBus(bus_address=address).connect()
    watcher = FakeWatcher()
    bus.export("/StatusNotifierWatcher", watcher)
    await bus.request_name(WATCHER)
    try:
        yield Panel(bus, watcher)
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()


@asynccontextmanager
async def daemon(address: str, fake: FakeDaemon) -> AsyncIterator[FakeDaemon]:
    """A notification daemon on a bus."""
    bus = await MessageBus(bus_address=address).connect()
    bus.export("/org/freedesktop/Notifications", fake)
    await bus.request_name("org.freedesktop.Notifications")
    try:
        yield fake
    finally:
        bus.disconnect()
        await bus.wait_for_disconnect()
