"""The parent group: which folder, which weight, and that one write really stops the processes in it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dreamer_app.sandbox.docker.engine import Engine, EngineFacts
from dreamer_app.sandbox.docker.slice import Slice

FACTS = EngineFacts("28.0", "1.3.0", "cgroupfs", 1, "overlay2", False, True, True, "x86_64")


def test_version_1_uses_two_hierarchies(tmp_path: Path) -> None:
    for name in ("freezer", "cpu"):
        (tmp_path / name).mkdir()
    group = Slice.of(FACTS, tmp_path)
    assert group.prepare()
    assert group.parent == "/dreamer"
    assert (tmp_path / "cpu/dreamer/cpu.shares").read_text() == "2"
    assert group.describe()[0]
    assert group.freeze()
    assert (tmp_path / "freezer/dreamer/freezer.state").read_text() == "FROZEN"
    assert (tmp_path / "cpu/dreamer/cpu.shares").read_text() == "1024"
    assert group.thaw()
    assert (tmp_path / "freezer/dreamer/freezer.state").read_text() == "THAWED"
    assert (tmp_path / "cpu/dreamer/cpu.shares").read_text() == "2"


def test_version_2_uses_one(tmp_path: Path) -> None:
    group = Slice.of(replace(FACTS, cgroup_driver="systemd", cgroup_version=2), tmp_path)
    assert group.parent == "dreamer.slice"
    assert group.prepare()
    assert group.freeze()
    assert (tmp_path / "dreamer.slice/cgroup.freeze").read_text() == "1"
    (tmp_path / "dreamer.slice/cpu.stat").write_text("usage_usec 2500000\nuser_usec 1\n")
    assert group.cpu_seconds() == 2.5


def test_preparing_thaws_what_a_crash_left_frozen(tmp_path: Path) -> None:
    group = Slice.of(replace(FACTS, cgroup_version=2), tmp_path)
    group.prepare()
    group.freeze()
    assert Slice.of(replace(FACTS, cgroup_version=2), tmp_path).prepare()
    assert (tmp_path / "dreamer/cgroup.freeze").read_text() == "0"


def test_without_rights_nothing_is_claimed(tmp_path: Path) -> None:
    elsewhere = replace(FACTS, kernel="0.0-in-a-virtual-machine")
    for group in (
        Slice.of(replace(FACTS, rootless=True), tmp_path),
        Slice.of(elsewhere, tmp_path),
        Slice.of(FACTS, tmp_path / "none"),
    ):
        assert not group.prepare()
        assert not group.freeze()
        assert not group.thaw()
        assert group.cpu_seconds() is None
        assert not group.describe()[0]


@pytest.fixture
def group() -> Iterator[Slice]:
    engine = Engine.connect()
    usual = Slice.of(engine.facts())
    engine.close()
    if usual.freezer is None or usual.cpu is None or not os.access(usual.freezer.parent, os.W_OK):
        pytest.fail("this test writes control groups: run it as root, as `make test` does in CI")
    name = f"dreamer-slice-test-{os.getpid()}"
    made = replace(usual, freezer=usual.freezer.with_name(name), cpu=usual.cpu.with_name(name))
    assert made.prepare()
    yield made
    made.thaw()
    for folder in {made.freezer, made.cpu} - {None}:
        assert folder is not None
        folder.rmdir()


@pytest.mark.docker
def test_one_write_stops_a_busy_process(group: Slice) -> None:
    counter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nn = 0\nwhile True:\n    n += 1\n    sys.stdout.write('.')\n    sys.stdout.flush()",
        ],
        stdout=subprocess.PIPE,
    )
    try:
        assert counter.stdout is not None
        assert group.freezer is not None
        os.set_blocking(counter.stdout.fileno(), False)
        (group.freezer / "cgroup.procs").write_text(str(counter.pid))
        assert group.freeze()
        state = group.freezer / ("cgroup.events" if group.version == 2 else "freezer.state")
        frozen = "frozen 1" if group.version == 2 else "FROZEN"
        while frozen not in state.read_text():
            pass
        while counter.stdout.read(1 << 20):
            pass
        assert counter.stdout.read(1) is None
        assert group.thaw()
        os.set_blocking(counter.stdout.fileno(), True)
        assert counter.stdout.read(1) == b"."
    finally:
        group.thaw()
        counter.kill()
        counter.communicate()
