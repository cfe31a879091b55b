"""The local API: from a request to waking, an agent's round trip, the gateway's own share, and what waiting costs.

Everything runs over real sockets in one program; the client is on another thread, as another program would be.
"""

from __future__ import annotations

import asyncio
import http.client
import os
import resource
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import SuspendReason
from dreamer_app.core.types import Review
from dreamer_app.service.dreamer import NightOrder
from tests import builders
from tests.api.fakes import World, api_world
from tests.api.upstream import Visit, upstream
from tests.service.fakes import FakeWorld

ROUNDS = 300
IDLE_SECONDS = 10.0


class Clockwork:
    """When it was woken last."""

    def __init__(self) -> None:
        self.at = 0.0
        self.rung = threading.Event()

    def __call__(self, _: SuspendReason) -> None:
        if not self.rung.is_set():
            self.at = time.perf_counter()
            self.rung.set()


def line(name: str, values: list[float]) -> None:
    """A row of milliseconds."""
    values = sorted(values)
    p95, p99 = values[int(len(values) * 0.95)], values[int(len(values) * 0.99)]
    print(f"{name:58}{statistics.median(values):8.2f}{p95:8.2f}{p99:8.2f}{values[-1]:8.2f}")


def first_bytes(connect: Callable[[], socket.socket], clockwork: Clockwork) -> list[float]:
    """From the first byte of a request to waking, on fresh connections."""
    found = []
    for _ in range(ROUNDS):
        clockwork.rung.clear()
        with connect() as one:
            began = time.perf_counter()
            one.sendall(b"D")
            assert clockwork.rung.wait(10)
            found.append(1000 * (clockwork.at - began))
    return found


def statuses(world: World) -> list[float]:
    """`GET /status` on a kept connection."""
    one = http.client.HTTPConnection("127.0.0.1", world.port)
    headers = {"Authorization": f"Bearer {world.token.read()}"}
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        one.request("GET", "/status", headers=headers)
        one.getresponse().read()
        found.append(1000 * (time.perf_counter() - began))
    one.close()
    return found


async def round_trips(world: World) -> dict[str, list[float]]:
    """An agent's calls of two tools over HTTP."""
    found: dict[str, list[float]] = {}
    headers = {"Authorization": f"Bearer {world.token.read()}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30, trust_env=False) as agent:
        transport = streamable_http_client(f"http://127.0.0.1:{world.port}/mcp", http_client=agent)
        async with Client(transport) as client:
            for tool, arguments in (
                ("search_lessons", {"query": "group words by letters"}),
                ("what_is_known", {"symbol": "toolz.groupby"}),
            ):
                for _ in range(ROUNDS):
                    began = time.perf_counter()
                    await client.call_tool(tool, arguments)
                    found.setdefault(tool, []).append(1000 * (time.perf_counter() - began))
    return found


async def through_the_gateway(world: World, url: str) -> dict[str, list[float]]:
    """The same small request straight to a model server and through the gateway."""
    found: dict[str, list[float]] = {}
    token = {"Authorization": f"Bearer {world.token.read()}"}
    async with httpx2.AsyncClient(timeout=30, trust_env=False) as client:
        for name, base in (("straight", url), ("gateway", f"http://127.0.0.1:{world.port}/v1")):
            for _ in range(ROUNDS):
                began = time.perf_counter()
                await client.post(f"{base}/chat/completions", json={"model": "m"}, headers=token)
                found.setdefault(name, []).append(1000 * (time.perf_counter() - began))
    return found


def switches() -> int:
    """Times that this program was put on a processor of its own accord."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_nvcsw


async def answers(visit: Visit) -> None:
    """A model server that says the same to everybody."""
    await visit.body()
    await visit.say(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
    )


async def measure(paths: DataPaths) -> None:
    """Print the table."""
    clockwork = Clockwork()
    async with (
        upstream(answers) as model,
        api_world(paths, fakes=FakeWorld(), wake=clockwork, upstream=model.url) as world,
    ):
        await world.dreamer.night(NightOrder(libraries=("toolz",), dreams=3, seed=1))
        world.dreamer.journal.decide(builders.scenario(1).id, Review.APPROVED)
        print(f"{ROUNDS} rounds, ms{'':47}{'p50':>8}{'p95':>8}{'p99':>8}{'max':>8}")
        line("first byte to waking, loopback", await asyncio.to_thread(first_bytes, world.connect, clockwork))
        line("first byte to waking, own socket", await asyncio.to_thread(first_bytes, world.connect_unix, clockwork))
        line("first byte to waking, program's own loop blocked", first_bytes(world.connect, clockwork))
        line("GET /status", await asyncio.to_thread(statuses, world))
        for tool, values in (await round_trips(world)).items():
            line(f"MCP {tool} over HTTP", values)
        for way, values in (await through_the_gateway(world, model.url)).items():
            line(f"small model request, {way}", values)
        before, cpu, began = switches(), time.process_time(), time.monotonic()
        await asyncio.sleep(IDLE_SECONDS)
        took = time.monotonic() - began
        share = 100 * (time.process_time() - cpu) / took
        print(f"waiting {took:.0f} s: {share:.3f} % of a core, {(switches() - before) / took:.2f} wake-ups/s")
        threads = threading.active_count()
    print(f"{threads} threads while serving, {threading.active_count()} afterwards")


def main() -> None:
    """Measure in a folder of its own."""
    os.environ.pop("XDG_RUNTIME_DIR", None)
    with tempfile.TemporaryDirectory() as folder:
        paths = DataPaths(Path(folder))
        paths.create()
        asyncio.run(measure(paths))


if __name__ == "__main__":
    main()
