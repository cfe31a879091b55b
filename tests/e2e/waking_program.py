"""A program with real workers, the real sentinel and the real presence, that is not asked anything.

It starts beating containers under guard, prints where their beats are and their names, and waits for its end; whatever
wakes it comes from outside. With `blocked` its event loop does nothing but sleep in one call.
Usage: python -m tests.e2e.waking_program BASE COUNT [blocked]
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from dreamer_app.core.clock import SystemClock
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.sandbox.docker.open import open_sandbox
from dreamer_app.sentinel.watch import SentinelWatch
from dreamer_app.service.guarding import open_guard
from tests.e2e.beating import Beating
from tests.sandbox.conftest import favour, own_slice, remove_group
from tests.sandbox.runs import ticks

BLOCKED_SECONDS = 5.0


async def main(base: str, count: str, *how: str) -> None:
    """Entry point."""
    paths = DataPaths(Path(base))
    paths.create()
    engine = Engine.connect()
    group = own_slice(engine.facts())
    engine.close()
    guarding = open_guard(paths, SystemClock())
    assert guarding.sentinel is not None
    sandbox = await open_sandbox(Settings(), paths, keep=0, group=group)
    favour(group)
    watch = SentinelWatch(guarding.sentinel, lambda _event: None, Settings().presence)
    watch.start()
    try:
        async with guarding.guarded(sandbox):
            environment = await sandbox.environment([])
            beating = Beating(sandbox, environment, int(count))
            beating.until_all_beat()
            async for _ in ticks():
                if watch.now().idle_seconds is not None:  # its sources are up
                    break
            ids = [sandbox.launcher.containers[name] for name in beating.names]
            print(json.dumps({"beats": str(beating.folder / "beats"), "containers": ids}), flush=True)
            if "blocked" in how:
                time.sleep(BLOCKED_SECONDS)  # noqa: ASYNC251 the point of it
            await asyncio.to_thread(sys.stdin.readline)
            beating.close()
    finally:
        watch.stop()
        await sandbox.close()
        guarding.close()
        remove_group(group)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
