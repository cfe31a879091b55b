"""The API in a thread and an event loop of its own, so that nothing else in the program can delay it.

It listens on a socket for our own command line and on loopback for other programs; both lead to one application, which
is loaded when somebody connects or when `rouse` says that somebody may. The porter attends to them meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dreamer_app.api.listening import LOOPBACK, open_loopback, open_unix, socket_path
from dreamer_app.api.parts import ApiParts
from dreamer_app.api.porter import Porter
from dreamer_app.api.resident_line import ResidentLine
from dreamer_app.api.sight import Sight
from dreamer_app.core.private_file import write_private
from dreamer_app.service.api_token import ApiToken
from dreamer_app.service.running import Address, already_running
from dreamer_app.store.lock import BaseFolderLock

_log = logging.getLogger(__name__)

STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Ears:
    """Where it listens.

    Attributes:
        unix: For our own command line; None where the system has no such sockets.
        loopback: For other programs; None when it is off or the port is taken.
        problem: Why there is no loopback although one is wanted; else empty.
    """

    unix: socket.socket | None
    loopback: socket.socket | None
    problem: str

    @property
    def address(self) -> Address:
        """The same for whoever wants to connect."""
        return Address(
            pid=os.getpid(),
            socket=self.unix.getsockname() if self.unix else "",
            port=self.loopback.getsockname()[1] if self.loopback else None,
        )

    def all(self) -> list[socket.socket]:
        """Every listening socket."""
        return [ear for ear in (self.unix, self.loopback) if ear is not None]

    def close(self) -> None:
        """Listen no more, and leave no socket file behind."""
        if self.unix is not None:
            with contextlib.suppress(OSError):
                Path(self.unix.getsockname()).unlink(missing_ok=True)
        for ear in self.all():
            ear.close()


class ApiServer:
    """The API of one running program.

    Args:
        parts: What it speaks for.
    """

    def __init__(self, parts: ApiParts) -> None:
        self._parts = parts
        self._lock = BaseFolderLock(parts.paths.resident_lock)
        self._token = ApiToken(parts.paths.api_token)
        self._line: ResidentLine | None = None
        self._ears: Ears | None = None
        self._thread: threading.Thread | None = None
        self._turn = threading.Lock()
        self._leaving = False
        self._leave: Callable[[], None] = lambda: None
        self._bell: socket.socket | None = None

    @property
    def address(self) -> Address:
        """Where it listens, once it has started."""
        assert self._ears is not None
        return self._ears.address

    @property
    def problem(self) -> str:
        """Why other programs cannot connect although they should; else empty."""
        return self._ears.problem if self._ears else ""

    async def start(self) -> None:
        """Listen. On the resident's event loop.

        Raises:
            UsageError: Another program runs over this base folder.
            InfrastructureError: It cannot listen at all.
        """
        if not self._lock.try_acquire():
            raise already_running(self._parts.paths)
        self._line = ResidentLine(self._parts.resident, self._parts.patience)
        try:
            await asyncio.to_thread(self._open, self._line)
        except BaseException:
            await self.stop()
            raise

    def rouse(self) -> None:
        """Be ready for the first request, which has to be understood at once while dreaming. From any thread."""
        bell = self._bell
        if bell is not None:
            with contextlib.suppress(OSError):
                bell.send(b"!")

    async def stop(self) -> None:
        """Give requests under way a moment to end, and leave no file behind. Idempotent."""
        if self._line is not None:
            self._line.hang_up()
            self._line = None
        await asyncio.to_thread(self._close)
        self._lock.release()

    def _open(self, line: ResidentLine) -> None:
        self._token.read()
        self._ears = self._prick_up()
        self._leaving = False
        heard, self._bell = socket.socketpair()
        self._thread = threading.Thread(target=self._live, args=(self._ears, line, heard), name="api", daemon=True)
        self._thread.start()
        write_private(self._parts.paths.address, self._ears.address.model_dump_json())

    def _close(self) -> None:
        if self._ears is None:
            return
        self._parts.paths.address.unlink(missing_ok=True)
        with self._turn:
            self._leaving, leave = True, self._leave
        leave()
        self.rouse()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
        if self._bell is not None:
            self._bell.close()
        self._ears.close()
        self._ears = self._thread = self._bell = None

    def _prick_up(self) -> Ears:
        unix = None if sys.platform == "win32" else open_unix(socket_path(self._parts.paths))
        settings = self._parts.settings
        try:
            loopback = open_loopback(settings.port) if settings.on else None
        except OSError as error:
            problem = f"Port {settings.port} of {LOOPBACK} cannot be used: {error.strerror}."
            _log.warning("%s Other programs cannot connect; choose another with `api.port`.", problem)
            return Ears(unix, None, problem)
        return Ears(unix, loopback, "")

    def _live(self, ears: Ears, line: ResidentLine, bell: socket.socket) -> None:
        """The life of the API's thread."""
        porter = Porter(ears.all(), self._parts.wake)
        try:
            with bell:
                porter.wait(bell)
            if not self._leaving:
                sight = Sight(self._parts.paths, ears.address.port, ears.problem)
                serve = porter.attend_while(_serve)
                asyncio.run(serve(self._parts, line, sight, porter, self._serving))
        except Exception:
            _log.exception("the local API has ended")
        finally:
            porter.close()

    def _serving(self, leave: Callable[[], None]) -> None:
        """It answers from now on; `leave` ends that, on this thread."""
        loop = asyncio.get_running_loop()
        with self._turn:
            self._leave, leaving = lambda: _call_soon(loop, leave), self._leaving
        if leaving:
            leave()


def _serve() -> Any:
    """What answers; 40 MB that wait for the first caller."""
    return importlib.import_module("dreamer_app.api.serving").serve


def _call_soon(loop: asyncio.AbstractEventLoop, action: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended already
        loop.call_soon_threadsafe(action)
