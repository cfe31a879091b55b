"""One night at work: a weaver fills a bounded queue, some trials run at the same time, the first limit ends it.

It knows no lock, no log and no recovery; `dream_engine` puts those around it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing

from dreamer_app.core.errors import InfrastructureError, InterruptedByWakeError
from dreamer_app.core.events import DreamJudged, Event, Listener, ScenarioWoven, Warned, WorkInterrupted
from dreamer_app.core.types import DreamState, NightEnd, WovenScenario
from dreamer_app.engine.ports import NightRequest
from dreamer_app.engine.trial_run import FROZEN_PAUSE, PAUSES, Parts, TrialRun, TrialVoidError
from dreamer_app.engine.unbroken import Scribe
from dreamer_app.engine.wake import WakeReason
from dreamer_app.weaver.scenario_weaver import WeaveRequest

_log = logging.getLogger(__name__)

VOID_IN_A_ROW = 3
"""So many void trials one after the other, whatever their candidates, mean that the infrastructure is broken."""

FREEZE_SECONDS = 2.0
"""Longest wait for the workers to stop; the brake itself needs milliseconds, and the night ends either way."""


class NightRun:
    """Runs one night. Everything but the constructor belongs to the event loop's thread.

    Args:
        parts: What the night is made of.
        night_id: The night.
        request: What it shall be.
        scribe: Writes.
        listener: Told of everything.
    """

    def __init__(self, parts: Parts, night_id: str, request: NightRequest, scribe: Scribe, listener: Listener) -> None:
        self.figures: Counter[str] = Counter({"scenarios": 0, "workers": request.workers})
        self._parts = parts
        self._request = request
        self._listener = listener
        self._scribe = scribe
        self._queue: asyncio.Queue[WovenScenario | None] = asyncio.Queue(maxsize=2 * request.workers)
        self._end: NightEnd | None = None
        self._ended = asyncio.Event()
        self._wake: WakeReason | None = None
        self._woken = asyncio.Event()
        self._verified = 0
        self._void_in_a_row = 0
        self._weaving: asyncio.Task[None] | None = None
        self._last_call = False
        self._allowed = request.workers
        self._resized = asyncio.Event()
        self._dry = False
        self._trials = TrialRun(parts, night_id, scribe, self._heard, self._room)

    async def run(self) -> NightEnd:
        """Dream until the first limit.

        Raises:
            CancelledError: From outside; every trial is void or stored by then.
        """
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in (self._work(), self._timer(), self._brake())]
            await self._ended.wait()
            for task in tasks:
                task.cancel()
        assert self._end is not None
        return self._end

    def wake(self, reason: WakeReason) -> None:
        """Freeze the workers, then end. Only the first reason counts."""
        if self._wake is None:
            self._wake = reason
            self._woken.set()

    def resize(self, workers: int) -> None:
        """Prove so many at the same time from now on, one at least; what is under way is not broken off."""
        self._allowed = max(1, min(workers, self._request.workers))
        self._resized.set()

    def last_call(self) -> None:
        """Begin nothing new; the night ends once what is being proved has its verdict."""
        if self._last_call:
            return
        self._last_call = True
        if self._weaving is not None:
            self._weaving.cancel()
        while not self._queue.empty():
            self._queue.get_nowait()
        for _ in range(self._request.workers):
            self._queue.put_nowait(None)
        self._dried_up()

    def _dried_up(self) -> None:
        self._dry = True
        self._resized.set()

    def _finish(self, end: NightEnd) -> None:
        if self._end is None:
            self._end = end
            self._ended.set()

    async def _brake(self) -> None:
        await self._woken.wait()
        assert self._wake is not None
        self._parts.models.abort_all()
        self._listener(WorkInterrupted(reason=self._wake.value))
        try:
            async with asyncio.timeout(FREEZE_SECONDS):
                await self._parts.sandbox.freeze(self._wake.value)
        except (InfrastructureError, TimeoutError) as error:
            _log.warning("the workers could not be frozen and are removed instead: %s", error)
        finally:
            self._finish(self._wake.end)

    async def _timer(self) -> None:
        await asyncio.sleep(self._request.minutes * 60)
        self._finish(NightEnd.TIME)

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as group:
            self._weaving = group.create_task(self._weave())
            for place in range(self._request.workers):
                group.create_task(self._judge(place))
            if self._last_call:
                self._weaving.cancel()
        self._finish(NightEnd.STOPPED if self._last_call else NightEnd.SATURATED)

    async def _weave(self) -> None:
        pauses = iter(PAUSES)
        while True:
            try:
                async with aclosing(self._scenarios()) as scenarios:
                    async for woven in scenarios:
                        await self._queue.put(woven)
                        pauses = iter(PAUSES)
                break
            except InterruptedByWakeError:
                await self._parts.sleep(FROZEN_PAUSE)
            except SystemError as error:
                _log.warning("weaving goes on after a fault of the interpreter (see core.interpreter): %s", error)
            except InfrastructureError as error:
                self._listener(Warned(kind="infrastructure", message=f"weaving: {error.message}"))
                pause = next(pauses, None)
                if pause is None:
                    self._finish(NightEnd.FAILED)
                    return
                await self._parts.sleep(pause)
        for _ in range(self._request.workers):
            await self._queue.put(None)
        self._dried_up()

    async def _scenarios(self) -> AsyncGenerator[WovenScenario, None]:
        """First the trials that were cut short before, then new ones."""
        dreams = self._parts.store.dreams
        for trial in await self._scribe.write(dreams.waiting, self._request.libraries):
            woven = await self._scribe.write(dreams.woven, trial.id)
            if woven is not None:
                self.figures["resumed"] += 1
                yield self._announced(woven)
        waiting = {trial.id for trial in await self._scribe.write(dreams.waiting, self._request.libraries)}
        known = await self._scribe.write(dreams.known)
        request = WeaveRequest(
            libraries=self._request.libraries,
            seed=self._request.seed,
            known=known | waiting,
            wanted=self._request.dreams - self._verified,
            interest=self._request.interest,
        )
        weaving = self._parts.weaver.weave(request)
        try:
            async for woven in weaving:
                yield self._announced(woven)
        finally:
            # Left to the garbage collector it would keep its worker until some later moment.
            if isinstance(weaving, AsyncGenerator):
                await weaving.aclose()

    def _announced(self, woven: WovenScenario) -> WovenScenario:
        scenario = woven.scenario
        self.figures["scenarios"] += 1
        names = tuple(pin.name for pin in scenario.libraries)
        self._listener(ScenarioWoven(dream_id=scenario.id, title=scenario.title, libraries=names))
        return woven

    async def _wanted(self, place: int) -> bool:
        """Whether the judge at this place is to go on; waits while there are fewer places."""
        while place >= self._allowed and not self._dry:
            self._resized.clear()
            await self._resized.wait()
        return self._end is None and place < self._allowed

    async def _judge(self, place: int) -> None:
        while await self._wanted(place) and (woven := await self._queue.get()) is not None:
            try:
                if await self._trials.dream(woven) is not None:
                    self._void_in_a_row = 0
            except TrialVoidError as error:
                self._count_void(certain=not error.worker_only)
            except Exception as error:
                # A fault of ours says nothing about the candidate either, and one of them is no reason to stop.
                _log.exception("trial %s broke off", woven.scenario.id)
                self._listener(Warned(kind="infrastructure", message=f"{woven.scenario.title}: {error}"))
                self._count_void(certain=False)

    def _count_void(self, *, certain: bool) -> None:
        self.figures["void"] += 1
        self._void_in_a_row += 1
        if certain or self._void_in_a_row >= VOID_IN_A_ROW:
            self._finish(NightEnd.FAILED)

    def _room(self) -> bool:
        return self._verified < self._request.dreams

    def _heard(self, event: Event) -> None:
        if isinstance(event, DreamJudged) and event.dream.state is DreamState.VERIFIED:
            self._verified += 1
        self._listener(event)
        if not self._room():
            self._finish(NightEnd.ENOUGH)
