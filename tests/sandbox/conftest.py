from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.engine import EngineFacts
from dreamer_app.sandbox.docker.slice import ROOT, Slice
from dreamer_app.sandbox.jobs import Environment

_serial = itertools.count(1)


@dataclass
class Workplace:
    """A data folder with an environment of test tools, and sandboxes over it in control groups of their own."""

    paths: DataPaths
    environment: Environment
    sandbox: DockerSandbox
    open: Callable[..., Awaitable[DockerSandbox]]
    reopen: Callable[[DockerSandbox], Awaitable[DockerSandbox]]


@pytest.fixture(scope="session")
def base_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all tests with workers, so that the environment is installed once."""
    return tmp_path_factory.mktemp("workplace")


def own_slice(facts: EngineFacts) -> Slice:
    """A parent group that no other program shares, so that freezing it freezes nothing else.

    Its weight stays as the kernel makes it, or as `favour` does: what a test says about time-outs must not depend on
    what else the machine does.
    """
    slice_ = Slice.of(facts, "test", top=f"dreamertest{os.getpid()}n{next(_serial)}")
    group = slice_.group and slice_.group._replace(weight=os.devnull)
    return replace(slice_, group=group)


def favour(slice_: Slice) -> None:
    """Give the group a high weight."""
    if slice_.group is None or slice_.elsewhere:
        return
    file, value = ("cpu.weight", "10000") if slice_.group.version == 2 else ("cpu.shares", "65536")
    (slice_.above[-1] / file).write_text(value)


def remove_group(slice_: Slice) -> None:
    """Remove the empty groups from every hierarchy."""
    if slice_.group is not None and not slice_.elsewhere:
        remove_groups(slice_.above[0].name)


def remove_groups(name: str) -> None:
    """Remove the empty groups of this name, with the empty ones below them, from every hierarchy."""
    for pattern in (name, f"*/{name}"):
        for above in ROOT.glob(pattern):
            if above.is_symlink() or above.parent.is_symlink():
                continue
            for folder in (*(path for path in above.iterdir() if path.is_dir()), above):
                folder.rmdir()


@asynccontextmanager
async def own_sandbox(
    paths: DataPaths, settings: Settings | None = None, *, keep: int = 1, favoured: bool = True
) -> AsyncIterator[DockerSandbox]:
    """A sandbox in control groups of its own, of a high weight where foreign load should count less; closed in the end.

    Args:
        paths: The data folder.
        settings: The usual ones when None.
        keep: Prewarmed workers per environment.
        favoured: Whether it has a high weight.
    """
    from dreamer_app.sandbox.docker.engine import Engine
    from dreamer_app.sandbox.docker.open import open_sandbox

    engine = Engine.connect()
    group = own_slice(engine.facts())
    engine.close()
    sandbox = await open_sandbox(settings or Settings(), paths, keep=keep, group=group)
    if favoured:
        favour(group)
    try:
        yield sandbox
    finally:
        await sandbox.close()
        remove_group(group)


@asynccontextmanager
async def docker_workplace(base_folder: Path) -> AsyncIterator[Workplace]:
    """Everything that a test with real workers needs; all sandboxes are closed afterwards."""
    from dreamer_app.sandbox.docker.engine import Engine
    from dreamer_app.sandbox.docker.open import open_sandbox

    paths = DataPaths(base_folder)
    paths.create()
    opened: list[tuple[DockerSandbox, Slice]] = []
    engine = Engine.connect()
    facts = engine.facts()
    engine.api.close()

    async def make(settings: Settings | None = None, keep: int = 0, **options: Any) -> DockerSandbox:
        group = own_slice(facts)
        sandbox = await open_sandbox(settings or Settings(), paths, keep=keep, group=group, **options)
        opened.append((sandbox, group))
        favour(group)
        return sandbox

    async def reopen(earlier: DockerSandbox) -> DockerSandbox:
        """Another sandbox over the same group, as after a crash of the program."""
        (group,) = [group for sandbox, group in opened if sandbox is earlier]
        sandbox = await open_sandbox(Settings(), paths, keep=0, group=group)
        opened.insert(0, (sandbox, group))
        return sandbox

    sandbox = await make()
    try:
        yield Workplace(paths, await sandbox.environment([]), sandbox, make, reopen)
    finally:
        for sandbox, _ in opened:
            await sandbox.close()
        for group in {id(group): group for _, group in opened}.values():
            remove_group(group)


@asynccontextmanager
async def reduced_workplace(folder: Path) -> AsyncIterator[Workplace]:
    """The same without an engine, where this computer lets bubblewrap work."""
    from dreamer_app.sandbox.bubblewrap.open import open_reduced_sandbox
    from dreamer_app.sandbox.bubblewrap.program import Program

    try:
        Program.find()
    except InfrastructureError as error:
        pytest.skip(f"{error.title}: {error.message}")
    paths = DataPaths(folder)
    paths.create()
    opened: list[DockerSandbox] = []

    async def make(settings: Settings | None = None, keep: int = 0, **options: Any) -> DockerSandbox:
        opened.append(await open_reduced_sandbox(settings or Settings(), paths, keep=keep, rungs=("host",), **options))
        return opened[-1]

    async def reopen(_earlier: DockerSandbox) -> DockerSandbox:
        return await make()

    sandbox = await make()
    try:
        yield Workplace(paths, await sandbox.environment([]), sandbox, make, reopen)
    finally:
        for sandbox in opened:
            await sandbox.close()


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A data folder that everybody may read: where the tests run as root, bubblewrap's workers are somebody else."""
    with tempfile.TemporaryDirectory(prefix="dreamer-reduced-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
async def workplace(base_folder: Path) -> AsyncIterator[Workplace]:
    """Sealed Docker workers."""
    async with docker_workplace(base_folder) as place:
        yield place


@pytest.fixture(params=[pytest.param("docker", marks=pytest.mark.docker), "bubblewrap"])
async def either_workplace(
    request: pytest.FixtureRequest, base_folder: Path, open_folder: Path
) -> AsyncIterator[Workplace]:
    """Every backend in turn: what a test with it says holds for all of them."""
    made = docker_workplace(base_folder) if request.param == "docker" else reduced_workplace(open_folder)
    async with made as place:
        yield place


@pytest.fixture
def sandbox(workplace: Workplace) -> DockerSandbox:
    """A sandbox without prewarmed workers."""
    return workplace.sandbox
