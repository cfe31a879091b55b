from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.docker.docker_sandbox import DockerSandbox
from dreamer_app.sandbox.docker.engine import EngineFacts
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
    if slice_.group is None or slice_.elsewhere:
        return
    top = slice_.above[0]
    root = top.parent if slice_.group.version == 2 else top.parent.parent
    for above in root.glob(top.name if slice_.group.version == 2 else f"*/{top.name}"):
        if above.is_symlink() or above.parent.is_symlink():
            continue
        for folder in (*(path for path in above.iterdir() if path.is_dir()), above):
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


@pytest.fixture
def sandbox(workplace: Workplace) -> DockerSandbox:
    """A sandbox without prewarmed workers."""
    return workplace.sandbox
