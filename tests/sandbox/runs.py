"""One test in one worker, and looking at the workers of a sandbox."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from dreamer_app.core.errors import InterruptedByWakeError, WorkerLostError
from dreamer_app.sandbox.canonical import decode
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.jobs import BatteryJob, Variant, VariantResult
from dreamer_app.sandbox.sandbox import Worker


async def run(worker: Worker, solution: str, body: str, **options: object) -> VariantResult:
    """One test named `test_it` with this body."""
    indented = "".join(f"    {line}\n" for line in body.splitlines())
    variant = Variant.model_validate({"id": "v", **options})
    job = BatteryJob(
        solution=solution, tests=f"def test_it():\n{indented}", test_names=("test_it",), variants=(variant,), wall=5
    )
    (result,) = (await worker.battery(job)).variants
    return result


def observed(result: VariantResult, key: str = "a") -> object:
    (value,) = result.tests["test_it"].values[key]
    return decode(value)


async def ticks() -> AsyncIterator[None]:
    """Moments at which to look again."""
    while True:
        yield
        await asyncio.sleep(0.01)


async def states(sandbox: DockerSandbox) -> dict[str, str]:
    """What the engine knows of this sandbox's containers."""
    found = await asyncio.to_thread(sandbox.launcher.states)
    await asyncio.to_thread(sandbox.launcher.disconnect)
    return found


async def outcome(worker: Worker, body: str = "while True: pass") -> Exception | VariantResult:
    """How a run ended that does not end by itself."""
    try:
        return await run(worker, "", body, wall=30)
    except (WorkerLostError, InterruptedByWakeError) as error:
        return error


def task_states(sandbox: DockerSandbox, name: str) -> set[str]:
    """The letters that the kernel has for what the tasks of a worker do now."""
    found = set()
    for pid in (row[1] for row in sandbox.launcher.processes(name)):
        with contextlib.suppress(OSError):
            found.add(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0])
    return found


async def until_running(sandbox: DockerSandbox, name: str) -> None:
    """Wait until the job of a worker runs: a third process beside supervisor and zygote."""
    async for _ in ticks():
        if len(await asyncio.to_thread(sandbox.launcher.processes, name)) >= 3:
            return


async def until_stopped(sandbox: DockerSandbox) -> None:
    """Wait until the engine knows every container as paused or dead; one that nobody stopped would run for ever."""
    async with asyncio.timeout(20):
        async for _ in ticks():
            if set((await states(sandbox)).values()) <= {"paused", "exited", "dead", "removing"}:
                return
