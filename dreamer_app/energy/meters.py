"""EnergyManager: all sensors as one reading. It measures; what follows from it is the policy's business.

Every sensor has a thread of its own, so that a dead one never holds up the brake. Graphics cards and power are read
only while it dreams.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from dreamer_app.core.settings.energy import EnergySettings
from dreamer_app.energy.ours import Ours
from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensor_thread import SensorStatus, SensorThread
from dreamer_app.energy.sensors.amdgpu import AmdGpu
from dreamer_app.energy.sensors.cpu_temperature import CpuTemperature
from dreamer_app.energy.sensors.disk import Disk
from dreamer_app.energy.sensors.foreign_cpu import ForeignCpu
from dreamer_app.energy.sensors.mains import Mains
from dreamer_app.energy.sensors.memory import Memory
from dreamer_app.energy.sensors.nut import Nut
from dreamer_app.energy.sensors.nvidia import Nvidia
from dreamer_app.energy.sensors.rapl import Rapl
from dreamer_app.energy.sensors.sensor import Sensor
from dreamer_app.energy.sensors.upower import UPower


class EnergyManager:
    """Measures the computer.

    Args:
        sensors: What to measure with.
        monotonic: What time it is.
    """

    def __init__(self, sensors: Iterable[Sensor], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._threads = tuple(SensorThread(sensor, monotonic) for sensor in sensors)

    def start(self) -> None:
        """Begin to measure; returns at once."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop measuring; what hangs is left to itself."""
        for thread in self._threads:
            thread.stop()

    def attend(self, *, closely: bool) -> None:
        """Measure often, graphics cards and power included, or with as little effort as possible."""
        for thread in self._threads:
            thread.attend(closely=closely)

    def reading(self) -> EnergyReading:
        """What is known now. Never blocks."""
        merged = together(thread.reading() for thread in self._threads)
        return replace(merged, cores=max(merged.cores, os.cpu_count() or 1))

    def watt_hours(self) -> float | None:
        """Energy of what can be measured since it began to look closely; None when nothing can."""
        known = [energy for thread in self._threads if (energy := thread.watt_hours) is not None]
        return sum(known) if known else None

    def sensors(self) -> tuple[SensorStatus, ...]:
        """How every sensor is."""
        return tuple(thread.status() for thread in self._threads)


def together(readings: Iterable[EnergyReading]) -> EnergyReading:
    """Several partial readings as one: of two that know, the worse counts; power adds up."""
    merged = EnergyReading()
    for reading in readings:
        changes: dict[str, Any] = {}
        for field in fields(EnergyReading):
            new, old = getattr(reading, field.name), getattr(merged, field.name)
            if new is not None:
                changes[field.name] = new if old is None else _worse(field.name, old, new)
        merged = replace(merged, **changes)
    return merged


LESS_IS_WORSE = frozenset(
    {
        "cpu_critical",
        "gpu_slowdown",
        "battery_charge",
        "ups_charge",
        "memory_free",
        "memory_free_bytes",
        "disk_free_bytes",
    }
)


def _worse(name: str, one: Any, other: Any) -> Any:
    if name == "watts":
        return one + other
    return min(one, other) if name in LESS_IS_WORSE else max(one, other)


def real_sensors(
    settings: EnergySettings, folder: Path, slice_seconds: Callable[[], float | None]
) -> tuple[Sensor, ...]:
    """Every sensor of this system.

    Args:
        settings: Which servers to ask.
        folder: The data folder, whose disk counts.
        slice_seconds: Processor time of all workers so far, None where it cannot be read.
    """
    return (
        CpuTemperature(),
        Nvidia(Ours()),
        AmdGpu(),
        Mains(),
        UPower(),
        Nut(settings.nut_server),
        Memory(),
        Disk(folder),
        ForeignCpu(slice_seconds),
        Rapl(),
    )
