"""Input on Windows and macOS: the system's own count of the time since the last input, without its content.

Neither system tells by itself, so it is asked: ten times a second while dreaming, every two seconds otherwise. The
reading is a plain function, so the rules can be checked on recorded traces anywhere.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from typing import Any

from dreamer_app.core.i18n import tr
from dreamer_app.presence.reporter import CannotSee
from dreamer_app.presence.source import PresenceKind, Sight
from dreamer_app.presence.threaded import ThreadedSource

CLOSELY, SELDOM = 0.1, 2.0
"""Seconds between two readings."""
QUIET = 1.0
"""Seconds without input that count as its end."""
JITTER = 0.05
"""Seconds by which the moment of the same input may seem to differ between two readings."""
TICKS = 2**32
"""Windows counts milliseconds in 32 bits, which begin anew every 49.7 days."""
HID_SYSTEM_STATE, ANY_INPUT = 1, 0xFFFFFFFF
"""kCGEventSourceStateHIDSystemState (hardware only, no synthetic events) and kCGAnyInputEventType."""


class LastInput:
    """What a series of readings means."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._used = False

    def reading(self, now: float, idle: float) -> list[tuple[PresenceKind, float]]:
        """Facts of one reading.

        Args:
            now: `time.monotonic`.
            idle: Seconds since the last input, as the system says it.

        Returns:
            Kind and time of each fact.
        """
        last = now - max(idle, 0.0)
        facts: list[tuple[PresenceKind, float]] = []
        if self._last is None or last > self._last + JITTER:
            self._last, self._used = last, True
            facts.append((PresenceKind.INPUT, last))
        if self._used and now - self._last >= QUIET:
            self._used = False
            facts.append((PresenceKind.QUIET, self._last))
        return facts


class PolledSource(ThreadedSource):
    """Asks the system for the time since the last input.

    Args:
        name: Of the system's function.
        idle_seconds: The reading; raises OSError where it fails.
    """

    def __init__(self, name: str, idle_seconds: Callable[[], float]) -> None:
        super().__init__(name, Sight.ALL, sees_end=True)
        self._idle_seconds = idle_seconds
        self._every = SELDOM

    def attend(self, *, closely: bool) -> None:
        """Ask often while dreaming."""
        self._every = CLOSELY if closely else SELDOM
        self.wake()

    def look(self) -> None:
        """Ask until it is time to stop.

        Raises:
            CannotSee: The system does not answer.
        """
        facts = LastInput()
        while not self.stopping:
            try:
                idle = self._idle_seconds()
            except OSError as error:
                raise CannotSee(tr("the system does not say when the last input was: {why}", why=error)) from error
            self.reporter.works(tr("the system's time since the last input"))
            for kind, at in facts.reading(time.monotonic(), idle):
                self.reporter.tell(kind, at=at)
            self.wait_for(patience=self._every)


def ticks_idle(now: int, last: int) -> float:
    """Seconds between two tick counts of Windows, over their wrap; 0 where the last one lies ahead."""
    between = (now - last) % TICKS
    return 0.0 if between > TICKS // 2 else between / 1000


def windows_idle() -> Callable[[], float]:
    """The reading on Windows: GetLastInputInfo of this session."""
    library: Any = getattr(ctypes, "windll")  # noqa: B009  (exists on Windows only)

    class LastInputInfo(ctypes.Structure):
        _fields_ = (("cbSize", ctypes.c_uint32), ("dwTime", ctypes.c_uint32))

    library.kernel32.GetTickCount.restype = ctypes.c_uint32

    def read() -> float:
        info = LastInputInfo(ctypes.sizeof(LastInputInfo), 0)
        if not library.user32.GetLastInputInfo(ctypes.byref(info)):
            raise OSError("GetLastInputInfo failed")
        return ticks_idle(library.kernel32.GetTickCount(), info.dwTime)

    return read


def macos_idle() -> Callable[[], float]:
    """The reading on macOS: CGEventSourceSecondsSinceLastEventType of the hardware."""
    library = ctypes.CDLL("/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices")
    read = library.CGEventSourceSecondsSinceLastEventType
    read.restype, read.argtypes = ctypes.c_double, (ctypes.c_int32, ctypes.c_uint32)
    return lambda: float(read(HID_SYSTEM_STATE, ANY_INPUT))


def system_source() -> PolledSource | None:
    """The source of this system; None where the system tells by itself."""
    if sys.platform == "win32":
        return PolledSource("GetLastInputInfo", windows_idle())
    if sys.platform == "darwin":
        return PolledSource("CGEventSource", macos_idle())
    return None
