"""The real sentinel over real control groups: it brakes, and nobody's death leaves work running."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamer_app.core.settings import PresenceSettings
from dreamer_app.sandbox.brake.own_group import OwnGroup
from dreamer_app.sandbox.runner.group import Group
from dreamer_app.sentinel.client import SentinelClient
from dreamer_app.sentinel.generation import WakeGeneration
from dreamer_app.sentinel.guard import Guard
from dreamer_app.sentinel.watch import SentinelWatch
from tests.sandbox.test_group import busy, group, says_nothing  # noqa: F401  a fixture

EVENTS = ("ready", "braked", "still", "lost", "presence", "now")

APPLICATION = """
import sys, time
from pathlib import Path
from dreamer_app.sandbox.brake.own_group import OwnGroup
from dreamer_app.sandbox.runner.group import Group
from dreamer_app.sentinel.client import SentinelClient
file, version, *rest = sys.argv[1:]
client = SentinelClient(Path(file))
client.start()
assert client.arm(OwnGroup(Group(int(version), *rest)))
print(client.pid, flush=True)
sys.stdin.readline()
"""


class Heard(queue.Queue[dict[str, Any]]):
    """What the sentinel said."""

    def next(self, event: str) -> dict[str, Any]:
        while True:
            message = self.get(timeout=30)
            if message["event"] == event:
                return message


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def client(tmp_path: Path, heard: Heard) -> Iterator[SentinelClient]:
    found = SentinelClient(tmp_path / "generation")
    found.hear = dict.fromkeys(EVENTS, heard.put)
    found.start()
    yield found
    found.close()


def test_it_brakes_counts_and_tells_when(client: SentinelClient, heard: Heard, group: Group) -> None:  # noqa: F811
    found = busy(group, "one")
    assert client.arm(OwnGroup(group))
    before = client.generation()
    client.wake(at := time.monotonic(), "a test")
    told = heard.next("braked")
    assert told["at"] == at and told["source"] == "a test" and told["done"]
    assert at <= told["seen"] <= told["ordered"]
    assert client.generation() == told["generation"] == before + 1
    assert heard.next("still")["still"]
    assert says_nothing(found)
    client.wake(time.monotonic(), "again")
    assert client.thaw() and client.generation() == before + 1
    assert found.stdout is not None and found.stdout.read(1) == b"."
    assert client.release() and found.wait(10) == -9
    found.communicate()


def test_killed_it_is_started_again_and_can_be_armed(client: SentinelClient, heard: Heard, group: Group) -> None:  # noqa: F811
    assert client.arm(OwnGroup(group))
    first = client.pid
    assert first is not None and heard.next("ready")["pid"] == first
    os.kill(first, signal.SIGKILL)
    heard.next("lost")
    assert heard.next("ready")["pid"] != first
    found = busy(group, "one")
    assert client.arm(OwnGroup(group))
    client.wake(time.monotonic(), "a test")
    assert heard.next("still")["still"] and says_nothing(found)
    found.kill()
    assert client.thaw()
    found.communicate()


def alive(pid: int) -> bool:
    """Whether a program runs; one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.parametrize("frozen", [False, True])
def test_when_the_application_dies_the_dreams_die_with_it(tmp_path: Path, group: Group, frozen: bool) -> None:  # noqa: F811
    found = busy(group, "one")
    words = [str(tmp_path / "generation"), str(group.version), *group[1:]]
    application = subprocess.Popen(
        [sys.executable, "-c", APPLICATION, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert application.stdout is not None
    sentinel = int(application.stdout.readline())
    assert not frozen or (group.freeze() and group.settled(5))
    application.kill()
    application.communicate()
    assert found.wait(10) == -9
    found.communicate()
    while alive(sentinel):
        time.sleep(0.01)


def test_it_imports_little() -> None:
    program = "import sys, dreamer_app.sentinel.__main__\nprint(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {"PySide6", "docker", "pydantic", "pynput", "asyncio", "subprocess", "dreamer_app.presence"}
    assert not heavy & set(result.stdout.split())


class CountingBrake:
    """A brake that only counts."""

    name = "counting"

    def __init__(self) -> None:
        self.calls: list[str] = []

    def freeze(self) -> bool:
        self.calls.append("freeze")
        return True

    def settled(self, seconds: float) -> bool:
        return True

    def thaw(self) -> bool:
        self.calls.append("thaw")
        return True

    def kill(self) -> bool:
        self.calls.append("kill")
        return True

    def cpu_seconds(self) -> float | None:
        return None

    def close(self) -> None:
        self.calls.append("close")


def test_input_brakes_only_while_it_is_heeded(tmp_path: Path) -> None:
    told = Heard()
    guard, brake = Guard(WakeGeneration(tmp_path / "generation"), told.put), CountingBrake()
    guard.seen_input(1.0, "mouse")  # without a brake there is nothing to stop
    guard.arm(brake)
    guard.heed_input(on=False)
    guard.seen_input(2.0, "mouse")
    assert brake.calls == [] and told.empty()
    guard.heed_input(on=True)
    guard.seen_input(3.0, "mouse")
    guard.seen_input(3.1, "mouse")
    assert brake.calls == ["freeze"] and told.next("braked")["at"] == 3.0
    guard.thaw()
    guard.seen_input(4.0, "keyboard")
    assert brake.calls == ["freeze", "thaw", "freeze"]
    guard.disarm()
    guard.seen_input(5.0, "mouse")
    assert brake.calls[-1] == "close"


def test_a_second_copy_of_the_program_disturbs_nobody(client: SentinelClient, tmp_path: Path) -> None:
    before = client.generation()
    second = SentinelClient(tmp_path / "generation")
    second.start()
    second.wake(time.monotonic(), "a copy that holds no brake")
    assert second.disarm()
    second.close()
    assert client.generation() == before


def test_before_its_first_word_somebody_is_taken_to_be_there(client: SentinelClient) -> None:
    watch = SentinelWatch(client, lambda _event: None, PresenceSettings())
    assert watch.now().idle_seconds == 0.0
