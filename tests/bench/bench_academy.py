"""How quickly lessons are found among many, by this program and by agents, and whether the right one is.

Recall is measured on real documentation, asked by its own headings. For speed, lessons are variants of one real dream,
each with a title, a task and an API of random words from a small vocabulary, so that most words are frequent; a query
is a lesson's title with its API's name in words. That says nothing about how people ask.
"""

from __future__ import annotations

import asyncio
import random
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from dreamer_app.academy.lessons_store import LessonsStore
from dreamer_app.academy.record import folders, read_record
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings.lessons import LessonSettings
from dreamer_app.core.types import ApiUse, Dream, LibraryPin, Review
from dreamer_app.main import workshop
from dreamer_app.oracle.model import Example
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.store.store import Store
from tests.api.fakes import api_world
from tests.bench.many_lessons import many_lessons, queries
from tests.service.fakes import FakeWorld

READ = ("textual", "toolz", "more-itertools")
QUERIES = 200
SPLIT_SEED = 7
ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Print all tables."""
    paths = many_lessons()
    _search(paths)
    asyncio.run(_round_trips(paths))
    with tempfile.TemporaryDirectory() as place:
        _recall(Path(place))


def _search(paths: DataPaths) -> None:
    store = Store(paths.database)
    lessons = LessonsStore(store.lessons, LessonSettings())
    asked = queries(store, QUERIES)
    times, found = [], 0
    for query, wanted in asked:
        started = time.perf_counter()
        hits = lessons.search(query, limit=5)
        times.append((time.perf_counter() - started) * 1_000)
        found += any(hit.lesson.id == wanted for hit in hits)
    print(f"{len(lessons)} lessons, {len(asked)} questions about them")
    _line("search", times, 50)
    print(f"the very lesson among the first five: {found / len(asked):.2f} (goal: 0.9)")
    store.close()


async def _round_trips(paths: DataPaths) -> None:
    """An agent's questions over the same lessons: as its own program over stdio, and over HTTP with the token."""
    store = Store(paths.database)
    asked = queries(store, QUERIES)
    store.close()
    command = ["-m", "dreamer_app", "mcp", "--base-dir", str(paths.base)]
    async with Client(StdioServerParameters(command=sys.executable, args=command)) as client:
        await _ask(client, asked, "over stdio")
    async with api_world(paths, fakes=FakeWorld()) as world:
        headers = {"Authorization": f"Bearer {world.token.read()}"}
        async with httpx2.AsyncClient(headers=headers, timeout=30, trust_env=False) as line:
            transport = streamable_http_client(f"http://127.0.0.1:{world.port}/mcp", http_client=line)
            async with Client(transport) as client:
                await _ask(client, asked, "over HTTP")


async def _ask(client: Client, asked: list[tuple[str, str]], how: str) -> None:
    for tool in ("search_lessons", "proven_example"):
        times = []
        for query, identifier in asked:
            arguments = {"query": query} if tool == "search_lessons" else {"api": identifier}
            started = time.perf_counter()
            answer = await client.call_tool(tool, arguments)
            times.append((time.perf_counter() - started) * 1_000)
            assert not answer.is_error, answer.content
        _line(f"MCP {tool} {how}", times, 80)


def _line(name: str, times: list[float], goal: int) -> None:
    ranked = statistics.quantiles(times, n=100)
    figures = f"p50 {ranked[49]:.1f}, p95 {ranked[94]:.1f}, max {max(times):.1f} ms"
    print(f"{name}: {figures} (goal: p95 <= {goal} ms)", flush=True)


def _recall(place: Path) -> None:
    """Whether the lesson about a passage of real documentation is found by its heading, which the lesson does not have.

    Lessons are the examples of READ libraries as they stand, each with the paragraph before it as its task; the query
    is the heading, or the name of the API, under which the documentation shows it. Any example under the same heading
    is right. Half of the headings, chosen by lot, were never looked at while the search was made.
    """
    dreamer = Dreamer(DataPaths(place / "read"), workshop)
    asyncio.run(dreamer.ingest([f"pypi:{name}" for name in READ]))
    graph = dreamer.graph()
    [folder] = folders(ROOT / "tests" / "planted" / "example")
    model = read_record(folder).model_copy(update={"review": Review.APPROVED})
    store = Store(place / "recall.sqlite")
    lessons = LessonsStore(store.lessons, LessonSettings())
    wanted: dict[str, set[str]] = {}
    with store.transaction():
        for pin in graph.libraries():
            for example in graph.examples(pin.name):
                if example.describes and example.uses and example.headings:
                    made = _lesson_of(model, example, pin)
                    lessons.learn(made)
                    wanted.setdefault(_query(example), set()).add(made.id)
    queries = sorted(wanted)
    random.Random(SPLIT_SEED).shuffle(queries)
    half = len(queries) // 2
    for name, part in (("looked at while it was made", queries[:half]), ("held out", queries[half:])):
        found, times = 0, []
        for query in part:
            started = time.perf_counter()
            hits = lessons.search(query, limit=5)
            times.append((time.perf_counter() - started) * 1_000)
            found += any(hit.lesson.id in wanted[query] for hit in hits)
        p95 = statistics.quantiles(times, n=20)[-1]
        print(f"recall@5 of {len(part)} headings {name}: {found / len(part):.3f} (goal: 0.9), p95 {p95:.1f} ms")
    store.close()
    dreamer.close()


def _query(example: Example) -> str:
    """The heading in words; dotted paths are taken apart, because a person does not type them."""
    return re.sub(r"[._]+", " ", example.headings[-1])


def _lesson_of(model: Dream, example: Example, pin: LibraryPin) -> Dream:
    uses = tuple(ApiUse(name=name, library=pin.name, kind="function") for name in example.uses)
    told = {"nodes": example.uses, "quotes": (), "relations": (), "examples": (example.key,)}
    scenario = model.scenario.model_copy(
        update={
            "title": example.describes.partition(".")[0][:120],
            "prompt": f"{example.describes}\n\n{example.key}",
            "uses_api": uses,
            "libraries": (pin,),
            "knowledge": model.scenario.knowledge.model_copy(update=told),
        }
    )
    candidate = model.candidate.model_copy(update={"solution": f"{example.setup}{example.code}"})
    return model.model_copy(update={"id": scenario.id, "scenario": scenario, "candidate": candidate})


if __name__ == "__main__":
    main()
