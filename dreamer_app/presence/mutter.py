"""Input on GNOME: Mutter's own idle monitor, on X11 and Wayland alike.

Two watches and no polling: one rings when it has been quiet for a second, one when somebody is back. The second rings
once and is asked for anew after each quiet.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from dreamer_app.core.i18n import tr
from dreamer_app.presence.bus import Bus, BusLoop, BusSource
from dreamer_app.presence.source import PresenceKind, Sight
from dreamer_app.presence.xsync import QUIET_AFTER

if TYPE_CHECKING:
    from dbus_fast.message import Message

SERVICE = INTERFACE = "org.gnome.Mutter.IdleMonitor"
PATH = "/org/gnome/Mutter/IdleMonitor/Core"


class MutterSource(BusSource):
    """GNOME's idle monitor."""

    def __init__(self, loop: BusLoop) -> None:
        super().__init__("mutter", loop, (SERVICE,), Sight.ALL, sees_end=True)
        self._quiet_watch = self._back_watch = 0

    async def begin(self, bus: Bus, service: str) -> None:
        """Set both watches."""
        await bus.listen(service, PATH, INTERFACE)
        self._quiet_watch = await bus.call(service, PATH, INTERFACE, "AddIdleWatch", "t", QUIET_AFTER)
        self.reporter.works(tr("GNOME's idle monitor"))
        await self._wait_for_somebody(bus)

    async def heard(self, bus: Bus, message: Message) -> None:
        """A watch rang."""
        if message.member != "WatchFired" or message.interface != INTERFACE:
            return
        watch = message.body[0]
        if watch == self._back_watch:
            self.reporter.tell_input(PresenceKind.INPUT)
        elif watch == self._quiet_watch:
            await self._wait_for_somebody(bus)

    async def _wait_for_somebody(self, bus: Bus) -> None:
        """Watch for the next input, and look whether there was some before the watch stood."""
        self._back_watch = await bus.call(SERVICE, PATH, INTERFACE, "AddUserActiveWatch")
        idle = await bus.call(SERVICE, PATH, INTERFACE, "GetIdletime")
        if idle < QUIET_AFTER:
            self.reporter.tell_input(PresenceKind.INPUT)
        else:
            self.reporter.tell(PresenceKind.QUIET, at=time.monotonic() - idle / 1000)
