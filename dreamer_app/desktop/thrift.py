"""Memory that is not needed any more goes back to the system; for programs that wait for hours between two uses."""

from __future__ import annotations

import ctypes
import sys


def give_back_memory() -> None:
    """Have the C library return free pages, which glibc does not do by itself.

    Takes some milliseconds of a thread, harmless elsewhere.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:  # musl has none
            trim(0)
