"""The real program with its workers in a control group of the test's own, at the usual weight.

The lowest weight is right while somebody needs the computer; under a busy test run it would starve the workers for as
long as the others run. Usage: python -m tests.e2e.real_night WORDS…
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dreamer_app.cli.app import run
from dreamer_app.core.events import Listener
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.main import leave
from dreamer_app.sandbox.docker.engine import Engine, EngineFacts
from dreamer_app.sandbox.docker.open import open_sandbox
from dreamer_app.sandbox.docker.slice import Slice
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.service import real_workshop
from dreamer_app.service.workshop import Workshop
from dreamer_app.weaver.recorded_weaver import apart
from tests.sandbox.conftest import remove_groups

NAME = f"dreamere2e{os.getpid()}"
"""Of the group above; whoever kills such a program removes it."""


def own_group(facts: EngineFacts) -> Slice:
    """A group of our own beside the usual one, whose weight is left as the kernel makes it."""
    slice_ = Slice.of(facts, "test", top=NAME)
    group = slice_.group and slice_.group._replace(weight=os.devnull)
    return dataclasses.replace(slice_, group=group)


@asynccontextmanager
async def _sandbox(paths: DataPaths, settings: Settings, listener: Listener) -> AsyncIterator[Sandbox]:
    engine = Engine.connect()
    group = own_group(engine.facts())
    engine.close()
    sandbox = await open_sandbox(settings, paths, listener, group=group)
    try:
        yield sandbox
    finally:
        await sandbox.close()
        with contextlib.suppress(OSError):  # another night of this program is in it
            remove_groups(NAME)


def workshop() -> Workshop:
    """The real parts, in a control group of their own, and a weaver that is not starved either."""
    apart.NICENESS = 0
    return dataclasses.replace(real_workshop.workshop(), sandbox=_sandbox)


if __name__ == "__main__":
    leave(run(workshop, sys.argv[1:]))
