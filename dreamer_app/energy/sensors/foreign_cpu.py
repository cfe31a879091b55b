"""Processor use of others: all of it, less our workers' and our own processes'. So our own load never wakes us."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensors.sensor import folders, text

SMOOTHING = 2.0
"""Seconds of the moving average; a window that opens must not count as work."""

IDLE_COLUMNS = (3, 4)
"""`idle` and `iowait` of /proc/stat."""

GUEST_COLUMNS = (8, 9)
"""Counted in `user` and `nice` already."""


class ForeignCpu:
    """Reads processor times.

    Args:
        slice_seconds: Processor time of all workers so far, None where it cannot be read.
        root: Where `proc` is.
        monotonic: What time it is.
        pid: Our own number.
    """

    name = "processor use of others"
    closely, calmly = 1.0, 15.0

    def __init__(
        self,
        slice_seconds: Callable[[], float | None],
        root: Path = Path("/"),
        monotonic: Callable[[], float] = time.monotonic,
        pid: int | None = None,
    ) -> None:
        self._slice_seconds = slice_seconds
        self._proc = root / "proc"
        self._monotonic = monotonic
        self._pid = os.getpid() if pid is None else pid
        self._tick = 1 / os.sysconf("SC_CLK_TCK")
        self._before: tuple[float, float, float | None, dict[int, float]] | None = None
        self._smooth: float | None = None

    def read(self) -> EnergyReading:
        """Cores that others used since the last read, smoothed."""
        now, busy, cores = self._monotonic(), self._busy(), self._cores()
        workers, own = self._slice_seconds(), self._own()
        before, self._before = self._before, None if busy is None else (now, busy, workers, own)
        if before is None or busy is None or now <= before[0]:
            return EnergyReading(cores=cores)
        if workers is None or before[2] is None or workers < before[2]:
            return EnergyReading(cores=cores)  # our workers cannot be told from others, and must not wake us
        seconds = now - before[0]
        # A process that is new counts from its start; of one that ended nothing is known any more.
        ours = sum(used - before[3].get(pid, 0.0) for pid, used in own.items())
        ours += workers - before[2]
        foreign = min(max(0.0, busy - before[1] - ours) / seconds, float(cores))
        weight = min(1.0, seconds / SMOOTHING)
        self._smooth = foreign if self._smooth is None else self._smooth + weight * (foreign - self._smooth)
        return EnergyReading(foreign_cpu=self._smooth, cores=cores)

    def close(self) -> None:
        """Nothing is held."""

    def _busy(self) -> float | None:
        line = (text(self._proc / "stat") or "").partition("\n")[0].split()
        if len(line) < 5 or line[0] != "cpu":
            return None
        columns = [int(word) for word in line[1:]]
        left_out = (*IDLE_COLUMNS, *GUEST_COLUMNS)
        return sum(value for place, value in enumerate(columns) if place not in left_out) * self._tick

    def _cores(self) -> int:
        lines = (text(self._proc / "stat") or "").splitlines()
        return max(1, sum(line.startswith("cpu") and line[3:4].isdigit() for line in lines))

    def _own(self) -> dict[int, float]:
        """Processor time of our processes, from us downwards."""
        found: dict[int, float] = {}
        waiting = [self._pid]
        while waiting:
            pid = waiting.pop()
            # The name may hold spaces and brackets; what follows its last bracket does not.
            fields = (text(self._proc / f"{pid}/stat") or "").rpartition(")")[2].split()
            if pid in found or len(fields) < 15:
                continue
            found[pid] = (int(fields[11]) + int(fields[12])) * self._tick
            for task in folders(self._proc / f"{pid}/task"):
                waiting += [int(child) for child in (text(task / "children") or "").split()]
        return found
