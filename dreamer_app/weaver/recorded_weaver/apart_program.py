"""The weaver's own program: `python -m dreamer_app.weaver.recorded_weaver.apart_program NICENESS`.

It weaves what it is told to on its standard input and writes scenarios to its standard output; workers are lent to it
the same way. It never outlives whoever started it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time

from dreamer_app.core.interpreter import collect_seldom
from dreamer_app.oracle.graph import GraphStore
from dreamer_app.sandbox.jobs import BatteryJob, BatteryResult, Environment
from dreamer_app.weaver.recorded_weaver.apart_wire import BrokeOff, EnvironmentWanted, Exhausted, WeaveOrder, Wire
from dreamer_app.weaver.recorded_weaver.family import WeaveContext
from dreamer_app.weaver.recorded_weaver.recorded_weaver import default_families, in_turns

LOOK_FOR_PARENT = 0.5
"""Seconds between two looks whether whoever started it is there."""


class FarLoom:
    """A loom at the other end of the wire. Nothing else happens here while it waits, so it may block."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def environment(self) -> Environment:
        """See `Loom.environment`."""
        self._wire.say(EnvironmentWanted())
        found: Environment = self._wire.hear()
        return found

    async def battery(self, job: BatteryJob) -> BatteryResult:
        """See `Loom.battery`."""
        self._wire.say(job)
        result: BatteryResult = self._wire.hear()
        return result


async def weave(wire: Wire, order: WeaveOrder) -> None:
    """Weave until nothing new can be woven."""
    knowledge = GraphStore(order.knowledge)
    context = WeaveContext(order.request, knowledge, FarLoom(wire), order.settings, wire.say)
    async for woven in in_turns(default_families(), context):
        wire.say(woven)


def main() -> None:
    """Do what the first word says."""
    if hasattr(os, "nice"):
        os.nice(int(sys.argv[1]))
    collect_seldom()
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    wire = Wire(sys.stdin.buffer, sys.stdout.buffer)
    sys.stdout = sys.stderr  # a stray print is no word
    try:
        asyncio.run(weave(wire, wire.hear()))
    except (EOFError, BrokenPipeError):
        return  # nobody wants more
    except Exception as error:
        wire.say(BrokeOff(f"{type(error).__name__}: {error}"))
        raise
    wire.say(Exhausted())


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_FOR_PARENT)
    os._exit(1)


if __name__ == "__main__":
    main()
