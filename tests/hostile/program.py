"""What an attack on a worker is: the body of one test, and how the run may end."""

from __future__ import annotations

from dataclasses import dataclass

PROBES = """
import ctypes, os, socket, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
broken = []
def probe(name, action):
    try:
        result = action()
    except (OSError, ValueError, PermissionError, MemoryError):
        return
    if result != "refused":
        broken.append(name)
def syscall(number, *arguments):
    ctypes.set_errno(0)
    result = libc.syscall(number, *arguments)
    if result == -1:
        return "refused"
    return result
"""

REPORT = "\nobserve('broken', broken)\n"


@dataclass(frozen=True)
class Program:
    """One attack.

    Attributes:
        name: In words.
        body: Of the test.
        fates: Allowed ends of the run; `finished` demands an empty `broken`.
        wall: Seconds that it gets.
    """

    name: str
    body: str
    fates: tuple[str, ...] = ("finished",)
    wall: float = 4.0


def probing(name: str, body: str) -> Program:
    """A program that tries things which must be refused, and reports what was not."""
    return Program(name, PROBES + body + REPORT)
