"""A run that others kept from the processor says nothing about its code: only an engine can make that happen here."""

from __future__ import annotations

import asyncio

import pytest

from dreamer_app.core.errors import WorkerLostError
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.sandbox.sandbox import Worker
from tests.sandbox.conftest import Workplace
from tests.sandbox.runs import outcome, run, until_running

pytestmark = pytest.mark.docker


async def test_a_run_kept_from_the_processor_by_others_is_void(workplace: Workplace, sandbox: DockerSandbox) -> None:
    engine = Engine.connect()

    async def weigh(worker: Worker, shares: int) -> None:
        """Put a worker on the first processor with this weight."""
        identifier = sandbox.launcher.containers[worker.name]
        await asyncio.to_thread(engine.api.update_container, identifier, cpu_shares=shares, cpuset_cpus="0")

    async with (
        sandbox.worker(workplace.environment, "weave") as hog,
        sandbox.worker(workplace.environment, "dream") as worker,
        asyncio.TaskGroup() as group,
    ):
        await weigh(hog, 1024)
        await weigh(worker, 2)
        busy = group.create_task(outcome(hog))
        await until_running(sandbox, hog.name)
        with pytest.raises(WorkerLostError, match=r"too busy|no answer"):
            await run(worker, "", "while True: pass", wall=2)
        await asyncio.to_thread(sandbox.launcher.kill, hog.name)
        assert isinstance(await busy, WorkerLostError)
    engine.api.close()
