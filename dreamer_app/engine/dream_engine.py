"""DreamEngine: the two verbs of dreaming.

`enter_rem_phase` puts the house in order, opens a night, lets it run and closes it with its reason, silently.
`wake_up` stops it from any thread at any moment. It decides neither when to dream nor what is worth dreaming.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading

from dreamer_app.core.errors import UsageError
from dreamer_app.core.events import Listener, NightEnded, NightStarted, Warned, ignore
from dreamer_app.core.types import Night, NightEnd
from dreamer_app.engine.night import FREEZE_SECONDS, NightRun
from dreamer_app.engine.night_log import logged, night_log
from dreamer_app.engine.ports import NightRequest
from dreamer_app.engine.recovery import recover
from dreamer_app.engine.trial_run import Parts
from dreamer_app.engine.unbroken import Scribe
from dreamer_app.engine.wake import WakeReason
from dreamer_app.store.lock import BaseFolderLock

_log = logging.getLogger(__name__)


class DreamEngine:
    """Dreams, one night at a time.

    Args:
        parts: What a night is made of.
        listener: Told of everything, on the event loop's thread.
        lock: The base folder's; taken for the length of a night unless it is held already.
    """

    def __init__(self, parts: Parts, listener: Listener = ignore, lock: BaseFolderLock | None = None) -> None:
        self._parts = parts
        self._listener = logged(listener)
        self._lock = lock or BaseFolderLock(parts.paths.lock)
        self._guard = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._run: NightRun | None = None
        self._wake: WakeReason | None = None
        self._finishing = False
        self._size: int | None = None

    @property
    def dreaming(self) -> bool:
        """Whether a night is under way."""
        return self._loop is not None

    async def enter_rem_phase(self, request: NightRequest) -> Night:
        """Dream until the first limit: enough dreams, time, nothing new, woken, or broken infrastructure.

        Returns:
            The night as it was stored, with why it ended.

        Raises:
            UsageError: A night is under way in this folder, here or in another program.
            InfrastructureError: The journal or the folders cannot be written.
        """
        with self._guard:
            if self._loop is not None:
                raise UsageError("Another night is under way", "This program is dreaming already.", "Wait for it.")
            self._loop = asyncio.get_running_loop()
            self._wake = None
            self._finishing, self._size = False, None
        scribe = Scribe()
        locked_here = False
        try:
            if not self._lock.held:
                self._lock.acquire()
                locked_here = True
            return await self._night(request, scribe)
        finally:
            with self._guard:
                self._loop = self._run = None
            scribe.close()
            if locked_here:
                self._lock.release()

    def wake_up(self, reason: WakeReason = WakeReason.PRESENCE) -> None:
        """Stop dreaming: workers are frozen at once, unfinished trials are void, the night ends.

        Safe from any thread and at any moment; waking someone who is awake does nothing, and only the first
        reason counts.
        """
        with self._guard:
            loop = self._loop
            if loop is None or self._wake is not None:
                return
            self._wake = reason
        try:
            loop.call_soon_threadsafe(self._wake_run)
        except RuntimeError:
            _log.debug("the event loop has ended, and with it the night")

    def last_call(self) -> None:
        """Begin nothing new: the night ends after the dreams under way. Belongs to the event loop's thread."""
        self._finishing = True
        if self._run is not None:
            self._run.last_call()

    def resize(self, workers: int) -> None:
        """Prove so many at the same time from now on. Belongs to the event loop's thread."""
        self._size = workers
        if self._run is not None:
            self._run.resize(workers)

    async def hold(self, reason: str) -> None:
        """Freeze the workers and cut the models; the night waits for `go_on` or `wake_up`.

        Trials under way are void and run again.

        Raises:
            InfrastructureError: They could not be frozen.
        """
        self._parts.models.abort_all()
        async with asyncio.timeout(FREEZE_SECONDS):
            await self._parts.sandbox.freeze(reason)

    async def go_on(self) -> None:
        """Thaw what `hold` froze."""
        await self._parts.sandbox.thaw()
        self._parts.models.allow()

    def _wake_run(self) -> None:
        if self._run is not None and self._wake is not None:
            self._run.wake(self._wake)

    async def _night(self, request: NightRequest, scribe: Scribe) -> Night:
        parts = self._parts
        now = parts.clock.now()
        night = Night(
            id=f"{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03d}Z-{secrets.token_hex(2)}",
            started_at=now,
            libraries=request.libraries,
            seed=request.seed,
        )
        with night_log(parts.paths.nights, night.id):
            recovery = await scribe.write(recover, parts.store, parts.paths)
            for reason in recovery.damaged:
                self._listener(Warned(kind="source", message=reason))
            await scribe.write(parts.store.nights.open, night)
            self._listener(NightStarted(night=night))
            run = NightRun(parts, night.id, request, scribe, self._listener)
            end = NightEnd.FAILED
            try:
                parts.models.allow()
                await parts.sandbox.thaw()
                self._run = run
                self._wake_run()  # somebody may have come back while the house was put in order
                if self._size is not None:
                    run.resize(self._size)
                if self._finishing:
                    run.last_call()
                end = await run.run()
            except asyncio.CancelledError:
                end = NightEnd.STOPPED
                raise
            except BaseException:
                _log.exception("the night broke off")
                raise
            finally:
                figures = {name: float(count) for name, count in run.figures.items()} | dict(parts.models.figures())
                night = await scribe.write(parts.store.nights.close, night.id, end, figures)
                self._listener(NightEnded(night=night))
        return night
