"""Room for dreams in the data folder."""

from __future__ import annotations

import shutil
from pathlib import Path

from dreamer_app.energy.reading import EnergyReading


class Disk:
    """Reads the file system of a folder.

    Args:
        folder: The data folder.
    """

    name = "disk"
    closely, calmly = 10.0, 60.0

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self) -> EnergyReading:
        """Free bytes."""
        try:
            return EnergyReading(disk_free_bytes=shutil.disk_usage(self._folder).free)
        except OSError:
            return EnergyReading()

    def close(self) -> None:
        """Nothing is held."""
