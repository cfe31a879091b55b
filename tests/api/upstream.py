"""A model server that a test scripts byte by byte, and that remembers what it was sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Script = Callable[["Visit"], Awaitable[None]]


@dataclass
class Visit:
    """One connection, its request read up to the end of the headers."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    line: str
    headers: list[tuple[str, str]]

    def header(self, name: str) -> str | None:
        found = [value for key, value in self.headers if key == name]
        return ", ".join(found) if found else None

    async def body(self) -> bytes:
        if self.header("transfer-encoding") == "chunked":
            found = b""
            while size := int(await self.reader.readline(), 16):
                found += await self.reader.readexactly(size)
                await self.reader.readline()
            await self.reader.readline()
            return found
        return await self.reader.readexactly(int(self.header("content-length") or 0))

    async def say(self, text: str | bytes) -> None:
        self.writer.write(text.encode() if isinstance(text, str) else text)
        await self.writer.drain()

    async def chunk(self, text: str) -> None:
        await self.say(f"{len(text):x}\r\n{text}\r\n")


@dataclass
class Upstream:
    """The server.

    Attributes:
        url: Its address, ending in `/v1`.
        visits: Requests so far.
    """

    url: str = ""
    visits: list[Visit] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def upstream(script: Script) -> AsyncIterator[Upstream]:
    """A server that does what a script says, on the test's own loop."""
    found = Upstream()

    async def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:-2])]
            visit = Visit(reader, writer, head[0], headers)
            found.visits.append(visit)
            await script(visit)
        except (ConnectionError, asyncio.IncompleteReadError):
            found.gone.set()
        finally:
            writer.close()

    server = await asyncio.start_server(visited, "127.0.0.1", 0)
    async with server:
        found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        yield found
