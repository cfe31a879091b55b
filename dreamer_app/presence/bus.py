"""D-Bus for sources: one connection with patience for every call, and the loop that keeps all sources of a bus going.

A bus that is absent, slow or hanging costs nobody but its own thread any time. Must not know what any message means.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import threading
from abc import ABC, abstractmethod
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dreamer_app.core.i18n import tr
from dreamer_app.presence.reporter import CannotSee, Reporter, failed
from dreamer_app.presence.source import Emit, Sight, SourceState, SourceStatus
from dreamer_app.presence.threaded import JOIN, RETRY
from dreamer_app.presence.x11_display import first_line

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus
    from dbus_fast.message import Message

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds for the connection and for every answer."""
DAEMON, DAEMON_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
PROPERTIES = "org.freedesktop.DBus.Properties"


class Bus:
    """One connection.

    Args:
        connection: Connected.
    """

    def __init__(self, connection: MessageBus) -> None:
        self._connection = connection
        self._signals: asyncio.Queue[Message | None] = asyncio.Queue()
        connection.add_message_handler(self._sort)

    def _sort(self, message: Message) -> None:
        from dbus_fast.constants import MessageType  # noqa: PLC0415

        if message.message_type is MessageType.SIGNAL:
            self._signals.put_nowait(message)

    def end(self) -> None:
        """Tell whoever waits for signals that none will come."""
        self._signals.put_nowait(None)

    async def next_signal(self, patience: float | None) -> Message | None:
        """The next signal; None when the time is over.

        Raises:
            CannotSee: The connection ended.
        """
        try:
            message = await asyncio.wait_for(self._signals.get(), patience)
        except TimeoutError:
            return None
        if message is None:
            raise CannotSee(tr("the connection to D-Bus ended"))
        return message

    async def call(self, service: str, path: str, interface: str, member: str, signature: str = "", *body: Any) -> Any:
        """Call a method.

        Returns:
            The one value that it answers with, a list of several, or None.

        Raises:
            CannotSee: It answers with an error, or not at all.
        """
        from dbus_fast.constants import MessageType  # noqa: PLC0415
        from dbus_fast.message import Message  # noqa: PLC0415

        message = Message(
            destination=service, path=path, interface=interface, member=member, signature=signature, body=list(body)
        )
        try:
            answer = await asyncio.wait_for(self._connection.call(message), PATIENCE)
        except TimeoutError as error:
            raise CannotSee(tr("{service} does not answer", service=service)) from error
        except (OSError, EOFError) as error:
            raise CannotSee(tr("the connection to D-Bus ended: {why}", why=first_line(error))) from error
        if answer is None or answer.message_type is MessageType.ERROR:
            raise CannotSee(
                tr(
                    "{service} refuses {member}: {why}",
                    service=service,
                    member=member,
                    why=answer.error_name if answer else service,
                )
            )
        values = [*answer.unix_fds] if answer.unix_fds else answer.body
        return None if not values else values[0] if len(values) == 1 else values

    async def get(self, service: str, path: str, interface: str, name: str) -> Any:
        """Read a property.

        Raises:
            CannotSee: It cannot be read.
        """
        return (await self.call(service, path, PROPERTIES, "Get", "ss", interface, name)).value

    async def has(self, service: str) -> bool:
        """Whether a service runs; asks without starting it.

        Raises:
            CannotSee: The bus does not answer.
        """
        return bool(await self.call(DAEMON, DAEMON_PATH, DAEMON, "NameHasOwner", "s", service))

    async def listen(self, service: str, path: str, interface: str, **more: str) -> None:
        """Ask for the signals of one interface of one object.

        Args:
            service: Who sends them.
            path: Of the object.
            interface: Of the signals.
            **more: Further conditions, e.g. `arg0`.

        Raises:
            CannotSee: The bus refuses.
        """
        rule = {"type": "signal", "sender": service, "path": path, "interface": interface, **more}
        text = ",".join(f"{key}='{value}'" for key, value in rule.items())
        await self.call(DAEMON, DAEMON_PATH, DAEMON, "AddMatch", "s", text)


class BusSource(ABC):
    """Base of sources that listen to services on a bus; each follows its services coming and going.

    Args:
        name: Short and unique.
        loop: Of the bus it listens to.
        services: Well-known names; any of them is enough.
        sight: What it sees of the input while it works.
        sees_end: Whether every INPUT of it is followed by a QUIET.
    """

    def __init__(
        self, name: str, loop: BusLoop, services: tuple[str, ...], sight: Sight = Sight.NONE, *, sees_end: bool = False
    ) -> None:
        self.name = name
        self.reporter = Reporter(name, sight, sees_end=sees_end)
        self._loop, self._services = loop, services
        self._future: Future[None] | None = None

    @property
    def status(self) -> SourceStatus:
        """How it is now."""
        return self.reporter.status

    def start(self, emit: Emit) -> None:
        """Begin to listen; returns at once."""
        self.reporter.open(emit)
        self._future = self._loop.run(self)

    def stop(self) -> None:
        """Stop listening; nothing is emitted afterwards."""
        self.reporter.close()
        if self._future is not None:
            self._loop.leave(self._future)
            self._future = None

    def attend(self, *, closely: bool) -> None:  # noqa: B027  (a bus tells by itself)
        """Nothing to do: the source is told of events and never polls."""

    @abstractmethod
    async def begin(self, bus: Bus, service: str) -> None:
        """A service is there: subscribe, ask how things are, and call `reporter.works`.

        Raises:
            CannotSee: It does not do what it should; this will be called again.
        """

    @abstractmethod
    async def heard(self, bus: Bus, message: Message) -> None:
        """A signal came.

        Raises:
            CannotSee: Its sender does not answer; `begin` will be called again.
        """

    async def ended(self) -> None:  # noqa: B027  (most sources keep nothing)
        """The connection is about to close."""

    async def keep_listening(self) -> None:
        """Connect and listen until cancelled, again and again."""
        failures = 0
        while True:
            try:
                await self._listen_once()
            except CannotSee as why:
                failures = 0 if self.status.state is SourceState.ACTIVE else failures + 1
                self.reporter.fails(why)
            except Exception as error:
                log.exception("Source %s failed", self.name)
                self.reporter.fails(failed(error))
                failures += 1
            await asyncio.sleep(RETRY[min(failures, len(RETRY) - 1)])

    async def _listen_once(self) -> None:
        async with _Connection(self._loop.address()) as bus:
            for service in self._services:
                await bus.listen(DAEMON, DAEMON_PATH, DAEMON, arg0=service)
            try:
                await self._follow(bus)
            finally:
                await self.ended()

    async def _follow(self, bus: Bus) -> None:
        present = {
            name for name in self._services if await bus.call(DAEMON, DAEMON_PATH, DAEMON, "NameHasOwner", "s", name)
        }
        unheard, failures = set(present), 0
        if not present:
            self.reporter.fails(self._nobody())
        while True:
            for service in sorted(unheard):
                try:
                    await self.begin(bus, service)
                    unheard.discard(service)
                    failures = 0
                except CannotSee as why:
                    failures += 1
                    self.reporter.fails(why)
            wait = RETRY[min(failures, len(RETRY) - 1)] if unheard else None
            message = await bus.next_signal(wait)
            if message is None:
                continue
            if message.member == "NameOwnerChanged" and message.sender == DAEMON:
                service, _, owner = message.body
                (present.add if owner else present.discard)(service)
                (unheard.add if owner else unheard.discard)(service)
                if not present:
                    self.reporter.fails(self._nobody())
            else:
                try:
                    await self.heard(bus, message)
                except CannotSee as why:
                    self.reporter.fails(why)
                    unheard |= present

    def _nobody(self) -> CannotSee:
        return CannotSee(tr("not running here: {names}", names=", ".join(self._services)))


class _Connection:
    """A connection for the time of a `with`."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def __aenter__(self) -> Bus:
        from dbus_fast.aio import MessageBus  # noqa: PLC0415  (0.2 s)
        from dbus_fast.errors import AuthError, DBusError, InvalidAddressError  # noqa: PLC0415

        try:
            self._connection = MessageBus(bus_address=self._address, negotiate_unix_fd=True)
            await asyncio.wait_for(self._connection.connect(), PATIENCE)
        except TimeoutError as error:
            self._connection.disconnect()
            raise CannotSee(tr("D-Bus does not answer")) from error
        except (OSError, EOFError, AuthError, DBusError, InvalidAddressError) as error:
            raise CannotSee(tr("D-Bus cannot be reached: {why}", why=first_line(error))) from error
        bus = Bus(self._connection)
        self._waiting = asyncio.ensure_future(self._until_the_end(bus))
        return bus

    async def _until_the_end(self, bus: Bus) -> None:
        with contextlib.suppress(Exception):  # however it ends, it is the end
            await self._connection.wait_for_disconnect()  # type: ignore[no-untyped-call]
        bus.end()

    async def __aexit__(self, *_: object) -> None:
        self._waiting.cancel()
        self._connection.disconnect()


class BusLoop:
    """The thread of one bus; it runs while any source listens.

    Args:
        system: The system bus, else that of the session.
    """

    def __init__(self, *, system: bool) -> None:
        self._system = system
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._running = 0

    def address(self) -> str:
        """Of the bus.

        Raises:
            CannotSee: There is none in this session.
        """
        if self._system:
            return os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or "unix:path=/run/dbus/system_bus_socket"
        if address := os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
            return address
        socket = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / "bus"
        if socket.exists():
            return f"unix:path={socket}"
        raise CannotSee(
            tr("there is no D-Bus in this session"),
            tr("Start The Dreamer inside the graphical session, not as a service."),
        )

    def run(self, source: BusSource) -> Future[None]:
        """Let a source listen until `leave`."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                name = "presence-system-bus" if self._system else "presence-session-bus"
                self._thread = threading.Thread(target=self._turn, args=(self._loop,), name=name, daemon=True)
                self._thread.start()
            self._running += 1
            return asyncio.run_coroutine_threadsafe(source.keep_listening(), self._loop)

    def leave(self, future: Future[None]) -> None:
        """End what `run` began; the last one ends the thread."""
        future.cancel()
        with self._lock:
            self._running -= 1
            if self._running or self._loop is None:
                return
            loop, thread, self._loop = self._loop, self._thread, None
        loop.call_soon_threadsafe(loop.stop)
        if thread is not None and thread is not threading.current_thread():
            thread.join(JOIN)

    @staticmethod
    def _turn(loop: asyncio.AbstractEventLoop) -> None:
        try:
            loop.run_forever()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            loop.run_until_complete(asyncio.sleep(0.05))
        finally:
            loop.close()
