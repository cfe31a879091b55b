"""The real senses of the resident program. Only `headless` and the desktop's composition import it."""

from __future__ import annotations

from pathlib import Path

from dreamer_app.energy.meters import EnergyManager, real_sensors
from dreamer_app.energy.worker_slice import worker_seconds
from dreamer_app.presence.watch import PresenceWatch
from dreamer_app.service.senses import Senses


def senses(folder: Path) -> Senses:
    """Eyes and meters of this computer.

    Args:
        folder: The data folder, whose disk counts.
    """
    return Senses(
        presence=lambda emit, settings: PresenceWatch(emit, settings.presence),
        energy=lambda settings: EnergyManager(real_sensors(settings.energy, folder, worker_seconds)),
    )
