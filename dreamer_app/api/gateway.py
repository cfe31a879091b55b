"""The model gateway: passes OpenAI-compatible requests on to the model server, once dreaming has stopped for them.

So an editor that points at the gateway gets the whole graphics card, and the first token is its own. Bodies and keys go
through and are never kept, shown or logged.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
from starlette.types import Receive, Scope, Send

from dreamer_app.api.answers import refusal
from dreamer_app.api.protocol import STATE_KEY, WakingProtocol
from dreamer_app.api.resident_line import ResidentLine
from dreamer_app.core.errors import DreamerError
from dreamer_app.core.states import DreamerState, SuspendReason

PREFIX = b"/v1/"
PATIENCE = httpx2.Timeout(connect=5.0, read=600.0, write=60.0, pool=5.0)
"""Seconds. Reading waits for a first token, which takes minutes when a large model has to be loaded."""
CONNECTIONS = httpx2.Limits(max_connections=64, max_keepalive_connections=8)
STOPPED_SECONDS = 2.0
"""At most so long is a request kept back until dreaming has stopped; that is the promise of the wake path."""
AWAKE_AGAIN_SECONDS = 15.0
"""A request under way says so this often, so that a long answer is not taken for silence."""

_HOP = {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
        b"trailer", b"transfer-encoding", b"upgrade"}  # fmt: skip
"""RFC 9110, 7.6.1: they speak of one connection and end with it."""
_OURS = {b"host", b"authorization", b"origin", b"referer", b"cookie", b"expect"}
"""Meant for the gateway; the token above all."""

_Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Upstream:
    """The model server behind the gateway.

    Attributes:
        url: Its address, ending in `/v1`.
        key: Shown to it; not part of the representation, so that no log can hold it.
    """

    url: str
    key: str = field(default="", repr=False)


class _GoneError(Exception):
    """The client has left."""


class Gateway:
    """An ASGI application for everything under `/v1/`.

    Args:
        upstream: Where requests go.
        line: To the resident program, which stops dreaming.
    """

    def __init__(self, upstream: Upstream, line: ResidentLine) -> None:
        self._base = upstream.url.rstrip("/")
        self._key = upstream.key
        self._line = line
        self._client: httpx2.AsyncClient | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Be ready for requests."""
        # Without the environment's proxies: what is asked of a server on this computer stays on it.
        async with httpx2.AsyncClient(timeout=PATIENCE, limits=CONNECTIONS, trust_env=False) as client:
            self._client = client
            yield
        self._client = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stop dreaming, then pass a request on and its answer back."""
        raw_path: bytes = scope["raw_path"]
        if b".." in raw_path or b"%2e" in raw_path.lower():
            await refusal(404, DreamerError("No such path", "It leads out of /v1."))(scope, receive, send)
            return
        connection = scope["state"][STATE_KEY]
        assert isinstance(connection, WakingProtocol)
        await self._stop_dreaming()
        answer = _Answer(send)
        try:
            await self._until_done_or_gone(scope, _Body(receive), answer, connection)
        except ExceptionGroup as errors:
            await self._broken(errors.exceptions[0], answer, scope, receive, send)
        finally:
            connection.wake()

    async def _until_done_or_gone(self, scope: Scope, body: _Body, answer: _Answer, connection: WakingProtocol) -> None:
        async with asyncio.TaskGroup() as group:
            passing = group.create_task(self._pass_on(scope, body, answer))
            leaving = group.create_task(body.until_gone())
            awake = group.create_task(_stay_awake(connection))
            await asyncio.wait([passing, leaving], return_when=asyncio.FIRST_COMPLETED)
            for task in (passing, leaving, awake):
                task.cancel()

    async def _stop_dreaming(self) -> None:
        if self._line.snapshot.state not in (DreamerState.DREAMING, DreamerState.WAKING):
            return
        with contextlib.suppress(TimeoutError, DreamerError):  # the user's request is never lost over it
            async with asyncio.timeout(STOPPED_SECONDS):
                await self._line.ask(lambda resident: resident.wake(SuspendReason.API_REQUEST))

    async def _pass_on(self, scope: Scope, body: _Body, answer: _Answer) -> None:
        assert self._client is not None
        query = scope["query_string"].decode("ascii")
        path = scope["raw_path"][len(PREFIX) :].decode("ascii")
        headers = _passed_on(scope["headers"], _OURS)
        if self._key:
            headers.append((b"authorization", b"Bearer " + self._key.encode()))
        names = {name for name, _ in scope["headers"]}
        if not names & {b"content-length", b"transfer-encoding"}:
            body.nothing_comes()
        # Not through the client's own maker of requests, which adds headers that nobody asked for.
        request = httpx2.Request(
            scope["method"],
            f"{self._base}/{path}{f'?{query}' if query else ''}",
            headers=headers,
            content=None if body.complete else body,
        )
        response = await self._client.send(request, stream=True)
        try:
            await answer.begin(response.status_code, _passed_on(response.headers.raw))
            async for piece in response.aiter_raw():
                await answer.piece(piece)
            await answer.end()
        finally:
            await response.aclose()

    async def _broken(self, error: Exception, answer: _Answer, scope: Scope, receive: Receive, send: Send) -> None:
        if isinstance(error, _GoneError):
            return
        if answer.begun:
            scope["state"][STATE_KEY].transport.abort()  # an answer that breaks off must not look complete
            return
        if not isinstance(error, httpx2.HTTPError | httpx2.InvalidURL):
            raise error
        late = isinstance(error, httpx2.TimeoutException) and not isinstance(error, httpx2.ConnectTimeout)
        words = DreamerError(
            "The model server does not answer",
            f"{self._base}: {type(error).__name__}",
            "Start it, or correct `api.upstream` in the settings.",
        )
        await refusal(504 if late else 502, words)(scope, receive, send)


class _Body:
    """The body of a request, piece by piece, only as fast as the other side takes it."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._complete = asyncio.Event()

    @property
    def complete(self) -> bool:
        """Whether nothing more will come."""
        return self._complete.is_set()

    def nothing_comes(self) -> None:
        """The request has no body."""
        self._complete.set()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise _GoneError
            more = message.get("more_body", False)
            if not more:
                self._complete.set()
            if piece := message.get("body", b""):
                yield piece

    async def until_gone(self) -> None:
        """Wait until the client leaves, once its body has been read."""
        await self._complete.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass


class _Answer:
    """An answer on its way to the client; sending waits while the client does not read."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def begin(self, status: int, headers: _Headers) -> None:
        self.begun = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def piece(self, body: bytes) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": True})

    async def end(self) -> None:
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})


async def _stay_awake(connection: WakingProtocol) -> None:
    while True:
        await asyncio.sleep(AWAKE_AGAIN_SECONDS)
        connection.wake()


def _passed_on(headers: Iterable[tuple[bytes, bytes]], ours: Iterable[bytes] = ()) -> _Headers:
    """Headers that belong to the message and not to one connection."""
    found = [(name.lower(), value) for name, value in headers]
    named = {word.strip().lower() for name, value in found if name == b"connection" for word in value.split(b",")}
    kept_back = _HOP | named | set(ours)
    return [(name, value) for name, value in found if name not in kept_back]
