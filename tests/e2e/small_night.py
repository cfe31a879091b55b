"""A whole night in a process of its own, with a small deterministic weaver and judgement behind the real engine, store,
folders and command line. It may end itself by SIGKILL at an exact step, or be killed from outside at any moment.

Usage: python -m tests.e2e.small_night BASE [--die-at STEP | --stuck-reading | OPTIONS OF THE NIGHT]
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from dreamer_app.cli.app import run
from dreamer_app.core.types import Verdict
from dreamer_app.main import leave
from tests import builders
from tests.engine.fakes import FakeJudge
from tests.service.fakes import FakeWorld

SCENARIOS = 30
REJECTED = frozenset(range(3, SCENARIOS + 1, 5))
PROOF_SECONDS = 0.01

ACCEPTED_IDS = frozenset(builders.scenario(n).id for n in range(1, SCENARIOS + 1) if n not in REJECTED)
REJECTED_IDS = frozenset(builders.scenario(n).id for n in REJECTED)


def world() -> FakeWorld:
    """Thirty scenarios, every fifth of which is rejected; a proof takes a moment."""

    def answer(n: int) -> Any:
        async def proof() -> Verdict:
            await asyncio.sleep(PROOF_SECONDS)
            return builders.verdict(stopped_by="G6" if n in REJECTED else None)

        return proof()

    return FakeWorld(SCENARIOS, FakeJudge(answer))


def night(base: str, *more: str, stuck_reading: bool = False) -> int:
    """Run the command; returns its exit status."""
    words = ["night", "--library", "toolz", "--dreams", "1000", "--seed", "1", "--workers", "2", "--base-dir", base]
    small = world()
    if stuck_reading:
        small.before_ingest = _stuck
    return run(small.workshop, [*words, *more])


async def _stuck() -> None:
    """A download that a thread is waiting for and nobody can cancel."""
    await asyncio.to_thread(threading.Event().wait)


def die_at(step: int, base: Path) -> None:
    """End this process by SIGKILL just before its `step`-th change of a file or folder below the base folder."""
    left = step

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        if event not in {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}:
            return
        place = str(arguments[0])
        reading = event == "open" and isinstance(arguments[1], str) and not set(arguments[1]) & set("wax+")
        if reading or not place.startswith(str(base / "synthetic_training")):
            return
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def main(words: list[str]) -> int:
    """Entry point."""
    base, *more = words
    if more[:1] == ["--die-at"]:
        die_at(int(more[1]), Path(base))
        return night(base)
    if more == ["--stuck-reading"]:
        return night(base, stuck_reading=True)
    return night(base, *more)


if __name__ == "__main__":
    leave(main(sys.argv[1:]))
