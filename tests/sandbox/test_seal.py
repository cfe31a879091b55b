"""What ties a worker's processes down from inside: priority, the hidden supervisor, the end of the stream."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from dreamer_app.core.errors import WorkerLostError
from dreamer_app.sandbox.canonical import decode
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from tests.sandbox.conftest import Workplace
from tests.sandbox.runs import observed, run, states, ticks


@pytest.fixture
def workplace(either_workplace: Workplace) -> Workplace:
    """The contract of every backend."""
    return either_workplace


async def test_job_processes_have_the_lowest_priority_and_see_nothing_of_the_supervisor(
    workplace: Workplace, sandbox: DockerSandbox
) -> None:
    body = """
import os
def refused(path):
    try:
        open(path, "rb").read(1)
    except OSError as error:
        return type(error).__name__
    return "open"
observe("a", [os.nice(0), os.getsid(0) == os.getpid(), os.getppid() != 1, sorted(os.listdir("/proc/self/fd"))[:3]])
for pid in (1, os.getppid()):
    observe("b", {refused(f"/proc/{pid}/{name}") for name in ("mem", "environ", "maps")})
    try:
        os.listdir(f"/proc/{pid}/fd")
    except PermissionError:
        observe("c", True)
"""
    async with sandbox.worker(workplace.environment, "dream") as worker:
        result = await run(worker, "", body)
    assert observed(result) == [19, True, True, ["0", "1", "2"]]
    assert [decode(value) for value in result.tests["test_it"].values["b"]] == [{"PermissionError"}] * 2
    assert result.tests["test_it"].values["c"] == (["bool", True],) * 2


async def test_the_end_of_its_stream_is_the_end_of_a_worker(workplace: Workplace, sandbox: DockerSandbox) -> None:
    async with sandbox.worker(workplace.environment, "dream") as worker:
        (lent,) = sandbox.lent
        lent.hang_up()
        async for _ in ticks():
            if not await states(sandbox):
                break
        with pytest.raises(WorkerLostError):
            await run(worker, "", "observe('a', 1)")


def test_the_runner_refuses_to_kill_outside_a_worker() -> None:
    from dreamer_app.sandbox.runner import seal

    assert not seal.IN_WORKER
    with pytest.raises(RuntimeError):
        seal.kill_everybody_else()
    assert Path(f"/proc/{os.getpid()}").exists()
    assert signal.getsignal(signal.SIGINT) is not None
