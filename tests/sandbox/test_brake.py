"""Every rung of the brake stops real workers, and every way to lose one ends safely."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamer_app.core.errors import InterruptedByWakeError
from dreamer_app.sandbox.brake.figure import kept
from dreamer_app.sandbox.brake.line import BrakeLine
from dreamer_app.sandbox.docker.brake_container import brake_body
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.ladder import RUNGS, Rung
from dreamer_app.sandbox.docker.slice import Slice
from dreamer_app.sandbox.runner.group import Group
from tests.sandbox.conftest import Workplace
from tests.sandbox.runs import observed, outcome, run, states, ticks, until_running, until_stopped
from tests.sandbox.test_group import busy, group, says_nothing  # noqa: F401  a fixture

SERVE = """
import sys
from dreamer_app.sandbox.runner.brake import Server
from dreamer_app.sandbox.runner.group import Group
version, *rest, line = sys.argv[1:]
Server(Group(int(version), *rest), line).serve()
"""


class Served:
    """The brake's program as a plain process, with standard input as its first line."""

    def __init__(self, held: Group, socket_file: Path) -> None:
        ours, theirs = socket.socketpair()
        words = [str(held.version), *held[1:], str(socket_file)]
        self.program = subprocess.Popen([sys.executable, "-c", SERVE, *words], stdin=theirs, stdout=theirs)
        theirs.close()
        self.line = BrakeLine(ours, framed=False)
        self.file = socket_file
        assert self.line.cpu_seconds() is not None or held.version == 1  # it serves now

    def another(self) -> BrakeLine:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self.file))
        return BrakeLine(connection, framed=False)

    def end(self) -> None:
        self.line.close()
        self.program.kill()
        self.program.wait()


@pytest.fixture
def served(group: Group, tmp_path: Path) -> Iterator[Served]:  # noqa: F811
    found = Served(group, tmp_path / "s")
    yield found
    found.end()


def test_it_obeys_single_bytes(group: Group, served: Served) -> None:  # noqa: F811
    found = busy(group, "one")
    line = served.another()
    assert line.freeze() and line.settled(5)
    assert says_nothing(found)
    assert line.freeze() and line.settled(5) and group.frozen()
    assert line.thaw() and not group.ordered_to_freeze()
    assert line.kill() and found.wait(5) == -9
    line.connection.send(b"x")
    assert line.thaw()
    found.communicate()
    line.close()


def test_whoever_hangs_up_has_died_and_everything_is_killed(group: Group, served: Served) -> None:  # noqa: F811
    found = busy(group, "one")
    sentinel = served.another()
    assert sentinel.thaw()
    sentinel.close()
    assert found.wait(10) == -9
    assert served.program.poll() is None
    found.communicate()
    frozen = busy(group, "one") if group.thaw() else None
    assert frozen is not None and served.line.freeze() and served.line.settled(5)
    served.line.close()
    assert frozen.wait(10) == -9 and served.program.wait(10) == 0
    frozen.communicate()


def test_an_answer_to_an_earlier_stop_is_not_taken_for_this_one() -> None:
    ours, theirs = socket.socketpair()
    line = BrakeLine(ours, framed=False)
    assert line.freeze()
    theirs.send(b"S1\nF1\n")
    assert line.freeze()
    assert not line.settled(0)
    theirs.send(b"S1\nF0\n")
    assert not line.settled(1)
    theirs.close()
    assert not line.freeze() and not line.thaw() and line.cpu_seconds() is None
    line.close()


def test_the_brake_holds_one_folder_and_has_no_power_else() -> None:
    group = Group(1, "/cg/freezer/x", "/cg/cpu/cpu.shares", "/cg/cpuacct/x/usage")  # noqa: F811
    body = brake_body("image", Path("/data/runner"), Slice("/x", (), group), "anchor", None)
    host = body["HostConfig"]
    assert host["NetworkMode"] == "none" and host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"][0] == "no-new-privileges" and not host["Privileged"]
    writable = {mount["Source"] for mount in host["Mounts"] if not mount["ReadOnly"]}
    assert writable == {"/cg/freezer/x", "/cg/cpu/cpu.shares"}
    assert host["LogConfig"] == {"Type": "none"} and "Binds" not in host


@pytest.mark.docker
@pytest.mark.parametrize("rung", RUNGS)
async def test_every_rung_stops_real_workers(workplace: Workplace, rung: Rung) -> None:
    sandbox = await workplace.open(keep=1, rungs=(rung,))
    assert sandbox.brake is not None
    figure = kept(workplace.paths)
    assert figure is not None and figure.rung == sandbox.brake.name and figure.stopped_ms is not None
    async with sandbox.worker(workplace.environment, "dream") as worker, asyncio.TaskGroup() as jobs:
        job = jobs.create_task(outcome(worker))
        await until_running(sandbox, worker.name)
        await sandbox.freeze("the mouse moved")
        assert isinstance(await job, InterruptedByWakeError)
        used = sandbox.brake.cpu_seconds()
        await asyncio.sleep(0.05)
        assert used is not None and sandbox.brake.cpu_seconds() == used
        await until_stopped(sandbox)
        # The one at work may have been ended by its cancel byte before the brake had it; nobody else may be.
        assert set((await states(sandbox)).values()) == {"paused"}
        await sandbox.thaw()
    assert await _one(sandbox, workplace) == 1
    await sandbox.release()
    async for _ in ticks():  # the engine learns of its containers' end a little later
        if not set((await states(sandbox)).values()) & {"running", "paused"}:
            break
    await sandbox.thaw()
    assert await _one(sandbox, workplace) == 1


async def _one(sandbox: DockerSandbox, workplace: Workplace) -> object:
    async with sandbox.worker(workplace.environment, "dream") as worker:
        return observed(await run(worker, "", "observe('a', 1)"))


@pytest.mark.docker
@pytest.mark.parametrize("when", ["before", "while frozen"])
async def test_a_brake_that_was_killed_is_replaced(workplace: Workplace, when: str) -> None:
    sandbox = await workplace.open(keep=0, rungs=("socket",))
    lost = sandbox.brake
    async with sandbox.worker(workplace.environment, "dream") as worker, asyncio.TaskGroup() as jobs:
        job = jobs.create_task(outcome(worker))
        await until_running(sandbox, worker.name)
        if when == "before":
            kill_the_brake(sandbox)
        await sandbox.freeze("the mouse moved")
        if when == "while frozen":
            kill_the_brake(sandbox)
        assert isinstance(await job, InterruptedByWakeError)
        assert (await states(sandbox)).get(worker.name, "gone") != "running"
        await sandbox.thaw()
    assert sandbox.brake is not None and sandbox.brake is not lost
    assert await _one(sandbox, workplace) == 1


def kill_the_brake(sandbox: DockerSandbox) -> None:
    """End the brake's container, and wait until that can be seen."""
    from dreamer_app.sandbox.docker.brake_container import NAME

    api = sandbox.launcher._api
    session = {"label": f"org.dreamer.session={sandbox.launcher._session}"}
    (brake,) = [found for found in api.containers(filters=session) if NAME in found["Names"][0]]
    api.kill(brake["Id"])
    assert isinstance(sandbox.brake, BrakeLine)
    while sandbox.brake.thaw():
        pass


@pytest.mark.docker
async def test_what_was_left_frozen_is_killed_and_work_begins(workplace: Workplace) -> None:
    first = await workplace.open(keep=0)
    held = first.brake.group  # type: ignore[union-attr]
    _child(held).mkdir()
    left = busy(held, "left")
    assert held.freeze() and held.settled(5)
    again = await workplace.reopen(first)
    assert left.wait(10) == -9
    left.communicate()
    _child(held).rmdir()
    assert await _one(again, workplace) == 1


def _child(held: Group) -> Path:
    return Path(held.folder, "left")
