"""The pool's own rules, with workers that only remember what was done to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

import pytest

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.errors import InfrastructureError, WorkerLostError
from dreamer_app.sandbox.docker.pool import MAX_AGE, Pool
from dreamer_app.sandbox.docker.wake_gate import WakeGate
from dreamer_app.sandbox.docker.worker import DockerWorker
from dreamer_app.sandbox.jobs import Environment


class Recorded:
    """As much of a worker as a pool touches."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.usable = True
        self.removed = False
        self.imported = {f"module{number}"}

    async def remove(self) -> None:
        self.removed = True


class Bench:
    """A pool over recorded workers."""

    def __init__(self, keep: int = 1) -> None:
        self.made: list[Recorded] = []
        self.learned: list[Sequence[str]] = []
        self.failures: list[Exception] = []
        self.allowed = asyncio.Event()
        self.allowed.set()
        self.clock = ManualClock()
        self.gate = WakeGate()
        self.pool = Pool(self.launch, keep, 2, self.clock, self.gate)

    async def launch(self, _environment: Environment, also: Sequence[str]) -> DockerWorker:
        await self.allowed.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.learned.append(also)
        self.made.append(Recorded(len(self.made)))
        return cast(DockerWorker, self.made[-1])

    async def settle(self) -> None:
        for _ in range(30):
            await asyncio.sleep(0)


def environment(name: str = "e") -> Environment:
    return Environment(id=name, path="p", pins=(), python="3.11", image="i")


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    made.allowed.set()
    made.gate.open()
    await made.pool.close()
    assert all(worker.removed for worker in made.pool.ready) or not made.pool.ready


def number(worker: Any) -> int:
    assert isinstance(worker, Recorded)
    return worker.number


async def test_a_worker_is_made_ahead_and_replaced_when_it_is_taken(bench: Bench) -> None:
    await bench.pool.warm(environment())
    await bench.settle()
    assert len(bench.pool.ready) == 1
    taken = await bench.pool.acquire(environment())
    await bench.settle()
    assert len(bench.made) == 2
    assert number(bench.pool.ready[0]) != number(taken)


async def test_a_used_worker_is_removed_and_never_lent_again(bench: Bench) -> None:
    first = await bench.pool.acquire(environment())
    await bench.pool.release(first, environment())
    await bench.settle()
    assert bench.made[number(first)].removed
    others = [await bench.pool.acquire(environment()) for _ in range(3)]
    assert number(first) not in [number(worker) for worker in others]


async def test_what_a_worker_imported_is_preloaded_by_later_ones(bench: Bench) -> None:
    first = await bench.pool.acquire(environment())
    await bench.settle()
    await bench.pool.release(first, environment())
    await bench.pool.acquire(environment())
    await bench.settle()
    assert bench.learned[-1] == [f"module{number(first)}"]


async def test_old_and_dead_workers_are_not_lent(bench: Bench) -> None:
    await bench.pool.warm(environment())
    await bench.settle()
    bench.clock.advance(MAX_AGE + 1)
    assert number(await bench.pool.acquire(environment())) == 1
    await bench.settle()
    bench.made[2].usable = False
    assert number(await bench.pool.acquire(environment())) == 3
    await bench.settle()
    assert bench.made[0].removed
    assert bench.made[2].removed


async def test_nothing_is_made_or_lent_while_the_gate_is_closed(bench: Bench) -> None:
    await bench.pool.warm(environment())
    await bench.settle()
    bench.gate.close("someone is back")
    waiting = asyncio.ensure_future(bench.pool.acquire(environment()))
    await bench.settle()
    assert not waiting.done()
    assert len(bench.made) == 1
    bench.gate.open()
    bench.pool.thawed()
    assert number(await waiting) == 0


async def test_those_who_waited_and_did_not_outlive_a_stop_are_replaced_after_it() -> None:
    bench = Bench(keep=2)
    await bench.pool.warm(environment())
    await bench.settle()
    bench.gate.close("someone is back")
    for worker in bench.made:
        worker.usable = False
    bench.gate.open()
    bench.pool.thawed()
    await bench.settle()
    assert [number(worker) for worker in bench.pool.ready] == [2, 3]
    await bench.pool.close()


async def test_a_worker_that_died_with_the_freeze_is_made_again(bench: Bench) -> None:
    bench.allowed.clear()
    waiting = asyncio.ensure_future(bench.pool.acquire(environment()))
    await bench.settle()
    bench.gate.close("someone is back")
    bench.failures = [WorkerLostError("lost", "frozen too long")] * 2
    bench.allowed.set()
    await bench.settle()
    assert not waiting.done()
    bench.failures.clear()
    bench.gate.open()
    bench.pool.thawed()
    assert number(await waiting) >= 0


async def test_workers_that_never_come_up_are_an_error_for_whoever_waits(bench: Bench) -> None:
    bench.failures = [WorkerLostError("lost", "dead")] * 20
    with pytest.raises(WorkerLostError):
        await bench.pool.acquire(environment())
    bench.failures = [InfrastructureError("no engine", "gone")] * 2
    with pytest.raises(InfrastructureError, match="no engine"):
        await bench.pool.acquire(environment())
    bench.failures.clear()
    assert number(await bench.pool.acquire(environment())) >= 0


async def test_many_who_wait_each_get_a_worker_of_their_own(bench: Bench) -> None:
    bench.allowed.clear()
    waiting = [asyncio.ensure_future(bench.pool.acquire(environment())) for _ in range(5)]
    await bench.settle()
    bench.allowed.set()
    numbers = [number(worker) for worker in await asyncio.gather(*waiting)]
    assert len(set(numbers)) == 5


async def test_one_who_stops_waiting_leaves_the_worker_to_others(bench: Bench) -> None:
    bench.allowed.clear()
    waiting = asyncio.ensure_future(bench.pool.acquire(environment()))
    await bench.settle()
    waiting.cancel()
    await bench.settle()
    bench.allowed.set()
    await bench.settle()
    assert {number(worker) for worker in bench.pool.ready} == {worker.number for worker in bench.made}


async def test_only_the_environments_used_last_are_kept_warm(bench: Bench) -> None:
    for name in "abc":
        bench.clock.advance(1)
        await bench.pool.acquire(environment(name))
        await bench.settle()
    before = len(bench.made)
    bench.clock.advance(1)
    await bench.pool.warm(environment("c"))
    await bench.settle()
    assert len(bench.made) == before


async def test_a_closed_pool_makes_nothing_and_leaves_nothing() -> None:
    bench = Bench(keep=2)
    await bench.pool.warm(environment())
    await bench.settle()
    bench.allowed.clear()
    waiting = asyncio.ensure_future(bench.pool.acquire(environment("other")))
    await bench.settle()
    await bench.pool.close()
    assert all(worker.removed for worker in bench.made)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(InfrastructureError):
        await bench.pool.acquire(environment())
