"""What waiting costs: processor time and wake-ups while it does not dream, of whole programs and of their middle.

The tray application and `dreamer serve` are measured from outside, all their threads and their sentinels together.
Then policy, schedule, ledger and every real sensor in this program, without eyes and API; the same while it looks
closely; and one step of the policy.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psutil

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
from tests.e2e.desk import desk
from tests.house.tracked import ROOT

SECONDS = 40.0
SETTLE_SECONDS = 20.0
STEPS = 2000


def spent() -> tuple[float, int]:
    """Processor seconds and voluntary waits of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, used.ru_nvcsw


def spent_by(pid: int) -> tuple[float, int]:
    """The same of a program and of those that it started, every thread counted."""
    found = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    used = sum(sum(one.cpu_times()[:2]) for one in found)
    waits = 0
    for one in found:
        for task in Path(f"/proc/{one.pid}/task").iterdir():
            line = next(line for line in (task / "status").read_text().splitlines() if line.startswith("voluntary"))
            waits += int(line.split()[1])
    return used, waits


def programs() -> None:
    """Both whole programs, a while after their start."""
    with tempfile.TemporaryDirectory() as folder, desk(Path(folder)) as here:
        for name in ("serve", "tray"):
            words = [sys.executable, "-m", "dreamer_app", name, "--base-dir", str(Path(folder) / name)]
            words += ["--background"] if name == "tray" else []
            program = subprocess.Popen(words, cwd=ROOT, env=here.environment, stdout=subprocess.DEVNULL)
            time.sleep(SETTLE_SECONDS)
            before = spent_by(program.pid)
            time.sleep(SECONDS)
            tell(f"dreamer {name} with its sentinel", before, SECONDS, spent_by(program.pid))
            program.terminate()
            program.wait(30)


def tell(name: str, before: tuple[float, int], seconds: float, after: tuple[float, int] | None = None) -> None:
    """One line of the table."""
    after = after or spent()
    share, waits = 100 * (after[0] - before[0]) / seconds, (after[1] - before[1]) / seconds
    print(f"{name:<32} {share:6.2f} % of one core {waits:7.2f} wake-ups/s")


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
    print("at most 0.3 % and 2 wake-ups/s while it waits")
    programs()
    asyncio.run(waiting())
    state, settings, signals = PolicyState(), Settings(), Signals()
    started = time.perf_counter()
    for second in range(STEPS):
        state = step(state, signals, float(second), settings).state
    print(f"one step of the policy           {1e6 * (time.perf_counter() - started) / STEPS:6.0f} µs")


if __name__ == "__main__":
    main()
