"""Memory: how much programs can have, and whether tasks wait for it (pressure triggers of the kernel).

An ordinary user may set triggers with windows of two seconds; where that is refused, the averages are read.
"""

from __future__ import annotations

import os
import select
from pathlib import Path

from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensors.sensor import text

TRIGGERS = (b"some 200000 2000000", b"full 40000 2000000")
"""Tasks wait for 10 % of two seconds; all of them do for 2 %. In microseconds."""

SOME_PERCENT, FULL_PERCENT = 10.0, 2.0
KIB = 1024


class Memory:
    """Reads memory.

    Args:
        root: Where `proc` is.
    """

    name = "memory"
    closely, calmly = 1.0, 5.0

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root
        self._watched: list[int] | None = None

    def read(self) -> EnergyReading:
        """Free memory, and whether it was short since the last read."""
        total, free = self._sizes()
        return EnergyReading(
            memory_free=free / total if total and free is not None else None,
            memory_free_bytes=free,
            memory_pressed=self._pressed(),
        )

    def close(self) -> None:
        """Take the triggers away."""
        for descriptor in self._watched or ():
            os.close(descriptor)
        self._watched = None

    @property
    def _pressure(self) -> Path:
        return self._root / "proc/pressure/memory"

    def _sizes(self) -> tuple[int | None, int | None]:
        found: dict[str, int] = {}
        for line in (text(self._root / "proc/meminfo") or "").splitlines():
            name, _, rest = line.partition(":")
            words = rest.split()
            if words and words[0].isdigit():
                found[name] = int(words[0]) * KIB
        return found.get("MemTotal"), found.get("MemAvailable")

    def _pressed(self) -> bool | None:
        if self._watched is None:
            self._watched = self._triggers()
        if self._watched:
            poller = select.poll()
            for descriptor in self._watched:
                poller.register(descriptor, select.POLLPRI)
            return any(event & select.POLLPRI for _, event in poller.poll(0))
        averages = _averages(text(self._pressure) or "")
        if averages is None:
            return None
        return averages[0] > SOME_PERCENT or averages[1] > FULL_PERCENT

    def _triggers(self) -> list[int]:
        found: list[int] = []
        try:
            if not self._root.samefile("/"):
                return []  # a trigger in an ordinary file would overwrite it
            for trigger in TRIGGERS:
                found.append(os.open(self._pressure, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC))
                os.write(found[-1], trigger)
        except OSError:
            for descriptor in found:
                os.close(descriptor)
            return []
        return found


def _averages(pressure: str) -> tuple[float, float] | None:
    """`avg10` of both lines in percent."""
    found: dict[str, float] = {}
    for line in pressure.splitlines():
        kind, _, rest = line.partition(" ")
        values = dict(part.split("=", 1) for part in rest.split() if "=" in part)
        try:
            found[kind] = float(values["avg10"])
        except (KeyError, ValueError):
            return None
    return (found["some"], found.get("full", 0.0)) if "some" in found else None
