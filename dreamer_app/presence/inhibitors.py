"""Video, calls and presentations: whoever keeps the screen on counts as a person.

Each desktop keeps its own list; the one of the system is asked too. Must not inhibit anything itself.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from dreamer_app.core.i18n import tr
from dreamer_app.presence import logind
from dreamer_app.presence.bus import PROPERTIES, Bus, BusLoop, BusSource
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import PresenceKind

if TYPE_CHECKING:
    from dbus_fast.message import Message

GNOME, GNOME_PATH = "org.gnome.SessionManager", "/org/gnome/SessionManager"
GNOME_IDLE = 8
"""Flag of GNOME's session manager for *inhibit the session being marked as idle*."""
KDE, KDE_PATH = "org.kde.Solid.PowerManagement.PolicyAgent", "/org/kde/Solid/PowerManagement/PolicyAgent"
FREEDESKTOP, FREEDESKTOP_PATH = "org.freedesktop.PowerManagement", "/org/freedesktop/PowerManagement/Inhibit"


class _InhibitorSource(BusSource):
    """Asks again after every signal; there are few."""

    @abstractmethod
    async def holders(self, bus: Bus, service: str) -> list[str]:
        """Who keeps the screen on, in plain words."""

    async def begin(self, bus: Bus, service: str) -> None:
        """Listen, and ask who does now."""
        self._service = service
        holders = await self.holders(bus, service)
        for path, interface in self.signals(service):
            await bus.listen(service, path, interface)
        self.reporter.works(tr("programs that keep the screen on"))
        self._say(holders)

    async def heard(self, bus: Bus, message: Message) -> None:
        """Something changed; ask."""
        if message.member != "NameOwnerChanged":
            self._say(await self.holders(bus, self._service))

    def signals(self, service: str) -> list[tuple[str, str]]:
        """Path and interface of what tells a change."""
        raise NotImplementedError

    def _say(self, holders: list[str]) -> None:
        if holders:
            self.reporter.tell(PresenceKind.INHIBITED, detail=", ".join(holders))
        else:
            self.reporter.tell(PresenceKind.UNINHIBITED)


class DesktopInhibitors(_InhibitorSource):
    """What the desktop's session knows."""

    def __init__(self, loop: BusLoop) -> None:
        super().__init__("inhibitors", loop, (GNOME, KDE, FREEDESKTOP))

    def signals(self, service: str) -> list[tuple[str, str]]:
        """Path and interface of what tells a change."""
        return {
            GNOME: [(GNOME_PATH, GNOME), (GNOME_PATH, PROPERTIES)],
            KDE: [(KDE_PATH, KDE)],
            FREEDESKTOP: [(FREEDESKTOP_PATH, f"{FREEDESKTOP}.Inhibit")],
        }[service]

    async def holders(self, bus: Bus, service: str) -> list[str]:
        """Who keeps the screen on."""
        if service == GNOME:
            if not await bus.get(GNOME, GNOME_PATH, GNOME, "InhibitedActions") & GNOME_IDLE:
                return []
            return await self._gnome_names(bus) or [tr("a program")]
        if service == KDE:
            held: Any = await bus.call(KDE, KDE_PATH, KDE, "ListInhibitions")
            return [f"{who}: {why}" if why else who for who, why in held or []]
        interface = f"{FREEDESKTOP}.Inhibit"
        if not await bus.call(FREEDESKTOP, FREEDESKTOP_PATH, interface, "HasInhibit"):
            return []
        return [tr("a program")]

    @staticmethod
    async def _gnome_names(bus: Bus) -> list[str]:
        names = []
        for path in await bus.call(GNOME, GNOME_PATH, GNOME, "GetInhibitors") or []:
            interface = f"{GNOME}.Inhibitor"
            try:
                if await bus.call(GNOME, path, interface, "GetFlags") & GNOME_IDLE:
                    names.append(str(await bus.call(GNOME, path, interface, "GetAppId")))
            except CannotSee:
                continue  # it ended in between
        return names


class SystemInhibitors(_InhibitorSource):
    """What logind knows: locks of the kind *idle* that block."""

    def __init__(self, loop: BusLoop) -> None:
        super().__init__("inhibitors of the system", loop, (logind.SERVICE,))

    def signals(self, service: str) -> list[tuple[str, str]]:  # noqa: ARG002
        """Path and interface of what tells a change."""
        return [(logind.MANAGER_PATH, PROPERTIES)]

    async def holders(self, bus: Bus, service: str) -> list[str]:
        """Who blocks idleness."""
        held: Any = await bus.call(service, logind.MANAGER_PATH, logind.MANAGER, "ListInhibitors")
        return [
            f"{who}: {why}"
            for what, who, why, mode, _user, _program in held or []
            if mode == "block" and "idle" in what.split(":")
        ]
