"""Where the control groups are, for every kind of engine, and who shares them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dreamer_app.sandbox.docker.engine import EngineFacts
from dreamer_app.sandbox.docker.slice import Slice

FACTS = EngineFacts("28.0", "1.3.0", "cgroupfs", 1, "overlay2", False, True, True, "x86_64")
HERE, THERE = "a1b2c3d4e5f60718", "ffeeddccbbaa9988"


def files(slice_: Slice, root: Path) -> list[str]:
    group = slice_.group
    assert group is not None
    return [str(Path(file).relative_to(root)) for file in (group.folder, group.weight, group.usage)]


def test_version_1_with_cgroupfs(tmp_path: Path) -> None:
    slice_ = Slice.of(FACTS, HERE, tmp_path)
    assert slice_.parent == "/dreamer/a1b2c3d4e5f6"
    assert files(slice_, tmp_path) == [
        "freezer/dreamer/a1b2c3d4e5f6",
        "cpu/dreamer/cpu.shares",
        "cpuacct/dreamer/a1b2c3d4e5f6/cpuacct.usage",
    ]


def test_version_2_with_systemd(tmp_path: Path) -> None:
    slice_ = Slice.of(replace(FACTS, cgroup_driver="systemd", cgroup_version=2), HERE, tmp_path)
    assert slice_.parent == "dreamer-a1b2c3d4e5f6.slice"
    assert slice_.systemd
    inner = "dreamer.slice/dreamer-a1b2c3d4e5f6.slice"
    assert files(slice_, tmp_path) == [inner, "dreamer.slice/cpu.weight", f"{inner}/cpu.stat"]


def test_a_rootless_engine_has_its_groups_below_the_users_own_service(tmp_path: Path) -> None:
    facts = replace(FACTS, cgroup_driver="systemd", cgroup_version=2, rootless=True)
    slice_ = Slice.of(facts, HERE, tmp_path, uid=1000)
    user = "user.slice/user-1000.slice/user@1000.service"
    assert files(slice_, tmp_path)[0] == f"{user}/dreamer.slice/dreamer-a1b2c3d4e5f6.slice"
    (tmp_path / user).mkdir(parents=True)
    slice_.prepare()
    assert (tmp_path / user / "dreamer.slice/cpu.weight").read_text() == "1"


def test_two_installations_share_the_weight_and_nothing_else(tmp_path: Path) -> None:
    facts = replace(FACTS, cgroup_version=2)
    one, other = Slice.of(facts, HERE, tmp_path), Slice.of(facts, THERE, tmp_path)
    assert one.group is not None and other.group is not None
    assert one.group.weight == other.group.weight
    for slice_ in (one, other):
        slice_.prepare()
    assert one.group.freeze()
    assert one.group.ordered_to_freeze() and not other.group.ordered_to_freeze()


def test_the_lowest_weight_is_told_only_where_it_is_in_force(tmp_path: Path) -> None:
    for name in ("freezer", "cpu"):
        (tmp_path / name).mkdir()
    slice_ = Slice.of(FACTS, HERE, tmp_path)
    assert not slice_.describe()[0] and not slice_.visible
    slice_.prepare()
    assert slice_.visible
    assert slice_.describe() == (True, "workers share the control group /dreamer/a1b2c3d4e5f6 at the lowest weight")
    assert (tmp_path / "cpu/dreamer/cpu.shares").read_text() == "2"


def test_without_rights_nothing_is_claimed(tmp_path: Path) -> None:
    elsewhere = replace(FACTS, kernel="0.0-in-a-virtual-machine")
    none = replace(FACTS, cgroup_driver="none", rootless=True)
    for facts, root in ((elsewhere, tmp_path), (none, tmp_path), (FACTS, tmp_path / "none")):
        slice_ = Slice.of(facts, HERE, root)
        assert not slice_.prepare() and not slice_.visible
        assert not slice_.describe()[0]
