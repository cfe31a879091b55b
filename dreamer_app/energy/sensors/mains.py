"""Mains and the computer's own batteries from sysfs. The battery of a mouse or a headset is none of them."""

from __future__ import annotations

from pathlib import Path

from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensors.sensor import folders, number, text

MAINS = frozenset({"Mains", "USB", "Wireless"})
LOW_POWER = frozenset({"low-power", "quiet"})


class Mains:
    """Reads the power supplies.

    Args:
        root: Where `sys` is.
    """

    name = "mains and batteries"
    closely, calmly = 1.0, 5.0

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def read(self) -> EnergyReading:
        """Whether mains are there, and the mean charge of the computer's own batteries."""
        online: list[bool] = []
        discharging: list[bool] = []
        charges: list[int] = []
        for supply in folders(self._root / "sys/class/power_supply"):
            kind = text(supply / "type")
            if text(supply / "scope") == "Device":
                continue
            if kind in MAINS and (state := number(supply / "online")) is not None:
                online.append(state > 0)
            elif kind == "Battery" and text(supply / "present") != "0":
                discharging.append(text(supply / "status") == "Discharging")
                charge = number(supply / "capacity")
                if charge is not None and 0 <= charge <= 100:
                    charges.append(charge)
        return EnergyReading(
            on_battery=_on_battery(online, discharging),
            battery_charge=sum(charges) / len(charges) / 100 if charges else None,
            power_saver=self._saving(),
        )

    def close(self) -> None:
        """Nothing is held."""

    def _saving(self) -> bool | None:
        profile = text(self._root / "sys/firmware/acpi/platform_profile")
        return None if profile is None else profile in LOW_POWER


def _on_battery(online: list[bool], discharging: list[bool]) -> bool | None:
    """A computer without a battery of its own cannot run on it, whatever a supply says."""
    if not discharging:
        return False if online and any(online) else None
    if online:
        return not any(online)
    return any(discharging)
