"""AMD cards through the kernel's own files; a card that sleeps is left alone, for a look would wake it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensors.pci_displays import AMD, displays
from dreamer_app.energy.sensors.plausible import Plausible
from dreamer_app.energy.sensors.sensor import folders, number, text

LABELS = ("edge", "junction")
"""The edge is what limits and fans refer to; the junction is hotter by design."""

SELDOM = 20.0


class AmdGpu:
    """Reads all cards that are awake.

    Args:
        root: Where `sys` is.
        monotonic: What time it is.
    """

    name = "AMD graphics"
    closely, calmly = 2.0, None

    def __init__(self, root: Path = Path("/"), monotonic: Callable[[], float] = time.monotonic) -> None:
        self._root = root
        self._monotonic = monotonic
        self._plausible: dict[Path, Plausible] = {}
        self._seen: dict[Path, tuple[float, EnergyReading]] = {}

    def read(self) -> EnergyReading:
        """The hottest card's temperature and the sum of their power."""
        now = self._monotonic()
        cards: list[EnergyReading] = []
        for card in displays(self._root, AMD):
            if not card.awake:
                self._seen.pop(card.folder, None)
                continue
            before = self._seen.get(card.folder)
            if before is None or not card.sleeps or now - before[0] >= SELDOM:
                before = self._seen[card.folder] = (now, self._card(card.folder, now))
            cards.append(before[1])
        celsius = [card.gpu_celsius for card in cards if card.gpu_celsius is not None]
        slowdown = [card.gpu_slowdown for card in cards if card.gpu_slowdown is not None]
        watts = [card.watts for card in cards if card.watts is not None]
        return EnergyReading(
            gpu_celsius=max(celsius, default=None),
            gpu_slowdown=min(slowdown, default=None),
            watts=sum(watts) if watts else None,
        )

    def close(self) -> None:
        """Nothing is held."""

    def _card(self, folder: Path, now: float) -> EnergyReading:
        for chip in folders(folder / "hwmon"):
            if text(chip / "name") != "amdgpu":
                continue
            files = {text(file): file for file in folders(chip) if file.name.endswith("_label")}
            label = next((files[name] for name in LABELS if name in files), chip / "temp1_label")
            value = number(label.with_name(label.name.replace("_label", "_input")))
            critical = number(label.with_name(label.name.replace("_label", "_crit")))
            microwatts = next(
                (power for name in ("power1_average", "power1_input") if (power := number(chip / name)) is not None),
                None,
            )
            plausible = self._plausible.setdefault(folder, Plausible())
            return EnergyReading(
                gpu_celsius=plausible.checked(None if value is None else value / 1000, now),
                gpu_slowdown=None if not critical or critical <= 0 else critical / 1000,
                watts=None if microwatts is None else microwatts / 1e6,
            )
        return EnergyReading()
