"""Frames between the parts of a worker: four bytes of length, big-endian, then JSON.

The length never reaches 2**24, so the first byte of a header is zero and can never be mistaken for the single byte
that cancels.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any

HEADER = struct.Struct(">I")
MAX_FRAME = 4 << 20
CANCEL = b"C"


class BrokenFrameError(Exception):
    """What arrived is not a frame."""


def pack(message: dict[str, Any]) -> bytes:
    """One frame.

    Raises:
        BrokenFrameError: The message is longer than a frame may be.
    """
    payload = json.dumps(message, separators=(",", ":")).encode("ascii")
    if len(payload) > MAX_FRAME:
        raise BrokenFrameError(f"{len(payload)} bytes")
    return HEADER.pack(len(payload)) + payload


def write_all(fd: int, content: bytes) -> None:
    """Write everything, however small the steps.

    Raises:
        OSError: The other side is gone.
    """
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]


def read_exactly(fd: int, count: int) -> bytes:
    """Read exactly this many bytes.

    Raises:
        EOFError: The stream ended before.
    """
    parts = []
    while count:
        part = os.read(fd, min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def read_frame(fd: int) -> dict[str, Any]:
    """Read one frame, blocking.

    Raises:
        EOFError: The stream ended.
        BrokenFrameError: The length is beyond all bounds or the content is not a JSON object.
    """
    (length,) = HEADER.unpack(read_exactly(fd, HEADER.size))
    if length > MAX_FRAME:
        raise BrokenFrameError(f"{length} bytes")
    return parse(read_exactly(fd, length))


def parse(payload: bytes) -> dict[str, Any]:
    """Parse the content of a frame.

    Raises:
        BrokenFrameError: It is not a JSON object.
    """
    try:
        message = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise BrokenFrameError(str(error)) from error
    if not isinstance(message, dict):
        raise BrokenFrameError("not an object")
    return message
