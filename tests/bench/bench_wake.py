"""How fast full load stops: the brake pulled by the sentinel, beside plain pauses and BOINC's documented path.

Work stopped is the last beat that any worker wrote into shared memory, in milliseconds after the event; `paused` is
when the engine knew all of them as paused. The event is the moment at which the sentinel's socket, or the API's, is
written to. DREAMER_BENCH_REPEAT sets the cycles of each row, DREAMER_BENCH_PART the parts, a comma between them: of
`8`, `16`, `busy`, `engine`, `stream`, `others`, `foreground` and `input`, which is run only when it is named. What
`input` finds is kept in the file that DREAMER_BENCH_KEEP names, so that many cycles can be measured in parts.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from ctypes import c_longlong
from pathlib import Path

from dreamer_app.core.errors import InterruptedByWakeError
from dreamer_app.core.paths import DataPaths
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.service.wake_figures import figures
from tests.api.fakes import api_world
from tests.bench.wake_scene import Scene, Times, busy_foreground, locked_database, scene
from tests.llm.rooms import HASTY, client_of, question, until
from tests.sandbox.private_engine import private_engine
from tests.scripted_server.script import Script
from tests.scripted_server.server import serving

REPEAT = int(os.environ.get("DREAMER_BENCH_REPEAT", "40"))
PARTS = os.environ.get("DREAMER_BENCH_PART", "8,16,busy,engine,stream,others,foreground").split(",")
KEEP = os.environ.get("DREAMER_BENCH_KEEP", "")
TURN_SECONDS, SETTLE_SECONDS = 1.0, 0.1
PAIRS = 30
TARGETS = {8: (5, 50), 16: (None, 150)}
"""Milliseconds until work stopped, p50 and p99, by number of workers."""

EVERY_TARGET, PAUSED_TARGET = 500, 300
"""Milliseconds until work stopped, for every single stop, and until all was paused, for 95 of 100."""

STREAM_TARGET = 100
FOREGROUND_TARGET = 97
PATIENT = HASTY.model_copy(update={"first_token_seconds": 60.0, "between_tokens_seconds": 60.0, "answer_seconds": 60.0})


def row(name: str, count: int, times: list[Times], *, target: bool = False) -> None:
    """One line of the table."""
    stopped, paused = figures([one for one, _ in times]), figures([two for _, two in times])
    p50, p99 = TARGETS.get(count, (None, None)) if target else (None, None)
    met = ""
    if p99 is not None:
        missed = stopped.p99 > p99 or (p50 is not None and stopped.p50 > p50) or stopped.max > EVERY_TARGET
        missed |= count == 8 and paused.p95 > PAUSED_TARGET
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
            await asyncio.to_thread(world.request, "GET", "/status")  # once it dreams, the web server is there
            row("API request", count, await cycles(lambda: here.asked(world)), target=True)
        if count != 8:
            return
        row("input, event loop blocked for 5 s", count, await _blocked(here), target=True)
        with locked_database(DataPaths(folder)):
            row("input, database locked", count, await cycles(here.braked), target=True)


async def busy(folder: Path, count: int) -> None:
    """The brake while a person's programs want all cores; the workers have the lowest weight, as in the product."""
    async with scene(folder, count, weighed=True) as here:
        with busy_foreground():
            row("input, busy foreground", count, await cycles(here.braked), target=True)


async def much_input(folder: Path, count: int) -> None:
    """So many stops that a rare slow one shows."""
    kept = Path(KEEP or folder / "kept")
    async with scene(folder, count) as here:
        for _ in range(REPEAT):
            (times,) = await cycles(here.braked, 1)
            await asyncio.to_thread(_keep, kept, times)
    row("input", count, await asyncio.to_thread(_kept, kept), target=True)


def _keep(file: Path, times: Times) -> None:
    """At once: should time be up, the others are not lost."""
    with file.open("a", encoding="ascii") as opened:
        opened.write(f"{times[0]} {times[1]}\n")


def _kept(file: Path) -> list[Times]:
    lines = file.read_text(encoding="ascii").splitlines()
    return [(float(stopped), float(paused)) for stopped, paused in map(str.split, lines)]


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
    async with scene(folder, count) as here:
        for name, repeat, blocked in (("", REPEAT, 0.0), (", event loop blocked", max(REPEAT // 10, 2), 5.0)):
            seen = [await _stalled_once(here, blocked) for _ in range(repeat)]
            found, met = figures(seen), "met" if max(seen) <= STREAM_TARGET else "MISSED"
            print(f"  {count:2d}  stalled model stream, its server sees it{name}: p50 {found.p50:.1f},", end=" ")
            print(f"p99 {found.p99:.1f}, max {found.max:.1f}  n={found.count}   {met}: ≤ {STREAM_TARGET}", flush=True)


async def _stalled_once(here: Scene, blocked: float) -> float:
    with serving(Script.load("stalled")) as server:
        client = client_of(server.url, PATIENT, streams=here.streams)
        asking = asyncio.ensure_future(client.ask(question()))
        await until(lambda: bool(server.chats) and server.chats[0].pieces > 0)
        events: list[float] = []

        def come_back(at: float) -> None:
            events.append(at)
            here.come_back(at)

        braking = threading.Thread(target=here.stopped_by, args=(come_back,))
        braking.start()
        time.sleep(blocked)  # noqa: ASYNC251 the point of it
        with contextlib.suppress(InterruptedByWakeError):
            await asking
        await until(lambda: server.chats[0].eof is not None)
        await asyncio.to_thread(braking.join)
        await client.close()
        return ((server.chats[0].eof or 0.0) - events[0]) * 1000


def work(turns: c_longlong) -> None:
    """A person's program that wants a whole core; counts what it gets done."""
    while True:
        for _ in range(1000):
            pass
        turns.value += 1


def foreground_speed(turns: Sequence[c_longlong]) -> float:
    """Turns a second of all of a person's programs."""
    time.sleep(SETTLE_SECONDS)
    before, began = sum(one.value for one in turns), time.perf_counter()
    time.sleep(TURN_SECONDS)
    return (sum(one.value for one in turns) - before) / (time.perf_counter() - began)


async def foreground(folder: Path, count: int) -> None:
    """One second beside frozen workers and one beside workers at full load, in pairs of changing order.

    The person's programs, as many as cores, run on all the time, so that nothing but the workers differs.
    """
    context = multiprocessing.get_context("spawn")
    turns: list[c_longlong] = [context.RawValue(c_longlong, 0) for _ in range(os.cpu_count() or 1)]
    programs = [context.Process(target=work, args=(one,), daemon=True) for one in turns]
    pairs = []
    async with scene(folder, count, weighed=True) as here:
        for program in programs:
            program.start()
        for pair in range(PAIRS):
            speeds = {}
            for loaded in (pair % 2 == 0, pair % 2 == 1):
                await (here.sandbox.thaw() if loaded else here.sandbox.freeze("bench"))
                speeds[loaded] = await asyncio.to_thread(foreground_speed, turns)
            pairs.append((speeds[True], speeds[False]))
        await here.sandbox.thaw()
        for program in programs:
            program.kill()
            program.join()
    share = 100 * sum(loaded for loaded, _ in pairs) / sum(alone for _, alone in pairs)
    each = sorted(100 * loaded / alone for loaded, alone in pairs)
    met = "met" if share >= FOREGROUND_TARGET else "MISSED"
    print(f"  {count:2d}  foreground keeps {share:.1f} % of its speed (middle half of the pairs", end=" ")
    print(
        f"{each[PAIRS // 4]:.1f} to {each[-PAIRS // 4]:.1f})  n={PAIRS} pairs   {met}: ≥ {FOREGROUND_TARGET} %",
        flush=True,
    )


ALL: dict[str, tuple[Callable[[Path, int], Coroutine[None, None, None]], int]] = {
    "8": (ours, 8),
    "16": (ours, 16),
    "busy": (busy, 8),
    "input": (much_input, 8),
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
