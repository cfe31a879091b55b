"""Library environments: wheels only, exact, built once, whole or not at all."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import re
import socket
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from dreamer_app.core.errors import DreamerError, InfrastructureError, SourceError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import LibraryPin
from dreamer_app.sandbox.environments import EnvironmentStore, WorkerImage, installed, requirements
from dreamer_app.sandbox.wheels import CancelledError, Wheels, failure, pinned_tools

PYTHON = "3.11"
IMAGE = WorkerImage(id="sha256:0", python=PYTHON, platform="x86_64-manylinux_2_36", rung="known")
TOOLZ = LibraryPin(name="toolz", version="1.0.0")


class NoInspector:
    """Stands where containers would be, for tests that are about files."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.calls = 0

    def compile(self, folder: Path) -> None:
        self.calls += 1
        if self.error:
            raise self.error

    def importable(self, folder: Path, roots: Sequence[str]) -> tuple[str, ...]:
        return tuple(roots)


def store(paths: DataPaths, inspector: NoInspector | None = None, index: str = "") -> EnvironmentStore:
    paths.create()
    return EnvironmentStore(paths, IMAGE, inspector or NoInspector(), index=index)


@pytest.mark.network
async def test_a_library_is_installed_once_with_the_pinned_tools(tmp_path: Path) -> None:
    inspector = NoInspector()
    paths = DataPaths(tmp_path)
    environment = await store(paths, inspector).ensure([TOOLZ])
    assert "toolz==1.0.0" in requirements(environment)
    assert {"pytest", "pytest-asyncio", "coverage"} <= {pin.name for pin in environment.pins}
    (toolz,) = [pin for pin in environment.pins if pin.name == "toolz"]
    assert toolz.license
    assert "toolz" in toolz.import_names
    assert "toolz" in environment.preload
    site = Path(environment.path)
    assert (site / "toolz/__init__.py").stat().st_mode & 0o777 == 0o444
    again = await store(paths, inspector).ensure([TOOLZ])
    assert again == environment
    assert inspector.calls == 1


@pytest.mark.network
async def test_another_image_is_another_environment(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path)
    paths.create()
    other = IMAGE.model_copy(update={"id": "sha256:1"})
    first = await store(paths).ensure([])
    second = await EnvironmentStore(paths, other, NoInspector()).ensure([])
    assert first.id != second.id


@pytest.mark.network
@pytest.mark.parametrize("pin", [("toolz", "999.0"), ("this-name-is-nobodys-package-4711", "1.0")])
async def test_what_does_not_exist_is_named(tmp_path: Path, pin: tuple[str, str]) -> None:
    with pytest.raises(SourceError) as caught:
        await store(DataPaths(tmp_path)).ensure([LibraryPin(name=pin[0], version=pin[1])])
    assert pin[0] in caught.value.message
    assert not list(DataPaths(tmp_path).environments.iterdir())


def offer(folder: Path, name: str, *files: tuple[str, bytes]) -> None:
    """A package index of plain files."""
    (folder / name).mkdir(parents=True)
    links = "".join(f'<a href="{file}">{file}</a>' for file, _ in files)
    (folder / name / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>")
    for file, content in files:
        (folder / name / file).write_bytes(content)


def wheel(name: str, version: str = "1.0") -> bytes:
    metadata = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": b"",
        f"{metadata}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
        f"{metadata}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(body).digest()).decode().rstrip('=')},{len(body)}\n"
        for path, body in files.items()
    )
    files[f"{metadata}/RECORD"] = f"{record}{metadata}/RECORD,,\n".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, body in files.items():
            archive.writestr(path, body)
    return buffer.getvalue()


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index with the test tools as empty wheels."""
    folder = tmp_path / "index"
    for tool in pinned_tools():
        name, _, version = tool.partition("==")
        module = name.replace("-", "_")
        offer(folder, name, (f"{module}-{version}-py3-none-any.whl", wheel(module, version)))
    return folder


@pytest.fixture
def gone_pid() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


async def test_a_source_only_package_is_refused_and_its_code_never_runs(tmp_path: Path, index: Path) -> None:
    witness = tmp_path / "executed"
    setup = f"open({str(witness)!r}, 'w').close()\nfrom setuptools import setup\nsetup(name='evil', version='1.0')\n"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in (("setup.py", setup), ("PKG-INFO", "Metadata-Version: 1.0\nName: evil\nVersion: 1.0\n")):
            info = tarfile.TarInfo(f"evil-1.0/{name}")
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    offer(index, "evil", ("evil-1.0.tar.gz", buffer.getvalue()))
    with pytest.raises(SourceError) as caught:
        await store(DataPaths(tmp_path / "base"), index=index.as_uri()).ensure([LibraryPin(name="evil", version="1.0")])
    assert "evil" in caught.value.message
    assert not witness.exists()


async def test_the_users_own_configuration_is_not_asked(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    offer(other, "planted", ("planted-1.0-py3-none-any.whl", wheel("planted")))
    monkeypatch.setenv("UV_EXTRA_INDEX_URL", other.as_uri())
    monkeypatch.setenv("UV_FIND_LINKS", str(other / "planted"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "uv.toml").write_text(f'find-links = ["{other / "planted"}"]\n')
    with pytest.raises(DreamerError, match="planted"):
        await store(DataPaths(tmp_path / "base"), index=index.as_uri()).ensure(
            [LibraryPin(name="planted", version="1.0")]
        )


async def test_a_failed_build_leaves_nothing_and_the_next_one_works(tmp_path: Path, index: Path) -> None:
    paths = DataPaths(tmp_path / "base")
    broken = NoInspector(InfrastructureError("Docker died", "in the middle"))
    with pytest.raises(InfrastructureError, match="Docker died"):
        await store(paths, broken, index.as_uri()).ensure([])
    assert not list(paths.environments.iterdir())
    assert (await store(paths, index=index.as_uri()).ensure([])).pins


async def test_what_a_killed_build_left_is_swept(tmp_path: Path, index: Path, gone_pid: int) -> None:
    paths = DataPaths(tmp_path / "base")
    paths.create()
    left = paths.environments / f".abc.{gone_pid}"
    left.mkdir()
    await store(paths, index=index.as_uri()).ensure([])
    assert not left.exists()


async def test_two_at_once_build_once(tmp_path: Path, index: Path) -> None:
    inspector = NoInspector()
    shared = store(DataPaths(tmp_path / "base"), inspector, index.as_uri())
    one, two = await asyncio.gather(shared.ensure([]), shared.ensure([]))
    assert one == two
    assert inspector.calls == 1


async def test_metadata_is_read_back(tmp_path: Path, index: Path) -> None:
    environment = await store(DataPaths(tmp_path / "base"), index=index.as_uri()).ensure([])
    assert installed(Path(environment.path)) == environment.pins
    assert sorted(requirements(environment)) == sorted(pinned_tools())


def test_the_tools_are_those_of_the_locked_requirements() -> None:
    locked = (Path(__file__).parents[2] / "requirements/worker.txt").read_text(encoding="utf-8")
    assert all(re.search(rf"^{re.escape(tool)}\b", locked, re.MULTILINE) for tool in pinned_tools())


async def test_a_wheel_that_changed_since_it_was_locked_is_refused(tmp_path: Path, index: Path) -> None:
    offer(index, "victim", ("victim-1.0-py3-none-any.whl", wheel("victim")))
    lock = tmp_path / "lock.txt"
    wheels = Wheels(PYTHON, IMAGE.platform, index.as_uri())
    wheels.lock(["victim==1.0"], lock, threading.Event())
    lock.write_text(re.sub(r"sha256:[0-9a-f]{64}", f"sha256:{'0' * 64}", lock.read_text()))
    with pytest.raises(SourceError, match="not the one that was locked"):
        wheels.install(lock, tmp_path / "site", ["victim==1.0"], threading.Event())


def test_installed_files_are_nobody_elses(tmp_path: Path, index: Path) -> None:
    environment = asyncio.run(store(DataPaths(tmp_path / "base"), index=index.as_uri()).ensure([]))
    files = [file for file in Path(environment.path).rglob("*") if file.is_file()]
    assert files
    assert all(file.stat().st_nlink == 1 for file in files)


def test_a_moved_data_folder_keeps_its_environments(tmp_path: Path, index: Path) -> None:
    before = asyncio.run(store(DataPaths(tmp_path / "base"), index=index.as_uri()).ensure([]))
    (tmp_path / "base").rename(tmp_path / "moved")
    inspector = NoInspector()
    after = asyncio.run(store(DataPaths(tmp_path / "moved"), inspector, index.as_uri()).ensure([]))
    assert (after.id, inspector.calls) == (before.id, 0)
    assert Path(after.path).is_dir()


async def test_a_cancelled_build_ends_and_leaves_nothing(tmp_path: Path) -> None:
    cancelled = threading.Event()
    cancelled.set()
    silent = socket.create_server(("127.0.0.1", 0))  # takes connections and never answers
    with silent, pytest.raises(CancelledError):
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        Wheels(PYTHON, IMAGE.platform, address).lock(["toolz"], tmp_path / "lock.txt", cancelled)
    assert not (tmp_path / "lock.txt").exists()


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Because x was not found in the package registry and", "There is no such package"),
        ("Because there is no version of x==9 and you require", "There is no such version"),
        ("No solution found Because x==1 has no usable wheels", "There is only a source archive"),
        ("x==1 has no wheels with a matching Python ABI tag", "There is no wheel for the worker's Python"),
        ("Failed to fetch: error sending request for url", "The package index cannot be reached"),
        ("failed to copy: No space left on device (os error 28)", "The disk is full"),
        ("No solution found: Because a==1 depends on b<2", "These libraries do not go together"),
        ("something new", "Libraries cannot be installed"),
    ],
)
def test_every_failure_has_its_own_words(said: str, title: str) -> None:
    error = failure(said, ["x==1"])
    assert (error.title, "x==1" in error.message, bool(error.hint)) == (title, True, True)
