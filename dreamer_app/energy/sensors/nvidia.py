"""NVIDIA cards through NVML: temperature, power, whether they slow down for heat, and who else uses them.

An open NVML handle keeps a laptop's card awake at 5 to 25 W, so cards that sleep are left alone, cards that may fall
asleep are looked at seldom, and the library is shut down after each look.
"""

from __future__ import annotations

import contextlib
import importlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensors.pci_displays import NVIDIA, displays
from dreamer_app.energy.sensors.plausible import Plausible

SELDOM = 20.0
"""Seconds between looks at a card that may fall asleep; drivers wait 5 to 10 s before they let it."""

THERMAL_REASONS = 0x20 | 0x40
"""nvmlClocksEventReasonSwThermalSlowdown and nvmlClocksThrottleReasonHwThermalSlowdown."""


class Nvidia:
    """Reads all cards that are awake.

    Args:
        ours: Whether a process works for us, by its number.
        root: Where `sys` is.
        load: Gives the module `pynvml`; raises ImportError where there is none.
        monotonic: What time it is.
    """

    name = "NVIDIA graphics"
    closely, calmly = 2.0, None

    def __init__(
        self,
        ours: Callable[[int], bool],
        root: Path = Path("/"),
        load: Callable[[], Any] = lambda: importlib.import_module("pynvml"),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ours = ours
        self._root = root
        self._load = load
        self._monotonic = monotonic
        self._plausible: dict[int, Plausible] = {}
        self._last: tuple[float, EnergyReading] | None = None

    def read(self) -> EnergyReading:
        """The hottest card's temperature, and all cards' power and use."""
        now = self._monotonic()
        cards = list(displays(self._root, NVIDIA))
        awake = [card for card in cards if card.awake]
        if not awake:
            self._last = None
            return EnergyReading()
        seldom = any(card.sleeps for card in awake)
        if seldom and self._last is not None and now - self._last[0] < SELDOM:
            return self._last[1]
        reading = self._looked(now, only_awake=len(awake) < len(cards))
        self._last = (now, reading)
        return reading

    def close(self) -> None:
        """Nothing is held between looks."""

    def _looked(self, now: float, *, only_awake: bool) -> EnergyReading:
        if only_awake:  # NVML wakes every card it counts
            return EnergyReading()
        try:
            nvml = self._load()
            nvml.nvmlInit()
        except Exception:  # no library, no driver, a version that does not fit: there is no card to speak of
            return EnergyReading()
        try:
            count = int(nvml.nvmlDeviceGetCount())
            return _together([self._card(nvml, number, now) for number in range(count)])
        except Exception:  # a card fell off the bus in the middle
            return EnergyReading()
        finally:
            with contextlib.suppress(Exception):
                nvml.nvmlShutdown()

    def _card(self, nvml: Any, number: int, now: float) -> EnergyReading:
        card = nvml.nvmlDeviceGetHandleByIndex(number)
        celsius = _asked(lambda: float(nvml.nvmlDeviceGetTemperature(card, nvml.NVML_TEMPERATURE_GPU)))
        slowdown = _asked(
            lambda: float(nvml.nvmlDeviceGetTemperatureThreshold(card, nvml.NVML_TEMPERATURE_THRESHOLD_SLOWDOWN))
        )
        reasons = _asked(lambda: int(nvml.nvmlDeviceGetCurrentClocksEventReasons(card)))
        milliwatts = _asked(lambda: float(nvml.nvmlDeviceGetPowerUsage(card)))
        return EnergyReading(
            gpu_celsius=self._plausible.setdefault(number, Plausible()).checked(celsius, now),
            gpu_slowdown=slowdown if slowdown is not None and slowdown > 0 else None,
            gpu_throttled=None if reasons is None else bool(reasons & THERMAL_REASONS),
            foreign_gpu=self._foreign(nvml, card),
            watts=None if milliwatts is None else milliwatts / 1000,
        )

    def _foreign(self, nvml: Any, card: Any) -> float | None:
        """Share that others use: by process where the driver tells, else all of it when any other one is there."""
        running: list[Any] = []
        for ask in (nvml.nvmlDeviceGetComputeRunningProcesses, nvml.nvmlDeviceGetGraphicsRunningProcesses):
            running += _asked(lambda ask=ask: list(ask(card))) or []  # type: ignore[misc]
        others = {process.pid for process in running if not self._ours(process.pid)}
        if not others:
            return 0.0
        # The samples since 0: the driver keeps those of the last seconds only.
        samples = _asked(lambda: list(nvml.nvmlDeviceGetProcessUtilization(card, 0)))
        if samples is not None:
            latest = {sample.pid: float(sample.smUtil) for sample in samples if sample.pid in others}
            return min(1.0, sum(latest.values()) / 100)
        used = _asked(lambda: float(nvml.nvmlDeviceGetUtilizationRates(card).gpu))
        return None if used is None else used / 100


def _asked(question: Callable[[], Any]) -> Any:
    """An answer, or None where this card or driver has none."""
    try:
        return question()
    except Exception:
        return None


def _together(cards: list[EnergyReading]) -> EnergyReading:
    """Several cards as one: the hottest, the sum of power, the busiest."""

    def known(name: str) -> list[float]:
        return [value for card in cards if (value := getattr(card, name)) is not None]

    return EnergyReading(
        gpu_celsius=max(known("gpu_celsius"), default=None),
        gpu_slowdown=min(known("gpu_slowdown"), default=None),
        gpu_throttled=any(known("gpu_throttled")) if known("gpu_throttled") else None,
        foreign_gpu=max(known("foreign_gpu"), default=None),
        watts=sum(known("watts")) if known("watts") else None,
    )
