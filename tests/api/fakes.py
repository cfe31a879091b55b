"""A resident program that does what it is told, and the API in front of it."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dreamer_app.api.parts import ApiParts
from dreamer_app.api.server import ApiServer
from dreamer_app.core.errors import UsageError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import ApiSettings
from dreamer_app.core.states import DreamerState, Snapshot, SuspendReason
from dreamer_app.service.api_token import ApiToken
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.resident import SnapshotListener
from tests.service.fakes import FakeWorld

START = datetime(2026, 1, 1, tzinfo=UTC)


class FakeResident:
    """Keeps a state and remembers what it was asked for, with the thread that asked."""

    def __init__(self) -> None:
        self.snapshot = Snapshot(state=DreamerState.AWAKE, since=START, reasons=(SuspendReason.NOT_IDLE_YET,))
        self.asked: list[tuple[str, Any]] = []
        self.threads: set[int] = set()
        self.refusal: UsageError | None = None
        self.gate: asyncio.Event | None = None
        self.closed = asyncio.Event()
        self._listeners: list[SnapshotListener] = []

    def subscribe(self, listener: SnapshotListener) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def become(self, state: DreamerState, **fields: Any) -> None:
        self.snapshot = Snapshot(state=state, since=START, **fields)
        for listener in self._listeners:
            listener(self.snapshot)

    async def dream_now(self) -> None:
        await self._do("now")
        self.become(DreamerState.DREAMING, verified=3, cpu_celsius=61.5)

    async def stop(self) -> None:
        await self._do("stop")
        self.become(DreamerState.AWAKE)

    async def finish(self) -> None:
        await self._do("finish")
        self.become(DreamerState.DREAMING, finishing=True)

    async def pause(self, until: datetime | None = None) -> None:
        await self._do("pause", until)
        self.become(DreamerState.PAUSED, reasons=(SuspendReason.USER_REQUEST,), until=until)

    async def resume(self) -> None:
        await self._do("resume")
        self.become(DreamerState.AWAKE)

    async def keep_dreaming(self, *, on: bool) -> None:
        await self._do("keep", on)
        self.become(self.snapshot.state, keep_dreaming=on)

    async def wake(self, reason: SuspendReason) -> None:
        await self._do("wake", reason)
        self.become(DreamerState.AWAKE, reasons=(reason,))

    async def shut_down(self) -> None:
        await self._do("shut down")
        self.closed.set()

    async def _do(self, verb: str, detail: Any = None) -> None:
        self.asked.append((verb, detail))
        self.threads.add(threading.get_ident())
        if self.gate is not None:
            await self.gate.wait()
        if self.refusal is not None:
            raise self.refusal


@dataclass
class World:
    """The API over a fake program.

    Attributes:
        server: The API.
        resident: The program behind it.
        paths: The base folder.
        dreamer: The service over it.
        token: What lets in.
        woken: Reasons that it was woken for, in order.
        shown: How often the window was asked for.
    """

    server: ApiServer
    resident: FakeResident
    paths: DataPaths
    dreamer: Dreamer
    token: ApiToken
    woken: list[SuspendReason] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)

    @property
    def port(self) -> int:
        port = self.server.address.port
        assert port is not None
        return port

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Ask over loopback with the token, from the calling thread; status and JSON or text."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            all_headers = {
                "Authorization": f"Bearer {self.token.read()}",
                "Content-Type": "application/json",
                **(headers or {}),
            }
            all_headers = {name: value for name, value in all_headers.items() if value}
            line.request(method, path, json.dumps(body) if body is not None else None, all_headers)
            answer = line.getresponse()
            text = answer.read()
            kind = answer.headers.get_content_type()
            return answer.status, json.loads(text) if kind == "application/json" else text.decode()
        finally:
            line.close()

    async def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """The same, while the program's own loop runs."""
        return await asyncio.to_thread(self.request, method, path, body, headers)

    def connect(self) -> socket.socket:
        """A bare loopback connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def connect_unix(self) -> socket.socket:
        """A bare connection to our own socket."""
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(30)
        line.connect(self.server.address.socket)
        return line


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def api_world(
    paths: DataPaths, fakes: FakeWorld | None = None, *, roused: bool = True, **changes: Any
) -> AsyncIterator[World]:
    """The API, started; `roused` as before a night."""
    resident, dreamer = FakeResident(), Dreamer(paths, (fakes or FakeWorld()).workshop)
    woken: list[SuspendReason] = []
    shown: list[int] = []
    parts = {
        "paths": paths,
        "settings": ApiSettings(port=free_port()),
        "resident": resident,
        "journal": dreamer.journal,
        "learned": dreamer.learned,
        "wake": woken.append,
        "show": lambda: shown.append(threading.get_ident()),
        **changes,
    }
    server = ApiServer(ApiParts(**parts))
    await server.start()
    if roused:
        server.rouse()
    try:
        yield World(server, resident, paths, dreamer, ApiToken(paths.api_token), woken, shown)
    finally:
        await server.stop()
        dreamer.close()
