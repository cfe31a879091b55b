"""The recorded weaver in a process of its own, so that what it computes keeps no window and no proof waiting.

It computes for seconds at a stretch. A thread would share the interpreter with the windows, which made each picture
of the journal two to six times slower (`tests/bench/bench_desktop.py` measures the rest). Workers stay here: the child
asks for every run. A run that a wake cuts short is run again once there are workers, so that what the child knows of
the libraries outlives a nudge; whatever else stops a run here, the end of the night above all, ends the child.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from dreamer_app.core.errors import InfrastructureError, InterruptedByWakeError
from dreamer_app.core.events import Listener, Progress, ignore
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import WovenScenario
from dreamer_app.oracle.graph import GraphStore
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.sandbox.jobs import BatteryJob
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.weaver.recorded_weaver.apart_wire import BrokeOff, EnvironmentWanted, Exhausted, WeaveOrder, Wire
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from dreamer_app.weaver.recorded_weaver.recorded_weaver import NAME, RecordedWeaver
from dreamer_app.weaver.scenario_weaver import ScenarioWeaver, WeaveRequest

PROGRAM = f"{__package__}.apart_program"
NICENESS = 5
"""Of the child: others come first, and a busy computer does not starve it. While somebody needs it nothing is woven."""
AGAIN = 0.2
"""Seconds after a run was cut short until it is asked for again; then the loom waits for a worker, however long."""

T = TypeVar("T")


class WeaverApart:
    """Weaves what a `RecordedWeaver` of all families weaves.

    Args:
        knowledge: File of the graph.
        sandbox: Where programs are rehearsed.
        settings: Thresholds.
        listener: Who is told about progress, on the event loop's thread.
    """

    def __init__(self, knowledge: Path, sandbox: Sandbox, settings: Settings, listener: Listener = ignore) -> None:
        self._knowledge = knowledge
        self._sandbox = sandbox
        self._settings = settings
        self._listener = listener

    @property
    def name(self) -> str:
        """For provenance."""
        return NAME

    async def weave(self, request: WeaveRequest) -> AsyncGenerator[WovenScenario, None]:
        """See `RecordedWeaver.weave`.

        Raises:
            InfrastructureError: A worker could not be had, or the child broke off.
        """
        async with WorkerLoom(self._sandbox, request.libraries) as loom:
            await loom.borrow()  # while the computer is needed there is no worker, and nothing may compute either
            child = await asyncio.to_thread(_started)
            try:
                assert child.stdin is not None and child.stdout is not None
                wire = Wire(child.stdout, child.stdin)
                await _said(wire, WeaveOrder(self._knowledge, self._settings, request))
                while not isinstance(word := await _heard(wire), Exhausted):
                    match word:
                        case WovenScenario():
                            yield word
                        case BatteryJob():
                            await _said(wire, await _at_last(partial(loom.battery, word)))
                        case EnvironmentWanted():
                            await _said(wire, await _at_last(loom.environment))
                        case Progress():
                            self._listener(word)
                        case BrokeOff(why=why):
                            raise _broken(why)
            finally:
                child.kill()
                await asyncio.to_thread(_buried, child)


def recorded_weaver(
    knowledge: KnowledgeGraph, sandbox: Sandbox, settings: Settings, listener: Listener = ignore
) -> ScenarioWeaver:
    """The weaver that needs no model: apart where the graph is in a file, here where it is in memory."""
    if isinstance(knowledge, GraphStore) and knowledge.file is not None:
        return WeaverApart(knowledge.file, sandbox, settings, listener)
    return RecordedWeaver(knowledge, sandbox, settings, listener)


async def _at_last(run: Callable[[], Awaitable[T]]) -> T:
    """What a run gives once no wake cuts it short; the child waits for it and computes nothing meanwhile."""
    while True:
        try:
            return await run()
        except InterruptedByWakeError:
            await asyncio.sleep(AGAIN)


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", PROGRAM, str(NICENESS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is meant for whoever started it, who ends it in order
    )


def _buried(child: subprocess.Popen[bytes]) -> None:
    child.wait()
    for pipe in (child.stdin, child.stdout):
        assert pipe is not None
        with suppress(OSError):  # what was still to be said is lost
            pipe.close()


async def _said(wire: Wire, word: object) -> None:
    try:
        await asyncio.to_thread(wire.say, word)
    except OSError as error:
        raise _broken("its program ended") from error


async def _heard(wire: Wire) -> object:
    try:
        return await asyncio.to_thread(wire.hear)
    except EOFError as error:
        raise _broken("its program ended") from error


def _broken(why: str) -> InfrastructureError:
    return InfrastructureError("The weaver broke off", why)
