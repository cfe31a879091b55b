"""What an earlier session left is removed; everything else on the engine is left alone."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from dreamer_app.core.paths import DataPaths
from dreamer_app.sandbox.docker import sweep
from dreamer_app.sandbox.docker.engine import Engine
from tests.sandbox.conftest import Workplace, remove_groups

pytestmark = pytest.mark.docker

NIGHT = """
import asyncio, json, sys
from pathlib import Path
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.docker.open import open_sandbox
from dreamer_app.sandbox.docker.slice import Slice
from dreamer_app.sandbox.jobs import BatteryJob, Variant

async def main():
    base, parent, state = sys.argv[1:]
    group = Slice(parent)
    sandbox = await open_sandbox(Settings(), DataPaths(Path(base)), keep=1, group=group)
    environment = await sandbox.environment([])
    async with sandbox.worker(environment, "dream") as worker:
        if state == "paused":
            sandbox.launcher.pause(worker.name)
        print(json.dumps(list(sandbox.launcher.containers)), flush=True)
        if state == "busy":
            loop = "def test_it():\\n    while True: pass\\n"
            job = BatteryJob(solution="", tests=loop, test_names=("test_it",), variants=(Variant(id="v"),), wall=300)
            await worker.battery(job)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def api() -> Iterator[Any]:
    engine = Engine.connect()
    yield engine.api
    engine.api.close()


def sleeper(api: Any, image: str, labels: dict[str, str]) -> str:
    """A container that just waits."""
    name = f"dreamer-worker-test-{uuid.uuid4().hex[:8]}"
    command = ["python3", "-c", "import time; time.sleep(600)"]
    host = api.create_host_config(network_mode="none", auto_remove=True)
    identifier = str(api.create_container(image, command, name=name, labels=labels, host_config=host)["Id"])
    api.start(identifier)
    return identifier


def alive(api: Any, identifier: str) -> bool:
    return any(container["Id"] == identifier for container in api.containers(all=True))


async def test_only_what_other_sessions_of_this_installation_left_is_removed(workplace: Workplace, api: Any) -> None:
    image, owner = workplace.environment.image, uuid.uuid4().hex
    own = sleeper(api, image, {sweep.OWNER: owner, sweep.SESSION: "now"})
    old = sleeper(api, image, {sweep.OWNER: owner, sweep.SESSION: "before"})
    paused = sleeper(api, image, {sweep.OWNER: owner, sweep.SESSION: "before"})
    api.pause(paused)
    foreign = [sleeper(api, image, {sweep.OWNER: "somebody else"}), sleeper(api, image, {})]
    try:
        assert len(sweep.sweep(api, owner, "now")) == 2
        assert not alive(api, old)
        assert not alive(api, paused)
        assert all(alive(api, identifier) for identifier in (own, *foreign))
        assert sweep.sweep(api, owner, "now") == []
    finally:
        for identifier in (own, *foreign):
            sweep.remove(api, identifier)


@pytest.mark.parametrize("state", ["idle", "busy", "paused"])
async def test_a_killed_program_leaves_no_container_after_the_next_start(
    workplace: Workplace, api: Any, state: str
) -> None:
    parent = f"dreamer-crash{os.getpid()}"
    arguments = [str(workplace.paths.base), f"/{parent}", state]
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", NIGHT, *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert program.stdout is not None
    names = json.loads(await program.stdout.readline())
    assert names
    program.send_signal(signal.SIGKILL)
    await program.communicate()
    next_night = await workplace.open(keep=0)
    left = {name for container in api.containers(all=True) for name in container["Names"]}
    assert not {f"/{name}" for name in names} & left
    assert await next_night.environment([]) == workplace.environment
    remove_groups(parent)


def test_the_installation_is_recognised_again(tmp_path: Any) -> None:
    first = sweep.install_id(DataPaths(tmp_path / "a"))
    assert sweep.install_id(DataPaths(tmp_path / "a")) == first
    assert sweep.install_id(DataPaths(tmp_path / "b")) != first
    assert [file.name for file in (tmp_path / "a").iterdir()] == ["install-id"]


async def test_workers_are_labelled_and_their_numbers_only_grow(workplace: Workplace, api: Any) -> None:
    numbers = []
    for _ in range(3):
        async with workplace.sandbox.worker(workplace.environment, "weave") as worker:
            (found,) = [c for c in api.containers(all=True) if f"/{worker.name}" in c["Names"]]
            assert found["Labels"][sweep.OWNER] == sweep.install_id(workplace.paths)
            assert found["Labels"][sweep.ENVIRONMENT] == workplace.environment.id
            numbers.append(int(worker.name.removeprefix(sweep.NAME)))
    assert numbers == sorted(set(numbers))
