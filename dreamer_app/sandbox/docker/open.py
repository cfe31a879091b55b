"""Opening the sandbox: finds the engine and the image, sweeps what an earlier session left, makes the parent group."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dreamer_app.core.clock import Clock, SystemClock
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Listener, Warned, ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.brake.figure import keep as keep_figure
from dreamer_app.sandbox.docker import limits
from dreamer_app.sandbox.docker.brake_container import BrakeMaker
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.sandbox.docker.image import ImageProvider
from dreamer_app.sandbox.docker.inspector import DockerInspector
from dreamer_app.sandbox.docker.ladder import RUNGS, Ladder, Rung
from dreamer_app.sandbox.docker.launch import COMMAND, Launcher
from dreamer_app.sandbox.docker.runner_files import install_runner
from dreamer_app.sandbox.docker.slice import Slice
from dreamer_app.sandbox.docker.sweep import OWNER, SESSION, install_id, sweep
from dreamer_app.sandbox.environments import EnvironmentStore, WorkerImage
from dreamer_app.sandbox.jobs import Environment


async def open_sandbox(
    settings: Settings,
    paths: DataPaths,
    listener: Listener = ignore,
    *,
    clock: Clock | None = None,
    keep: int = 1,
    group: Slice | None = None,
    rungs: Sequence[Rung] = RUNGS,
) -> DockerSandbox:
    """A sandbox that is ready to lend workers; close it in the end.

    Only one process may have a data folder open (`DataPaths.lock`): what another session of it left is removed.

    Args:
        settings: Workers, image, index.
        paths: The data folder.
        listener: Told about progress and warnings.
        clock: For ages of waiting workers.
        keep: Prewarmed workers per environment.
        group: The parent group; None chooses the engine's usual one.
        rungs: Of the brake, to be tried in this order.

    Raises:
        InfrastructureError: No engine answers, or it lacks a needed control; there is no image; the data folder
            cannot be written.
    """
    clock = clock or SystemClock()
    engine = await asyncio.to_thread(Engine.connect)
    facts = await asyncio.to_thread(engine.facts)
    if facts.lacks:
        await asyncio.to_thread(engine.close)
        raise InfrastructureError(
            "This engine cannot seal a worker", "; ".join(facts.lacks), "Use another Docker engine."
        )
    owner, session = await asyncio.to_thread(install_id, paths), uuid.uuid4().hex
    chosen = group or Slice.of(facts, owner)
    labels = {OWNER: owner, SESSION: session}
    image: WorkerImage = await ImageProvider(settings, paths, engine, listener).ensure()
    runner = await asyncio.to_thread(install_runner, paths)
    maker = BrakeMaker(engine, image.id, runner, chosen, labels)
    ladder = Ladder(chosen, facts, maker, clock, rungs)
    brake, figure = await asyncio.to_thread(ladder.choose)
    await asyncio.to_thread(keep_figure, paths, figure)
    if not chosen.describe()[0]:
        listener(Warned(kind="infrastructure", message=chosen.describe()[1]))
    swept = await asyncio.to_thread(sweep, engine.api, owner, session)
    if swept:
        listener(Warned(kind="worker", message=f"removed workers of an earlier session: {', '.join(swept)}"))

    def configure(environment: Environment) -> dict[str, Any]:
        return limits.container(
            image=environment.image,
            command=COMMAND,
            binds={runner: limits.RUNNER_MOUNT, Path(environment.path): limits.ENVIRONMENT_MOUNT},
            parent=chosen.parent,
            workers=settings.workers,
            labels={},
        )

    def ended() -> None:
        maker.close()
        chosen.remove()

    inspector = DockerInspector(engine, image, settings.workers, chosen.parent, labels)
    store = EnvironmentStore(paths, image, inspector, index=settings.oracle.index, listener=listener)
    launcher = Launcher(engine.api, configure, owner, session)
    return DockerSandbox(
        launcher,
        store.ensure,
        brake,
        new_brake=lambda: ladder.choose()[0],
        keep=keep,
        clock=clock,
        ended=ended,
    )
