"""The control group above an installation's workers, as the kernel's files: freeze, weigh, kill, count.

Used by the program itself where it may write these files, and by the brake container where it may not. It must not know
containers, engines or reasons; every method is quick and none raises.
"""

from __future__ import annotations

import os
import signal
import time
from typing import NamedTuple

LOWEST_WEIGHT = {1: "2", 2: "1"}
"""The smallest values that the kernel takes for cpu.shares and cpu.weight."""

USUAL_WEIGHT = {1: "1024", 2: "100"}
"""The kernel's defaults; given while freezing, for a starved task must be scheduled once to become frozen."""

POLL = 0.001
KILL_ROUNDS = 500
"""Looks at a group that is to be empty, one each millisecond; killing 2 GB of frozen workers took 23 ms (measured)."""


class Group(NamedTuple):
    """One control group.

    Attributes:
        version: Of the control groups, 1 or 2.
        folder: What is frozen and killed.
        weight: The weight file of the group above, shared by all installations.
        usage: The file that counts processor time.
        spare: Name of a child that is never killed; empty for none.
    """

    version: int
    folder: str
    weight: str
    usage: str
    spare: str = ""

    def freeze(self) -> bool:
        """Order every task in it to stop; whether the kernel took the order.

        The weight is raised after the order, never before: raising first would let the workers work.
        """
        if self.version == 2:
            done = _write(f"{self.folder}/cgroup.freeze", "1")
        else:
            done = _write(f"{self.folder}/freezer.state", "FROZEN")
        self.weigh(USUAL_WEIGHT)
        return done

    def frozen(self) -> bool:
        """Whether the kernel says that every task stands still."""
        if self.version == 2:
            return "frozen 1" in _read(f"{self.folder}/cgroup.events")
        return _read(f"{self.folder}/freezer.state").strip() == "FROZEN"

    def settled(self, seconds: float) -> bool:
        """Wait until every task stands still, then take the weight back; whether all did in time."""
        deadline = time.monotonic() + seconds
        while not (still := self.frozen()) and time.monotonic() < deadline:
            time.sleep(POLL)
        self.weigh(LOWEST_WEIGHT)
        return still

    def thaw(self) -> bool:
        """Let it go on at the lowest weight; whether the kernel took the order."""
        self.weigh(LOWEST_WEIGHT)
        if self.version == 2:
            return _write(f"{self.folder}/cgroup.freeze", "0")
        return _write(f"{self.folder}/freezer.state", "THAWED")

    def kill(self) -> bool:
        """End everything in it but the spare child, frozen or not; whether nothing is left.

        Dying takes processor time, too, so the weight is raised for as long as it takes.
        """
        self.weigh(USUAL_WEIGHT)
        try:
            return self._end_all()
        finally:
            self.weigh(LOWEST_WEIGHT)

    def _end_all(self) -> bool:
        was_frozen = self.ordered_to_freeze()
        for _ in range(KILL_ROUNDS):
            children = self._children()
            if not any(_read(f"{child}/cgroup.procs") for child in children):
                return not was_frozen or self.version == 2 or _write(f"{self.folder}/freezer.state", "FROZEN")
            refused = [child for child in children if not self._kill(child)]
            if refused:
                return False
            if self.version == 1:  # its freezer holds even those that were killed
                for folder in (*children, self.folder):
                    _write(f"{folder}/freezer.state", "THAWED")
            time.sleep(POLL)
        return False

    def ordered_to_freeze(self) -> bool:
        """Whether it was told to stand still, whether or not every task does already."""
        if self.version == 2:
            return _read(f"{self.folder}/cgroup.freeze").strip() == "1"
        return _read(f"{self.folder}/freezer.state").strip() in ("FROZEN", "FREEZING")

    def usage_usec(self) -> int | None:
        """Processor time of everything that was ever in it, in microseconds; None where it cannot be read."""
        text = _read(self.usage).split()
        try:
            return int(text[1]) if self.version == 2 else int(text[0]) // 1000
        except (IndexError, ValueError):
            return None

    def weigh(self, weights: dict[int, str]) -> bool:
        """Give the group above this weight; whether the kernel took it."""
        return _write(self.weight, weights[self.version])

    def _children(self) -> list[str]:
        try:
            names = [entry.name for entry in os.scandir(self.folder) if entry.is_dir(follow_symlinks=False)]
        except OSError:
            return []
        return [f"{self.folder}/{name}" for name in names if name != self.spare]

    def _kill(self, child: str) -> bool:
        if self.version == 2:
            return _write(f"{child}/cgroup.kill", "1") or not os.path.exists(child)
        for pid in map(int, _read(f"{child}/cgroup.procs").split()):
            if pid <= 0:  # of another PID namespace
                return False
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            except OSError:
                return False
        return True


def _write(file: str, value: str) -> bool:
    try:
        with open(file, "w", encoding="ascii") as stream:
            stream.write(value)
    except OSError:
        return False
    return True


def _read(file: str) -> str:
    try:
        with open(file, encoding="ascii") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError):
        return ""
