"""One write really stops, kills and counts everything in a control group, of either version."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamer_app.sandbox.runner.group import Group

COUNTER = "import os\nwhile True: os.write(1, b'.')"
FORKS = """
import os
for _ in range(40):
    if os.fork() == 0:
        while True:
            if os.fork() == 0:
                os._exit(0)
            os.wait()
os.wait()
"""


def mounted(kind: str) -> Path:
    """Where this computer has a freezer of that version."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, place, name, options, *_ = line.split()
        if name == kind and (kind == "cgroup2" or "freezer" in options.split(",")):
            return Path(place)
    pytest.skip(f"this kernel has no {kind} mounted")


@pytest.fixture(params=[1, 2])
def group(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Group]:
    folder = mounted("cgroup2" if request.param == 2 else "cgroup") / f"dreamer-group-test-{os.getpid()}"
    if not os.access(folder.parent, os.W_OK):
        pytest.fail("this test writes control groups: run it as root, as `make test` does in CI")
    (folder / "one").mkdir(parents=True)
    (folder / "spared").mkdir()
    usage = folder / "cpu.stat" if request.param == 2 else tmp_path / "usage"
    yield Group(request.param, str(folder), str(tmp_path / "weight"), str(usage), "spared")
    made = Group(request.param, str(folder), str(tmp_path / "weight"), str(usage))
    made.kill()
    made.thaw()
    for path in (folder / "one", folder / "spared", folder):
        path.rmdir()


def busy(group: Group, child: str, program: str = COUNTER) -> subprocess.Popen[bytes]:
    """A process that is in the group before it does anything."""
    start = f"import sys; sys.stdin.readline()\n{program}"
    found = subprocess.Popen([sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    Path(group.folder, child, "cgroup.procs").write_text(str(found.pid))
    assert found.stdin is not None
    found.stdin.write(b"\n")
    found.stdin.flush()
    return found


def says_nothing(found: subprocess.Popen[bytes]) -> bool:
    assert found.stdout is not None
    os.set_blocking(found.stdout.fileno(), False)
    while found.stdout.read(1 << 20):
        pass
    silent = not found.stdout.read(1)
    os.set_blocking(found.stdout.fileno(), True)
    return silent


def test_freezing_stops_everything_and_thawing_lets_it_go_on(group: Group, tmp_path: Path) -> None:
    found = busy(group, "one")
    assert found.stdout is not None
    assert found.stdout.read(1) == b"."
    assert group.freeze()
    raised = (tmp_path / "weight").read_text()
    assert group.settled(5) and group.frozen() and group.ordered_to_freeze()
    assert says_nothing(found)
    lowest = {1: ("1024", "2"), 2: ("100", "1")}[group.version]
    assert (raised, (tmp_path / "weight").read_text()) == lowest
    assert group.thaw()
    assert found.stdout.read(1) == b"."
    found.kill()
    found.communicate()


def test_killing_ends_what_is_frozen_and_what_is_not_but_not_the_spare(group: Group) -> None:
    spared = busy(group, "spared")
    for frozen in (True, False):
        found = busy(group, "one")
        assert not frozen or (group.freeze() and group.settled(5))
        assert group.kill()
        assert found.wait(5) == -9
        found.communicate()
        assert spared.poll() is None
        assert group.ordered_to_freeze() == frozen
        assert group.thaw()
    spared.kill()
    spared.communicate()


def test_a_fork_bomb_ends(group: Group) -> None:
    bomb = busy(group, "one", FORKS)
    procs = Path(group.folder, "one", "cgroup.procs")
    while len(procs.read_text().split()) < 40:
        pass
    assert group.freeze() and group.settled(5)
    assert group.kill()
    assert procs.read_text() == ""
    bomb.communicate()


def test_files_that_are_not_there_are_no_error(tmp_path: Path) -> None:
    for version in (1, 2):
        group = Group(version, str(tmp_path / "none"), str(tmp_path / "no/weight"), str(tmp_path / "no/usage"))
        assert not group.freeze() and not group.thaw() and not group.frozen() and not group.settled(0)
        assert group.usage_usec() is None


def test_the_processor_time_is_read_in_either_format(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("usage_usec 2500000\nuser_usec 1\n")
    (tmp_path / "old").write_text("2500000000\n")
    assert Group(2, "", "", str(tmp_path / "new")).usage_usec() == 2_500_000
    assert Group(1, "", "", str(tmp_path / "old")).usage_usec() == 2_500_000
