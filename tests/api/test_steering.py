from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest

from dreamer_app.core.errors import UsageError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import DreamerState, SuspendReason
from tests.api.fakes import World, api_world


async def test_status_says_what_the_program_does_without_waking(world: World) -> None:
    status, found = await world.ask("GET", "/status")
    assert (status, found["api"], found["snapshot"]["state"]) == (200, 1, "awake")
    assert found["url"] == f"http://127.0.0.1:{world.port}" and found["base"] == str(world.paths.base)
    world.resident.become(DreamerState.DREAMING, verified=7)
    _, found = await world.ask("GET", "/status?x=1")
    assert (found["snapshot"]["state"], found["snapshot"]["verified"]) == ("dreaming", 7)
    assert world.woken == []


async def test_every_verb_reaches_the_program_on_its_own_thread(world: World) -> None:
    until = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for path, body, state in (
        ("/now", None, "dreaming"),
        ("/finish", {}, "dreaming"),
        ("/stop", None, "awake"),
        ("/pause", {"until": until.isoformat()}, "paused"),
        ("/resume", None, "awake"),
        ("/keep-dreaming", {"on": True}, "awake"),
        ("/wake", None, "awake"),
        ("/quit", None, "awake"),
    ):
        status, snapshot = await world.ask("POST", path, body)
        assert (status, snapshot["state"]) == (200, state), path
    verbs = ["now", "finish", "stop", "pause", "resume", "keep", "wake", "shut down"]
    assert [verb for verb, _ in world.resident.asked] == verbs
    assert dict(world.resident.asked)["pause"] == until and dict(world.resident.asked)["keep"] is True
    assert world.resident.threads == {threading.get_ident()}
    assert len(world.woken) == len(verbs)


async def test_a_pause_may_be_told_in_minutes_or_last_until_resume(world: World) -> None:
    before = datetime.now(UTC)
    _, snapshot = await world.ask("POST", "/pause", {"minutes": 30})
    assert timedelta(minutes=30) <= datetime.fromisoformat(snapshot["until"]) - before < timedelta(minutes=31)
    _, snapshot = await world.ask("POST", "/pause")
    assert (snapshot["state"], snapshot["until"]) == ("paused", None)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 5, "until": "2026-01-01T00:00:00Z"}, "exclude each other"),
        ({"until": "2026-01-01T00:00:00"}, "until"),
        ({"for": 1}, "for"),
    ],
)
async def test_a_pause_that_makes_no_sense_is_refused_by_name(
    world: World, body: dict[str, object], named: str
) -> None:
    status, answer = await world.ask("POST", "/pause", body)
    assert status == 422 and named in answer["error"]["message"]
    assert world.resident.asked == []


async def test_a_refusal_is_told_in_words(world: World) -> None:
    world.resident.refusal = UsageError("Not dreaming", "the computer runs on battery", "Plug it in.")
    status, answer = await world.ask("POST", "/now")
    assert status == 409
    assert answer["error"]["message"] == "the computer runs on battery" and answer["error"]["hint"] == "Plug it in."


async def test_the_window_is_brought_to_the_front_on_the_programs_thread(world: World) -> None:
    status, _ = await world.ask("POST", "/show")
    await asyncio.sleep(0)
    assert (status, world.shown) == (200, [threading.get_ident()])


async def test_what_is_not_there_is_404_with_words(world: World) -> None:
    status, answer = await world.ask("GET", "/nonsense")
    assert status == 404 and answer["error"]["title"] == "Not Found"


async def test_status_and_waking_work_while_the_program_is_blocked(world: World) -> None:
    """The GUI's loop hangs: nothing may depend on it but the verbs themselves."""
    world.resident.become(DreamerState.DREAMING)
    status, found = world.request("GET", "/status")  # this thread is the program's loop, and it does not run now
    assert (status, found["snapshot"]["state"]) == (200, "dreaming")
    status, _ = world.request("GET", "/energy")
    assert (status, world.woken) == (200, [SuspendReason.API_REQUEST])


async def test_a_verb_that_takes_too_long_is_told_and_still_done(paths: DataPaths) -> None:
    async with api_world(paths, patience=0.05) as world:
        world.resident.gate = asyncio.Event()
        status, answer = await world.ask("POST", "/quit")
        assert status == 504 and answer["error"]["title"] == "The Dreamer is busy"
        world.resident.gate.set()
        await world.resident.closed.wait()


async def test_metrics_tell_only_what_is_known(world: World) -> None:
    world.resident.become(DreamerState.DREAMING, cpu_celsius=61.5, verified=4, reasons=())
    status, text = await world.ask("GET", "/metrics")
    assert status == 200 and world.woken == []
    lines = text.splitlines()
    assert 'dreamer_state{state="dreaming"} 1' in lines and 'dreamer_state{state="awake"} 0' in lines
    assert "dreamer_cpu_temperature_celsius 61.5" in lines and "dreamer_night_verified 4" in lines
    assert "gpu" not in text and "watts" not in text


async def test_the_openapi_document_names_every_route(world: World) -> None:
    status, document = await world.ask("GET", "/openapi.json")
    assert status == 200
    routes = {path.split("/")[1] for path in document["paths"]}
    steering = {"wake", "now", "stop", "finish", "pause", "resume", "keep-dreaming", "show", "quit"}
    assert routes >= steering | {"status", "metrics", "energy", "journal", "nights"}
