"""The serving side of the API: uvicorn over sockets that listen already. Imported when somebody connects.

It takes over a second and 40 MB to import, which a program that waits in a tray need not pay for.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from dreamer_app.api.application import application
from dreamer_app.api.door import Door
from dreamer_app.api.gateway import Gateway, Upstream
from dreamer_app.api.listening import Seats
from dreamer_app.api.parts import ApiParts
from dreamer_app.api.porter import Porter
from dreamer_app.api.protocol import ApiConfig, WakingProtocol
from dreamer_app.api.resident_line import ResidentLine
from dreamer_app.api.sight import Sight
from dreamer_app.llm.keys import key_for
from dreamer_app.service.api_token import ApiToken

SEATS = 128
"""Connections of one kind at a time; more wait in the kernel."""


class _Server(uvicorn.Server):
    """uvicorn without its ten wake-ups a second, and with limits on connections that cost no file descriptor."""

    def __init__(self, config: ApiConfig, porter: Porter, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._api = config
        self._porter = porter
        self._ready = ready
        self._leaving = asyncio.Event()

    async def main_loop(self) -> None:
        """Let connections in until it is time to leave."""
        async with asyncio.TaskGroup() as group:
            listening = [
                group.create_task(Seats(SEATS).accept(ear, self._serve_one, guests))
                for ear, guests in self._porter.guests.items()
            ]
            self._ready()
            await self._leaving.wait()
            for task in listening:
                task.cancel()

    def leave(self) -> None:
        """Stop letting connections in. On its own thread."""
        self._leaving.set()

    def _serve_one(self, line: socket.socket, ended: Callable[[], None]) -> WakingProtocol:
        woken = line in self._porter.woken
        self._porter.woken.discard(line)
        return WakingProtocol(self._api, self.server_state, self.lifespan.state, ended, woken=woken)


async def serve(
    parts: ApiParts,
    line: ResidentLine,
    sight: Sight,
    porter: Porter,
    ready: Callable[[Callable[[], None]], None],
) -> None:
    """Answer until it is time to leave.

    Args:
        parts: What it speaks for.
        line: To the resident program.
        sight: What it says about itself.
        porter: Knows where it listens and who is there already.
        ready: Given what ends it, to be called on this loop's thread.
    """
    app = application(parts, line, sight, await _gateway(parts, line))
    app.add_middleware(Door, token=ApiToken(parts.paths.api_token), port=sight.port, body_seconds=parts.body_seconds)
    server = _Server(ApiConfig(app, parts.wake, parts.head_seconds), porter, ready=lambda: ready(server.leave))
    await server.serve(sockets=[])


async def _gateway(parts: ApiParts, line: ResidentLine) -> Gateway | None:
    if not parts.settings.gateway:
        return None
    address = parts.upstream
    return Gateway(Upstream(address, await asyncio.to_thread(key_for, address)), line)
