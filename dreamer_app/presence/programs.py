"""Games and exclusive programs by their names: told by the kernel as they start, or looked for every two seconds while
dreaming where it does not tell.

Must not decide what counts; `exclusive` does.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn

from dreamer_app.core.i18n import tr
from dreamer_app.presence.exclusive import Program, exclusive_name
from dreamer_app.presence.exec_events import open_exec_events, started
from dreamer_app.presence.proc import seen_program
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import PresenceKind, Sight
from dreamer_app.presence.threaded import ThreadedSource

if TYPE_CHECKING:
    import psutil

SCAN = 2.0
"""Seconds between two looks at all programs while dreaming; one look costs 7 to 14 ms (notes on idle detection, 3)."""
ATTRIBUTES = ["pid", "name", "exe", "cmdline"]


class ProgramsSource(ThreadedSource):
    """Programs that get the whole computer.

    Args:
        listed: Names from the settings.
        steam: Whether what Steam launches counts.
        events: Whether to ask the kernel; otherwise it looks by itself.
    """

    def __init__(self, listed: Iterable[str], *, steam: bool, events: bool = True) -> None:
        super().__init__("programs", Sight.NONE)
        self._listed, self._steam, self._events = tuple(listed), steam, events
        self._running: dict[int, str] = {}
        self._closely = threading.Event()

    def attend(self, *, closely: bool) -> None:
        """Follow what starts while dreaming; otherwise only wait for the end of what runs already."""
        (self._closely.set if closely else self._closely.clear)()
        self.wake()

    def look(self) -> None:
        """Follow programs until it is time to stop."""
        told_by_kernel = self._ask_kernel()
        self._scan()
        while not self.stopping:
            if not self._closely.is_set():
                self._wait(patience=SCAN if self._running and not _HAS_PIDFD else None)
            elif told_by_kernel:
                with open_exec_events() as channel:
                    self._follow(channel)
            else:
                self._scan()
                self._wait(patience=SCAN)
            self._drop_ended()

    def _ask_kernel(self) -> bool:
        try:
            (open_exec_events() if self._events else _refuse()).close()
        except CannotSee as why:
            self.reporter.works(
                tr(
                    "looks at running programs every {n} s while dreaming, because {why}",
                    n=f"{SCAN:.0f}",
                    why=why.detail,
                )
            )
            return False
        self.reporter.works(tr("told by the kernel of every program that starts while dreaming"))
        return True

    def _follow(self, channel: socket.socket) -> None:
        self._scan()
        while self._closely.is_set() and not self.stopping:
            self._wait(channel.fileno())
            for pid in started(channel):
                if (program := seen_program(pid)) is not None:
                    self._take(program)
            self._drop_ended()

    def _wait(self, *descriptors: int, patience: float | None = None) -> None:
        """Until something can be read, a program of ours ended, it is time to stop, or the time is over."""
        exits = [os.pidfd_open(pid) for pid in self._running if _is_there(pid)] if _HAS_PIDFD else []
        try:
            self.wait_for(*descriptors, *exits, patience=patience)
        finally:
            for one in exits:
                os.close(one)

    def _scan(self) -> None:
        import psutil  # noqa: PLC0415  (not before it is needed: this runs in the sentinel)

        for program in psutil.process_iter(ATTRIBUTES):
            self._take(_seen(program))

    def _take(self, program: Program) -> None:
        name = exclusive_name(program, self._listed, steam=self._steam)
        if name is None or program.pid in self._running:
            return
        self._running[program.pid] = name
        self.reporter.tell(PresenceKind.EXCLUSIVE_STARTED, detail=name)

    def _drop_ended(self) -> None:
        ended = [pid for pid in self._running if not _is_there(pid)]
        for pid in ended:
            del self._running[pid]
        if ended and not self._running:
            self.reporter.tell(PresenceKind.EXCLUSIVE_ENDED)


_HAS_PIDFD = hasattr(os, "pidfd_open")


def _is_there(pid: int) -> bool:
    import psutil  # noqa: PLC0415

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _seen(program: psutil.Process) -> Program:
    info = program.info
    return Program(info["pid"], info["name"] or "", info["exe"] or "", tuple(info["cmdline"] or ()))


def _refuse() -> NoReturn:
    raise CannotSee(tr("the kernel is not asked"))
