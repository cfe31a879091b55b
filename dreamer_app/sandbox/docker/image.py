"""The worker image: present already, pulled by digest, assembled from packages, or made of this computer's Python.

The ladder is climbed downwards until a rung holds; each failure is kept for the message when none does. Interrupted
anywhere, the next try begins again: archives are written under another name first, and the engine loads whole images.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import platform
import queue
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docker.errors import DockerException, ImageNotFound

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Listener, Progress, ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.sandbox.docker import bytecode
from dreamer_app.sandbox.docker.engine import OUTPUT_BYTES, Engine
from dreamer_app.sandbox.docker.inspector import NAME
from dreamer_app.sandbox.docker.limits import container, one_off
from dreamer_app.sandbox.docker.sweep import OWNER, SESSION, install_id
from dreamer_app.sandbox.environments import WorkerImage
from dreamer_app.sandbox.images import debian_image, host_image
from dreamer_app.sandbox.images.apt_sources import suites
from dreamer_app.sandbox.images.archive import (
    RECIPE,
    RECIPE_LABEL,
    RUNG_LABEL,
    Entry,
    layer,
    read_archive,
    write_archive,
    write_whole,
)

FIRST_ANSWER_SECONDS = 3.0
"""A registry that has not answered by then is passed over: the next rung takes 10 s."""
NO_PROGRESS_SECONDS = 60.0
"""A pull that is silent for this long is given up."""

PROBE_SECONDS = 60.0
COMPILE_SECONDS = 180.0
PROBE = """
import json, os, platform, sys
libc = os.confstr("CS_GNU_LIBC_VERSION").split()[-1]
print(json.dumps({"python": "%d.%d" % sys.version_info[:2], "libc": libc, "machine": platform.machine()}))
"""
"""Run inside an image: which Python, which C library."""

Collector = Callable[[Callable[[str, int, int], None]], dict[str, Entry]]


class ImageProvider:
    """Finds or makes the worker image.

    Args:
        settings: The registry image, and limits for the container that looks into it.
        paths: Where archives and the record of the known image are.
        engine: Holds the image.
        listener: Told about progress.
        parent: Control group above the containers that look into it.
    """

    def __init__(
        self, settings: Settings, paths: DataPaths, engine: Engine, listener: Listener = ignore, *, parent: str = ""
    ) -> None:
        self._settings = settings
        self._paths = paths
        self._engine = engine
        self._listener = listener
        self._parent = parent
        self._cancelled = threading.Event()
        self._record = paths.images / "image.json"

    async def ensure(self) -> WorkerImage:
        """The image, by the highest rung that holds.

        Raises:
            InfrastructureError: None of them does; the message says why for each.
        """
        try:
            return await asyncio.to_thread(self._ensure)
        except asyncio.CancelledError:
            self._cancelled.set()  # the thread stops at its next step
            raise

    def present(self) -> str | None:
        """Identifier of an image that is there already; None when the engine has none or does not answer."""
        try:
            return self._known()
        except (DockerException, OSError):
            return None

    def _ensure(self) -> WorkerImage:
        remembered = self._remembered()
        if remembered is not None:
            return remembered
        reasons: list[str] = []
        for rung, attempt in self._rungs():
            try:
                identifier = attempt()
                if identifier is None:
                    continue
                image = self._examined(identifier, self._origin(identifier) or rung)
            except (InfrastructureError, DockerException, OSError) as error:
                text = error.message if isinstance(error, InfrastructureError) else str(error)
                reasons.append(f"{rung}: {' '.join(text.split())[:300]}")
                continue
            self._remember(image)
            return image
        raise InfrastructureError(
            "There is no worker image", "; ".join(reasons), "Connect to a network once, or set another image.reference."
        )

    def _rungs(self) -> Iterator[tuple[str, Callable[[], str | None]]]:
        yield "known", self._known
        yield "archive", self._from_archive
        yield "registry", self._pulled
        yield "debian", lambda: self._assembled("debian", self._from_packages)
        yield "host", lambda: self._assembled("host", host_image.collect)

    def _remembered(self) -> WorkerImage | None:
        """The image of the last time, if the engine still has it: nothing needs to be started to know it."""
        try:
            image = WorkerImage.model_validate_json(self._record.read_bytes())
            self._engine.api.inspect_image(image.id)
        except (OSError, ValueError, DockerException):
            return None
        return image

    def _remember(self, image: WorkerImage) -> None:
        write_whole(self._record, image.model_dump_json().encode())

    def _known(self) -> str | None:
        """An image that this program made or pulled before, perhaps for another data folder."""
        remembered = self._remembered()
        if remembered is not None:
            return remembered.id
        if self._settings.image.reference:
            with contextlib.suppress(ImageNotFound):
                return str(self._engine.api.inspect_image(self._settings.image.reference)["Id"])
        labelled = self._engine.api.images(filters={"label": f"{RECIPE_LABEL}={RECIPE}"})
        labelled.sort(key=lambda image: (image["Labels"].get(RUNG_LABEL) != "debian", image["Id"]))
        return str(labelled[0]["Id"]) if labelled else None

    def _origin(self, identifier: str) -> str | None:
        """Which rung first made an image, as its label says."""
        labels = self._engine.api.inspect_image(identifier)["Config"].get("Labels") or {}
        rung = labels.get(RUNG_LABEL)
        return str(rung) if rung else None

    def _from_archive(self) -> str | None:
        """Load again what was made before: the engine's images may have been pruned."""
        for rung in ("debian", "host"):
            archive = self._archive(rung)
            if archive.exists():
                return self._load(archive)
        return None

    def _pulled(self) -> str | None:
        """Pull by digest; the engine itself checks what it gets against it."""
        reference = self._settings.image.reference
        if not reference:
            return None
        if "@sha256:" not in reference:
            raise InfrastructureError("The image is not pinned", f"{reference} has no digest", "Add @sha256:...")
        self._tell("ask a registry", 0, None)
        for _ in _patiently(lambda: [self._engine.api.inspect_distribution(reference)], FIRST_ANSWER_SECONDS):
            pass  # it knows the image
        layers: set[str] = set()
        for line in _patiently(lambda: self._engine.api.pull(reference, stream=True, decode=True)):
            if "error" in line:
                raise InfrastructureError("The image cannot be pulled", str(line["error"]))
            layers.add(str(line.get("id", "")))
            self._tell(f"pull: {line.get('status', '')}", len(layers), None)
        return str(self._engine.api.inspect_image(reference)["Id"])

    def _assembled(self, rung: str, collect: Collector) -> str:
        """Make an image in two steps: a bare one, whose own Python then compiles its library for the real one."""
        self._paths.images.mkdir(parents=True, exist_ok=True)
        entries = collect(self._tell)
        bare = self._paths.images / f".{rung}-bare-{uuid.uuid4().hex[:8]}.tar"
        self._tell("pack", 0, None)
        try:
            made = write_archive(bare, layer(entries), platform.machine(), rung, recipe=f"{RECIPE}-bare")
            identifier = self._load(bare)
        finally:
            bare.unlink(missing_ok=True)
        try:
            self._tell("compile its library", 0, None)
            entries |= self._bytecode(identifier, entries)
        finally:
            with contextlib.suppress(DockerException):
                self._engine.api.remove_image(made.tag)
        self._tell("pack", 0, None)
        write_archive(self._archive(rung), layer(entries), platform.machine(), rung)
        return self._load(self._archive(rung))

    def _archive(self, rung: str) -> Path:
        return self._paths.images / f"{rung}-{RECIPE}-{platform.machine()}.tar"

    def _load(self, archive: Path) -> str:
        """Give an archive to the engine; the identifier under which it now has exactly this image.

        Raises:
            InfrastructureError: It refuses, or has something else.
        """
        self._tell("load", 0, None)
        try:
            expected = read_archive(archive)
        except (ValueError, KeyError, OSError) as error:
            archive.unlink(missing_ok=True)
            raise InfrastructureError("An image archive is broken", f"{archive.name}: {error}") from error
        with archive.open("rb") as stream:
            for line in self._engine.api.load_image(stream):
                if "error" in line:
                    raise InfrastructureError("The image cannot be loaded", str(line["error"]))
        found = self._engine.api.inspect_image(expected.tag)
        # engines with containerd's image store name images otherwise; the layers are the same
        if found["Id"] != expected.id and found["RootFS"]["Layers"] != [expected.layer]:
            raise InfrastructureError("The engine has another image", f"{found['Id']} instead of {expected.id}")
        return str(found["Id"])

    def _bytecode(self, identifier: str, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        status, stream = self._run(identifier, bytecode.command(), COMPILE_SECONDS, bytecode.LIMIT)
        found = {name: Entry(content) for name, content in bytecode.compiled(stream)}
        if status or not found or any(name in entries for name in found):
            raise InfrastructureError("The image's Python does not work", f"exit status {status}, {len(found)} files")
        return found

    def _from_packages(self, step: Callable[[str, int, int], None]) -> dict[str, Entry]:
        return debian_image.collect(suites(), platform.machine(), step)

    def _examined(self, identifier: str, rung: str) -> WorkerImage:
        """Look inside: which Python, which C library."""
        status, output = self._run(identifier, ["python3", "-I", "-S", "-c", PROBE], PROBE_SECONDS)
        try:
            facts = json.loads(output)
        except ValueError as error:
            raise InfrastructureError(
                "The worker image has no usable Python",
                f"exit status {status}: {output[:300].decode(errors='replace')}",
            ) from error
        wheels = f"{facts['machine']}-manylinux_{facts['libc'].replace('.', '_')}"
        return WorkerImage(id=identifier, python=facts["python"], platform=wheels, rung=rung)

    def _run(
        self, identifier: str, command: Sequence[str], seconds: float, limit: int = OUTPUT_BYTES
    ) -> tuple[int, bytes]:
        body = one_off(
            container(
                image=identifier,
                command=command,
                binds={},
                parent=self._parent,
                workers=self._settings.workers,
                labels={OWNER: install_id(self._paths), SESSION: "image"},  # swept by the next session if we die
            )
        )
        body["Env"].append(bytecode.ENVIRONMENT)
        return self._engine.run_once(body, f"{NAME}{uuid.uuid4().hex[:8]}", seconds, limit)

    def _tell(self, step: str, done: int, total: int | None) -> None:
        if self._cancelled.is_set():
            raise InfrastructureError("Interrupted", step)
        self._listener(Progress(task="worker image", step=step, done=done, total=total))


def _patiently(start: Callable[[], Any], first: float = NO_PROGRESS_SECONDS) -> Iterator[dict[str, Any]]:
    """The lines of an answer, given up when it falls silent; the SDK itself would wait for ever.

    Args:
        start: Asks.
        first: Seconds to wait for the first line.

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
    patience = first
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
