"""Sockets that other programs connect to: made safely, and accepted only as fast as requests are served.

It reads nothing from them.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import socket
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.paths import APP_NAME, DataPaths
from dreamer_app.core.private_file import OWNER_ONLY

_log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
LONGEST_ADDRESS = 100
"""Bytes. The kernel's own limits for a Unix domain socket are 108 on Linux and 104 on macOS, its end mark included."""
BACKLOG = 1024
ACCEPT_AGAIN_SECONDS = 0.5


def open_loopback(port: int) -> socket.socket:
    """A listening socket that only this computer reaches.

    Raises:
        OSError: The port is taken.
    """
    # With its protocol named: asyncio turns Nagle's algorithm off only then, and 40 ms of each answer are its doing.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there it would share the port with whoever asks
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def socket_path(paths: DataPaths) -> Path:
    """Where the Unix domain socket of a base folder belongs; the folder that it is in is made and is ours alone.

    Raises:
        InfrastructureError: No such folder can be had.
    """
    name = f"{hashlib.sha256(str(paths.base.resolve()).encode()).hexdigest()[:16]}.sock"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and Path(runtime).is_dir():
        place = Path(runtime) / APP_NAME / name
    elif len(os.fsencode(paths.base / name)) <= LONGEST_ADDRESS:
        place = paths.base / name
    else:
        place = Path(tempfile.gettempdir()) / f"{APP_NAME}-{os.getuid()}" / name
    if place.parent != paths.base:
        _own_folder(place.parent)
    return place


def _own_folder(folder: Path) -> None:
    """Make a folder that nobody else may enter, or make sure that it is one."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise _refused(folder, str(error)) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise _refused(folder, "it is not a folder of yours")
    folder.chmod(0o700)


def open_unix(path: Path) -> socket.socket:
    """A listening socket for its owner only, in place of one that a dead program left behind.

    The caller holds the lock of the base folder, so that nobody alive listens there.

    Raises:
        InfrastructureError: Something that is no socket of ours is in the way.
    """
    with contextlib.suppress(FileNotFoundError):
        found = path.lstat()
        if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.getuid():
            raise _refused(path, "something else is there")
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with _umask(0o177):
            listener.bind(str(path))
        path.chmod(OWNER_ONLY)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise _refused(path, str(error)) from error
    return listener


@contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def _refused(path: Path, why: str) -> InfrastructureError:
    return InfrastructureError("The local API cannot listen", f"{path}: {why}", "Move it away and start again.")


class Seats:
    """How many connections of one kind may be open; the others wait in the kernel and cost nothing.

    Args:
        count: At most this many.
    """

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)

    async def accept(
        self,
        listener: socket.socket,
        serve: Callable[[socket.socket, Callable[[], None]], asyncio.Protocol],
        first: Iterable[socket.socket] = (),
    ) -> None:
        """Let connections in until cancelled.

        Args:
            listener: Where they come from.
            serve: Makes the protocol of a connection; calls what it is given when that has ended.
            first: Some that were let in before.
        """
        loop = asyncio.get_running_loop()
        for line in first:
            await self._free.acquire()
            await self._seat(line, serve)
        while True:
            await self._free.acquire()
            try:
                line, _ = await loop.sock_accept(listener)
            except OSError as error:  # no file descriptors left, or the other side has gone already
                self._free.release()
                _log.debug("a connection could not be accepted: %s", error)
                await asyncio.sleep(ACCEPT_AGAIN_SECONDS)
                continue
            except BaseException:
                self._free.release()
                raise
            line.setblocking(False)
            await self._seat(line, serve)

    async def _seat(
        self, line: socket.socket, serve: Callable[[socket.socket, Callable[[], None]], asyncio.Protocol]
    ) -> None:
        try:
            loop = asyncio.get_running_loop()
            await loop.connect_accepted_socket(lambda: serve(line, self._free.release), line)
        except OSError:
            line.close()
            self._free.release()
