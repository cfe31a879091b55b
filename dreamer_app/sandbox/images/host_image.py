"""A worker image out of this computer's own Python: the interpreter, its library, and the shared objects it loads.

The last resort: it needs no network, but the worker's Python is then this computer's.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable
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
    entries: dict[str, Entry] = {"usr/bin/python3": Entry(target=str(executable))}
    objects = {executable}
    step("read the interpreter", 0, 3)
    for file in _files(library):
        entries[_name(file)] = _entry(file)
        if file.suffix == ".so":
            objects.add(file)
    step("read shared objects", 1, 3)
    for file in objects | _closure(objects):
        entries[_name(file)] = _entry(file.resolve())
    step("read time zones", 2, 3)
    if _ZONEINFO.is_dir():
        for file in _files(_ZONEINFO):
            entries[_name(file)] = _entry(file)
    return entries


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


def _name(file: Path) -> str:
    return str(file).lstrip("/")
