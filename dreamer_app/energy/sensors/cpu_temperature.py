"""Processor temperature from hwmon, by chip and label; where there is none, from a thermal zone.

Only the chosen file is read: other chips belong to graphics cards that a look would wake.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensors.plausible import COLDEST, HOTTEST, Plausible
from dreamer_app.energy.sensors.sensor import folders, number, text

LABELS = ("Package id", "Tccd", "Tdie", "Tctl")
"""The best first. `Tctl` is what fans follow and has an offset on some processors."""

CHIPS = frozenset({"coretemp", "k10temp", "zenpower", "cpu_thermal", "soc_thermal", "cpu-thermal", "soc-thermal"})
ZONES = ("x86_pkg_temp", "cpu-thermal", "cpu_thermal", "soc-thermal", "soc_thermal", "TCPU")
MILLI = 1000.0


class CpuTemperature:
    """Reads the hottest of the best sensors.

    Args:
        root: Where `sys` is.
        monotonic: What time it is.
    """

    name = "processor temperature"
    closely, calmly = 1.0, 15.0

    def __init__(self, root: Path = Path("/"), monotonic: Callable[[], float] = time.monotonic) -> None:
        self._root = root
        self._monotonic = monotonic
        self._files: tuple[Path, ...] = ()
        self._plausible = Plausible()

    def read(self) -> EnergyReading:
        """The temperature and what its maker calls critical."""
        celsius = self._hottest()
        if celsius is None:  # the chip may have been numbered anew, by a driver that was loaded again
            self._files = self._chosen()
            celsius = self._hottest()
        critical = [number(file.with_name(file.name.replace("_input", "_crit"))) for file in self._files]
        known = [value / MILLI for value in critical if value is not None and COLDEST < value / MILLI < HOTTEST + 15]
        return EnergyReading(
            cpu_celsius=self._plausible.checked(celsius, self._monotonic()),
            cpu_critical=min(known) if known else None,
        )

    def close(self) -> None:
        """Nothing is held."""

    def _hottest(self) -> float | None:
        values = [value / MILLI for file in self._files if (value := number(file)) is not None]
        return max(values) if values else None

    def _chosen(self) -> tuple[Path, ...]:
        labelled: dict[str, list[Path]] = {}
        plain: list[Path] = []
        for chip in folders(self._root / "sys/class/hwmon"):
            if text(chip / "name") not in CHIPS:
                continue
            for file in _inputs(chip):
                label = text(file.with_name(file.name.replace("_input", "_label"))) or ""
                kind = next((known for known in LABELS if label.startswith(known)), None)
                (plain if kind is None else labelled.setdefault(kind, [])).append(file)
        for kind in LABELS:
            if kind in labelled:
                return tuple(labelled[kind])
        return tuple(plain) or self._zones()

    def _zones(self) -> tuple[Path, ...]:
        zones = {text(zone / "type"): zone / "temp" for zone in folders(self._root / "sys/class/thermal")}
        return next(((zones[name],) for name in ZONES if name in zones), ())


def _inputs(chip: Path) -> Iterator[Path]:
    return (file for file in folders(chip) if file.name.startswith("temp") and file.name.endswith("_input"))
