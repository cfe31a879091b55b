"""The API in a thread and an event loop of its own, so that nothing else in the program can delay it.

It listens on a socket for our own command line and on loopback for other programs; both lead to one application.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from dreamer_app.api.application import application
from dreamer_app.api.door import Door
from dreamer_app.api.gateway import Gateway, Upstream
from dreamer_app.api.listening import LOOPBACK, Seats, open_loopback, open_unix, socket_path
from dreamer_app.api.parts import ApiParts
from dreamer_app.api.protocol import ApiConfig, WakingProtocol
from dreamer_app.api.resident_line import ResidentLine
from dreamer_app.api.sight import Sight
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.private_file import write_private
from dreamer_app.llm.keys import key_for
from dreamer_app.service.api_token import ApiToken
from dreamer_app.service.running import Address, already_running
from dreamer_app.store.lock import BaseFolderLock

_log = logging.getLogger(__name__)

SEATS = 128
"""Connections of one kind at a time; more wait in the kernel."""
START_SECONDS = 30.0
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


class _Server(uvicorn.Server):
    """uvicorn without its ten wake-ups a second, and with limits on connections that cost no file descriptor."""

    def __init__(self, config: ApiConfig, ears: list[socket.socket], ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._api = config
        self._ears = ears
        self._ready = ready
        self._leaving = asyncio.Event()

    async def main_loop(self) -> None:
        """Let connections in until it is time to leave."""
        async with asyncio.TaskGroup() as group:
            listening = [group.create_task(Seats(SEATS).accept(ear, self._serve_one)) for ear in self._ears]
            self._ready()
            await self._leaving.wait()
            for task in listening:
                task.cancel()

    def leave(self) -> None:
        """Stop letting connections in. On its own thread."""
        self._leaving.set()

    def _serve_one(self, ended: Callable[[], None]) -> WakingProtocol:
        return WakingProtocol(self._api, self.server_state, self.lifespan.state, ended)


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
        self._leave: Callable[[], None] = lambda: None

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
        ready: Future[Callable[[], None]] = Future()
        self._thread = threading.Thread(target=self._live, args=(self._ears, line, ready), name="api", daemon=True)
        self._thread.start()
        try:
            self._leave = ready.result(START_SECONDS)
        except TimeoutError as error:
            raise InfrastructureError("The local API does not start", f"{START_SECONDS:g} s have passed.") from error
        write_private(self._parts.paths.address, self._ears.address.model_dump_json())

    def _close(self) -> None:
        if self._ears is None:
            return
        self._parts.paths.address.unlink(missing_ok=True)
        self._leave()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
        self._ears.close()
        self._ears = self._thread = None

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

    def _live(self, ears: Ears, line: ResidentLine, ready: Future[Callable[[], None]]) -> None:
        """The life of the API's thread."""
        try:
            asyncio.run(self._serve(ears, line, ready))
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error)
            else:
                _log.exception("the local API has ended")

    async def _serve(self, ears: Ears, line: ResidentLine, ready: Future[Callable[[], None]]) -> None:
        port = ears.address.port
        app = application(self._parts, line, Sight(self._parts.paths, port, ears.problem), await self._gateway(line))
        app.add_middleware(Door, token=self._token, port=port, body_seconds=self._parts.body_seconds)
        loop = asyncio.get_running_loop()
        server = _Server(
            ApiConfig(app, self._parts.wake, self._parts.head_seconds),
            ears.all(),
            ready=lambda: ready.set_result(lambda: _call_soon(loop, server.leave)),
        )
        await server.serve(sockets=[])

    async def _gateway(self, line: ResidentLine) -> Gateway | None:
        if not self._parts.settings.gateway:
            return None
        address = self._parts.upstream
        return Gateway(Upstream(address, await asyncio.to_thread(key_for, address)), line)


def _call_soon(loop: asyncio.AbstractEventLoop, action: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended already
        loop.call_soon_threadsafe(action)
