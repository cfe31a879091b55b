"""How fast full load stops: the brake pulled by the sentinel, beside plain pauses and BOINC's documented path.

Work stopped is the last beat that any worker wrote into shared memory, in milliseconds after the event; `paused` is
when the engine knew all of them as paused. The event is the moment at which the sentinel's socket, or the API's, is
written to. DREAMER_BENCH_REPEAT sets the cycles of each row, DREAMER_BENCH_PART the parts: of `8`, `16`, `engine`,
`stream`, `others` and `foreground`, a comma between them.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine
from multiprocessing.synchronize import Event
from pathlib import Path

from dreamer_app.core.errors import InterruptedByWakeError
from dreamer_app.core.paths import DataPaths
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.sandbox.docker.slice import Slice
from dreamer_app.sandbox.runner.group import LOWEST_WEIGHT
from dreamer_app.service.wake_figures import figures
from tests.api.fakes import api_world
from tests.bench.wake_scene import Scene, Times, busy_foreground, locked_database, scene
from tests.llm.rooms import HASTY, client_of, question, until
from tests.sandbox.private_engine import private_engine
from tests.scripted_server.script import Script
from tests.scripted_server.server import serving

REPEAT = int(os.environ.get("DREAMER_BENCH_REPEAT", "40"))
PARTS = os.environ.get("DREAMER_BENCH_PART", "8,16,engine,stream,others,foreground").split(",")
FOREGROUND_SECONDS = 2.0
PAIRS = 7
TARGETS = {8: (5, 50), 16: (None, 150)}
"""Milliseconds until work stopped, p50 and p99, by number of workers."""

STREAM_TARGET = 100
FOREGROUND_TARGET = 97
PATIENT = HASTY.model_copy(update={"first_token_seconds": 60.0, "between_tokens_seconds": 60.0, "answer_seconds": 60.0})


def row(name: str, count: int, times: list[Times], *, target: bool = False) -> None:
    """One line of the table."""
    stopped, paused = figures([one for one, _ in times]), figures([two for _, two in times])
    p50, p99 = TARGETS.get(count, (None, None)) if target else (None, None)
    met = ""
    if p99 is not None:
        missed = stopped.p99 > p99 or (p50 is not None and stopped.p50 > p50)
        met = f"   {'MISSED' if missed else 'met'}: p50 ≤ {p50 or '-'}, p99 ≤ {p99}"
    print(
        f"  {count:2d}  {name:34s} {stopped.p50:7.1f} {stopped.p95:7.1f} {stopped.p99:7.1f} {stopped.max:7.1f}"
        f"   {paused.p50:6.0f} {paused.p95:6.0f} {paused.max:6.0f}  n={len(times)}{met}",
        flush=True,
    )


async def cycles(method: Callable[[], Times], count: int = REPEAT) -> list[Times]:
    """So many of one kind, off the event loop."""
    return [await asyncio.to_thread(method) for _ in range(count)]


async def ours(folder: Path, count: int) -> None:
    """The brake, whatever else is the matter."""
    async with scene(folder, count) as here:
        row("input", count, await cycles(here.braked), target=True)
        paths = DataPaths(folder / "api")
        paths.create()
        async with api_world(paths, wake=here.wake) as world:
            await asyncio.to_thread(world.request, "GET", "/status")  # the program imports it before it dreams
            row("API request", count, await cycles(lambda: here.asked(world)), target=True)
        if count != 8:
            return
        row("input, event loop blocked for 5 s", count, await _blocked(here), target=True)
        for name, condition in (
            ("database locked", locked_database(DataPaths(folder))),
            ("busy foreground", busy_foreground()),
        ):
            with condition:
                row(f"input, {name}", count, await cycles(here.braked), target=True)


async def others(folder: Path, count: int) -> None:
    """How it is done elsewhere."""
    async with scene(folder, count) as here:
        row("container.pause() in threads", count, await cycles(here.paused_in_threads))
        row("BOINC's documented path", count, await cycles(here.as_boinc, max(REPEAT // 2, 2)))


async def _blocked(here: Scene) -> list[Times]:
    """Stops while the event loop hangs in one call of five seconds."""
    found: list[Times] = []
    for _ in range(max(REPEAT // 10, 2)):
        thread = threading.Thread(target=lambda: found.append(here.braked()))
        thread.start()
        time.sleep(5)  # noqa: ASYNC251 the point of it
        await asyncio.to_thread(thread.join)
    return found


async def engine_stopped(folder: Path, count: int) -> None:
    """An engine of our own that is stopped by SIGSTOP before each event; paused is told once it goes on."""
    usual, before = Engine.connect(), os.environ.get("DOCKER_HOST")
    with tempfile.TemporaryDirectory(prefix="dreamer-engine-") as place, private_engine(Path(place)) as engine:
        async with scene(folder, 1) as here:  # for the image
            image = (await here.sandbox.environment([])).image
        await asyncio.to_thread(engine.take_image, image, usual)
        usual.close()
        os.environ["DOCKER_HOST"] = engine.address
        try:
            async with scene(folder, count) as here:

                def hung() -> Times:
                    engine.hang()
                    return here.braked(engine.go_on)

                row("input, dockerd under SIGSTOP", count, await cycles(hung), target=True)
        finally:
            os.environ.pop("DOCKER_HOST")
            if before is not None:
                os.environ["DOCKER_HOST"] = before


async def stalled_stream(folder: Path, count: int) -> None:
    """A model that has stopped talking in the middle of its answer: until its server sees that nobody listens."""
    seen: list[float] = []
    async with scene(folder, count) as here:
        for _ in range(REPEAT):
            with serving(Script.load("stalled")) as server:
                client = client_of(server.url, PATIENT, streams=here.streams)
                asking = asyncio.ensure_future(client.ask(question()))
                await until(lambda: bool(server.chats) and server.chats[0].pieces > 0)
                await asyncio.to_thread(here.beating.until_all_beat)
                event = time.monotonic()
                braking = asyncio.ensure_future(asyncio.to_thread(here.braked))
                with contextlib.suppress(InterruptedByWakeError):
                    await asking
                await until(lambda: server.chats[0].eof is not None)
                seen.append(((server.chats[0].eof or 0.0) - event) * 1000)
                await braking
                await client.close()
    found, met = figures(seen), "met" if max(seen) <= STREAM_TARGET else "MISSED"
    print(
        f"  {count:2d}  stalled model stream, its server sees it: p50 {found.p50:.1f}, p99 {found.p99:.1f}, "
        f"max {found.max:.1f}  n={found.count}   {met}: ≤ {STREAM_TARGET}",
        flush=True,
    )


def speed(begin: Event, done: multiprocessing.Queue[int]) -> None:
    """Count turns of a loop for a while."""
    begin.wait()
    turns, end = 0, time.perf_counter() + FOREGROUND_SECONDS
    while time.perf_counter() < end:
        turns += 1
    done.put(turns)


def foreground_turns() -> int:
    """What a foreground with as many busy processes as cores gets done."""
    context = multiprocessing.get_context("spawn")
    begin, done = context.Event(), context.Queue()
    programs = [context.Process(target=speed, args=(begin, done)) for _ in range(os.cpu_count() or 1)]
    for program in programs:
        program.start()
    time.sleep(1)
    begin.set()
    turns = sum(done.get() for _ in programs)
    for program in programs:
        program.join()
    return turns


async def foreground(folder: Path, count: int) -> None:
    """Paired runs beside workers at the lowest weight: frozen, then at full load, and the next pair the other way."""
    shares = []
    async with scene(folder, count) as here:
        weigh(here.group)
        for pair in range(PAIRS):
            turns = {}
            for loaded in (pair % 2 == 0, pair % 2 == 1):
                await (here.sandbox.thaw() if loaded else here.sandbox.freeze("bench"))
                turns[loaded] = await asyncio.to_thread(foreground_turns)
            shares.append(100 * turns[True] / turns[False])
        await here.sandbox.thaw()
    shares.sort()
    middle, met = shares[len(shares) // 2], "met" if shares[len(shares) // 2] >= FOREGROUND_TARGET else "MISSED"
    print(f"  {count:2d}  foreground keeps {middle:.1f} % of its speed", end=" ")
    print(f"({shares[0]:.1f} to {shares[-1]:.1f})  n={PAIRS} pairs   {met}: ≥ {FOREGROUND_TARGET} %", flush=True)


def weigh(group: Slice) -> None:
    """Give the workers the lowest weight, as the product does."""
    assert group.group is not None
    file = "cpu.weight" if group.group.version == 2 else "cpu.shares"
    (group.above[-1] / file).write_text(LOWEST_WEIGHT[group.group.version])


ALL: dict[str, tuple[Callable[[Path, int], Coroutine[None, None, None]], int]] = {
    "8": (ours, 8),
    "16": (ours, 16),
    "engine": (engine_stopped, 8),
    "stream": (stalled_stream, 8),
    "others": (others, 8),
    "foreground": (foreground, 8),
}


def main() -> None:
    """Print the table."""
    print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}; milliseconds after the event")
    print(f"  {'':38s} work stopped: p50     p95     p99     max   paused: p50  p95  max")
    for name in PARTS:
        measure, count = ALL[name]
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(Path(folder), count))


if __name__ == "__main__":
    main()
