"""Everything that somebody on the same computer may try against the API."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from dreamer_app.api.door import LARGEST_BODY
from dreamer_app.api.listening import Seats, open_loopback, open_unix, socket_path
from dreamer_app.core.errors import InfrastructureError, UsageError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import ApiSettings
from dreamer_app.core.states import SuspendReason
from dreamer_app.service.running import RunningDreamer
from tests.api.fakes import World, api_world, free_port


@pytest.mark.parametrize("shown", ["", "Bearer wrong", "Basic {token}", "Bearer", "Bearer {token}x", "{token}"])
async def test_without_the_token_nobody_is_let_in(world: World, shown: str) -> None:
    headers = {"Authorization": shown.format(token=world.token.read())}
    for method, path in (("GET", "/status"), ("POST", "/now"), ("GET", "/openapi.json"), ("POST", "/quit")):
        status, answer = await world.ask(method, path, headers=headers)
        assert status == 401 and answer["error"]["title"] == "Not let in"
    assert world.resident.asked == []


async def test_a_rotated_token_is_in_force_at_once(world: World) -> None:
    old = world.token.read()
    new = world.token.rotate()
    assert new != old and rights(world.paths.api_token) == 0o600
    assert (await world.ask("GET", "/status", headers={"Authorization": f"Bearer {old}"}))[0] == 401
    assert (await world.ask("GET", "/status", headers={"Authorization": f"bearer {new}"}))[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost:1", "a@localhost", "[::1", "10.0.0.1", "localhost:x"]
)
async def test_a_foreign_host_is_refused(world: World, host: str) -> None:
    """A web page whose name was bound to 127.0.0.1 after it had loaded (DNS rebinding)."""
    status, _ = await world.ask("POST", "/now", headers={"Host": host})
    assert status == 421 and world.resident.asked == []


async def test_our_own_names_are_let_in(world: World) -> None:
    for host in (f"127.0.0.1:{world.port}", f"localhost:{world.port}", f"[::1]:{world.port}", "LOCALHOST"):
        assert (await world.ask("GET", "/status", headers={"Host": host}))[0] == 200, host


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1", "file://"])
async def test_a_foreign_origin_is_refused(world: World, origin: str) -> None:
    status, _ = await world.ask("POST", "/now", headers={"Origin": origin})
    assert status == 403 and world.resident.asked == []
    assert (await world.ask("GET", "/status", headers={"Origin": f"http://localhost:{world.port}"}))[0] == 200


async def test_an_oversized_body_is_refused_before_it_is_read(world: World) -> None:
    head = (
        f"POST /pause HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {world.token.read()}\r\n"
        f"Content-Type: application/json\r\n"
    )
    declared = f"{head}Content-Length: {LARGEST_BODY + 1}\r\n\r\n".encode()
    assert b" 413 " in await asyncio.to_thread(talk, world.connect(), declared)
    piece = b"40000\r\n" + b" " * 0x40000 + b"\r\n"
    chunked = f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + piece * 5
    assert b" 413 " in await asyncio.to_thread(talk, world.connect(), chunked)
    assert world.resident.asked == []


@pytest.mark.parametrize(
    "bytes_",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET  /status HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /now HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /now HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /now HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc",
        b"GET /status HTTP/1.1\r\nBad Header: x\r\n\r\n",
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
async def test_malformed_http_is_refused_and_harms_nobody(world: World, bytes_: bytes) -> None:
    answer = await asyncio.to_thread(talk, world.connect(), bytes_, once=True)
    assert answer.split(b"\r\n")[0].split(b" ")[1] in (b"400", b"401", b"421")
    assert (await world.ask("GET", "/status"))[0] == 200
    assert world.resident.asked == []


async def test_who_sends_headers_slowly_is_shown_out(paths: DataPaths) -> None:
    async with api_world(paths, head_seconds=0.2) as world:
        lines = [world.connect() for _ in range(5)]
        for number, line in enumerate(lines):
            line.sendall(b"GET /status HTTP/1.1\r\nHost: lo"[: number * 8])
        ends = [await asyncio.to_thread(talk, line, b"") for line in lines]
        assert ends[0] == b"" and all(end.startswith(b"HTTP/1.1 408 ") for end in ends[1:])


async def test_who_sends_a_body_slowly_is_shown_out(paths: DataPaths) -> None:
    async with api_world(paths, body_seconds=0.2) as world:
        head = f"POST /pause HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {world.token.read()}\r\n"
        head += "Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{"
        assert b" 408 " in await asyncio.to_thread(talk, world.connect(), head.encode())
        assert world.resident.asked == []


async def test_a_thousand_parallel_requests_are_all_answered(world: World) -> None:
    head = f"Host: localhost\r\nAuthorization: Bearer {world.token.read()}\r\nConnection: close\r\n\r\n"

    async def one(number: int) -> int:
        path = "/status" if number % 2 else "/energy"
        reader, writer = await asyncio.open_connection("127.0.0.1", world.port)
        writer.write(f"GET {path} HTTP/1.1\r\n{head}".encode())
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return int(answer.split(b" ")[1])

    found = await asyncio.gather(*(one(number) for number in range(1000)))
    assert set(found) == {200}
    assert world.woken == [SuspendReason.API_REQUEST] * 500


async def test_our_own_socket_answers_while_every_seat_on_loopback_is_taken(world: World) -> None:
    lines = [world.connect() for _ in range(200)]
    found = await asyncio.to_thread(RunningDreamer.expect(world.paths).status)
    assert found.pid == os.getpid()
    for line in lines:
        line.close()
    assert (await world.ask("GET", "/status"))[0] == 200


async def test_the_socket_is_its_owners_alone(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = paths.base / "run"
    runtime.mkdir()
    for place in (str(runtime), ""):
        monkeypatch.setenv("XDG_RUNTIME_DIR", place)
        async with api_world(paths) as world:
            file = world.server.address.socket
            assert rights(file) == rights(paths.address) == 0o600 and file.startswith(place or str(paths.base))
            if place:
                assert rights(Path(file).parent) == 0o700
            assert (await asyncio.to_thread(RunningDreamer.expect(paths).status)).base == str(paths.base)
        with pytest.raises(FileNotFoundError):
            rights(file)
        assert not paths.address.exists()


def test_a_long_base_folder_gets_its_socket_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    place = socket_path(DataPaths(tmp_path / ("long" * 30)))
    assert place.parent.parent == tmp_path and rights(place.parent) == 0o700


def test_somebody_elses_folder_or_link_is_not_used_for_the_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "dreamer").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with pytest.raises(InfrastructureError, match="not a folder of yours"):
        socket_path(DataPaths(tmp_path / "base"))


@pytest.mark.parametrize("kind", ["link", "dangling link", "file", "folder"])
def test_what_is_in_the_way_of_the_socket_is_neither_followed_nor_removed(tmp_path: Path, kind: str) -> None:
    place, victim = tmp_path / "x.sock", tmp_path / "victim"
    if kind == "link":
        victim.write_text("precious", encoding="utf-8")
    if "link" in kind:
        place.symlink_to(victim)
    elif kind == "file":
        place.write_text("precious", encoding="utf-8")
    else:
        place.mkdir()
    with pytest.raises(InfrastructureError, match="something else is there"):
        open_unix(place)
    assert place.is_symlink() == ("link" in kind) and (place.is_symlink() or place.exists())
    assert victim.exists() == (kind == "link")


async def test_a_dead_programs_socket_is_replaced(paths: DataPaths) -> None:
    place = socket_path(paths)
    script = (
        "import os, socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); "
        "os.kill(os.getpid(), 9)"
    )
    dead = await asyncio.create_subprocess_exec(sys.executable, "-c", script, str(place), stdout=subprocess.DEVNULL)
    await dead.wait()
    paths.address.write_text(json.dumps({"pid": 1, "socket": str(place), "port": None}), encoding="utf-8")
    assert place.is_socket() and RunningDreamer.find(paths) is None
    async with api_world(paths):
        assert (await asyncio.to_thread(RunningDreamer.expect(paths).status)).pid == os.getpid()


async def test_a_second_program_over_the_same_folder_is_refused_and_harms_the_first(world: World) -> None:
    with pytest.raises(UsageError, match="running already"):
        async with api_world(world.paths):
            pass
    assert (await asyncio.to_thread(RunningDreamer.expect(world.paths).status)).pid == os.getpid()
    assert (await world.ask("GET", "/status"))[0] == 200


async def test_a_taken_port_leaves_our_own_socket_and_a_reason(paths: DataPaths) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        async with api_world(paths, settings=ApiSettings(port=port)) as world:
            found = await asyncio.to_thread(RunningDreamer.expect(world.paths).status)
    assert found.url is None and str(port) in found.problem


async def test_answers_do_not_wait_for_more_to_say() -> None:
    """Nagle's algorithm and delayed acknowledgements together cost 40 ms a request."""
    made: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    class Probe(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            line = transport.get_extra_info("socket")
            made.set_result(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            transport.close()

    with open_loopback(free_port()) as listener, socket.create_connection(listener.getsockname()):
        accepting = asyncio.ensure_future(Seats(1).accept(listener, lambda *_: Probe()))
        assert await made == 1
        accepting.cancel()


async def test_switched_off_it_listens_on_our_own_socket_only(paths: DataPaths) -> None:
    async with api_world(paths, settings=ApiSettings(on=False)) as world:
        assert world.server.address.port is None
        found = await asyncio.to_thread(RunningDreamer.expect(paths).status)
    assert (found.url, found.problem) == (None, "")


def rights(file: str | Path) -> int:
    """Permission bits."""
    return os.lstat(file).st_mode & 0o777


def talk(line: socket.socket, words: bytes, *, once: bool = False) -> bytes:
    """Send, and read until the other side has had enough, or only what comes first."""
    answer = b""
    with line:
        try:
            line.sendall(words)
            while piece := line.recv(65536):
                answer += piece
                if once:
                    break
        except ConnectionError:
            pass
    return answer
