"""A whole night in a process of its own, with a small deterministic weaver and judgement behind the real engine, store,
folders and command line. It may end itself by SIGKILL at an exact step, or be killed from outside at any moment.

Usage: python -m tests.e2e.small_night BASE [--die-at STEP]
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from dreamer_app.cli.app import run
from dreamer_app.core.types import Verdict
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


def night(base: str) -> int:
    """Run the command; returns its exit status."""
    words = ["night", "--library", "toolz", "--dreams", "1000", "--seed", "1", "--workers", "2", "--base-dir", base]
    return run(world().workshop, words)


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
    if words[1:]:
        die_at(int(words[2]), Path(words[0]))
    return night(words[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
