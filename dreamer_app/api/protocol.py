"""HTTP on one connection: the first byte of a request wakes, and who is slow is shown out.

The rest is uvicorn's. It looks at nothing but the beginning of a request and never at its body.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from dreamer_app.api.first_bytes import ENOUGH, is_ours, is_own_socket, needs_the_computer
from dreamer_app.api.limits import HEAD_SECONDS
from dreamer_app.core.states import SuspendReason

_log = logging.getLogger(__name__)

LARGEST_HEAD = 32 * 1024
STATE_KEY = "connection"

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class ApiConfig(uvicorn.Config):
    """uvicorn's configuration with what our protocol needs.

    Args:
        app: The application.
        wake: Gives the computer back; returns at once.
        head_seconds: Time for the headers of a request.
    """

    def __init__(self, app: Any, wake: Callable[[SuspendReason], None], head_seconds: float = HEAD_SECONDS) -> None:
        super().__init__(
            app,
            http=WakingProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=LARGEST_HEAD,
        )
        self.wake = wake
        self.head_seconds = head_seconds


class WakingProtocol(H11Protocol):
    """One connection.

    Args:
        config: As above.
        server_state: uvicorn's.
        app_state: The application's.
        ended: Called when the connection has ended.
        woken: Whether its first request has woken already.

    Attributes:
        own: Whether it came over the socket that only its owner may open.
    """

    def __init__(
        self,
        config: ApiConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        ended: Callable[[], None],
        *,
        woken: bool = False,
    ) -> None:
        super().__init__(config, server_state, {**app_state, STATE_KEY: self})
        self.own = False
        self._api = config
        self._ended = ended
        self._beginning = b""
        self._woken = woken
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin the time for a first request, unless somebody else found our socket."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        line = transport.get_extra_info("socket")
        if is_own_socket(line):
            self.own = is_ours(line)
            if not self.own:
                transport.abort()
                return
        self._start_head_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Free the seat."""
        self._stop_head_timer()
        super().connection_lost(exc)
        self._ended()

    def data_received(self, data: bytes) -> None:
        """Wake before anything else is done with the bytes."""
        body = self.conn.their_state is h11.SEND_BODY  # a late piece of one that was answered already
        if not body and (self.cycle is None or self.cycle.response_complete):
            self._look(data)
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and self._beginning:
            self._start_head_timer()
        else:
            self._stop_head_timer()
            self._beginning = b""

    def take_woken(self) -> bool:
        """Whether the present request has woken already; asked once. Pipelined requests have not."""
        woken, self._woken = self._woken, False
        return woken

    def wake(self) -> None:
        """Give the computer back. A failure of that must not cost the request."""
        try:
            self._api.wake(SuspendReason.API_REQUEST)
        except Exception:
            _log.exception("an API request could not wake")

    def _look(self, data: bytes) -> None:
        if self._woken:
            return
        self._beginning += data[: max(ENOUGH - len(self._beginning), 0)]
        if needs_the_computer(self._beginning, own=self.own):
            self.wake()
            self._woken = True

    def _start_head_timer(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self._api.head_seconds, self._too_slow)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _too_slow(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            if self._beginning:
                self.transport.write(_TOO_SLOW)
            self.transport.close()
