"""How often the sentinel has braked: eight bytes of shared memory that every starter of work compares.

Only the sentinel counts. It counts before it brakes, so that nothing can start between the two.
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path

_COUNT = struct.Struct("<Q")


class WakeGeneration:
    """The counter.

    Args:
        file: Shared by both; made when it is not there.

    Raises:
        OSError: The file cannot be written.
    """

    def __init__(self, file: Path) -> None:
        opened = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(opened, _COUNT.size)
            self._memory = mmap.mmap(opened, _COUNT.size)
        finally:
            os.close(opened)

    def __call__(self) -> int:
        """The present figure."""
        return int(_COUNT.unpack(self._memory[:])[0])

    def grow(self) -> int:
        """Count one more; the new figure."""
        new = self() + 1
        self._memory[:] = _COUNT.pack(new)
        return new

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()
