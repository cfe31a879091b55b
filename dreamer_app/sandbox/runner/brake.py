"""The brake: a trusted container beside the workers that holds their control group and obeys single bytes.

`S` stops everything, `C` lets it go on, `K` kills it, `?` tells the processor time. Each order is answered with a line:
its letter, `1` or `0` for whether the kernel took it, and for `?` the microseconds. When everything stands still after
an `S`, one more line says `F1`, or `F0` when it did not in time. Whoever holds a line to the brake and goes away has
died: then everything is killed. It never reads anything else and has no other power.
"""

from __future__ import annotations

import os
import select
import socket
import sys
import time

from .group import LOWEST_WEIGHT, POLL, Group

FOLDER, WEIGHT, USAGE = "/group", "/weight", "/usage"
LINE = "/line/brake.sock"
SETTLE_SECONDS = 0.5
"""After which a task that does not stand still, for instance one in uninterruptible sleep, is waited for no longer."""

Reply = tuple[int, bytes]


def main() -> None:
    """Serve until the program that started this container is gone."""
    version, spare = int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else ""
    usage = f"{FOLDER}/cpu.stat" if version == 2 else USAGE
    Server(Group(version, FOLDER, WEIGHT, usage, spare), LINE if os.path.isdir(os.path.dirname(LINE)) else "").serve()


class Server:
    """Obeys its lines.

    Args:
        group: What it brakes.
        line: Where to listen; empty for standard input alone.
    """

    def __init__(self, group: Group, line: str) -> None:
        self.group = group
        # Version 1 has no file for killing, and signals do not leave this container.
        self.kills = group.version == 2 or os.getpid() != 1
        self.poll = select.poll()
        self.poll.register(0, select.POLLIN)
        self.lines: dict[int, socket.socket] = {}
        self.listener: socket.socket | None = None
        self.settling: tuple[int, float] | None = None
        if line:
            self.listener = socket.socket(socket.AF_UNIX)
            os.umask(0)  # the folder is another user's, who alone can reach it
            self.listener.bind(line)
            self.listener.listen()
            self.poll.register(self.listener, select.POLLIN)

    def serve(self) -> None:
        """Obey until standard input ends."""
        self.group.weigh(LOWEST_WEIGHT)
        while True:
            ready = self.poll.poll(POLL * 1000 if self.settling else None)
            for fd, _ in ready:
                if self.listener is not None and fd == self.listener.fileno():
                    line, _ = self.listener.accept()
                    self.lines[line.fileno()] = line
                    self.poll.register(line, select.POLLIN)
                elif not self.obey(fd):
                    return
            self.settle()

    def obey(self, fd: int) -> bool:
        """Do what one line says; False when the program is gone and this is the end."""
        try:
            orders = os.read(fd, 64)
        except OSError:
            orders = b""
        for order in orders:
            self.answer(fd, self.order(fd, order))
        if orders:
            return True
        if fd == 0:
            # Where this container may not kill, thawed workers die by themselves at the end of their input.
            if not self.kill():
                self.group.thaw()
            return False
        self.kill()
        self.poll.unregister(fd)
        self.lines.pop(fd).close()
        return True

    def order(self, fd: int, order: int) -> bytes:
        """Obey one byte; the answer."""
        if order == ord("S"):
            done = self.group.freeze()
            self.settling = (fd, time.monotonic() + SETTLE_SECONDS)
        elif order == ord("C"):
            self.settling = None
            done = self.group.thaw()
        elif order == ord("K"):
            done = self.kill()
        elif order == ord("?"):
            usage = self.group.usage_usec()
            return b"?0\n" if usage is None else b"?1 %d\n" % usage
        else:
            return b"!0\n"
        return b"%c%d\n" % (order, done)

    def kill(self) -> bool:
        """Freeze everything, then end it; whether nothing is left."""
        self.group.freeze()
        return self.kills and self.group.kill()

    def settle(self) -> None:
        """Say that everything stands still, once it does."""
        if self.settling is None:
            return
        fd, deadline = self.settling
        still = self.group.frozen()
        if still or time.monotonic() > deadline:
            self.settling = None
            self.group.weigh(LOWEST_WEIGHT)
            self.answer(fd, b"F%d\n" % still)

    def answer(self, fd: int, line: bytes) -> None:
        """Write to whoever asked; silent when he is gone, which his line's end will tell."""
        try:
            os.write(1 if fd == 0 else fd, line)
        except OSError:
            return
