"""Opening the sandbox without an engine: tries bubblewrap out, unpacks the image, and says what is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from dreamer_app.core.clock import Clock
from dreamer_app.core.events import Listener, Warned, ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.bubblewrap.confinement import GAPS
from dreamer_app.sandbox.bubblewrap.inspector import BubblewrapInspector
from dreamer_app.sandbox.bubblewrap.launch import BubblewrapLauncher
from dreamer_app.sandbox.bubblewrap.program import Program
from dreamer_app.sandbox.bubblewrap.rootfs import RUNGS, RootfsProvider
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.runner_files import install_runner
from dreamer_app.sandbox.environments import EnvironmentStore


async def open_reduced_sandbox(
    settings: Settings,
    paths: DataPaths,
    listener: Listener = ignore,
    *,
    clock: Clock | None = None,
    keep: int = 1,
    rungs: Sequence[str] = RUNGS,
) -> DockerSandbox:
    """A sandbox whose workers are bubblewrap's; close it in the end.

    Args:
        settings: Workers, index.
        paths: The data folder.
        listener: Told that the protection is reduced, and in what.
        clock: For ages of waiting workers.
        keep: Prewarmed workers per environment.
        rungs: Where the image's contents may come from.

    Raises:
        InfrastructureError: Bubblewrap does not work here, or there is no image.
    """
    program = await asyncio.to_thread(Program.find)
    maker = BubblewrapInspector(program, settings.workers)
    rootfs = await RootfsProvider(paths, maker.facts, maker.compile_library, listener, rungs).ensure()
    runner = await asyncio.to_thread(install_runner, paths)
    listener(Warned(kind="infrastructure", message=f"reduced protection (bubblewrap): {'; '.join(GAPS)}"))
    inspector = BubblewrapInspector(program, settings.workers, rootfs.folder)
    store = EnvironmentStore(paths, rootfs.image, inspector, index=settings.oracle.index, listener=listener)
    launcher = BubblewrapLauncher(program, rootfs.folder, runner, settings.workers)
    return DockerSandbox(launcher, store.ensure, None, keep=keep, parallel=1, clock=clock)
