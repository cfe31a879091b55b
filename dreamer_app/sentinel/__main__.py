"""The sentinel's own program: `python -m dreamer_app.sentinel SOCKET GENERATION-FILE`.

It imports little, so that it starts in a moment and its interpreter is always free. When the application goes away,
however it does, the dreams are killed; it never outlives the application.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dreamer_app.sandbox.brake.brake import Brake
from dreamer_app.sandbox.brake.line import BrakeLine
from dreamer_app.sandbox.brake.own_group import OwnGroup
from dreamer_app.sandbox.runner.group import Group
from dreamer_app.sentinel.generation import WakeGeneration
from dreamer_app.sentinel.guard import Guard
from dreamer_app.sentinel.wire import Message, Wire

if TYPE_CHECKING:
    from dreamer_app.presence.watch import PresenceWatch

PRIORITY = -5
"""Nice value, where the system allows it: the brake must not wait for the work it is to stop."""

TELL_EVERY = 5.0
"""Seconds between words about who is there while nothing happens: sources come and go silently."""


def main() -> None:
    """Serve until the application is gone."""
    wire = Wire(socket.socket(fileno=int(sys.argv[1])))
    generation = WakeGeneration(Path(sys.argv[2]))
    for number in (signal.SIGINT, signal.SIGHUP):  # the application decides; its end is ours
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.nice(PRIORITY)
    Sentinel(wire, generation).serve()
    os._exit(0)  # threads of sources may hang in a display that is gone


class Sentinel:
    """Obeys the application and watches for a person.

    Args:
        wire: To the application.
        generation: Counts the brakings.
    """

    def __init__(self, wire: Wire, generation: WakeGeneration) -> None:
        self._wire = wire
        self._guard = Guard(generation, wire.send)
        self._watch: PresenceWatch | None = None

    def serve(self) -> None:
        """Obey until the application is gone, then end the dreams."""
        self._wire.send({"event": "ready", "pid": os.getpid()})
        threading.Thread(target=self._keep_telling, name="now", daemon=True).start()
        while (message := self._wire.receive()) is not None and message.get("do") != "quit":
            self._obey(message)
        self._guard.kill()
        if self._watch is not None:
            self._watch.stop()

    def _obey(self, message: Message) -> None:
        match message.get("do"):
            case "arm":
                self._guard.disarm()
                self._guard.arm(self._opened(message))
                self._wire.send({"event": "armed"})
            case "disarm":
                self._guard.disarm()
                self._wire.send({"event": "disarmed"})
            case "heed input":
                self._guard.heed_input(on=bool(message["on"]))
            case "wake":
                self._guard.brake(float(message.get("at", time.monotonic())), str(message.get("source", "")))
            case "thaw":
                self._guard.thaw()
                self._wire.send({"event": "thawed"})
            case "release":
                self._guard.kill()
                self._wire.send({"event": "released", "at": time.monotonic()})
            case "watch":
                self._begin_watching(message["settings"])
            case "attend":
                self._attend(closely=bool(message["closely"]))
            case "unwatch" if self._watch is not None:
                self._watch.stop()
                self._watch = None

    def _opened(self, message: Message) -> Brake:
        """A brake of our own, from what the application says about its one."""
        if "group" in message:
            return OwnGroup(Group(*message["group"]))
        if "address" in message:
            connection = socket.socket(socket.AF_UNIX)
            connection.connect(message["address"])
            return BrakeLine(connection, framed=False, address=message["address"])
        return BrakeLine(socket.socket(fileno=self._wire.carried.pop()), framed=True)

    def _attend(self, *, closely: bool) -> None:
        if self._watch is not None:
            self._watch.attend(closely=closely)

    def _begin_watching(self, settings: Message) -> None:
        # Its sources import a display's libraries, which an application without a desktop never asks for.
        from dreamer_app.core.settings.presence import PresenceSettings  # noqa: PLC0415
        from dreamer_app.presence.source import PresenceEvent  # noqa: PLC0415
        from dreamer_app.presence.watch import PresenceWatch  # noqa: PLC0415

        def seen(event: PresenceEvent) -> None:
            if event.kind.is_input:
                self._guard.seen_input(event.at, event.source)
            facts = {"at": event.at, "kind": event.kind.value, "source": event.source}
            self._wire.send({"event": "presence", **facts, "detail": event.detail, "pixels": event.pixels})
            self._tell_now()

        if self._watch is not None:
            self._watch.stop()
        self._watch = PresenceWatch(seen, PresenceSettings.model_validate(settings))
        self._watch.start()
        self._tell_now()

    def _tell_now(self) -> None:
        """Who is there, in a form that stays right while nothing happens."""
        if self._watch is None:
            return
        now = self._watch.now()
        idle_from = None if now.idle_seconds is None else time.monotonic() - now.idle_seconds
        session = {"locked": now.locked, "away": now.away}
        others = {"inhibited_by": list(now.inhibited_by), "exclusive": list(now.exclusive)}
        self._wire.send({"event": "now", "idle_from": idle_from, **session, **others})

    def _keep_telling(self) -> None:
        while True:
            time.sleep(TELL_EVERY)
            self._tell_now()


if __name__ == "__main__":
    main()
