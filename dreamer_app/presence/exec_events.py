"""Programs as they start, told by the Linux kernel (proc connector), so that none is missed and nothing is polled.

Kernels from 6.6 on tell every user; older ones only root. Layouts: linux/connector.h, linux/cn_proc.h. Must not look at
what the programs are.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator

from dreamer_app.core.i18n import tr
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.x11_display import first_line

NETLINK_CONNECTOR, CN_IDX_PROC, CN_VAL_PROC = 11, 1, 1
PROC_CN_MCAST_LISTEN, PROC_EVENT_EXEC = 1, 0x00000002
NLMSG_DONE = 3
_NETLINK = struct.Struct("=IHHII")  # length, type, flags, sequence, port
_CONNECTOR = struct.Struct("=IIIIHH")  # index, value, sequence, acknowledge, length, flags
_EVENT = struct.Struct("=IIQI")  # what, processor, nanoseconds, id of the thread; the thread group follows


def open_exec_events() -> socket.socket:
    """A socket that can be read whenever a program starts.

    Raises:
        CannotSee: This system does not tell, or not this user.
    """
    if not hasattr(socket, "AF_NETLINK"):
        raise CannotSee(tr("this system does not tell of programs that start"))
    try:
        channel = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, NETLINK_CONNECTOR)
    except OSError as error:
        raise CannotSee(tr("the kernel does not tell of programs that start: {why}", why=first_line(error))) from error
    try:
        channel.bind((0, CN_IDX_PROC))
        channel.send(_request(struct.pack("=II", PROC_CN_MCAST_LISTEN, PROC_EVENT_EXEC)))
    except OSError as error:
        channel.close()
        raise CannotSee(
            tr("the kernel tells only root of programs that start: {why}", why=first_line(error))
        ) from error
    channel.setblocking(False)
    return channel


def _request(body: bytes) -> bytes:
    message = _CONNECTOR.pack(CN_IDX_PROC, CN_VAL_PROC, 0, 0, len(body), 0) + body
    return _NETLINK.pack(_NETLINK.size + len(message), NLMSG_DONE, 0, 0, os.getpid()) + message


def started(channel: socket.socket) -> Iterator[int]:
    """Ids of the programs that started since the last call; those of a flood that did not fit are lost.

    Args:
        channel: From `open_exec_events`.
    """
    while True:
        try:
            packet = channel.recv(4096)
        except BlockingIOError:
            return
        except OSError:  # ENOBUFS: more than the kernel keeps
            continue
        if (pid := exec_of(packet)) is not None:
            yield pid


def exec_of(packet: bytes) -> int | None:
    """The program that a packet says has started; None for packets about anything else."""
    start = _NETLINK.size + _CONNECTOR.size
    if len(packet) < start + _EVENT.size + 4:
        return None
    what, _processor, _time, _thread = _EVENT.unpack_from(packet, start)
    if what != PROC_EVENT_EXEC:
        return None
    return int(struct.unpack_from("=I", packet, start + _EVENT.size)[0])
