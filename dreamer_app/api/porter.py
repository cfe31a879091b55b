"""Who stands at the door while the web server is being imported: lets callers in, and wakes for their first byte.

The import takes over a second, and longer beside workers at full load; a person who asks in that time must not wait
for it. It answers nobody and takes nothing off a connection: whoever serves it reads all of it.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from dreamer_app.api.first_bytes import ENOUGH, is_ours, is_own_socket, needs_the_computer
from dreamer_app.core.states import SuspendReason

_log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_GUESTS = 64
"""Connections that are let in early; more wait in the kernel."""
LOOK_AGAIN_SECONDS = 0.02
"""Until the next look at a request whose first bytes do not tell yet what it is."""


class Porter:
    """At the door of all listening sockets, on one thread.

    Args:
        ears: Where callers come from.
        wake: Gives the computer back; returns at once.

    Attributes:
        guests: Who was let in, by the socket that they came to.
        woken: Those of them whose request has woken already.
    """

    def __init__(self, ears: Sequence[socket.socket], wake: Callable[[SuspendReason], None]) -> None:
        self.guests: dict[socket.socket, list[socket.socket]] = {ear: [] for ear in ears}
        self.woken: set[socket.socket] = set()
        self._wake = wake
        self._undecided: list[socket.socket] = []

    def wait(self, bell: socket.socket) -> None:
        """Until somebody calls or rings the bell."""
        with selectors.DefaultSelector() as selector:
            for one in (*self.guests, bell):
                selector.register(one, selectors.EVENT_READ)
            selector.select()

    def attend_while(self, work: Callable[[], T]) -> T:
        """Do some work on another thread and attend to callers until it is done; what it returns or raises."""
        rung, bell = socket.socketpair()
        with rung, bell, ThreadPoolExecutor(1, "api-import") as threads, selectors.DefaultSelector() as selector:
            working = threads.submit(work)
            working.add_done_callback(lambda _: bell.send(b"!"))
            for one in (*self.guests, rung):
                selector.register(one, selectors.EVENT_READ)
            self._attend(selector, working)
            return working.result()

    def close(self) -> None:
        """Send away who is still there. Whoever was served is gone already."""
        for guests in self.guests.values():
            for guest in guests:
                guest.close()

    def _attend(self, selector: selectors.BaseSelector, working: Future[T]) -> None:
        while not working.done():
            for key, _ in selector.select(LOOK_AGAIN_SECONDS if self._undecided else None):
                one = key.fileobj
                assert isinstance(one, socket.socket)
                if one in self.guests:
                    self._let_in(one, selector)
                elif key.data == "guest":
                    selector.unregister(one)
                    self._undecided.append(one)
            self._undecided = [one for one in self._undecided if self._cannot_tell(one)]

    def _let_in(self, ear: socket.socket, selector: selectors.BaseSelector) -> None:
        with contextlib.suppress(OSError):  # gone already, or no file descriptors are left
            guest, _ = ear.accept()
            guest.setblocking(False)
            self.guests[ear].append(guest)
            selector.register(guest, selectors.EVENT_READ, "guest")
        if sum(map(len, self.guests.values())) >= MOST_GUESTS:
            for full in self.guests:
                with contextlib.suppress(KeyError):
                    selector.unregister(full)

    def _cannot_tell(self, guest: socket.socket) -> bool:
        """Wake if what a guest has said so far needs the computer; whether he must be looked at again."""
        try:
            beginning = guest.recv(ENOUGH, socket.MSG_PEEK)
        except OSError:
            return False
        own = is_own_socket(guest)
        if not beginning or (own and not is_ours(guest)):
            return False
        needed = needs_the_computer(beginning, own=own)
        if needed:
            self.woken.add(guest)
            try:
                self._wake(SuspendReason.API_REQUEST)
            except Exception:
                _log.exception("an API request could not wake")
        return needed is None
