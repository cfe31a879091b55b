"""Whether the screen saver is on, from whichever of the desktops' own services is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dreamer_app.core.i18n import tr
from dreamer_app.presence.bus import Bus, BusLoop, BusSource
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import PresenceKind

if TYPE_CHECKING:
    from dbus_fast.message import Message

SERVICES = {
    "org.freedesktop.ScreenSaver": "/org/freedesktop/ScreenSaver",
    "org.gnome.ScreenSaver": "/org/gnome/ScreenSaver",
    "org.cinnamon.ScreenSaver": "/org/cinnamon/ScreenSaver",
    "org.mate.ScreenSaver": "/org/mate/ScreenSaver",
    "org.xfce.ScreenSaver": "/org/xfce/ScreenSaver",
}
"""Service, whose name is also that of the interface, and path of the object."""


class ScreenSaverSource(BusSource):
    """Screen saver on: nobody looks. Off: somebody may."""

    def __init__(self, loop: BusLoop) -> None:
        super().__init__("screen saver", loop, tuple(SERVICES))

    async def begin(self, bus: Bus, service: str) -> None:
        """Listen, and ask whether it is on."""
        path = SERVICES[service]
        await bus.listen(service, path, service)
        active = await bus.call(service, path, service, "GetActive")
        self.reporter.works(tr("the screen saver ({service})", service=service))
        if active:
            self.reporter.tell(PresenceKind.AWAY, detail=tr("the screen saver is on"))

    async def heard(self, bus: Bus, message: Message) -> None:  # noqa: ARG002
        """It went on or off."""
        if message.member == "ActiveChanged" and message.interface in SERVICES:
            on = bool(message.body[0])
            self.reporter.tell(
                PresenceKind.AWAY if on else PresenceKind.BACK,
                detail=tr("the screen saver is on") if on else tr("the screen saver ended"),
            )

    def _nobody(self) -> CannotSee:
        return CannotSee(tr("this desktop has no screen saver that tells"))
