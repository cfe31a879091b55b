"""Processor time of all workers, from the control group above them. It neither makes the group nor changes it."""

from __future__ import annotations

import os
from pathlib import Path

from dreamer_app.energy.sensors.sensor import number, text

PARENTS = ("dreamer", "dreamer.slice")
"""Names of the upper group with the engine's two ways of keeping groups (`sandbox/docker/slice.py`)."""


def worker_seconds(root: Path = Path("/")) -> float | None:
    """Processor time of all workers so far, in seconds; None where it cannot be read."""
    groups = root / "sys/fs/cgroup"
    user = f"user.slice/user-{os.getuid()}.slice/user@{os.getuid()}.service"
    for parent in (*PARENTS, *(f"{user}/{parent}" for parent in PARENTS)):
        for line in (text(groups / parent / "cpu.stat") or "").splitlines():
            if line.startswith("usage_usec "):
                return int(line.split()[1]) / 1e6
        for hierarchy in ("cpuacct", "cpu,cpuacct", "cpu"):
            nanoseconds = number(groups / hierarchy / parent / "cpuacct.usage")
            if nanoseconds is not None:
                return nanoseconds / 1e9
    return None
