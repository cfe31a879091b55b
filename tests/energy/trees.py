"""Files of the kernel, as a tree that a test makes up."""

from __future__ import annotations

from pathlib import Path


def grow(root: Path, files: dict[str, object]) -> Path:
    """Write files, by their path from the root; None removes one."""
    for name, value in files.items():
        file = root / name
        if value is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{value}\n")
    return root


def chip(number: int, name: str, **files: object) -> dict[str, object]:
    """A hwmon chip."""
    folder = f"sys/class/hwmon/hwmon{number}"
    return {f"{folder}/name": name} | {f"{folder}/{file}": value for file, value in files.items()}


def card(slot: str, maker: str, status: str = "active", control: str = "on") -> dict[str, object]:
    """A graphics card on the bus."""
    folder = f"sys/bus/pci/devices/{slot}"
    return {
        f"{folder}/vendor": maker,
        f"{folder}/class": "0x030000",
        f"{folder}/power/runtime_status": status,
        f"{folder}/power/control": control,
    }


def supply(name: str, kind: str, **files: object) -> dict[str, object]:
    """A power supply."""
    folder = f"sys/class/power_supply/{name}"
    return {f"{folder}/type": kind} | {f"{folder}/{file}": value for file, value in files.items()}
