"""Local model servers as far as loading goes: what holds memory, and what lets go of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Kind = Literal["ollama", "llama.cpp", "lm studio", "other"]


class Server:
    """One server.

    Attributes:
        loaded: Models that hold memory.
        asked: Every unload call, as it came.
        deaf: It takes the call and lets go of nothing.
        looks: Looks that still see an unloaded model, as memory is not free at once.
        shown: Authorization headers that it was shown.
    """

    def __init__(self, kind: Kind, loaded: list[str]) -> None:
        self.kind = kind
        self.loaded = loaded
        self.asked: list[Any] = []
        self.deaf = False
        self.looks = 0
        self.shown: set[str | None] = set()
        self._leaving: list[str] = []
        self.url = ""

    def get(self, path: str) -> Any:
        if self._leaving:
            self.looks -= 1
            if self.looks < 0:
                self.loaded = [name for name in self.loaded if name not in self._leaving]
                self._leaving = []
        match self.kind, path:
            case "ollama", "/api/ps":
                return {"models": [{"name": name, "model": name, "size_vram": 1} for name in self.loaded]}
            case "llama.cpp", "/models":
                known = {"unused": "unloaded"} | dict.fromkeys(self.loaded, "loaded")
                return {"data": [{"id": name, "status": {"value": value}} for name, value in known.items()]}
            case "lm studio", "/api/v1/models":
                there = [{"key": name, "loaded_instances": [{"id": f"{name}:1"}]} for name in self.loaded]
                return {"models": [*there, {"key": "unused", "loaded_instances": []}]}
            case "other", "/models":
                return {"data": [{"id": "m"}]}
        return None

    def post(self, path: str, body: Any) -> bool:
        paths = {"ollama": "/api/generate", "llama.cpp": "/models/unload", "lm studio": "/api/v1/models/unload"}
        if path != paths.get(self.kind):
            return False
        self.asked.append(body)
        if not self.deaf:
            self._leaving.append(str(body.get("model") or body.get("instance_id")).removesuffix(":1"))
        return True


@contextmanager
def native(kind: Kind, *loaded: str) -> Iterator[Server]:
    """A running server."""
    server = Server(kind, list(loaded))

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.shown.add(self.headers["Authorization"])
            found = server.get(self.path)
            self._say(200 if found is not None else 404, found)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._say(200 if server.post(self.path, body) else 404, {})

        def _say(self, status: int, document: Any) -> None:
            text = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None: ...

    http = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.url = f"http://127.0.0.1:{http.server_port}/v1"
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
