"""The client against a real server that misbehaves in every way a real one was seen to."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time

import pytest

from dreamer_app.core.errors import InfrastructureError, InterruptedByWakeError
from dreamer_app.core.settings.model import ModelSettings
from dreamer_app.llm.budget import Budget
from dreamer_app.llm.model import BudgetSpentError, ModelOfflineError, ModelRefusedError
from dreamer_app.llm.streams import Streams
from tests.llm.rooms import HASTY, KEY, client_of, no_pause, question, until
from tests.scripted_server.script import Script, Turn
from tests.scripted_server.server import ScriptedServer, serving


async def eof(server: ScriptedServer) -> float:
    """When the client of the first call hung up."""
    await until(lambda: server.chats[0].eof is not None)
    return server.chats[0].eof or 0.0


async def test_an_answer_with_its_figures_and_nothing_of_the_key_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "dreamer_app.llm")
    budget = Budget(HASTY)
    with serving(Script.load("good")) as server:
        client = client_of(server.url, budget=budget)
        answer = await client.ask(question(seed=7))
        await client.close()
    assert answer.text == "All is well." and answer.finish == "stop" and answer.tries == 1
    assert not answer.estimated and answer.completion_tokens == 3
    assert budget.figures()["model.calls"] == 1 and budget.tokens == answer.tokens
    body = server.chats[0].body
    assert body["stream"] is True and body["seed"] == 7
    assert server.chats[0].headers["authorization"] == f"Bearer {KEY}"
    [line] = [record.getMessage() for record in caplog.records if "model call" in record.getMessage()]
    figures = json.loads(line.partition("model call ")[2])
    assert figures["prompt"] == "test/1" and figures["seed"] == 7 and figures["outcome"] == "stop"
    assert KEY not in caplog.text and "How are things?" not in caplog.text
    assert KEY not in repr(client.endpoint) and KEY not in str(vars(client))


@pytest.mark.parametrize("scenario", ["stalled", "silent", "truncated", "broken", "malformed"])
async def test_a_server_that_fails_is_infrastructure_and_is_asked_again(scenario: str) -> None:
    with serving(Script.load(scenario)) as server:
        client = client_of(server.url, jitter=lambda: 0.0)
        async with asyncio.timeout(20):
            with pytest.raises(ModelOfflineError) as caught:
                await client.ask(question())
        await client.close()
    assert isinstance(caught.value, InfrastructureError)
    assert caught.value.hint and KEY not in caught.value.message
    assert len(server.chats) >= 2, "it was asked again"


async def test_one_token_a_second_ends_with_the_answers_own_limit_and_is_not_repeated() -> None:
    patient = HASTY.model_copy(update={"between_tokens_seconds": 5.0, "first_token_seconds": 5.0})
    with serving(Script.load("slow")) as server:
        client = client_of(server.url, patient)
        async with asyncio.timeout(20):
            with pytest.raises(ModelOfflineError, match="not complete after"):
                await client.ask(question())
        await client.close()
    assert len(server.chats) == 1


async def test_what_a_repetition_mends_is_repeated_and_counted() -> None:
    budget = Budget(HASTY)
    with serving(Script.load("recovering")) as server:
        settings = HASTY.model_copy(update={"outage_seconds": 60.0})
        client = client_of(server.url, settings, budget=budget, sleep=no_pause)
        answer = await client.ask(question())
        await client.close()
    assert answer.text == "At last." and answer.tries == 4
    assert budget.calls == 4 and budget.failures == 3


async def test_a_busy_server_is_given_the_time_that_it_asks_for() -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    script = Script((Turn("status", status=429, retry_after=17.0), Turn(text="Now.")))
    with serving(script) as server:
        client = client_of(server.url, HASTY.model_copy(update={"outage_seconds": 60.0}), sleep=sleep)
        assert (await client.ask(question())).text == "Now."
        await client.close()
    assert waited == [17.0]


async def test_pauses_grow_and_are_drawn() -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    script = Script((Turn("status", status=500, times=4), Turn(text="Yes.")))
    with serving(script) as server:
        settings = HASTY.model_copy(update={"outage_seconds": 60.0})
        client = client_of(server.url, settings, sleep=sleep, jitter=lambda: 0.0)
        await client.ask(question())
        await client.close()
    assert waited == [0.25, 0.5, 1.0, 2.0]


@pytest.mark.parametrize(("scenario", "model"), [("stranger", "scripted-7b"), ("good", "unheard-of")])
async def test_what_no_repetition_mends_is_not_repeated(scenario: str, model: str) -> None:
    with serving(Script.load(scenario)) as server:
        client = client_of(server.url, model=model)
        with pytest.raises(ModelRefusedError) as caught:
            await client.ask(question())
        await client.close()
    assert len(server.chats) == 1 and KEY not in caught.value.message


async def test_a_server_that_is_gone_is_said_to_be_away() -> None:
    with serving(Script.load("vanishing")) as server:
        client = client_of(server.url)
        await client.ask(question())
        async with asyncio.timeout(20):
            with pytest.raises(ModelOfflineError):
                await client.ask(question())
        await client.close()


async def test_waking_up_cuts_every_answer_and_starts_none() -> None:
    streams = Streams()
    patient = HASTY.model_copy(update={"first_token_seconds": 60.0, "answer_seconds": 60.0})
    with serving(Script.load("silent")) as server:
        client = client_of(server.url, patient, streams=streams)
        asking = asyncio.ensure_future(client.ask(question()))
        await until(lambda: bool(server.chats))
        cut = time.monotonic()
        await asyncio.to_thread(streams.abort_all)  # the wake path is another thread
        with pytest.raises(InterruptedByWakeError):
            await asking
        assert await eof(server) - cut < 2.0  # the promise of the whole wake path; the bench has the true figure
        with pytest.raises(InterruptedByWakeError):
            await client.ask(question())
        assert len(server.chats) == 1 and len(streams) == 0
        streams.allow()
        await client.close()


@pytest.mark.parametrize("script", ["silent", "stalled"])
async def test_an_answer_is_cut_while_the_event_loop_stands_still(script: str) -> None:
    streams = Streams()
    patient = HASTY.model_copy(update={"first_token_seconds": 60.0, "between_tokens_seconds": 60.0})
    patient = patient.model_copy(update={"answer_seconds": 60.0})
    with serving(Script.load(script)) as server:
        client = client_of(server.url, patient, streams=streams)
        asking = asyncio.ensure_future(client.ask(question()))
        await until(lambda: bool(server.chats) and (script == "silent" or server.chats[0].pieces > 0))
        threading.Thread(target=streams.abort_all).start()
        given_up = time.monotonic() + 20
        while server.chats[0].eof is None:  # in one step of the loop, which gets to nothing else
            assert time.monotonic() < given_up, "the server still thinks that somebody listens"
            time.sleep(0.001)  # noqa: ASYNC251
        with pytest.raises(InterruptedByWakeError):
            await asking
        streams.allow()
        again = asyncio.ensure_future(client.ask(question()))  # over a new connection
        await until(lambda: len(server.chats) == 2)
        again.cancel()
        await client.close()


async def test_cancelling_the_caller_hangs_up_as_well() -> None:
    patient = HASTY.model_copy(update={"first_token_seconds": 60.0, "answer_seconds": 60.0})
    with serving(Script.load("stalled")) as server:
        client = client_of(server.url, patient)
        asking = asyncio.ensure_future(client.ask(question()))
        await until(lambda: bool(server.chats))
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await eof(server)
        await client.close()


async def test_structured_output_where_it_is_offered_and_plain_where_it_is_not() -> None:
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
    for structured, kinds in ((("json_schema",), ["json_schema"]), (("json_object",), ["json_schema", "json_object"])):
        with serving(Script((Turn(text='{"ok": true}'),), structured=structured)) as server:
            client = client_of(server.url)
            for _ in range(2):
                await client.ask(question(answer_schema=schema))
            await client.close()
        asked = [call.body["response_format"]["type"] for call in server.chats]
        assert asked == [*kinds, kinds[-1]], "what was refused once is not asked for again"
    with serving(Script.load("plain")) as server:
        client = client_of(server.url)
        await client.ask(question(answer_schema=schema))
        await client.close()
    assert "response_format" not in server.chats[-1].body


async def test_calls_at_the_same_time_are_limited() -> None:
    patient = ModelSettings(parallel=2)
    script = Script((Turn(text="x" * 100, pieces_per_second=50),))
    with serving(script) as server:
        client = client_of(server.url, patient)
        asking = [asyncio.ensure_future(client.ask(question())) for _ in range(6)]
        most = 0
        while not all(one.done() for one in asking):
            most = max(most, sum(not call.finished and call.eof is None for call in server.chats))
            await asyncio.sleep(0.002)
        await client.close()
    assert most == 2 and len(server.chats) == 6


async def test_the_nights_budget_of_calls_tokens_and_money() -> None:
    few = HASTY.model_copy(update={"calls": 2})
    tokens = HASTY.model_copy(update={"tokens": 1000, "prices": ()})
    money = HASTY.model_copy(update={"cost": 0.5, "prices": ("scripted-* 1000 1000000",)})
    for settings, allowed in ((few, 2), (money, 1)):
        budget = Budget(settings)
        with serving(Script.load("good")) as server:
            client = client_of(server.url, settings, budget=budget)
            for _ in range(allowed):
                await client.ask(question())
            with pytest.raises(BudgetSpentError):
                await client.ask(question())
            await client.close()
        assert len(server.chats) == allowed and not budget.left
    budget = Budget(tokens)
    budget.spend("any", 900, 100, 1.0, failed=False)
    assert not budget.left and budget.cost == 0.0
