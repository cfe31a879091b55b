"""A package index on this machine, for tests that download."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.oracle.archives import digest


class PackageIndex:
    """Serves the archives of a folder.

    Attributes:
        folder: Archives are put here.
        requested: Paths that were asked for.
        extra: Fields to overwrite by file name, e.g. a wrong digest.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.requested: list[str] = []
        self.extra: dict[str, dict[str, object]] = {}
        self.address = ""

    def page(self, project: str) -> bytes | None:
        """The project's page in JSON, None when there is no such project."""
        files = sorted(file for file in self.folder.iterdir() if file.name.replace("_", "-").startswith(project + "-"))
        if not files:
            return None
        rows = [
            {
                "filename": file.name,
                "url": f"{self.address}/files/{file.name}",
                "hashes": {"sha256": digest(file)},
                **self.extra.get(file.name, {}),
            }
            for file in files
        ]
        return json.dumps({"meta": {"api-version": "1.0"}, "name": project, "files": rows}).encode()


@contextmanager
def serving(folder: Path) -> Iterator[PackageIndex]:
    """Serve a folder until the block ends."""
    index = PackageIndex(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            index.requested.append(self.path)
            parts = self.path.strip("/").split("/")
            if parts[0] == "files":
                body: bytes | None = (folder / parts[1]).read_bytes()
                kind = "application/octet-stream"
            else:
                body = index.page(parts[-1])
                kind = "application/vnd.pypi.simple.v1+json"
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    index.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
