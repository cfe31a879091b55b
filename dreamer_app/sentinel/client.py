"""The application's side of the sentinel: starts it, hears it, and starts it anew when it dies.

Callbacks come on a thread of this class and must be quick. What follows from a message is decided elsewhere.
"""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.sandbox.brake.brake import Brake
from dreamer_app.sandbox.brake.line import BrakeLine
from dreamer_app.sandbox.brake.own_group import OwnGroup
from dreamer_app.sentinel.generation import WakeGeneration
from dreamer_app.sentinel.wire import Message, Wire

_log = logging.getLogger(__name__)

START_SECONDS = 20.0
QUIT_SECONDS = 5.0
STARTS_IN_A_ROW = 3
"""A sentinel that dies so often before it is ready will not be had on this computer."""


class SentinelClient:
    """One sentinel at a time.

    Args:
        generation_file: Shared with it.

    Attributes:
        generation: Counts its brakings.
        hear: Who takes its messages, by their `event`. `lost` comes when it died by itself: the dreams must end with
            it, and after the next `ready` it must be armed again.
    """

    def __init__(self, generation_file: Path) -> None:
        self.generation = WakeGeneration(generation_file)
        self.hear: dict[str, Callable[[Message], None]] = {}
        self._file = generation_file
        self._settings: Message | None = None
        self._wire: Wire | None = None
        self._program: subprocess.Popen[bytes] | None = None
        self._ready = threading.Event()
        self._answered = threading.Event()
        self._ending = False
        self._reader = threading.Thread(target=self._live, name="sentinel", daemon=True)

    @property
    def pid(self) -> int | None:
        """Of its process, None while there is none."""
        return None if self._program is None else self._program.pid

    def start(self) -> None:
        """Start it and wait until it serves.

        Raises:
            InfrastructureError: It does not come up.
        """
        self._reader.start()
        if not self._ready.wait(START_SECONDS):
            raise InfrastructureError("The sentinel does not start", "its small program did not answer")

    def watch(self, settings: Message | None) -> None:
        """Look for a person from now on, with these settings of presence; None looks for nobody."""
        self._settings = settings
        self._say({"do": "unwatch"} if settings is None else {"do": "watch", "settings": settings})

    def attend(self, *, closely: bool) -> None:
        """Look closely while dreaming."""
        self._say({"do": "attend", "closely": closely})

    def arm(self, brake: Brake) -> bool:
        """Let it hold this brake; whether it does."""
        if isinstance(brake, OwnGroup):
            return self._ask({"do": "arm", "group": list(brake.group)})
        assert isinstance(brake, BrakeLine)
        if brake.address:
            return self._ask({"do": "arm", "address": brake.address})
        return self._ask({"do": "arm"}, brake.connection.fileno())

    def disarm(self) -> bool:
        """Let it hold none, because the dreams are over."""
        return self._ask({"do": "disarm"})

    def heed_input(self, *, on: bool) -> None:
        """Whether input brakes."""
        self._say({"do": "heed input", "on": on})

    def wake(self, at: float, source: str) -> None:
        """Brake for another reason than input."""
        self._say({"do": "wake", "at": at, "source": source})

    def thaw(self) -> bool:
        """Let the dreams go on; whether it knows."""
        return self._ask({"do": "thaw"})

    def release(self) -> bool:
        """End every dream at once; whether it did."""
        return self._ask({"do": "release"})

    def close(self) -> None:
        """End it. Idempotent; dreams that are still there die."""
        if self._ending:
            return
        self._ending = True
        self._say({"do": "quit"})
        if self._program is not None:
            try:
                self._program.wait(QUIT_SECONDS)
            except subprocess.TimeoutExpired:
                self._program.kill()
                self._program.wait()
        if self._reader.is_alive():
            self._reader.join(QUIT_SECONDS)
        self.generation.close()

    def _say(self, message: Message, carry: int | None = None) -> bool:
        return self._wire is not None and self._wire.send(message, carry)

    def _ask(self, message: Message, carry: int | None = None) -> bool:
        self._answered.clear()
        return self._say(message, carry) and self._answered.wait(QUIT_SECONDS)

    def _live(self) -> None:
        starts = 0
        while not self._ending and starts < STARTS_IN_A_ROW:
            starts += 1
            wire = self._begin()
            while (message := wire.receive()) is not None:
                if message.get("event") == "ready":
                    starts = 0
                    self._ready.set()
                elif message.get("event") in ("armed", "disarmed", "thawed", "released"):
                    self._answered.set()
                self._tell(message)
            self._wire = None
            wire.close()
            assert self._program is not None
            self._program.wait()
            if not self._ending:
                _log.warning("the sentinel died; it is started again")
                self._tell({"event": "lost"})

    def _tell(self, message: Message) -> None:
        listener = self.hear.get(str(message.get("event")))
        if listener is not None:
            try:
                listener(message)
            except Exception:
                _log.exception("a message of the sentinel was not taken: %s", message)

    def _begin(self) -> Wire:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "dreamer_app.sentinel", str(theirs.fileno()), str(self._file)]
        self._program = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        wire = Wire(ours)
        if self._settings is not None:
            wire.send({"do": "watch", "settings": self._settings})
        self._wire = wire
        return wire
