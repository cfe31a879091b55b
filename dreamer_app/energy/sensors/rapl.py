"""Electric power of the processor packages from RAPL, where it may be read (root only on most kernels since 5.10)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensors.sensor import folders, number, text

MOST_WATTS = 2000.0
"""More than any computer under a desk takes; a counter that was set back shows as more."""


class Rapl:
    """Reads the energy counters of all packages.

    Args:
        root: Where `sys` is.
        monotonic: What time it is.
    """

    name = "processor power"
    closely, calmly = 2.0, None

    def __init__(self, root: Path = Path("/"), monotonic: Callable[[], float] = time.monotonic) -> None:
        self._root = root
        self._monotonic = monotonic
        self._before: dict[Path, tuple[float, int]] = {}

    def read(self) -> EnergyReading:
        """Power since the last read."""
        now = self._monotonic()
        watts: list[float] = []
        for zone in folders(self._root / "sys/class/powercap"):
            if not (text(zone / "name") or "").startswith("package"):
                continue
            microjoules = number(zone / "energy_uj")
            before = self._before.pop(zone, None)
            if microjoules is None:
                continue
            self._before[zone] = (now, microjoules)
            if before is not None and now > before[0]:
                used = microjoules - before[1]
                if used < 0:
                    used += number(zone / "max_energy_range_uj") or 0
                power = used / 1e6 / (now - before[0])
                if 0 <= power <= MOST_WATTS:
                    watts.append(power)
        return EnergyReading(watts=sum(watts) if watts else None)

    def close(self) -> None:
        """Nothing is held."""
