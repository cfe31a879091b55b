"""The worker image as a folder: the same contents as the engine's image, unpacked once and never changed.

Archives that an engine was given are used when they are there; otherwise the same ladder makes the contents anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import platform
import shutil
import tarfile
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Listener, Progress, ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.sandbox.environments import WorkerImage
from dreamer_app.sandbox.images import debian_image, host_image
from dreamer_app.sandbox.images.apt_sources import suites
from dreamer_app.sandbox.images.archive import RECIPE, Entry, layer

PREFIX = "bubblewrap:sha256:"
"""Begins the identifier of these images, so that every dream says under which protection it was proved."""

IMAGE = "image.json"
RUNGS = ("debian", "host")

Facts = Callable[[Path], tuple[str, str]]
"""Looks inside a folder: version of Python, and platform of its wheels."""
Compile = Callable[[Path], None]
"""Byte-compiles the standard library in a folder."""


@dataclass(frozen=True)
class Rootfs:
    """An unpacked worker image."""

    folder: Path
    image: WorkerImage


class RootfsProvider:
    """Finds or makes it.

    Args:
        paths: Where it is kept.
        facts: Looks inside.
        compile_library: Prepares its standard library.
        listener: Told about progress.
        rungs: Where contents may come from, most wanted first.
    """

    def __init__(
        self,
        paths: DataPaths,
        facts: Facts,
        compile_library: Compile,
        listener: Listener = ignore,
        rungs: Sequence[str] = RUNGS,
    ) -> None:
        self._paths = paths
        self._facts = facts
        self._compile = compile_library
        self._listener = listener
        self._rungs = rungs

    async def ensure(self) -> Rootfs:
        """The image, by the highest rung that holds.

        Raises:
            InfrastructureError: None of them does; the message says why for each.
        """
        return await asyncio.to_thread(self._ensure)

    def present(self) -> Path | None:
        """The folder, if it is there already."""
        known = (self._folder(rung) for rung in self._rungs)
        return next((folder for folder in known if (folder / IMAGE).exists()), None)

    def _folder(self, rung: str) -> Path:
        return self._paths.images / f"rootfs-{rung}-{RECIPE}-{platform.machine()}"

    def _ensure(self) -> Rootfs:
        folder = self.present()
        if folder is not None:
            text = (folder / IMAGE).read_text(encoding="utf-8")
            return Rootfs(folder / "root", WorkerImage.model_validate_json(text))
        reasons: list[str] = []
        for rung in self._rungs:
            try:
                return self._make(rung)
            except (InfrastructureError, OSError) as error:
                reasons.append(f"{rung}: {getattr(error, 'message', error)}")
        raise InfrastructureError(
            "There is no worker image", "; ".join(reasons)[:600], "Connect to a network once, then try again."
        )

    def _make(self, rung: str) -> Rootfs:
        content = layer(self._collect(rung))
        target = self._folder(rung)
        work = target.with_name(f".{target.name}-{uuid.uuid4().hex[:8]}")
        try:
            self._tell("unpack", 0, None)
            _unpack(content, work / "root")
            self._tell("compile its library", 0, None)
            self._compile(work / "root")
            python, wheels = self._facts(work / "root")
            identifier = PREFIX + hashlib.sha256(content).hexdigest()
            image = WorkerImage(id=identifier, python=python, platform=wheels, rung=rung)
            (work / IMAGE).write_text(image.model_dump_json(), encoding="utf-8")
            work.rename(target)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return Rootfs(target / "root", image)

    def _collect(self, rung: str) -> dict[str, Entry]:
        if rung == "debian":
            return debian_image.collect(suites(), platform.machine(), self._tell)
        return host_image.collect(self._tell)

    def _tell(self, step: str, done: int, total: int | None) -> None:
        self._listener(Progress(task="worker image", step=step, done=done, total=total))


def _unpack(content: bytes, folder: Path) -> None:
    """Unpack our own archive, readable by whoever a worker runs as."""
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive.getmembers():  # absolute links are meant for the inside; nothing follows them here
            archive.extract(member, folder, set_attrs=False, filter="fully_trusted")
            place = folder / member.name
            if not member.issym():
                os.chmod(place, member.mode)  # noqa: PTH101
    folder.chmod(0o755)
    folder.parent.chmod(0o755)
