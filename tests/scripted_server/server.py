"""An OpenAI-compatible HTTP server that does what a script says, and remembers what its clients did.

It streams as real servers do, sees at which moment a client hangs up, and can misbehave in every way that a real one
was seen to: slow, silent, cut off, busy, broken, gone. What it says comes from `script.py`.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.scripted_server.script import Script, Turn

CHUNK = 24
"""Characters of one streamed piece."""
CHARACTERS_PER_TOKEN = 4
"""By which the server counts what it was asked and what it said; about right for code."""


@dataclass
class Call:
    """One request as the server saw it.

    Attributes:
        path: Of the request.
        headers: Lower-case names.
        body: Parsed JSON, empty without one.
        started: Monotonic seconds.
        pieces: Streamed pieces so far.
        eof: When the client hung up before the answer was complete, None when it did not.
        finished: Whether the whole answer was sent.
    """

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    started: float = field(default_factory=time.monotonic)
    pieces: int = 0
    eof: float | None = None
    finished: bool = False


class ScriptedServer:
    """Listens on a free port of the loopback address, in a thread with an event loop of its own.

    Args:
        script: What to answer.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.calls: list[Call] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """Base address as a client is told it."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def chats(self) -> list[Call]:
        """The requests for a completion."""
        return [call for call in self.calls if call.path.endswith("/chat/completions")]

    @property
    def cpu_seconds(self) -> float:
        """Processor time of its thread so far, which a measurement of the program beside it leaves out."""
        assert self._thread.ident is not None
        return time.clock_gettime(time.pthread_getcpuclockid(self._thread.ident))

    def start(self, port: int = 0) -> ScriptedServer:
        """Begin to listen."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(port), self._loop).result(10)
        return self

    def stop(self) -> None:
        """Stop listening and cut every connection."""
        asyncio.run_coroutine_threadsafe(self._vanish(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _listen(self, port: int) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _vanish(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            call = await _read(reader)
            self.calls.append(call)
            hung_up = asyncio.ensure_future(reader.read(1))
            answer = asyncio.ensure_future(self._answer(call, writer))
            await asyncio.wait({hung_up, answer}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                call.eof = time.monotonic()
                answer.cancel()
            hung_up.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await answer
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(self, call: Call, writer: asyncio.StreamWriter) -> None:
        if not call.path.endswith("/chat/completions"):
            status, document = self.script.page(call.path, call.body)
            await _send(writer, status, document)
            return
        turn = self.script.turn(call.body)
        if turn.do == "vanish":
            writer.transport.abort()
            assert self._server is not None
            self._server.close()
        elif turn.do == "status":
            document = {"error": {"message": turn.text or "scripted failure", "code": turn.status}}
            await _send(
                writer, turn.status, document, {"retry-after": str(turn.retry_after)} if turn.retry_after else {}
            )
        else:
            await self._stream(call, turn, writer)
        call.finished = True

    async def _stream(self, call: Call, turn: Turn, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")
        await writer.drain()
        if turn.do == "malformed":
            writer.write(b"data: {this is not json\n\ndata: <html>\n\n")
            await writer.drain()
            return
        text = turn.text
        pieces = [text[i : i + CHUNK] for i in range(0, len(text), CHUNK)]
        for piece in pieces:
            if turn.after is not None and call.pieces >= turn.after:
                break
            if turn.pieces_per_second:
                await asyncio.sleep(1 / turn.pieces_per_second)
            await _event(writer, {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
            call.pieces += 1
        if turn.do == "stall":
            await asyncio.sleep(3600)
        if turn.do == "cut":
            writer.transport.abort()
            return
        await _event(writer, {"choices": [{"index": 0, "delta": {}, "finish_reason": turn.finish}]})
        usage = {
            "prompt_tokens": _size(call.body) // CHARACTERS_PER_TOKEN,
            "completion_tokens": len(text) // CHARACTERS_PER_TOKEN,
        }
        await _event(writer, {"choices": [], "usage": usage | {"total_tokens": sum(usage.values())}})
        writer.write(b"data: [DONE]\n\n")
        await writer.drain()


async def _read(reader: asyncio.StreamReader) -> Call:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
    }
    raw = await reader.readexactly(int(headers.get("content-length", "0")))
    return Call(path=head[0].split(" ")[1], headers=headers, body=json.loads(raw) if raw else {})


async def _send(
    writer: asyncio.StreamWriter, status: int, document: dict[str, Any], more: dict[str, str] | None = None
) -> None:
    body = json.dumps(document).encode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "connection": "close",
        **(more or {}),
    }
    lines = [f"HTTP/1.1 {status} scripted", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    writer.write("\r\n".join(lines).encode() + body)
    await writer.drain()


async def _event(writer: asyncio.StreamWriter, document: dict[str, Any]) -> None:
    chunk = {"id": "scripted", "object": "chat.completion.chunk", "created": 0, "model": "scripted", **document}
    writer.write(f"data: {json.dumps(chunk)}\n\n".encode())
    await writer.drain()


def _size(body: dict[str, Any]) -> int:
    return sum(len(str(message.get("content", ""))) for message in body.get("messages", ()))


@contextmanager
def serving(script: Script, port: int = 0) -> Iterator[ScriptedServer]:
    """A server for the length of a block."""
    server = ScriptedServer(script).start(port)
    try:
        yield server
    finally:
        server.stop()
