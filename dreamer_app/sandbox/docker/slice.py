"""The one control group above all workers: lowest weight, and one write stops everything in it.

Niceness alone leaves a busy foreground half of the processor, because the scheduler weighs groups against each other
first; the weight of this group is what protects a person. Where it cannot be written, the workers' quotas remain, and
`describe` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dreamer_app.sandbox.docker.engine import EngineFacts

ROOT = Path("/sys/fs/cgroup")
LOWEST_WEIGHT_V1, LOWEST_WEIGHT_V2 = "2", "1"
"""The smallest values that the kernel takes for cpu.shares and cpu.weight."""
USUAL_WEIGHT_V1, USUAL_WEIGHT_V2 = "1024", "100"
"""The kernel's defaults; given back while freezing, for a starved task cannot enter the frozen state."""


@dataclass(frozen=True)
class Slice:
    """The parent group of this machine's workers.

    Attributes:
        parent: Value of the engine's CgroupParent.
        freezer: Folder that freezes, None when this engine's groups cannot be seen from here.
        cpu: Folder that weighs, None likewise.
        version: 1 or 2.
    """

    parent: str
    freezer: Path | None
    cpu: Path | None
    version: int

    @classmethod
    def of(cls, facts: EngineFacts, root: Path = ROOT) -> Slice:
        """The group that fits an engine."""
        systemd = facts.cgroup_driver == "systemd"
        parent = "dreamer.slice" if systemd else "/dreamer"
        name = parent.strip("/")
        if facts.rootless or facts.elsewhere:
            return cls(parent, None, None, facts.cgroup_version)
        if facts.cgroup_version == 2:
            return cls(parent, root / name, root / name, 2)
        return cls(parent, root / "freezer" / name, root / "cpu" / name, 1)

    def prepare(self) -> bool:
        """Make the group with the lowest weight; whether that worked. Thaws what a crash left frozen."""
        try:
            for folder in {self.freezer, self.cpu} - {None}:
                assert folder is not None
                folder.mkdir(exist_ok=True)
        except OSError:
            return False
        self.thaw()
        return self._weigh(LOWEST_WEIGHT_V2 if self.version == 2 else LOWEST_WEIGHT_V1)

    def freeze(self) -> bool:
        """Stop every process in it; whether the kernel took the order. Never raises.

        The weight is raised after the order, never before: a starved task must be scheduled to become frozen, but
        raising first would let it work.
        """
        done = self._order(frozen=True)
        self._weigh(USUAL_WEIGHT_V2 if self.version == 2 else USUAL_WEIGHT_V1)
        return done

    def thaw(self) -> bool:
        """Let it go on at the lowest weight; whether the kernel took the order. Never raises."""
        self._weigh(LOWEST_WEIGHT_V2 if self.version == 2 else LOWEST_WEIGHT_V1)
        return self._order(frozen=False)

    def cpu_seconds(self) -> float | None:
        """Processor time of all workers so far, None where it cannot be read."""
        if self.cpu is None:
            return None
        try:
            if self.version == 2:
                first = (self.cpu / "cpu.stat").read_text(encoding="ascii").splitlines()[0]
                return int(first.split()[1]) / 1e6
            usage = self.cpu.parent.parent / "cpuacct" / self.cpu.name / "cpuacct.usage"
            return int(usage.read_text(encoding="ascii")) / 1e9
        except (OSError, ValueError, IndexError):
            return None

    def describe(self) -> tuple[bool, str]:
        """Whether the lowest weight is in force, and that in words."""
        weight = self._read_weight()
        if weight in (LOWEST_WEIGHT_V1, LOWEST_WEIGHT_V2):
            return True, f"workers share the control group {self.parent} at the lowest weight"
        return False, f"the weight of the control group {self.parent} cannot be set from here; workers keep their quota"

    def _order(self, *, frozen: bool) -> bool:
        if self.freezer is None:
            return False
        file, value = (
            (self.freezer / "cgroup.freeze", "1" if frozen else "0")
            if self.version == 2
            else (self.freezer / "freezer.state", "FROZEN" if frozen else "THAWED")
        )
        return _write(file, value)

    def _weigh(self, weight: str) -> bool:
        return self.cpu is not None and _write(self._weight_file(self.cpu), weight)

    def _weight_file(self, cpu: Path) -> Path:
        return cpu / ("cpu.weight" if self.version == 2 else "cpu.shares")

    def _read_weight(self) -> str:
        if self.cpu is None:
            return ""
        try:
            return self._weight_file(self.cpu).read_text(encoding="ascii").strip()
        except OSError:
            return ""


def _write(file: Path, value: str) -> bool:
    try:
        with file.open("w", encoding="ascii") as stream:
            stream.write(value)
    except OSError:
        return False
    return True
