"""What goes through the gateway and what does not, with a real socket on both sides."""

from __future__ import annotations

import asyncio
import logging

import openai
import pytest

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import ApiSettings
from dreamer_app.core.states import DreamerState, SuspendReason
from tests.api.fakes import World, api_world, free_port
from tests.api.upstream import Visit, upstream

OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'
STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


async def says_ok(visit: Visit) -> None:
    await visit.body()
    await visit.say(OK)


def event(text: str) -> str:
    return (
        'data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":'
        f'[{{"index":0,"delta":{{"content":"{text}"}},"finish_reason":null}}]}}\n\n'
    )


async def test_openais_own_client_streams_through_it_piece_by_piece(paths: DataPaths) -> None:
    go_on = asyncio.Event()

    async def script(visit: Visit) -> None:
        assert b'"stream":true' in (await visit.body()).replace(b" ", b"")
        await visit.say(STREAM)
        await visit.chunk(event("first"))
        await go_on.wait()  # the client must have the first piece by now
        await visit.chunk(event("second"))
        await visit.chunk("data: [DONE]\n\n")
        await visit.say("0\r\n\r\n")

    async with upstream(script) as server, api_world(paths, upstream=server.url) as world:
        client = openai.AsyncOpenAI(base_url=f"http://127.0.0.1:{world.port}/v1", api_key=world.token.read())
        heard = []
        async with client:
            messages = [{"role": "user", "content": "hello"}]
            async for piece in await client.chat.completions.create(model="m", messages=messages, stream=True):  # type: ignore[arg-type]
                heard.append(piece.choices[0].delta.content)
                go_on.set()
    assert heard == ["first", "second"]
    assert server.visits[0].line == "POST /v1/chat/completions HTTP/1.1"


async def test_dreaming_has_stopped_before_the_request_is_forwarded(paths: DataPaths) -> None:
    state_then: list[DreamerState] = []

    async def script(visit: Visit) -> None:
        state_then.append(world.resident.snapshot.state)
        await says_ok(visit)

    async with upstream(script) as server, api_world(paths, upstream=server.url) as world:
        world.resident.become(DreamerState.DREAMING)
        assert await world.ask("POST", "/v1/chat/completions", {}) == (200, {"ok": True})
        assert world.resident.asked == [("wake", SuspendReason.API_REQUEST)]
    assert state_then == [DreamerState.AWAKE]
    assert world.woken == [SuspendReason.API_REQUEST] * 2  # with the first byte, and once more when it is over


async def test_a_program_that_hangs_does_not_keep_the_request_back(
    paths: DataPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dreamer_app.api.gateway.STOPPED_SECONDS", 0.1)
    async with upstream(says_ok) as server, api_world(paths, upstream=server.url) as world:
        world.resident.become(DreamerState.DREAMING)
        world.resident.gate = asyncio.Event()
        assert (await world.ask("POST", "/v1/embeddings", {}))[0] == 200
        world.resident.gate.set()


async def test_a_long_answer_keeps_it_awake(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dreamer_app.api.gateway.AWAKE_AGAIN_SECONDS", 0.01)

    async def script(visit: Visit) -> None:
        while len(world.woken) < 5:  # noqa: ASYNC110 - it is another thread that wakes
            await asyncio.sleep(0.005)
        await says_ok(visit)

    async with upstream(script) as server, api_world(paths, upstream=server.url) as world:
        assert (await world.ask("POST", "/v1/embeddings", {}))[0] == 200


async def test_headers_of_one_connection_and_our_token_stay_here(
    paths: DataPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DREAMER_API_KEY", "sk-upstream")

    async def script(visit: Visit) -> None:
        await visit.say(
            "HTTP/1.1 418 Teapot\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
            "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Model: m\r\nContent-Length: 2\r\n\r\nno"
        )

    async with upstream(script) as server, api_world(paths, upstream=server.url) as world:
        headers = f"Authorization: Bearer {world.token.read()}\r\nCookie: secret\r\nX-Mine: yes\r\n"
        request = (
            f"GET /v1/models?limit=2&q=%20x HTTP/1.1\r\nHost: localhost\r\n{headers}"
            "Connection: X-Drop, close\r\nX-Drop: 1\r\nTE: trailers\r\n\r\n"
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
        writer.write(request.encode())
        answer = (await reader.read()).decode()
        writer.close()
    seen = dict(server.visits[0].headers)
    assert server.visits[0].line == "GET /v1/models?limit=2&q=%20x HTTP/1.1"
    assert seen == {
        "host": server.url.split("/")[2],
        "authorization": "Bearer sk-upstream",
        "x-mine": "yes",
    }
    head, _, body = answer.partition("\r\n\r\n")
    assert head.startswith("HTTP/1.1 418 ") and body == "no"
    assert "x-model: m" in head and "set-cookie: a=1" in head and "set-cookie: b=2" in head
    assert "x-hop" not in head and "keep-alive" not in head


async def test_a_client_that_leaves_ends_the_work_upstream(paths: DataPaths) -> None:
    began, gone = asyncio.Event(), asyncio.Event()

    async def script(visit: Visit) -> None:
        await visit.body()
        began.set()  # it says nothing, as a server that reads a long prompt
        await visit.reader.read()
        gone.set()

    async with upstream(script) as server, api_world(paths, upstream=server.url) as world:
        for body in ("", "{}"):
            writer = await send(world, f"POST /v1/completions HTTP/1.1\r\nContent-Length: {len(body)}", body)
            await began.wait()
            writer.close()
            async with asyncio.timeout(20):
                await gone.wait()
            began.clear(), gone.clear()


async def test_a_client_that_leaves_in_the_middle_of_an_answer_ends_it_too(paths: DataPaths) -> None:
    async def script(visit: Visit) -> None:
        await visit.say(STREAM)
        while True:
            await visit.chunk("x" * 1000)
            await asyncio.sleep(0)

    async with upstream(script) as server, api_world(paths, upstream=server.url) as world:
        writer = await send(world, "GET /v1/stream HTTP/1.1")
        while not server.visits:  # noqa: ASYNC110 - the gateway lives on another thread
            await asyncio.sleep(0.001)
        writer.close()
        async with asyncio.timeout(20):
            await server.gone.wait()


async def test_who_does_not_read_slows_the_model_server_down(paths: DataPaths) -> None:
    sent = 0
    stalled = asyncio.Event()

    async def script(visit: Visit) -> None:
        nonlocal sent
        await visit.say(STREAM)
        while True:
            try:
                async with asyncio.timeout(0.5):
                    await visit.chunk("x" * 65536)
            except TimeoutError:
                stalled.set()
                return
            sent += 65536

    async with upstream(script) as server, api_world(paths, upstream=server.url) as world:
        writer = await send(world, "GET /v1/stream HTTP/1.1")
        async with asyncio.timeout(20):
            await stalled.wait()
        writer.close()
    assert sent < 32 * 2**20  # what the kernel's buffers and ours hold; without back-pressure it would never stall


@pytest.mark.parametrize("begins", ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "nonsense\r\n\r\n"])
async def test_a_server_that_breaks_off_is_told_apart_from_one_that_ends(paths: DataPaths, begins: str) -> None:
    async def script(visit: Visit) -> None:
        await visit.say(begins)

    async with upstream(script) as server, api_world(paths, upstream=server.url) as world:
        reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
        head = f"Host: localhost\r\nAuthorization: Bearer {world.token.read()}\r\nConnection: close\r\n\r\n"
        writer.write(f"GET /v1/models HTTP/1.1\r\n{head}".encode())
        try:
            answer = (await reader.read()).decode()
        except ConnectionError:
            answer = ""
        writer.close()
    if "half" in begins:
        assert len(answer.partition("\r\n\r\n")[2]) < 100
    else:
        assert " 502 " in answer and "The model server does not answer" in answer


async def test_without_a_server_the_answer_says_so_and_what_to_do(paths: DataPaths) -> None:
    async with api_world(paths, upstream=f"http://127.0.0.1:{free_port()}/v1") as world:
        status, answer = await world.ask("POST", "/v1/chat/completions", {})
    assert status == 502 and "api.upstream" in answer["error"]["hint"]


async def test_errors_of_the_server_come_through_as_they_are(paths: DataPaths) -> None:
    async def script(visit: Visit) -> None:
        await visit.body()
        await visit.say(
            'HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"no": 1}'
        )

    async with upstream(script) as server, api_world(paths, upstream=server.url) as world:
        assert await world.ask("POST", "/v1/chat/completions", {"model": "x"}) == (404, {"no": 1})


async def test_large_bodies_go_through_in_pieces(paths: DataPaths) -> None:
    got: list[int] = []

    async def script(visit: Visit) -> None:
        got.append(len(await visit.body()))
        await visit.say(OK)

    async with upstream(script) as server, api_world(paths, upstream=server.url) as world:
        big = "y" * (3 * 2**20)
        status, _ = await world.ask("POST", "/v1/chat/completions", big)
        writer = await send(world, "POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked")
        writer.write(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")
        while len(got) < 2:  # noqa: ASYNC110 - the gateway lives on another thread
            await asyncio.sleep(0.001)
        writer.close()
    assert status == 200 and got == [len(big) + 2, 11]


@pytest.mark.parametrize("path", ["/v1/../stop", "/v1/%2e%2e/api/tags", "/v1/a/..%2f..%2fadmin"])
async def test_nothing_beside_v1_can_be_reached(paths: DataPaths, path: str) -> None:
    async with upstream(says_ok) as server, api_world(paths, upstream=server.url) as world:
        status, _ = await world.ask("GET", path)
    assert status == 404 and server.visits == []


async def test_it_needs_the_token_and_can_be_switched_off(paths: DataPaths) -> None:
    async with upstream(says_ok) as server:
        async with api_world(paths, upstream=server.url) as world:
            assert (await world.ask("POST", "/v1/chat/completions", {}, {"Authorization": "Bearer no"}))[0] == 401
        settings = ApiSettings(gateway=False, port=free_port())
        async with api_world(paths, upstream=server.url, settings=settings) as world:
            assert (await world.ask("POST", "/v1/chat/completions", {}))[0] == 404
    assert server.visits == []


async def test_nothing_that_goes_through_is_logged(
    paths: DataPaths, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DREAMER_API_KEY", "sk-upstream-secret")
    caplog.set_level(logging.DEBUG)
    async with upstream(says_ok) as server, api_world(paths, upstream=server.url) as world:
        await world.ask("POST", "/v1/chat/completions", {"prompt": "my dearest secret"})
        token = world.token.read()
    assert server.visits and caplog.records
    for secret in ("sk-upstream-secret", "my dearest secret", token):
        assert secret not in caplog.text


async def send(world: World, head: str, body: str = "") -> asyncio.StreamWriter:
    """Begin a request and do not read the answer."""
    _, writer = await asyncio.open_connection("127.0.0.1", world.port)
    writer.write(f"{head}\r\nHost: localhost\r\nAuthorization: Bearer {world.token.read()}\r\n\r\n{body}".encode())
    return writer
