"""Finding an engine, saying why there is none, and running one container to its end."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.docker.engine import Engine, _read_stdout, candidates
from dreamer_app.sandbox.docker.image import ImageProvider
from dreamer_app.sandbox.docker.limits import container, one_off


@pytest.fixture
def engine() -> Iterator[Engine]:
    connected = Engine.connect()
    yield connected
    connected.close()


def test_an_address_that_was_set_is_the_only_one(tmp_path: Path) -> None:
    found = list(candidates({"DOCKER_HOST": f"unix://{tmp_path}/own.sock", "HOME": str(tmp_path)}))
    assert [options["base_url"] for options in found] == [f"unix://{tmp_path}/own.sock"]


def test_sockets_of_rootless_and_desktop_engines_are_tried(tmp_path: Path) -> None:
    for name in ("run/docker.sock", ".docker/desktop/docker.sock"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    found = [
        options["base_url"] for options in candidates({"HOME": str(tmp_path), "XDG_RUNTIME_DIR": f"{tmp_path}/run"})
    ]
    assert f"unix://{tmp_path}/run/docker.sock" in found
    assert f"unix://{tmp_path}/.docker/desktop/docker.sock" in found


def test_no_engine_says_which_address_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InfrastructureError) as caught:
        Engine.connect({"DOCKER_HOST": f"unix://{tmp_path}/gone.sock"})
    assert f"{tmp_path}/gone.sock" in caught.value.message
    assert "docker" in caught.value.hint.lower()


def serve(path: Path, answer: bytes) -> socket.socket:
    """An engine that gives every caller the same answer."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def loop() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                if connection.recv(65_536):
                    connection.sendall(answer)

    threading.Thread(target=loop, daemon=True).start()
    return listener


def test_an_engine_that_is_too_old_is_not_used(tmp_path: Path) -> None:
    body = json.dumps({"ApiVersion": "1.30", "Version": "17.06"}).encode()
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with serve(tmp_path / "old.sock", head.encode() + body), pytest.raises(InfrastructureError) as caught:
        Engine.connect({"DOCKER_HOST": f"unix://{tmp_path}/old.sock"})
    assert "1.30" in caught.value.message
    assert "19.03" in caught.value.hint


def frame(stream: int, content: bytes) -> bytes:
    return struct.pack(">BxxxL", stream, len(content)) + content


def test_output_is_put_together_from_any_pieces() -> None:
    ours, theirs = socket.socketpair()
    whole = frame(1, b"one ") + frame(2, b"noise") + frame(1, b"two")
    with ours, theirs:
        for byte in whole:
            theirs.sendall(bytes([byte]))
        theirs.shutdown(socket.SHUT_WR)
        assert _read_stdout(ours, 100, time.monotonic() + 30) == b"one two"


def test_output_above_the_limit_is_dropped() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(frame(1, b"x" * 50) + frame(1, b"y" * 50))
        theirs.shutdown(socket.SHUT_WR)
        assert _read_stdout(ours, 60, time.monotonic() + 30) == b"x" * 50 + b"y" * 10


def test_a_silent_container_runs_into_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(TimeoutError):
        _read_stdout(ours, 60, time.monotonic() + 0.05)


@pytest.mark.docker
def test_the_engine_knows_itself(engine: Engine) -> None:
    facts = engine.facts()
    assert facts.version
    assert facts.cgroup_driver in ("cgroupfs", "systemd")
    assert facts.architecture == os.uname().machine


def one(engine: Engine, tmp_path: Path, image: str, code: str) -> dict[str, object]:
    command = ["python3", "-I", "-S", "-c", code]
    workers = Settings().workers
    return one_off(container(image=image, command=command, binds={}, parent="", workers=workers, labels={}))


@pytest.mark.docker
async def test_a_container_runs_to_its_end_and_is_gone(engine: Engine, workplace_image: str, tmp_path: Path) -> None:
    name = f"dreamer-inspector-test-{os.getpid()}"
    body = one(engine, tmp_path, workplace_image, "print('seen'); raise SystemExit(3)")
    assert engine.run_once(body, name, 60) == (3, b"seen\n")
    assert not engine.api.containers(all=True, filters={"name": name})


@pytest.mark.docker
async def test_a_container_that_never_ends_is_killed(engine: Engine, workplace_image: str, tmp_path: Path) -> None:
    name = f"dreamer-inspector-test-{os.getpid()}"
    body = one(engine, tmp_path, workplace_image, "import time; time.sleep(600)")
    with pytest.raises(InfrastructureError, match="too long"):
        engine.run_once(body, name, 1.0)
    assert not engine.api.containers(all=True, filters={"name": name})


@pytest.fixture
async def workplace_image(engine: Engine, tmp_path: Path) -> str:
    from dreamer_app.core.paths import DataPaths

    paths = DataPaths(tmp_path)
    paths.create()
    return (await ImageProvider(Settings(), paths, engine).ensure()).id
