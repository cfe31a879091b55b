"""The real parts: the Oracle, sealed Docker workers, the weaver without a model, the Guardian.

Importing this module loads Docker's and the graph's libraries, so that it is imported only by work that needs them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from dreamer_app.coder.recorded_coder import RecordedCoder
from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Listener
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import Dream
from dreamer_app.guardian.guardian import Guardian
from dreamer_app.oracle.ingest import Oracle
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.sandbox.bubblewrap.open import open_reduced_sandbox
from dreamer_app.sandbox.docker.checks import look_at_workers
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.open import open_sandbox
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.service.examination import examine
from dreamer_app.service.faults import debug_weaver
from dreamer_app.service.imagination import model_crew
from dreamer_app.service.proving import GuardianProver
from dreamer_app.service.workshop import Workshop
from dreamer_app.weaver.recorded_weaver.apart import recorded_weaver


async def _opened(paths: DataPaths, settings: Settings, listener: Listener) -> DockerSandbox:
    """Docker's workers; bubblewrap's where there is no Docker and a person has accepted reduced protection."""
    try:
        return await open_sandbox(settings, paths, listener)
    except InfrastructureError:
        if not settings.workers.reduced_protection:
            raise
    return await open_reduced_sandbox(settings, paths, listener)


@asynccontextmanager
async def _sandbox(paths: DataPaths, settings: Settings, listener: Listener) -> AsyncIterator[Sandbox]:
    sandbox = await _opened(paths, settings, listener)
    try:
        yield sandbox
    finally:
        await sandbox.close()


def _prover(
    sandbox: Sandbox, knowledge: KnowledgeGraph, settings: Settings, listener: Listener, stored: Sequence[Dream]
) -> GuardianProver:
    return GuardianProver(Guardian(sandbox, knowledge, settings.guardian), sandbox, listener, stored)


def workshop() -> Workshop:
    """Factories of the real parts."""
    return Workshop(
        reader=Oracle,
        sandbox=_sandbox,
        weaver=recorded_weaver,
        coder=RecordedCoder,
        prover=_prover,
        checks=look_at_workers,
        debugger=debug_weaver,
        examiner=examine,
        imagination=model_crew,
    )
