"""The attached stream of one worker: frames in, frames out, over the engine's multiplexed socket.

It must not know what frames mean.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

from dreamer_app.sandbox.docker.protocol import HEADER, frame_length, lost

_ENGINE_HEADER = struct.Struct(">BxxxI")
_STDOUT = 1
MAX_NOISE = 64 << 10
"""Bytes on the worker's standard error before it counts as broken; the runner never writes there."""


class Channel:
    """Frames over an attached socket.

    Args:
        connection: The raw socket, attached before the container starts.
        multiplexed: Whether an engine tells standard output and error apart in it; otherwise it is plain output.
    """

    def __init__(self, connection: socket.socket, *, multiplexed: bool = True) -> None:
        self._connection = connection
        self._multiplexed = multiplexed
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._buffer = bytearray()
        self._noise = 0
        self._reading = asyncio.Lock()
        self._patience: asyncio.Timeout | None = None
        self._failure: Exception | None = None

    async def open(self) -> None:
        """Take the socket into the event loop."""
        self._connection.setblocking(False)
        if self._connection.family == socket.AF_UNIX:
            opened = await asyncio.open_unix_connection(sock=self._connection, limit=1 << 20)
        else:
            opened = await asyncio.open_connection(sock=self._connection, limit=1 << 20)
        self._reader, self._writer = opened

    async def send(self, content: bytes, seconds: float) -> None:
        """Write everything.

        Raises:
            WorkerLostError: The worker is gone or does not read.
        """
        if self._writer is None:
            raise lost("its stream is closed")
        try:
            self._writer.write(content)
            async with asyncio.timeout(seconds):
                await self._writer.drain()
        except (OSError, TimeoutError) as error:
            raise lost(f"it takes no more input ({type(error).__name__})") from error

    def send_now(self, content: bytes) -> None:
        """Hand a few bytes to the kernel without waiting, from any thread; silent when the worker is gone.

        They may cut into a frame that is being sent, so this is for the last word only.
        """
        with contextlib.suppress(OSError):
            self._connection.send(content)

    async def receive(self, seconds: float) -> bytes:
        """The content of the next frame.

        Raises:
            WorkerLostError: None came in time, the stream ended, or it is not a frame.
            Exception: The error that `fail` was given.
        """
        if self._failure is not None:
            raise self._failure
        try:
            async with self._reading, asyncio.timeout(seconds) as self._patience:
                await self._fill(HEADER.size)
                end = HEADER.size + frame_length(bytes(self._buffer[: HEADER.size]))
                await self._fill(end)
        except TimeoutError as error:
            raise self._failure or lost(f"no answer within {seconds:.0f} s") from error
        except (OSError, asyncio.IncompleteReadError) as error:
            raise self._failure or lost("its stream ended") from error
        finally:
            self._patience = None
        payload = bytes(self._buffer[HEADER.size : end])
        del self._buffer[:end]
        return payload

    async def _fill(self, count: int) -> None:
        if self._reader is None:
            raise lost("its stream is closed")
        while len(self._buffer) < count:
            if not self._multiplexed:
                self._buffer += await self._some(self._reader)
                continue
            stream, length = _ENGINE_HEADER.unpack(await self._reader.readexactly(_ENGINE_HEADER.size))
            content = await self._reader.readexactly(length)
            if stream == _STDOUT:
                self._buffer += content
                continue
            self._noise += length
            if self._noise > MAX_NOISE:
                raise lost("noise instead of frames")

    async def _some(self, reader: asyncio.StreamReader) -> bytes:
        part = await reader.read(1 << 16)
        if not part:
            raise asyncio.IncompleteReadError(b"", None)
        return part

    async def ended(self, seconds: float) -> bool:
        """Whether the other side closes the stream within this time; what it still says is dropped."""
        if self._reader is None:
            return True
        try:
            async with asyncio.timeout(seconds), self._reading:
                while await self._reader.read(1 << 16):
                    pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    def fail(self, error: Exception) -> None:
        """Let the present and every future `receive` end with this error at once."""
        self._failure = error
        if self._patience is not None and not self._patience.expired():
            self._patience.reschedule(asyncio.get_running_loop().time())

    def close(self) -> None:
        """Close the socket; a worker dies at the end of its input."""
        if self._writer is not None:
            self._writer.close()
        else:
            self._connection.close()
        self._writer = None
