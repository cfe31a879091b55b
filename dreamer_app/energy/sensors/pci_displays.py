"""Graphics cards as the kernel lists them, without touching them: their maker, and whether they are awake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dreamer_app.energy.sensors.sensor import folders, text

NVIDIA, AMD = "0x10de", "0x1002"
DISPLAY_CLASS = "0x03"


@dataclass(frozen=True, slots=True)
class Display:
    """One graphics card.

    Attributes:
        folder: Its folder under `sys/bus/pci/devices`.
        maker: PCI vendor, e.g. `0x10de`.
        awake: Whether it has power. A kernel that does not say so never lets it sleep.
        sleeps: Whether it may fall asleep by itself, which every look delays.
    """

    folder: Path
    maker: str
    awake: bool
    sleeps: bool


def displays(root: Path, maker: str) -> Iterator[Display]:
    """The cards of one maker."""
    for folder in folders(root / "sys/bus/pci/devices"):
        if text(folder / "vendor") == maker and (text(folder / "class") or "").startswith(DISPLAY_CLASS):
            status = text(folder / "power/runtime_status")
            yield Display(
                folder=folder,
                maker=maker,
                awake=status not in {"suspended", "suspending"},
                sleeps=text(folder / "power/control") == "auto",
            )
