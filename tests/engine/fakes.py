"""Small in-process stand-ins behind the engine's seams, for moments that real ones cannot be brought to on purpose."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from dreamer_app.coder.recorded_coder import RecordedCoder
from dreamer_app.core.clock import SystemClock
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Candidate, Dream, LibraryPin, Scenario, Verdict, WovenScenario
from dreamer_app.engine.ports import NightRequest
from dreamer_app.engine.trial_run import Parts
from dreamer_app.sandbox.jobs import Environment
from dreamer_app.store.store import Store
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from tests import builders

ENVIRONMENT = Environment(
    id="env-1",
    path="/nowhere",
    pins=(builders.TOOLZ, LibraryPin(name="pytest", version="9.0.0"), LibraryPin(name="coverage", version="7.0")),
    python="3.11",
    image="sha256:1",
)


class FakeSandbox:
    """Counts what it is asked; `stood_still` and `moves` are set by freezing and thawing."""

    def __init__(self) -> None:
        self.frozen: list[str] = []
        self.thawed = 0
        self.stood_still = asyncio.Event()
        self.moves = asyncio.Event()

    async def environment(self, libraries: Sequence[LibraryPin]) -> Environment:
        return ENVIRONMENT

    @asynccontextmanager
    async def worker(self, environment: Environment, purpose: str) -> AsyncIterator[Any]:
        raise AssertionError("the engine itself lends no worker")
        yield

    async def freeze(self, reason: str) -> None:
        self.frozen.append(reason)
        self.moves.clear()
        self.stood_still.set()

    async def thaw(self) -> None:
        self.thawed += 1
        self.stood_still.clear()
        self.moves.set()

    async def close(self) -> None: ...


class FakeWeaver:
    """Weaves `builders.woven(1)` to `builders.woven(count)`; `before(n)` may wait or raise."""

    def __init__(self, count: int, before: Callable[[int], Any] | None = None) -> None:
        self.count = count
        self.before = before
        self.closed = 0
        self.requests: list[WeaveRequest] = []

    @property
    def name(self) -> str:
        return "fake 1"

    async def weave(self, request: WeaveRequest) -> AsyncIterator[WovenScenario]:
        self.requests.append(request)
        try:
            for n in range(1, self.count + 1):
                woven = builders.woven(n)
                if woven.scenario.id in request.known:
                    continue
                if self.before is not None:
                    await self.before(n)
                yield woven
        finally:
            self.closed += 1


class FakeJudge:
    """Accepts, unless `answer(n)` says otherwise (a verdict, an exception, or an awaitable of a verdict)."""

    def __init__(self, answer: Callable[[int], Any] | None = None) -> None:
        self._answer = answer
        self._numbers = {builders.scenario(n).id: n for n in range(1, 200)}
        self.asked: list[int] = []
        self.remembered: list[str] = []

    @property
    def policy(self) -> str:
        return "p1"

    async def judge(self, scenario: Scenario, candidate: Candidate) -> Verdict:
        n = self._numbers[scenario.id]
        self.asked.append(n)
        await asyncio.sleep(0)
        found = self._answer(n) if self._answer else None
        if isinstance(found, BaseException):
            raise found
        if found is not None and not isinstance(found, Verdict):
            found = await found
        return found or builders.verdict()

    def remember(self, dream: Dream) -> None:
        self.remembered.append(dream.id)


class House:
    """A base folder with its parts."""

    def __init__(self, base: Path, weaver: Any, judge: Any = None, sandbox: Any = None) -> None:
        self.paths = DataPaths(base)
        self.paths.create()
        self.store = Store(self.paths.database)
        self.sandbox = sandbox or FakeSandbox()
        self.weaver = weaver
        self.judge = judge or FakeJudge()
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

    def parts(self) -> Parts:
        return Parts(
            weaver=self.weaver,
            coder=RecordedCoder(),
            judge=self.judge,
            sandbox=self.sandbox,
            store=self.store,
            paths=self.paths,
            clock=SystemClock(),
            sleep=self.sleep,
        )

    def folders(self) -> set[str]:
        return {path.name.removeprefix("dream_") for path in self.paths.dreams.iterdir()}


def request(dreams: int = 3, minutes: float = 5, workers: int = 1) -> NightRequest:
    return NightRequest(libraries=(builders.TOOLZ,), dreams=dreams, minutes=minutes, workers=workers, seed=1)
