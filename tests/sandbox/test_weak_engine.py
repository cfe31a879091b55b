"""An engine that answers on a real socket and lacks a control, as Podman does: refused, with the reason."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.docker.open import open_sandbox

INFO = {
    "MemoryLimit": True,
    "PidsLimit": True,
    "CpuCfsQuota": True,
    "SecurityOptions": ["name=seccomp,profile=default"],
}
VERSION: dict[str, Any] = {"ApiVersion": "1.41", "Version": "28.0", "Components": []}


@contextmanager
def engine(folder: Path, info: Mapping[str, Any], version: Mapping[str, Any]) -> Iterator[str]:
    """Answers what an engine is asked before anything is made; the address it listens at."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = json.dumps(version if self.path.endswith("/version") else info).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            raise AssertionError(f"asked for {self.path}")

        def address_string(self) -> str:
            return "test"

        def log_message(self, *_words: Any) -> None: ...

    with socketserver.ThreadingUnixStreamServer(str(folder / "engine.sock"), Answers) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"unix://{folder / 'engine.sock'}"
        finally:
            server.shutdown()
            thread.join()
    assert asked


@pytest.mark.parametrize(
    ("info", "version", "words"),
    [
        ({"PidsLimit": False}, {}, "processes"),
        ({"SecurityOptions": []}, {}, "seccomp"),
        ({}, {"Components": [{"Name": "Podman Engine", "Version": "4.3.1"}]}, "Podman"),
    ],
)
async def test_it_is_refused_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, info: dict[str, Any], version: dict[str, Any], words: str
) -> None:
    with engine(tmp_path, {**INFO, **info}, {**VERSION, **version}) as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        with pytest.raises(InfrastructureError, match=words):
            await open_sandbox(Settings(), DataPaths(tmp_path / "base"))
