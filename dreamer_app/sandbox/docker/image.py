"""The worker image: present already, pulled by digest, assembled from packages, or made of this computer's Python.

The ladder is climbed downwards until a rung holds; each failure is kept for the message when none does. Interrupted
anywhere, the next try begins again: archives are written under another name first, and the engine loads whole images.
"""

from __future__ import annotations

import asyncio
import json
import platform
import queue
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from docker.errors import DockerException, ImageNotFound

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Listener, Progress, ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.docker.engine import Engine
from dreamer_app.sandbox.docker.limits import container
from dreamer_app.sandbox.environments import WorkerImage
from dreamer_app.sandbox.images import debian_image, host_image
from dreamer_app.sandbox.images.apt_sources import suites
from dreamer_app.sandbox.images.archive import RECIPE, RECIPE_LABEL, Entry, layer, write_archive

FIRST_ANSWER_SECONDS = 15.0
NO_PROGRESS_SECONDS = 60.0
"""A pull that is silent for this long is given up."""

PROBE_SECONDS = 60.0
_PROBE = """
import json, os, platform, sys
libc = os.confstr("CS_GNU_LIBC_VERSION").split()[-1]
print(json.dumps({"python": "%d.%d" % sys.version_info[:2], "libc": libc, "machine": platform.machine()}))
"""

Collector = Callable[[Callable[[str, int, int], None]], dict[str, Entry]]


class ImageProvider:
    """Finds or makes the worker image.

    Args:
        settings: The registry image, and limits for the container that looks into it.
        paths: Where archives and the record of the known image are.
        engine: Holds the image.
        listener: Told about progress.
    """

    def __init__(self, settings: Settings, paths: DataPaths, engine: Engine, listener: Listener = ignore) -> None:
        self._settings = settings
        self._paths = paths
        self._engine = engine
        self._listener = listener
        self._record = paths.images / "image.json"

    async def ensure(self) -> WorkerImage:
        """The image, by the highest rung that holds.

        Raises:
            InfrastructureError: None of them does; the message says why for each.
        """
        return await asyncio.to_thread(self._ensure)

    def present(self) -> str | None:
        """Identifier of an image that is there already; None when the engine has none or does not answer."""
        try:
            return self._known()
        except (DockerException, OSError):
            return None

    def _ensure(self) -> WorkerImage:
        reasons: list[str] = []
        for rung, attempt in self._rungs():
            try:
                identifier = attempt()
            except (InfrastructureError, DockerException, OSError) as error:
                text = error.message if isinstance(error, InfrastructureError) else str(error)
                reasons.append(f"{rung}: {' '.join(text.split())[:300]}")
                continue
            if identifier is None:
                continue
            image = self._examined(identifier, rung)
            self._remember(image)
            return image
        raise InfrastructureError(
            "There is no worker image", "; ".join(reasons), "Connect to a network once, or set another image.reference."
        )

    def _rungs(self) -> Iterator[tuple[str, Callable[[], str | None]]]:
        yield "known", self._known
        yield "registry", self._pulled
        yield "debian", lambda: self._assembled("debian", self._from_packages)
        yield "host", lambda: self._assembled("host", host_image.collect)

    def _known(self) -> str | None:
        """An image that this program made or pulled before."""
        candidates = [self._recorded(), self._settings.image.reference]
        for name in filter(None, candidates):
            try:
                return str(self._engine.api.inspect_image(name)["Id"])
            except ImageNotFound:
                continue
        labelled = self._engine.api.images(filters={"label": f"{RECIPE_LABEL}={RECIPE}"})
        labelled.sort(key=lambda image: (image["Labels"].get("org.dreamer.rung") != "debian", image["Id"]))
        return str(labelled[0]["Id"]) if labelled else None

    def _recorded(self) -> str | None:
        try:
            return str(json.loads(self._record.read_text(encoding="utf-8"))["id"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _remember(self, image: WorkerImage) -> None:
        partial = self._record.with_name(".image.json.partial")
        partial.write_text(image.model_dump_json(), encoding="utf-8")
        partial.rename(self._record)

    def _pulled(self) -> str | None:
        """Pull by digest; the engine itself checks what it gets against it."""
        reference = self._settings.image.reference
        if not reference:
            return None
        if "@sha256:" not in reference:
            raise InfrastructureError("The image is not pinned", f"{reference} has no digest", "Add @sha256:...")
        self._tell("ask a registry", 0, None)
        layers: set[str] = set()
        for line in _patiently(lambda: self._engine.api.pull(reference, stream=True, decode=True)):
            if "error" in line:
                raise InfrastructureError("The image cannot be pulled", str(line["error"]))
            layers.add(str(line.get("id", "")))
            self._tell(f"pull: {line.get('status', '')}", len(layers), None)
        return str(self._engine.api.inspect_image(reference)["Id"])

    def _assembled(self, rung: str, collect: Collector) -> str:
        archive = self._paths.images / f"{rung}.tar"
        archive.parent.mkdir(parents=True, exist_ok=True)
        entries = collect(self._tell)
        self._tell("pack", 0, None)
        tag = write_archive(archive, layer(entries), platform.machine(), rung)
        self._tell("load", 0, None)
        with archive.open("rb") as stream:
            for line in self._engine.api.load_image(stream):
                if "error" in line:
                    raise InfrastructureError("The image cannot be loaded", str(line["error"]))
        archive.unlink()
        return str(self._engine.api.inspect_image(tag)["Id"])

    def _from_packages(self, step: Callable[[str, int, int], None]) -> dict[str, Entry]:
        return debian_image.collect(suites(), platform.machine(), step)

    def _examined(self, identifier: str, rung: str) -> WorkerImage:
        """Look inside: which Python, which C library."""
        body = container(
            image=identifier,
            command=["python3", "-I", "-S", "-c", _PROBE],
            binds={},
            parent="",
            workers=self._settings.workers,
            labels={"org.dreamer.owner": "image"},
        )
        body["HostConfig"]["AutoRemove"] = False
        body["OpenStdin"] = body["AttachStdin"] = body["StdinOnce"] = False
        status, output = self._engine.run_once(body, f"dreamer-inspector-{uuid.uuid4().hex[:8]}", PROBE_SECONDS)
        try:
            facts = json.loads(output)
        except ValueError as error:
            raise InfrastructureError(
                "The worker image has no usable Python", f"exit status {status}: {output[:300]}"
            ) from error
        wheels = f"{facts['machine']}-manylinux_{facts['libc'].replace('.', '_')}"
        return WorkerImage(id=identifier, python=facts["python"], platform=wheels, rung=rung)

    def _tell(self, step: str, done: int, total: int | None) -> None:
        self._listener(Progress(task="worker image", step=step, done=done, total=total))


def _patiently(start: Callable[[], Any]) -> Iterator[dict[str, Any]]:
    """The lines of a pull, given up when it falls silent; the SDK itself would wait for ever.

    Raises:
        InfrastructureError: No answer, or no progress.
    """
    lines: queue.Queue[dict[str, Any] | Exception | None] = queue.Queue()

    def read() -> None:
        try:
            for line in start():
                lines.put(line)
            lines.put(None)
        except Exception as error:  # whatever it is belongs to the reader below
            lines.put(error)

    threading.Thread(target=read, daemon=True, name="pull").start()
    patience = FIRST_ANSWER_SECONDS
    while True:
        try:
            line = lines.get(timeout=patience)
        except queue.Empty as error:
            raise InfrastructureError("The registry is silent", f"nothing for {patience:.0f} s") from error
        if line is None:
            return
        if isinstance(line, Exception):
            raise InfrastructureError("The image cannot be pulled", str(line)[:300]) from line
        patience = NO_PROGRESS_SECONDS
        yield line
