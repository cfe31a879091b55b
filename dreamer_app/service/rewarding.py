"""Rewards for reinforcement learning: completions are run against their tests in sealed workers.

It is called from training scripts, without an event loop. Expected values stay here; a completion that cannot be judged
earns nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dreamer_app.core.events import ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import load_settings
from dreamer_app.core.types import LibraryPin
from dreamer_app.sandbox.blind import BlindError, blind, judge
from dreamer_app.sandbox.jobs import BatteryJob, Environment, Variant
from dreamer_app.sandbox.sandbox import Sandbox
from dreamer_app.service.workshop import Workshop
from dreamer_app.store.lock import BaseFolderLock

WALL = 10.0
"""Seconds for the tests of one completion."""
_BLOCK = re.compile(r"```(?:python|py)?[ \t]*\n(.*?)```", re.DOTALL)


class Rewards:
    """Scores completions.

    Args:
        base: Base folder, None for the usual place; nobody may be dreaming in it.
        workshop: Makes the workers, None for the real ones.
    """

    def __init__(self, base: Path | None = None, workshop: Callable[[], Workshop] | None = None) -> None:
        self._paths = DataPaths(base) if base else DataPaths.default()
        self._make_workshop = workshop

    def of(
        self, completions: Sequence[str], tests: Sequence[str], libraries: Sequence[Sequence[dict[str, Any]]]
    ) -> list[float]:
        """The share of its tests that each completion passes.

        Args:
            completions: Answers of a model: a module, or a Markdown block with one.
            tests: Test module of each.
            libraries: `name` and `version` of each library of each.

        Raises:
            UsageError: A night is under way in the base folder.
            InfrastructureError: No worker can be had.
        """
        return asyncio.run(self._of(completions, tests, libraries))

    async def _of(
        self, completions: Sequence[str], tests: Sequence[str], libraries: Sequence[Sequence[dict[str, Any]]]
    ) -> list[float]:
        self._paths.create()
        settings = load_settings(self._paths.settings)
        with BaseFolderLock(self._paths.lock):
            async with self._workshop().sandbox(self._paths, settings, ignore) as sandbox:
                scores = []
                for completion, suite, pins in zip(completions, tests, libraries, strict=True):
                    needed = tuple(LibraryPin(name=one["name"], version=one["version"]) for one in pins)
                    environment = await sandbox.environment(needed)
                    scores.append(await _score(sandbox, environment, code_of(completion), suite))
        return scores

    def _workshop(self) -> Workshop:
        if self._make_workshop is not None:
            return self._make_workshop()
        from dreamer_app.service import real_workshop  # noqa: PLC0415 -- loads Docker's libraries

        return real_workshop.workshop()


async def _score(sandbox: Sandbox, environment: Environment, solution: str, suite: str) -> float:
    try:
        blinded = blind(suite)
    except BlindError:
        return 0.0
    job = BatteryJob(
        solution=solution,
        tests=blinded.source,
        test_names=blinded.test_names,
        variants=(Variant(id="completion"),),
        wall=WALL,
    )
    async with sandbox.worker(environment, "dream") as worker:
        result = await worker.battery(job)
    failures = judge(blinded, result.variants[0]).failures
    return round(1.0 - len(set(failures) & set(blinded.test_names)) / len(blinded.test_names), 4)


def code_of(completion: str) -> str:
    """The last Markdown block of an answer, or all of it where there is none."""
    blocks = _BLOCK.findall(completion)
    return str(blocks[-1]) if blocks else completion
