"""Games that say so themselves: GameMode counts its clients on the session bus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dreamer_app.core.i18n import tr
from dreamer_app.presence.bus import Bus, BusLoop, BusSource
from dreamer_app.presence.proc import program_name
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import PresenceKind

if TYPE_CHECKING:
    from dbus_fast.message import Message

SERVICE = INTERFACE = "com.feralinteractive.GameMode"
PATH = "/com/feralinteractive/GameMode"


class GameModeSource(BusSource):
    """Games registered with GameMode."""

    def __init__(self, loop: BusLoop) -> None:
        super().__init__("gamemode", loop, (SERVICE,))

    async def begin(self, bus: Bus, service: str) -> None:
        """Listen, and count those that run already."""
        await bus.listen(service, PATH, INTERFACE)
        count = await bus.get(service, PATH, INTERFACE, "ClientCount")
        self.reporter.works(tr("games that register with GameMode"))
        self._say(count, tr("a game"))

    async def heard(self, bus: Bus, message: Message) -> None:
        """One came or went."""
        if message.member in {"GameRegistered", "GameUnregistered"}:
            name = program_name(message.body[0]) or tr("a game")
            if message.member == "GameRegistered":  # before anything is asked: the first word wakes
                self._say(1, name)
            self._say(await bus.get(SERVICE, PATH, INTERFACE, "ClientCount"), name)

    def _say(self, count: int, name: str) -> None:
        if count:
            self.reporter.tell(PresenceKind.EXCLUSIVE_STARTED, detail=name)
        else:
            self.reporter.tell(PresenceKind.EXCLUSIVE_ENDED)

    def _nobody(self) -> CannotSee:
        return CannotSee(tr("GameMode is not running; it starts with the first game that uses it"))
