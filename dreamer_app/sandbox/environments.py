"""Library environments: folders of wheels that workers mount read-only.

Installing happens on this machine, from wheels only, so no code of a package runs here; whatever must be executed
(byte-compiling, looking which modules import) happens in a sealed container. Environments are content addressed and
never change: a different lock, Python or image is a different folder.
"""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import json
import os
import re
import shutil
import sys
import threading
import uuid
from collections.abc import Sequence
from email.parser import HeaderParser
from pathlib import Path
from typing import Protocol

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.events import Listener, Progress, ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Frozen, LibraryPin
from dreamer_app.sandbox.jobs import Environment
from dreamer_app.sandbox.wheels import Wheels, pinned_tools

SITE, DESCRIPTION = "site", "environment.json"
LAYOUT = "4"
"""Part of every identifier; raised when what is done to an environment changes."""


class WorkerImage(Frozen):
    """A worker image that the engine has.

    Attributes:
        id: Content identifier, `sha256:...`.
        python: Version inside, e.g. `3.11`.
        platform: Wheel platform for uv, e.g. `x86_64-manylinux_2_36`.
        rung: Where it came from: `registry`, `debian`, `host`, or `known` when it was there and does not say.
    """

    id: str
    python: str
    platform: str
    rung: str


class Inspector(Protocol):
    """Does in a sealed container what would run a library's code."""

    def compile(self, folder: Path) -> None:
        """Byte-compile a folder for the image's Python."""
        ...

    def importable(self, folder: Path, roots: Sequence[str]) -> tuple[str, ...]:
        """Modules under these roots that import cleanly, in a good order to preload them."""
        ...


class EnvironmentStore:
    """Finds or builds environments.

    Args:
        paths: Where they are kept.
        image: What they are built for.
        inspector: Runs what must be run.
        index: Address of a package index, empty for the usual one.
        listener: Told about progress.
    """

    def __init__(
        self,
        paths: DataPaths,
        image: WorkerImage,
        inspector: Inspector,
        *,
        index: str = "",
        listener: Listener = ignore,
    ) -> None:
        self._folder = paths.environments
        self._image = image
        self._inspector = inspector
        self._wheels = Wheels(image.python, image.platform, index)
        self._tools = pinned_tools()
        self._listener = listener
        self._lock = asyncio.Lock()

    async def ensure(self, libraries: Sequence[LibraryPin]) -> Environment:
        """Find or build the environment with these libraries and the test tools.

        Raises:
            SourceError: A library is unknown, or has no wheel for the worker's Python.
            InfrastructureError: The index cannot be reached, the disk is full, or the worker cannot import a library.
        """
        cancelled = threading.Event()
        async with self._lock:
            try:
                return await asyncio.to_thread(self._ensure, tuple(libraries), cancelled)
            except asyncio.CancelledError:
                cancelled.set()  # the thread kills uv and removes what it has begun
                raise

    def _ensure(self, libraries: Sequence[LibraryPin], cancelled: threading.Event) -> Environment:
        wanted = sorted({f"{_normal(pin.name)}=={pin.version}" for pin in libraries})
        target = self._folder / self._identifier(wanted)
        known = self._known(target)
        if known is not None:
            return known
        self._listener(Progress(task="environment", step=f"install {', '.join(wanted) or 'test tools'}"))
        work = self._folder / f".{target.name}-{uuid.uuid4().hex[:8]}.{os.getpid()}"
        try:
            self._sweep()
            environment = self._build(work, target, wanted, cancelled)
            (work / DESCRIPTION).write_text(environment.model_dump_json(indent=1), encoding="utf-8")
            _sync_file_system(work)
            work.rename(target)
            _sync(self._folder)
        except OSError as error:
            known = self._known(target)  # another program was faster
            if known is not None:
                return known
            raise InfrastructureError(
                "An environment cannot be built", str(error), "Is there free space in the data folder?"
            ) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return environment

    def _known(self, target: Path) -> Environment | None:
        try:
            text = (target / DESCRIPTION).read_text(encoding="utf-8")
            os.utime(target / DESCRIPTION)  # cleaning goes by when it was needed last
        except FileNotFoundError:
            return None
        # the data folder may have been moved since
        return Environment.model_validate_json(text).model_copy(update={"path": str(target / SITE)})

    def _build(self, work: Path, target: Path, wanted: Sequence[str], cancelled: threading.Event) -> Environment:
        site = work / SITE
        site.mkdir(parents=True)
        lock = work / "lock.txt"
        self._wheels.lock((*wanted, *self._tools), lock, cancelled)
        self._wheels.install(lock, site, wanted, cancelled)
        _make_readable(site)  # for the worker's user, whatever the umask is here
        self._inspector.compile(site)
        pins = installed(site)
        chosen = {line.partition("==")[0] for line in wanted}
        roots = [root for pin in pins if pin.name in chosen for root in pin.import_names]
        preload = self._inspector.importable(site, roots)
        _make_readable(site)
        return Environment(
            id=target.name,
            path=str(target / SITE),
            pins=pins,
            python=self._image.python,
            image=self._image.id,
            preload=("pytest", *preload),
        )

    def _identifier(self, wanted: Sequence[str]) -> str:
        parts = [LAYOUT, self._image.id, self._image.python, self._image.platform, *wanted, "tools", *self._tools]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]

    def _sweep(self) -> None:
        """Remove what an interrupted build left behind."""
        for left in self._folder.glob(".*"):
            owner = left.name.rsplit(".", 1)[-1]
            if left.is_dir() and owner.isdigit() and not Path(f"/proc/{owner}").exists():
                shutil.rmtree(left, ignore_errors=True)


def requirements(environment: Environment) -> tuple[str, ...]:
    """The exact lines from which anybody can make the same environment."""
    return tuple(f"{pin.name}=={pin.version}" for pin in sorted(environment.pins, key=lambda pin: pin.name))


def _normal(name: str) -> str:
    """A distribution's name in its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(site: Path) -> tuple[LibraryPin, ...]:
    """What a folder holds, read from the metadata beside the packages."""
    pins = []
    for folder in sorted(site.glob("*.dist-info")):
        metadata = HeaderParser().parsestr((folder / "METADATA").read_text(encoding="utf-8", errors="replace"))
        pins.append(
            LibraryPin(
                name=_normal(metadata["Name"]),
                version=metadata["Version"],
                license=_license(
                    metadata.get("License-Expression"), metadata.get("License"), metadata.get_all("Classifier")
                ),
                import_names=_import_names(site, folder),
            )
        )
    return tuple(pins)


def _license(expression: str | None, text: str | None, classifiers: list[str] | None) -> str | None:
    if expression:
        return expression.strip()
    for classifier in classifiers or ():
        if classifier.startswith("License ::") and classifier.count("::") > 1:
            return classifier.rsplit("::", 1)[1].strip()
    first = next((line.strip() for line in (text or "").splitlines() if line.strip()), "")
    return first[:120] or None


def _import_names(site: Path, dist_info: Path) -> tuple[str, ...]:
    try:
        files = (dist_info / "RECORD").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    names = set()
    for line in files:
        first, _, rest = line.split(",", 1)[0].partition("/")
        if rest and (site / first / "__init__.py").exists():
            names.add(first)
        elif not rest and first.endswith(".py"):
            names.add(first.removesuffix(".py"))
    return tuple(sorted(name for name in names if name.isidentifier()))


def _make_readable(folder: Path) -> None:
    """Whoever a worker runs as may read, nobody may write."""
    for root, _folders, files in os.walk(folder):
        Path(root).chmod(0o755)
        for name in files:
            file = Path(root) / name
            if not file.is_symlink():
                file.chmod(0o444)


def _sync_file_system(folder: Path) -> None:
    """Bring everything in a folder to the disk before its name says that it is whole: one call, not one a file."""
    if sys.platform != "linux":
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(descriptor):
            raise OSError(ctypes.get_errno(), "syncfs", str(folder))
    finally:
        os.close(descriptor)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
