"""Where the workers' control groups are: one parent of lowest weight for all installations, one child for each.

Niceness alone leaves a busy foreground half of the processor, because the scheduler weighs groups against each other
first; the weight of the parent is what protects a person. The child is what is frozen and killed, so that no
installation stops another one's dreams. This module knows paths; what is written there is the group's own business.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from dreamer_app.sandbox.docker.engine import EngineFacts
from dreamer_app.sandbox.runner.group import LOWEST_WEIGHT, Group

ROOT = Path("/sys/fs/cgroup")
TOP = "dreamer"
ID_LENGTH = 12


@dataclass(frozen=True)
class Slice:
    """The control group of one installation's workers.

    Attributes:
        parent: Value of the engine's CgroupParent.
        above: Folders of the group above, which is weighed.
        group: The group's files as the engine's computer has them, None when this engine has no groups.
        systemd: Whether systemd removes the group as soon as it is empty.
        elsewhere: Whether the engine's computer is not this one.
    """

    parent: str
    above: tuple[Path, ...] = ()
    group: Group | None = None
    systemd: bool = False
    elsewhere: bool = False

    @classmethod
    def of(cls, facts: EngineFacts, install: str, root: Path = ROOT, top: str = TOP, uid: int | None = None) -> Slice:
        """The group that fits an engine and an installation.

        Args:
            facts: What the engine says of itself.
            install: Identifier of the installation.
            root: Where control groups are mounted.
            top: Name of the group above.
            uid: Of the user whose rootless engine it is; None means this one.
        """
        own = install[:ID_LENGTH]
        systemd = facts.cgroup_driver == "systemd"
        # A dash in the name of a slice means "below".
        above, below = (f"{top}.slice", f"{top}-{own}.slice") if systemd else (top, own)
        parent = below if systemd else f"/{above}/{below}"
        if facts.cgroup_driver == "none" or (facts.rootless and not systemd):
            return cls(parent)
        if facts.rootless:
            number = os.getuid() if uid is None else uid
            root = root / f"user.slice/user-{number}.slice/user@{number}.service"
        if facts.cgroup_version == 2:
            folder = root / above
            usage = folder / below / "cpu.stat"
            group = Group(2, str(folder / below), str(folder / "cpu.weight"), str(usage))
            return cls(parent, (folder,), group, systemd, facts.elsewhere)
        cpu, freezer = root / "cpu" / above, root / "freezer" / above
        usage = root / "cpuacct" / above / below / "cpuacct.usage"
        group = Group(1, str(freezer / below), str(cpu / "cpu.shares"), str(usage))
        return cls(parent, (freezer, cpu), group, systemd, facts.elsewhere)

    def prepare(self) -> bool:
        """Make the groups, the upper one with the lowest weight; whether they may be frozen from here."""
        if self.group is None or self.elsewhere:
            return False
        try:
            if self.group.version == 2 and not self.systemd:  # nobody else shares the processor out
                with contextlib.suppress(OSError):
                    (self.above[0].parent / "cgroup.subtree_control").write_text("+cpu", encoding="ascii")
            for folder in (*self.above, Path(self.group.folder)):
                folder.mkdir(exist_ok=True)
            Path(self.group.usage).parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            return False
        freezer = "cgroup.freeze" if self.group.version == 2 else "freezer.state"
        self.group.weigh(LOWEST_WEIGHT)
        return os.access(f"{self.group.folder}/{freezer}", os.W_OK)

    def remove(self) -> None:
        """Remove this installation's groups, which are empty by now; the one above is everybody's and stays."""
        if self.group is None or self.elsewhere or self.systemd:
            return
        top = self.above[0]
        own = f"{top.name}/{Path(self.group.folder).name}"
        hierarchies = [top.parent] if self.group.version == 2 else top.parent.parent.iterdir()
        for hierarchy in hierarchies:  # the engine makes them in all of them, not only in ours
            with contextlib.suppress(OSError):
                (hierarchy / own).rmdir()

    @property
    def visible(self) -> bool:
        """Whether the group is there and can at least be looked at."""
        return self.group is not None and not self.elsewhere and Path(self.group.folder).is_dir()

    def describe(self) -> tuple[bool, str]:
        """Whether the lowest weight is in force, and that in words."""
        if self.group is not None and not self.elsewhere:
            try:
                weight = Path(self.group.weight).read_text(encoding="ascii").strip()
            except OSError:
                weight = ""
            if weight == LOWEST_WEIGHT[self.group.version]:
                return True, f"workers share the control group {self.parent} at the lowest weight"
        return False, f"the weight of the control group {self.parent} cannot be set from here; workers keep their quota"
