"""Prewarmed workers, each for one use: imports are done before anybody waits for them.

A worker that was lent is never lent again. It must not know what workers are used for, nor how containers are made.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import DreamerError, InfrastructureError, WorkerLostError
from dreamer_app.sandbox.docker.wake_gate import GATE_PAUSE, WakeGate
from dreamer_app.sandbox.docker.worker import DockerWorker
from dreamer_app.sandbox.jobs import Environment

MAX_AGE = 600.0
"""Seconds after which a waiting worker is replaced (notes on freshness: ten minutes)."""

RECYCLE_EVERY = 60.0
WARM_ENVIRONMENTS = 2
MAX_LEARNED = 200
LAUNCH_TRIES = 3

Launch = Callable[[Environment, Sequence[str]], Awaitable[DockerWorker]]
"""Makes a ready worker; the second argument names modules that are worth importing ahead."""


@dataclass
class _Shelf:
    environment: Environment
    ready: deque[tuple[DockerWorker, float]] = field(default_factory=deque)
    waiting: deque[asyncio.Future[DockerWorker]] = field(default_factory=deque)
    launching: int = 0
    learned: set[str] = field(default_factory=set)
    used: float = 0.0


class Pool:
    """Ready workers by environment.

    Args:
        launch: Makes one worker; raises InfrastructureError.
        keep: Ready workers per environment.
        parallel: Launches at the same time.
        clock: For ages.
        gate: Nothing is launched while it is closed.
    """

    def __init__(self, launch: Launch, keep: int, parallel: int, clock: Clock, gate: WakeGate) -> None:
        self._launch = launch
        self._keep = keep
        self._clock = clock
        self._gate = gate
        self._shelves: dict[str, _Shelf] = {}
        self._slots = asyncio.Semaphore(parallel)
        self._group: asyncio.TaskGroup | None = None
        self._root: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._makers: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> list[DockerWorker]:
        """All waiting workers."""
        return [worker for shelf in self._shelves.values() for worker, _ in shelf.ready]

    async def warm(self, environment: Environment) -> None:
        """Begin to make workers for this environment."""
        await self._open()
        self._supply(self._shelf(environment))

    async def acquire(self, environment: Environment) -> DockerWorker:
        """A ready worker that nobody has used.

        Raises:
            InfrastructureError: None can be made.
        """
        await self._open()
        shelf = self._shelf(environment)
        self._recycle(shelf)
        if shelf.ready and not self._gate.closed:
            worker, _ = shelf.ready.popleft()
            self._supply(shelf)
            return worker
        future: asyncio.Future[DockerWorker] = asyncio.get_running_loop().create_future()
        shelf.waiting.append(future)
        self._supply(shelf)
        try:
            return await future
        except asyncio.CancelledError:
            if future in shelf.waiting:
                shelf.waiting.remove(future)
            elif future.done() and not future.cancelled() and future.exception() is None:
                shelf.ready.appendleft((future.result(), self._clock.monotonic()))
            raise

    async def release(self, worker: DockerWorker, environment: Environment) -> None:
        """Take back a used worker: remember what it imported, throw it away in the background."""
        shelf = self._shelf(environment)
        shelf.learned.update(sorted(worker.imported)[: MAX_LEARNED - len(shelf.learned)])
        if self._group is None:
            await worker.remove()
        else:
            self._discard(worker)

    async def call_off(self) -> None:
        """Cancel every launch under way and have its container removed; `thawed` begins anew."""
        makers = list(self._makers)
        for maker in makers:
            maker.cancel()
        await asyncio.gather(*makers, return_exceptions=True)

    async def close(self) -> None:
        """Remove all waiting workers and stop making new ones."""
        self._closing.set()
        for shelf in self._shelves.values():
            for future in shelf.waiting:
                future.cancel()
        root, self._root = self._root, None
        if root is not None:
            await root
        for shelf in self._shelves.values():
            while shelf.ready:
                await shelf.ready.popleft()[0].remove()

    async def _open(self) -> None:
        if self._closing.is_set():
            raise InfrastructureError("The sandbox is closed", "no more workers are made")
        if self._root is None:
            started = asyncio.Event()
            self._root = asyncio.create_task(self._live(started), name="worker pool")
            await started.wait()

    async def _live(self, started: asyncio.Event) -> None:
        """Own every background task until `close`."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            recycler = group.create_task(self._recycle_all())
            started.set()
            await self._closing.wait()
            self._group = None
            for task in (recycler, *self._makers):
                task.cancel()

    def _shelf(self, environment: Environment) -> _Shelf:
        shelf = self._shelves.setdefault(environment.id, _Shelf(environment))
        shelf.used = self._clock.monotonic()
        return shelf

    def _supply(self, shelf: _Shelf) -> None:
        """Start as many launches as are wanted."""
        warm = sorted(self._shelves.values(), key=lambda other: other.used)[-WARM_ENVIRONMENTS:]
        keep = self._keep if shelf in warm else 0
        waiting = sum(not future.done() for future in shelf.waiting)
        while self._group is not None and len(shelf.ready) + shelf.launching < waiting + keep:
            shelf.launching += 1
            maker = self._group.create_task(self._make(shelf))
            self._makers.add(maker)
            maker.add_done_callback(self._makers.discard)

    async def _make(self, shelf: _Shelf) -> None:
        """Launch one worker and hand it to whoever waits longest, or put it on the shelf."""
        try:
            async with self._slots:
                worker = await self._launch_when_allowed(shelf)
        except DreamerError as error:
            self._refuse(shelf, error)
            return
        finally:
            shelf.launching -= 1
        if self._closing.is_set():
            await worker.remove()
            return
        shelf.ready.append((worker, self._clock.monotonic()))
        self._serve(shelf)

    async def _launch_when_allowed(self, shelf: _Shelf) -> DockerWorker:
        tries = 0
        while True:
            generation = await self._passable()
            try:
                worker = await self._launch(shelf.environment, sorted(shelf.learned))
            except WorkerLostError:
                tries += generation == self._gate.generation
                if tries >= LAUNCH_TRIES:
                    raise
            except InfrastructureError:
                if generation == self._gate.generation and not self._gate.closed:
                    raise
                await asyncio.sleep(GATE_PAUSE)
            else:
                return worker

    async def _passable(self) -> int:
        """Wait for the gate, but not beyond the end of the pool."""
        if self._gate.closed:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._gate.passable()), group.create_task(self._closing.wait())]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in tasks:
                    task.cancel()
        if self._closing.is_set():
            raise InfrastructureError("The sandbox is closed", "no more workers are made")
        return self._gate.generation

    def _serve(self, shelf: _Shelf) -> None:
        """Hand ready workers to those who wait."""
        while shelf.ready and shelf.waiting and not self._gate.closed:
            future = shelf.waiting.popleft()
            if not future.done():
                future.set_result(shelf.ready.popleft()[0])

    def _refuse(self, shelf: _Shelf, error: DreamerError) -> None:
        while shelf.waiting:
            future = shelf.waiting.popleft()
            if not future.done():
                future.set_exception(error)
                return

    def thawed(self) -> None:
        """Go on where the gate had stopped."""
        for shelf in self._shelves.values():
            self._recycle(shelf)
            self._serve(shelf)
            self._supply(shelf)

    async def _recycle_all(self) -> None:
        while True:
            await asyncio.sleep(RECYCLE_EVERY)
            if self._gate.closed:
                continue
            for shelf in self._shelves.values():
                before = len(shelf.ready)
                self._recycle(shelf)
                if len(shelf.ready) < before:
                    self._supply(shelf)

    def _recycle(self, shelf: _Shelf) -> None:
        """Throw away workers that are too old or dead."""
        now = self._clock.monotonic()
        for entry in list(shelf.ready):
            worker, born = entry
            if now - born > MAX_AGE or not worker.usable:
                shelf.ready.remove(entry)
                self._discard(worker)

    def _discard(self, worker: DockerWorker) -> None:
        if self._group is not None:
            self._group.create_task(self._throw_away(worker))

    async def _throw_away(self, worker: DockerWorker) -> None:
        """Remove a worker once the gate is open: removing a frozen one would hang the engine."""
        with contextlib.suppress(InfrastructureError):
            await self._passable()
        await worker.remove()
