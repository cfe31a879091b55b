"""A worker image out of this computer's own Python: the interpreter, its library, and the shared objects it loads.

The last resort: it needs no network, but the worker's Python is then this computer's.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.sandbox.images.archive import Entry

_SKIPPED = {
    "site-packages",
    "dist-packages",
    "__pycache__",
    "test",
    "tests",
    "idlelib",
    "ensurepip",
    "tkinter",
    "turtledemo",
}
_WHEELS_EXPECT = {"libstdc++.so.6", "libgcc_s.so.1"}
_ZONEINFO = Path("/usr/share/zoneinfo")


def collect(step: Callable[[str, int, int], None]) -> dict[str, Entry]:
    """Everything that goes into the image, by path.

    Args:
        step: Told what is being done, and how much of it.

    Raises:
        InfrastructureError: This is not Linux, or the interpreter cannot be taken apart.
    """
    if not sys.platform.startswith("linux"):
        raise InfrastructureError("No worker image from this computer", f"its system is {sys.platform}, not Linux")
    executable = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    library = Path(sysconfig.get_path("stdlib", vars={"base": sys.base_prefix, "installed_base": sys.base_prefix}))
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    entries: dict[str, Entry] = dict(_loader_folders())
    entries["usr/local/bin/python3"] = Entry(target=version)
    entries[f"usr/local/bin/{version}"] = _entry(executable)
    entries["usr/local/lib64"] = Entry(target="lib")
    objects = {executable}
    step("read the interpreter", 0, 3)
    for file in _files(library):
        entries[f"usr/local/lib/{version}/{file.relative_to(library)}"] = _entry(file)
        if file.suffix == ".so":
            objects.add(file)
    step("read shared objects", 1, 3)
    for file in _closure(objects) | _for_wheels():
        entries[f"usr/lib/{file.name}"] = _entry(file.resolve())
    step("read time zones", 2, 3)
    if _ZONEINFO.is_dir():
        for file in _files(_ZONEINFO):
            entries[f"usr/share/zoneinfo/{file.relative_to(_ZONEINFO)}"] = _entry(file)
    return entries


def _loader_folders() -> Iterator[tuple[str, Entry]]:
    """One folder of shared objects under every name that some distribution's loader looks in.

    Nothing of the image may depend on where things are on this computer, whose paths may hold a person's name.
    """
    for name in ("lib", "lib64"):
        yield name, Entry(target="usr/lib")
    yield "usr/lib64", Entry(target="lib")
    multiarch = sysconfig.get_config_var("MULTIARCH") or f"{platform.machine()}-linux-gnu"
    yield f"usr/lib/{multiarch}", Entry(target=".")


def _for_wheels() -> set[Path]:
    """The libraries that wheels may expect of a system although the interpreter does not need them (PEP 600)."""
    tool = shutil.which("ldconfig", path=f"{os.environ.get('PATH', os.defpath)}:/sbin:/usr/sbin")
    if tool is None:
        return set()
    done = subprocess.run([tool, "-p"], capture_output=True, text=True, timeout=30, check=False)
    kind = "x86-64" if platform.machine() == "x86_64" else "AArch64"
    lines = [line for line in done.stdout.splitlines() if kind in line]
    return {Path(line.rsplit(" => ", 1)[1]) for line in lines if line.split(" ", 1)[0].strip() in _WHEELS_EXPECT}


def _files(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            if path.name not in _SKIPPED and not path.name.startswith("config-"):
                yield from _files(path)
        elif path.is_file():
            yield path


def _closure(objects: Iterable[Path]) -> set[Path]:
    tool = shutil.which("ldd")
    if tool is None:
        raise InfrastructureError("No worker image from this computer", "ldd is not installed")
    found: set[Path] = set()
    for file in objects:
        done = subprocess.run([tool, str(file)], capture_output=True, text=True, timeout=30, check=False)
        found.update(Path(path) for path in re.findall(r"(?:=>\s+|^\s+)(/\S+)\s+\(0x", done.stdout, re.MULTILINE))
    return found


def _entry(file: Path) -> Entry:
    return Entry(file.read_bytes(), executable=bool(file.stat().st_mode & 0o111))
