"""Library environments: folders of wheels that workers mount read-only.

Installing happens on this machine, from wheels only, so no code of a package runs here; whatever must be executed
(byte-compiling, looking which modules import) happens in a sealed container. Environments are content addressed and
never change: a different lock, Python or image is a different folder.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from email.parser import HeaderParser
from pathlib import Path
from typing import Protocol

import uv

from dreamer_app.core.errors import InfrastructureError, SourceError
from dreamer_app.core.events import Listener, Progress, ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Frozen, LibraryPin
from dreamer_app.sandbox.jobs import Environment

TEST_TOOLS = ("pytest", "pytest-asyncio", "coverage")
INSTALL_SECONDS = 600
LAYOUT = "2"
"""Part of every identifier; raised when what is done to an environment changes."""

_KEPT = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "UV_CACHE_DIR", "SSL_CERT_FILE", "SSL_CERT_DIR"}
_PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}


class WorkerImage(Frozen):
    """A worker image that the engine has.

    Attributes:
        id: Content identifier, `sha256:...`.
        python: Version inside, e.g. `3.11`.
        platform: Wheel platform for uv, e.g. `x86_64-manylinux_2_36`.
        rung: Where it came from: `known`, `registry`, `debian` or `host`.
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
        self._index = index
        self._listener = listener
        self._lock = asyncio.Lock()

    async def ensure(self, libraries: Sequence[LibraryPin]) -> Environment:
        """Find or build the environment with these libraries and the test tools.

        Raises:
            SourceError: A library is unknown, or has no wheel for the worker's Python.
            InfrastructureError: The index cannot be reached, the disk is full, or the worker cannot import a library.
        """
        async with self._lock:
            return await asyncio.to_thread(self._ensure, tuple(sorted(libraries, key=lambda pin: pin.name)))

    def _ensure(self, libraries: Sequence[LibraryPin]) -> Environment:
        wanted = [f"{pin.name}=={pin.version}" for pin in libraries]
        target = self._folder / self._identifier(wanted)
        described = target / "environment.json"
        if described.exists():
            return Environment.model_validate_json(described.read_text(encoding="utf-8"))
        self._listener(Progress(task="environment", step=f"install {', '.join(wanted)}"))
        work = self._folder / f".{target.name}.{os.getpid()}"
        shutil.rmtree(work, ignore_errors=True)
        try:
            self._sweep()
            environment = self._build(work, target, libraries, wanted)
            described = work / "environment.json"
            described.write_text(environment.model_dump_json(indent=1), encoding="utf-8")
            _sync(described)
            _sync(work)
            work.rename(target)
            _sync(self._folder)
        except OSError as error:
            if target.exists():
                return self._ensure(libraries)
            raise InfrastructureError(
                "An environment cannot be built", str(error), "Is there free space in the data folder?"
            ) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return environment

    def _build(self, work: Path, target: Path, libraries: Sequence[LibraryPin], wanted: Sequence[str]) -> Environment:
        site = work / "site"
        site.mkdir(parents=True)
        lock = self._resolve(work, wanted)
        self._uv(
            "pip", "install", "--require-hashes", "--no-deps", "--target", str(site), "-r", str(lock), wanted=wanted
        )
        self._inspector.compile(site)
        pins = installed(site)
        chosen = {pin.name for pin in libraries}
        roots = [root for pin in pins if pin.name in chosen for root in pin.import_names]
        preload = self._inspector.importable(site, roots)
        _make_readable(site)
        return Environment(
            id=target.name,
            path=str(target / "site"),
            pins=pins,
            python=self._image.python,
            image=self._image.id,
            preload=("pytest", *preload),
        )

    def _resolve(self, work: Path, wanted: Sequence[str]) -> Path:
        source, lock = work / "wanted.txt", work / "lock.txt"
        source.write_text("".join(f"{line}\n" for line in (*wanted, *TEST_TOOLS)), encoding="utf-8")
        self._uv(
            "pip", "compile", "--generate-hashes", "--no-header", "--no-annotate", str(source), "-o", str(lock),
            wanted=wanted,
        )  # fmt: skip
        return lock

    def _uv(self, *arguments: str, wanted: Sequence[str]) -> None:
        """Call uv without the user's configuration: extra indexes there could replace a library by another.

        Raises:
            SourceError: There is no such wheel.
            InfrastructureError: The index cannot be reached, or uv itself fails.
        """
        index = ("--default-index", self._index) if self._index else ()
        target = (
            "--only-binary",
            ":all:",
            "--python-version",
            self._image.python,
            "--python-platform",
            self._image.platform,
        )
        kept = {name: value for name, value in os.environ.items() if name in _KEPT or name.upper() in _PROXIES}
        command = [
            uv.find_uv_bin(),
            *arguments[:2],
            "--no-config",
            "--quiet",
            "--no-progress",
            *target,
            *index,
            *arguments[2:],
        ]
        try:
            done = subprocess.run(
                command, env=kept, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise InfrastructureError(
                "Installing took too long",
                f"{', '.join(wanted)}: no end after {INSTALL_SECONDS} s",
                "Check the network.",
            ) from error
        if done.returncode:
            raise _failure(done.stderr, wanted)

    def _identifier(self, wanted: Sequence[str]) -> str:
        parts = [LAYOUT, self._image.id, self._image.python, self._image.platform, *wanted, *TEST_TOOLS]
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


def installed(site: Path) -> tuple[LibraryPin, ...]:
    """What a folder holds, read from the metadata beside the packages."""
    pins = []
    for folder in sorted(site.glob("*.dist-info")):
        metadata = HeaderParser().parsestr((folder / "METADATA").read_text(encoding="utf-8", errors="replace"))
        pins.append(
            LibraryPin(
                name=re.sub(r"[-_.]+", "-", metadata["Name"]).lower(),
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


def _failure(stderr: str, wanted: Sequence[str]) -> SourceError | InfrastructureError:
    text = " ".join(stderr.split())[:600]
    named = ", ".join(wanted)
    if re.search(r"not found in the package registry|no version of|unsatisfiable|no wheels|no matching", text, re.I):
        return SourceError(
            "A library cannot be installed from wheels",
            f"{named}: {text}",
            "Choose another version; packages that must be built from source are not built on your computer.",
        )
    if re.search(r"No space left", text, re.I):
        return InfrastructureError("The disk is full", f"{named}: {text}", "Free some space in the data folder.")
    return InfrastructureError("Libraries cannot be installed", f"{named}: {text}", "Check the network and try again.")


def _make_readable(folder: Path) -> None:
    """Whoever a worker runs as may read, nobody may write."""
    for root, _folders, files in os.walk(folder):
        Path(root).chmod(0o755)
        for name in files:
            file = Path(root) / name
            if not file.is_symlink():
                file.chmod(0o444)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
