"""The first byte of a request gives the computer back."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.api import server
from dreamer_app.api.first_bytes import needs_the_computer
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import SuspendReason
from dreamer_app.service.running import RunningDreamer
from tests.api.fakes import World, api_world


class Alarm:
    """Hears of waking, on whatever thread it comes."""

    def __init__(self) -> None:
        self.rung = threading.Event()
        self.threads: list[int] = []
        self.reasons: list[SuspendReason] = []

    def __call__(self, reason: SuspendReason) -> None:
        self.threads.append(threading.get_ident())
        self.reasons.append(reason)
        self.rung.set()

    async def rings(self) -> bool:
        return await asyncio.to_thread(self.rung.wait, 20)


async def test_one_byte_is_enough_and_the_programs_thread_is_not_needed(paths: DataPaths) -> None:
    alarm = Alarm()
    async with api_world(paths, wake=alarm) as world:
        with world.connect() as line:
            line.sendall(b"P")
            assert alarm.rung.wait(20)  # the program's own loop stands still meanwhile
    assert alarm.reasons == [SuspendReason.API_REQUEST] and alarm.threads != [threading.get_ident()]


async def test_an_api_at_rest_answers_and_wakes_with_its_first_request(paths: DataPaths) -> None:
    alarm = Alarm()
    async with api_world(paths, roused=False, wake=alarm):
        running = RunningDreamer.find(paths)
        assert running is not None
        await asyncio.to_thread(running.touch)
        assert await alarm.rings()
        assert await asyncio.to_thread(running.status)
    async with api_world(paths, roused=False):
        assert RunningDreamer.find(paths) is not None  # somebody who says nothing; and it ends all the same
    assert RunningDreamer.find(paths) is None


@pytest.mark.parametrize("own", [False, True])
async def test_the_first_byte_wakes_before_the_web_server_is_even_imported(
    paths: DataPaths, monkeypatch: pytest.MonkeyPatch, own: bool
) -> None:
    alarm, imported, importing = Alarm(), threading.Event(), server._serve

    def slowly() -> object:
        assert imported.wait(20)
        return importing()

    monkeypatch.setattr(server, "_serve", slowly)
    async with api_world(paths, wake=alarm) as world:
        with world.connect() as looking, world.connect_unix() if own else world.connect() as line:
            looking.sendall(b"GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n")
            line.sendall(b"GET /")
            line.sendall(b"energy HTTP/1.1\r\nHost: localhost\r\n")
            assert await alarm.rings()
            imported.set()
            line.sendall(f"Authorization: Bearer {world.token.read()}\r\n\r\n".encode())
            assert (await asyncio.to_thread(line.recv, 15)).startswith(b"HTTP/1.1 200")
            assert (await asyncio.to_thread(looking.recv, 15)).startswith(b"HTTP/1.1 401")
    assert len(alarm.reasons) == 1, "one request wakes once"


async def test_looking_is_not_waking_and_is_told_as_soon_as_it_differs(paths: DataPaths) -> None:
    alarm = Alarm()
    async with api_world(paths, wake=alarm) as world:
        for path in ("/status", "/metrics", "/status?pretty=1"):
            await world.ask("GET", path)
        with world.connect() as line:
            line.sendall(b"GET /stat")
            await world.ask("GET", "/status")
            assert not alarm.rung.is_set()
            line.sendall(b"e")
            assert await alarm.rings()
    assert len(alarm.reasons) == 1


async def test_a_request_without_the_token_wakes_as_well(paths: DataPaths) -> None:
    alarm = Alarm()
    async with api_world(paths, wake=alarm) as world:
        assert (await world.ask("POST", "/now", headers={"Authorization": ""}))[0] == 401
    assert len(alarm.reasons) == 1


async def test_every_request_of_a_connection_wakes_once_pipelined_ones_too(world: World) -> None:
    request = f"GET /energy HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {world.token.read()}\r\n\r\n".encode()
    look = request.replace(b"/energy", b"/status")

    def talk(line: socket.socket, words: bytes, answers: int) -> None:
        line.sendall(words)
        seen = b""
        while seen.count(b"HTTP/1.1 200") < answers:
            seen += line.recv(65536)

    with world.connect() as line:
        await asyncio.to_thread(talk, line, request, 1)
        await asyncio.to_thread(talk, line, request, 1)
        assert len(world.woken) == 2
        await asyncio.to_thread(talk, line, look + request + look + request, 4)
    assert len(world.woken) == 4


async def test_the_owners_command_line_may_steer_without_waking_first(world: World) -> None:
    running = RunningDreamer.expect(world.paths)
    for verb in (running.now, running.finish, running.resume, running.status, running.show):
        await asyncio.to_thread(verb)
    await asyncio.to_thread(lambda: running.keep_dreaming(on=True))
    assert world.woken == []
    for verb in (running.stop, running.pause, running.quit):
        await asyncio.to_thread(verb)
    assert len(world.woken) == 3


async def test_a_wake_that_fails_does_not_cost_the_request(paths: DataPaths) -> None:
    def broken(reason: SuspendReason) -> None:
        raise OSError("the brake is gone")

    async with api_world(paths, wake=broken) as world:
        assert (await world.ask("GET", "/energy"))[0] == 200


@pytest.mark.parametrize(
    ("beginning", "own", "expected"),
    [
        (b"", False, None),
        (b"GET /status", False, None),
        (b"GET /status ", False, False),
        (b"GET /status?a", False, False),
        (b"GET /status/", False, True),
        (b"GET /statusx", False, True),
        (b"HEAD /status ", False, True),
        (b"POST /now ", False, True),
        (b"POST /now ", True, False),
        (b"POST /n", True, None),
        (b"POST /stop ", True, True),
        (b"get /status ", False, True),
        (b"\n", True, True),
    ],
)
def test_what_needs_the_computer(beginning: bytes, own: bool, expected: bool | None) -> None:
    assert needs_the_computer(beginning, own=own) is expected


@given(st.binary(max_size=40), st.booleans())
def test_a_verdict_never_changes_with_more_bytes(request: bytes, own: bool) -> None:
    verdicts = [needs_the_computer(request[:n], own=own) for n in range(len(request) + 1)]
    told = [verdict for verdict in verdicts if verdict is not None]
    assert told in ([], [told[0]] * len(told) if told else [])
    assert verdicts[: len(verdicts) - len(told)] == [None] * (len(verdicts) - len(told))
