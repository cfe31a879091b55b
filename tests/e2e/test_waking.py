"""Somebody moves the mouse, and all work has stopped. The program is not asked: beats and the engine are read here."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

pytestmark = pytest.mark.docker

WORKERS = 4


@pytest.fixture
def display() -> Iterator[str]:
    """An X server of the test's own."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "320x240x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as said:
        number = said.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


def beats(file: Path) -> tuple[int, ...]:
    return struct.unpack(f"<{WORKERS}q", file.read_bytes())


@pytest.mark.parametrize("how", ["free", "blocked"])
def test_moving_the_mouse_stops_every_worker(display: str, tmp_path: Path, how: str) -> None:
    environment = {**os.environ, "DISPLAY": display}
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.waking_program", str(tmp_path), str(WORKERS), how],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    said = json.loads(program.stdout.readline())
    file = Path(said["beats"])
    before = beats(file)
    while any(now == then for now, then in zip(beats(file), before, strict=True)):
        time.sleep(0.001)
    subprocess.run(["xdotool", "mousemove", "100", "100", "mousemove", "120", "90"], env=environment, check=True)
    moved = time.monotonic_ns()
    # A worker that stands still says nothing new in 50 ms; one that works says something new in every microsecond.
    while (seen := beats(file)) and not time.sleep(0.05) and beats(file) != seen:
        assert time.monotonic_ns() - moved < 60e9, "work never stopped"
    client = docker.from_env()
    try:
        waiting = set(said["containers"])
        while waiting:
            waiting = {one for one in waiting if client.api.inspect_container(one)["State"]["Status"] != "paused"}
    finally:
        client.close()
    assert beats(file) == seen
    program.communicate("\n", timeout=120)
    assert program.returncode == 0
