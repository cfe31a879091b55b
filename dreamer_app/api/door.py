"""Who is let in: the middleware in front of every route. It checks names, token and size; it reads no body itself."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dreamer_app.api.answers import refusal
from dreamer_app.api.first_bytes import needs_the_computer
from dreamer_app.api.limits import BODY_SECONDS
from dreamer_app.api.protocol import STATE_KEY, WakingProtocol
from dreamer_app.core.errors import DreamerError
from dreamer_app.service.api_token import ApiToken

OUR_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
LARGEST_BODY = 1024 * 1024
LARGEST_MODEL_BODY = 64 * 1024 * 1024
"""A prompt may hold pictures."""
MODEL_PATHS = "/v1/"
_CLOSE = {"connection": "close"}


class Door:
    """ASGI middleware.

    Args:
        app: What is behind it.
        token: Shown by everybody who does not come over our own socket.
        port: The loopback port, None when there is none.
        body_seconds: Patience with a body, and with each piece of an answer.
    """

    def __init__(
        self, app: ASGIApp, token: ApiToken, port: int | None = None, body_seconds: float = BODY_SECONDS
    ) -> None:
        self._app = app
        self._token = token
        self._port = port
        self._seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in or send it away."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        connection = scope["state"][STATE_KEY]
        assert isinstance(connection, WakingProtocol)
        line = f"{scope['method']} {scope['path']} ".encode()
        if not connection.take_woken() and needs_the_computer(line, own=connection.own):
            connection.wake()
        headers = Headers(scope=scope)
        answer = None if connection.own else self._check(headers)
        limit = LARGEST_MODEL_BODY if scope["path"].startswith(MODEL_PATHS) else LARGEST_BODY
        if answer is None and int(headers.get("content-length", "0")) > limit:
            answer = refusal(413, DreamerError("Too large", too_large(limit)), close=True)
        if answer is not None:
            await answer(scope, receive, send)
            return
        visit = _Visit(connection, receive, send, limit, self._seconds)
        await self._app(scope, visit.receive, visit.send)

    def _check(self, headers: Headers) -> ASGIApp | None:
        if not self._is_us(headers.get("host", "")):
            return refusal(421, DreamerError("Wrong address", "This API answers to 127.0.0.1 and localhost only."))
        origin = headers.get("origin")
        if origin is not None and not self._is_us(urlsplit(origin).netloc):
            return refusal(403, DreamerError("Refused", "Web pages of other origins may not use this API."))
        kind, _, shown = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not self._token.matches(shown.strip()):
            error = DreamerError(
                "Not let in", "The bearer token is missing or wrong.", "`dreamer api token` prints the right one."
            )
            return refusal(401, error, {"www-authenticate": "Bearer"})
        return None

    def _is_us(self, host: str) -> bool:
        try:
            place = urlsplit(f"//{host}")
            return place.hostname in OUR_NAMES and place.port in (None, self._port) and "@" not in host
        except ValueError:
            return False


class _Visit:
    """One request with its limits."""

    def __init__(self, connection: WakingProtocol, receive: Receive, send: Send, limit: int, seconds: float) -> None:
        self._connection = connection
        self._receive = receive
        self._send = send
        self._limit = limit
        self._size = 0
        self._seconds = seconds
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._all_here = False

    async def receive(self) -> Message:
        """The next piece of the body, within the limits of size and time."""
        if self._all_here:  # what comes next is the other side's leaving, and that may take any time
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "The request did not arrive in time.", _CLOSE) from None
        self._size += len(message.get("body", b""))
        if self._size > self._limit:
            raise HTTPException(413, too_large(self._limit), _CLOSE)
        self._all_here = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Give a piece of the answer, unless the other side has stopped reading."""
        try:
            async with asyncio.timeout(self._seconds):
                await self._send(message)
        except TimeoutError:
            self._connection.transport.abort()  # from here on it counts as gone


def too_large(limit: int) -> str:
    """Words for a body beyond the limit."""
    return f"The body of this request may have {limit // 1024} KB."
