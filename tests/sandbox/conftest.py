from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.slice import Slice
from dreamer_app.sandbox.jobs import Environment

_serial = itertools.count(1)


@dataclass
class Workplace:
    """A data folder with an environment of test tools, and sandboxes over it in control groups of their own."""

    paths: DataPaths
    environment: Environment
    sandbox: DockerSandbox
    open: Callable[..., Awaitable[DockerSandbox]]


@pytest.fixture(scope="session")
def base_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all tests with workers, so that the environment is installed once."""
    return tmp_path_factory.mktemp("workplace")


def own_slice(engine_slice: Slice) -> Slice:
    """A parent group that no other program shares, so that freezing it freezes nothing else."""
    name = f"{engine_slice.parent.strip('/').removesuffix('.slice')}-test{os.getpid()}n{next(_serial)}"
    parent = f"{name}.slice" if engine_slice.parent.endswith(".slice") else f"/{name}"

    def beside(folder: Path | None) -> Path | None:
        return folder and folder.with_name(parent.strip("/"))

    return Slice(parent, beside(engine_slice.freezer), beside(engine_slice.cpu), engine_slice.version)


def favour(group: Slice) -> None:
    """Give the group a high weight: what a test says about time-outs must not depend on what else the machine does."""
    if group.cpu is not None and group.version == 2:
        (group.cpu / "cpu.weight").write_text("10000")
    elif group.cpu is not None:
        (group.cpu / "cpu.shares").write_text("65536")


def remove_group(group: Slice) -> None:
    """Remove the empty group from every hierarchy."""
    if group.freezer is None:
        return
    root = group.freezer.parent if group.version == 2 else group.freezer.parent.parent
    pattern = group.freezer.name if group.version == 2 else f"*/{group.freezer.name}"
    for folder in root.glob(pattern):
        if not folder.is_symlink() and not folder.parent.is_symlink():
            folder.rmdir()


@pytest.fixture
async def workplace(base_folder: Path) -> AsyncIterator[Workplace]:
    """Everything that a test with real workers needs; all sandboxes are closed afterwards."""
    from dreamer_app.sandbox.docker.engine import Engine
    from dreamer_app.sandbox.docker.open import open_sandbox

    paths = DataPaths(base_folder)
    paths.create()
    opened: list[tuple[DockerSandbox, Slice]] = []
    engine = Engine.connect()
    usual = Slice.of(engine.facts())
    engine.api.close()

    async def make(settings: Settings | None = None, keep: int = 0) -> DockerSandbox:
        group = own_slice(usual)
        sandbox = await open_sandbox(settings or Settings(), paths, keep=keep, group=group)
        opened.append((sandbox, group))
        favour(group)
        return sandbox

    sandbox = await make()
    try:
        yield Workplace(paths, await sandbox.environment([]), sandbox, make)
    finally:
        for sandbox, group in opened:
            await sandbox.close()
            remove_group(group)


@pytest.fixture
def sandbox(workplace: Workplace) -> DockerSandbox:
    """A sandbox without prewarmed workers."""
    return workplace.sandbox
