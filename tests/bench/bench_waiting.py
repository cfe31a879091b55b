"""What waiting costs: processor time and wake-ups of the resident program while it does not dream.

Policy, schedule, ledger and every sensor are real; eyes, windows and the API are not part of it. Beside it the same
while it looks closely, and one step of the policy.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from dreamer_app.core.events import Broadcast
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.energy.meters import EnergyManager, real_sensors
from dreamer_app.energy.policy.machine import step
from dreamer_app.energy.policy.signals import Signals
from dreamer_app.energy.policy.state import PolicyState
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.real_workshop import workshop
from dreamer_app.service.residency import Residency
from dreamer_app.service.senses import BLIND

SECONDS = 40.0
STEPS = 2000


def spent() -> tuple[float, int]:
    """Processor seconds and voluntary waits of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, used.ru_nvcsw


def tell(name: str, before: tuple[float, int], seconds: float) -> None:
    """One line of the table."""
    after = spent()
    share, waits = 100 * (after[0] - before[0]) / seconds, (after[1] - before[1]) / seconds
    print(f"{name:<28} {share:6.2f} % of one core {waits:7.2f} wake-ups/s")


async def waiting() -> None:
    """The resident program in the tray, with nothing to do."""
    with tempfile.TemporaryDirectory() as base:
        events = Broadcast()
        dreamer = Dreamer(DataPaths(Path(base)), workshop, events)
        meters = EnergyManager(real_sensors(Settings().energy, Path(base), lambda: None))
        resident = Residency(dreamer, events, senses=replace(BLIND, energy=lambda _: meters))
        async with asyncio.TaskGroup() as group:
            life = group.create_task(resident.run())
            await asyncio.sleep(3)
            before = spent()
            await asyncio.sleep(SECONDS)
            tell("waiting", before, SECONDS)
            meters.attend(closely=True)
            await asyncio.sleep(2)
            before = spent()
            await asyncio.sleep(SECONDS / 2)
            tell("waiting, all sensors closely", before, SECONDS / 2)
            await resident.shut_down()
            await life
        dreamer.close()


def main() -> None:
    """Print the table."""
    asyncio.run(waiting())
    state, settings, signals = PolicyState(), Settings(), Signals()
    started = time.perf_counter()
    for second in range(STEPS):
        state = step(state, signals, float(second), settings).state
    print(f"one step of the policy       {1e6 * (time.perf_counter() - started) / STEPS:6.0f} µs")


if __name__ == "__main__":
    main()
