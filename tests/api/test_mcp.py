"""The MCP server, asked by the SDK's own client over both transports."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import SuspendReason
from dreamer_app.core.types import Review
from dreamer_app.service.dreamer import NightOrder
from dreamer_app.store.nightmares import Nightmare
from dreamer_app.store.sowing import SeedKind
from tests import builders
from tests.api.fakes import World, api_world
from tests.engine.fakes import FakeJudge
from tests.service.fakes import FakeWorld

LESSON = builders.scenario(2).id
TOOLS = {"search_lessons", "proven_example", "what_is_known", "list_libraries", "report_failure"}


@pytest.fixture
async def dreamt(paths: DataPaths) -> AsyncIterator[World]:
    """A night in which one dream of three failed, and one of the others was approved."""
    fakes = FakeWorld(judge=FakeJudge(lambda n: builders.verdict(stopped_by="G6") if n == 1 else None))
    async with api_world(paths, fakes=fakes) as world:
        await world.dreamer.night(NightOrder(libraries=("toolz",), dreams=2, seed=1, workers=1))
        world.dreamer.journal.decide(LESSON, Review.APPROVED)
        yield world


@asynccontextmanager
async def over_http(world: World) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {world.token.read()}"}
    async with httpx2.AsyncClient(headers=headers, timeout=30, trust_env=False) as line:
        transport = streamable_http_client(f"http://127.0.0.1:{world.port}/mcp", http_client=line)
        async with Client(transport) as client:
            yield client


@asynccontextmanager
async def over_stdio(world: World) -> AsyncIterator[Client]:
    command = ["-m", "dreamer_app", "mcp", "--base-dir", str(world.paths.base)]
    async with Client(StdioServerParameters(command=sys.executable, args=command)) as client:
        yield client


async def answer(client: Client, tool: str, **arguments: Any) -> Any:
    """What a tool answers with; its text says the same."""
    found = await client.call_tool(tool, arguments)
    assert not found.is_error, found.content
    [text] = found.content
    assert json.loads(text.text) == found.structured_content  # type: ignore[union-attr]
    return found.structured_content


@pytest.mark.parametrize("transport", [over_http, over_stdio])
async def test_an_agent_gets_a_proven_example_over_either_transport(dreamt: World, transport: Any) -> None:
    async with transport(dreamt) as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
        woken = len(dreamt.woken)
        [found] = (await answer(client, "search_lessons", query="group words by letters", library="toolz"))["lessons"]
        assert found["lesson_id"] == LESSON and found["synthetic"] is True and "groupby" in found["code"]
        example = await answer(client, "proven_example", api="toolz.groupby")
        assert example["lesson_id"] == LESSON and "def test_two" in example["tests"]
        assert (example["libraries"], example["tier"], example["review"], example["used"]) == (
            ["toolz 1.0.0"],
            "recorded",
            "approved",
            1,
        )
        resources = {str(one.uri) for one in (await client.list_resources()).resources}
        assert resources == {"dreamer://libraries", "dreamer://nights"}
        nights = await client.read_resource("dreamer://nights")
        [night] = json.loads(nights.contents[0].text)["nights"]  # type: ignore[union-attr]
        one = await client.read_resource(f"dreamer://nights/{night['id']}")
        assert json.loads(one.contents[0].text)["figures"]["verified"] == 2  # type: ignore[union-attr]
    assert len(dreamt.woken) > woken > 0 and set(dreamt.woken) == {SuspendReason.API_REQUEST}
    assert [use.by for use in dreamt.dreamer.lessons.uses(LESSON)] == ["mcp"]


async def test_what_is_known_of_a_symbol_has_failures_and_reports(dreamt: World) -> None:
    async with over_http(dreamt) as client:
        kept = await answer(
            client, "report_failure", what="It loses the order.", error="AssertionError", lesson_id=LESSON
        )
        again = await answer(
            client, "report_failure", what="It loses the order.", error="AssertionError", lesson_id=LESSON
        )
        assert kept == again == {"seed": 1, "about": ["toolz.groupby"]}
        broken = Nightmare(
            kind="example", key="example:toolz:toolz.groupby#1", title="groupby", version="1.0.0", place="toolz.py:2",
            why="raises", error="NameError", reproduction="groupby(len, ['a'])\n",
        )  # fmt: skip
        dreamt.dreamer.store.nightmares.keep_run(builders.TOOLZ, [broken], {"broken": 1})
        known = await answer(client, "what_is_known", symbol="toolz.groupby")
    assert [one["error"] for one in known["nightmares"]] == ["NameError"]
    assert (known["name"], known["library"], known["kind"]) == ("toolz.groupby", "toolz 1.0.0", "function")
    assert known["signature"] == "() -> dict" and known["documentation"] == "Group a collection by a key function"
    assert known["related"] == ["toolz.first"]
    assert [one["code"] for one in known["examples"]] == ["groupby(len, ['a'])"]
    assert [one["lesson_id"] for one in known["proven"]] == [LESSON]
    [failure] = known["failures"]
    assert (failure["gate"], failure["name"], failure["times"]) == ("G6", "stub battery", 1)
    assert [one["what"] for one in known["reports"]] == ["It loses the order."]


async def test_what_agents_report_and_a_person_rejects_is_what_the_next_night_is_about(paths: DataPaths) -> None:
    fakes = FakeWorld()
    async with api_world(paths, fakes=fakes) as world:
        await world.dreamer.night(NightOrder(libraries=("toolz",), dreams=3, seed=1, workers=1))
        world.dreamer.journal.decide(LESSON, Review.APPROVED)
        async with over_http(world) as client:
            await answer(client, "report_failure", what="It is slow.", error="TypeError", lesson_id=LESSON)
        world.dreamer.journal.decide(builders.scenario(3).id, Review.REJECTED, "reads silly")
        assert {(seed.kind, seed.note) for seed in world.dreamer.academy.seeds()} == {
            (SeedKind.REPORT, "It is slow."),
            (SeedKind.REJECTED, "reads silly"),
        }
        await world.dreamer.night(NightOrder(libraries=("toolz",), dreams=1, seed=2, workers=1))
    told = fakes.weaver.requests
    assert told[0].interest == {} and told[-1].interest["toolz.groupby"] > 0.3


async def test_coverage_of_libraries_as_tool_and_as_resource(dreamt: World) -> None:
    async with over_http(dreamt) as client:
        [library] = (await answer(client, "list_libraries"))["libraries"]
        resource = await client.read_resource("dreamer://libraries/toolz")
        with pytest.raises(MCPError):
            await client.read_resource("dreamer://libraries/unheard-of")
    assert json.loads(resource.contents[0].text) == library  # type: ignore[union-attr]
    assert (library["apis"], library["learned"], library["verified"], library["failed"]) == (1, 1, 2, 1)


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("proven_example", {"api": "textual.widgets.Input"}, "No proven example"),
        ("what_is_known", {"symbol": "no.such.thing"}, "Known: toolz"),
        ("search_lessons", {"query": "x", "version": "1"}, "Which library?"),
        ("search_lessons", {"query": ""}, "query"),
        ("search_lessons", {"query": "x", "limit": 1000}, "limit"),
        ("report_failure", {"what": "x", "lesson_id": "nothing"}, "There is no such lesson"),
        ("report_failure", {"what": " "}, "Nothing was said"),
    ],
)
async def test_what_cannot_be_answered_is_told_in_words(
    dreamt: World, tool: str, arguments: dict[str, Any], words: str
) -> None:
    async with over_http(dreamt) as client:
        found = await client.call_tool(tool, arguments)
    assert found.is_error and words in found.content[0].text  # type: ignore[union-attr]


async def test_without_the_token_an_agent_is_not_let_in(world: World) -> None:
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"Accept": "application/json, text/event-stream", "Authorization": "Bearer wrong"}
    assert (await world.ask("POST", "/mcp", request, headers))[0] == 401
    headers.pop("Authorization")
    assert (await world.ask("POST", "/mcp", request, headers))[0] == 200


async def test_many_agents_ask_at_once(dreamt: World) -> None:
    async with over_http(dreamt) as client:
        found = await asyncio.gather(*(answer(client, "what_is_known", symbol="toolz.groupby") for _ in range(50)))
    assert len({json.dumps(one) for one in found}) == 1
