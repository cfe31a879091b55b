"""The session as the system sees it: locking, switching of users, sleep, and the idle hint as the last resort.

Sleep is held up with a *delay* inhibitor until the listener has been told, never blocked.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dreamer_app.core.i18n import tr
from dreamer_app.presence.bus import PROPERTIES, Bus, BusLoop, BusSource
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import PresenceKind, Sight

if TYPE_CHECKING:
    from dbus_fast.message import Message

SERVICE, MANAGER_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
MANAGER, SESSION, USER = f"{SERVICE}.Manager", f"{SERVICE}.Session", f"{SERVICE}.User"


async def session_path(bus: Bus) -> str | None:
    """The object of this program's session, or of its user's graphical one; None outside any."""
    asks = [("GetSessionByPID", "u", os.getpid())]
    if number := os.environ.get("XDG_SESSION_ID"):
        asks.append(("GetSession", "s", number))  # type: ignore[arg-type]
    for member, signature, argument in asks:
        try:
            return str(await bus.call(SERVICE, MANAGER_PATH, MANAGER, member, signature, argument))
        except CannotSee:
            continue
    try:
        user = await bus.call(SERVICE, MANAGER_PATH, MANAGER, "GetUser", "u", os.getuid())
        return (await bus.get(SERVICE, user, USER, "Display"))[1] or None
    except CannotSee:
        return None


class LogindSource(BusSource):
    """Lock, unlock, switch of users, sleep."""

    def __init__(self, loop: BusLoop) -> None:
        super().__init__("logind", loop, (SERVICE,))
        self._delay = -1

    async def begin(self, bus: Bus, service: str) -> None:
        """Take the delay inhibitor and listen to the session."""
        await bus.listen(service, MANAGER_PATH, MANAGER)
        await self._hold_sleep(bus)
        session = await session_path(bus)
        if session is None:
            self.reporter.works(tr("sleep only; this program runs outside any session"))
            return
        await bus.listen(service, session, SESSION)
        await bus.listen(service, session, PROPERTIES)
        self.reporter.works(tr("locking, switching of users and sleep"))
        for name in ("LockedHint", "Active"):
            self._say(name, await bus.get(service, session, SESSION, name))

    async def heard(self, bus: Bus, message: Message) -> None:
        """Tell what it means."""
        if message.member == "PrepareForSleep" and message.body[0]:
            self.reporter.tell(PresenceKind.SLEEPING)
            self._let_sleep()
        elif message.member == "PrepareForSleep":
            self.reporter.tell(PresenceKind.RESUMED)
            await self._hold_sleep(bus)
        elif message.member in {"Lock", "Unlock"}:
            self._say("LockedHint", message.member == "Lock")
        elif message.member == "PropertiesChanged":
            for name, value in message.body[1].items():
                self._say(name, value.value)

    async def ended(self) -> None:
        """Whoever stops listening holds nobody up."""
        self._let_sleep()

    def _say(self, name: str, value: object) -> None:
        if name == "LockedHint":
            self.reporter.tell(PresenceKind.LOCKED if value else PresenceKind.UNLOCKED)
        elif name == "Active":
            away = tr("another session is in front")
            self.reporter.tell(PresenceKind.BACK if value else PresenceKind.AWAY, detail="" if value else away)

    async def _hold_sleep(self, bus: Bus) -> None:
        self._let_sleep()
        why = tr("Dreaming stops before the computer sleeps")
        try:
            self._delay = await bus.call(
                SERVICE, MANAGER_PATH, MANAGER, "Inhibit", "ssss", "sleep", "The Dreamer", why, "delay"
            )
        except CannotSee:
            self._delay = -1  # not allowed here; sleep is told all the same, only not waited for

    def _let_sleep(self) -> None:
        if self._delay >= 0:
            os.close(self._delay)
            self._delay = -1


class IdleHintSource(BusSource):
    """The session's idle hint: minutes late and never set by some desktops, but there without any display."""

    def __init__(self, loop: BusLoop) -> None:
        super().__init__("idle hint", loop, (SERVICE,), Sight.LATE, sees_end=True)
        self._session = ""

    async def begin(self, bus: Bus, service: str) -> None:
        """Listen to the session's hint."""
        session = await session_path(bus)
        if session is None:
            raise CannotSee(tr("this program runs outside any session"))
        self._session = session
        await bus.listen(service, session, PROPERTIES)
        idle = await bus.get(service, session, SESSION, "IdleHint")
        self.reporter.works(tr("the session's idle hint, minutes late; used only where nothing better is there"))
        await self._say(bus, idle=idle)

    async def heard(self, bus: Bus, message: Message) -> None:
        """The hint changed."""
        if message.member == "PropertiesChanged" and "IdleHint" in message.body[1]:
            await self._say(bus, idle=message.body[1]["IdleHint"].value)

    async def _say(self, bus: Bus, *, idle: bool) -> None:
        if idle:
            since = await bus.get(SERVICE, self._session, SESSION, "IdleSinceHintMonotonic")
            self.reporter.tell(PresenceKind.QUIET, at=since / 1e6)
        else:
            self.reporter.tell_input(PresenceKind.INPUT)
