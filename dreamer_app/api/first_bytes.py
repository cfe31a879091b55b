"""What the first bytes of a request say, and who is at the other end: known before the web server is even imported.

It reads nothing and answers nobody.
"""

from __future__ import annotations

import os
import socket
import struct
import sys

QUIET = (b"GET /status", b"GET /metrics")
"""Requests that only look. Everything else needs the computer."""
STEERING = (b"POST /now", b"POST /finish", b"POST /resume", b"POST /keep-dreaming", b"POST /show")
"""Said by the owner's own command line about dreaming itself: waking first would undo what is asked for."""

ENOUGH = 64
"""Bytes after which every request can be told from every other."""


def needs_the_computer(beginning: bytes, *, own: bool) -> bool | None:
    """Whether a request wakes, told by its first bytes.

    Args:
        beginning: What has arrived so far.
        own: Whether it comes over our own socket.

    Returns:
        None while that cannot be told yet.
    """
    undecided = False
    for line in QUIET + STEERING if own else QUIET:
        if beginning.startswith(line) and len(beginning) > len(line):
            if beginning[len(line) : len(line) + 1] in b" ?":
                return False
        elif line.startswith(beginning):
            undecided = True
    return None if undecided else True


def is_own_socket(line: socket.socket) -> bool:
    """Whether it came over the socket that only its owner may open, rather than over loopback."""
    return sys.platform != "win32" and line.family == socket.AF_UNIX


def is_ours(line: socket.socket) -> bool:
    """Whether the other end is a program of the same user, or of root who may do anything anyway.

    Where the system cannot tell, the rights of the socket file are the whole protection.
    """
    if sys.platform == "win32" or not hasattr(socket, "SO_PEERCRED"):
        return True
    credentials = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", credentials)
    return user in (os.getuid(), 0)
