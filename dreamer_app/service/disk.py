"""How much room each kind of thing takes, and what may go without loss. Dreams and decisions are never offered.

Blocking; call it in a thread.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from dreamer_app.core.i18n import mark
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Frozen
from dreamer_app.store.lock import BaseFolderLock

Kind = Literal["dreams", "journal", "knowledge", "sources", "environments", "images", "logs"]

NAMES: dict[Kind, tuple[str, str]] = {
    "dreams": (mark("Dreams"), mark("Verified dreams with their tests; never cleaned.")),
    "journal": (mark("Journal"), mark("Nights, attempts and your decisions; never cleaned.")),
    "knowledge": (mark("Knowledge"), mark("The knowledge graph; never cleaned here.")),
    "sources": (mark("Downloads"), mark("Archives of documentation; fetched again when needed.")),
    "environments": (mark("Environments"), mark("Libraries for the workers; built again when needed.")),
    "images": (mark("Images"), mark("Worker images; assembled again when needed.")),
    "logs": (mark("Logs"), mark("One file a night.")),
}
CLEANABLE: frozenset[Kind] = frozenset({"sources", "environments", "images", "logs"})


class Use(Frozen):
    """What one kind takes.

    Attributes:
        kind: Which.
        size: Bytes on the disk.
        files: How many.
        cleanable: Whether it may go without loss.
    """

    kind: Kind
    size: int
    files: int
    cleanable: bool


def disk_use(paths: DataPaths) -> tuple[Use, ...]:
    """Every kind with its size."""
    found = []
    for kind in NAMES:
        sizes = [size for place in places(paths, kind) for size in _sizes(place)]
        found.append(Use(kind=kind, size=sum(sizes), files=len(sizes), cleanable=kind in CLEANABLE))
    return tuple(found)


def free_room(paths: DataPaths) -> int:
    """Bytes that are free on the disk of the base folder."""
    return shutil.disk_usage(paths.base).free


def clean(paths: DataPaths, kind: Kind) -> int:
    """Remove what may go.

    Returns:
        Bytes that were freed; 0 while a night is under way, which needs them.
    """
    if kind not in CLEANABLE:
        return 0
    lock = BaseFolderLock(paths.lock)
    if not lock.try_acquire():
        return 0
    try:
        before = sum(size for place in places(paths, kind) for size in _sizes(place))
        for place in places(paths, kind):
            for child in sorted(place.iterdir()) if place.is_dir() else ():
                if child.is_dir() and not child.is_symlink():
                    shutil.rmtree(child, ignore_errors=True)
                else:
                    child.unlink(missing_ok=True)
        return before - sum(size for place in places(paths, kind) for size in _sizes(place))
    finally:
        lock.release()


def size_of(place: Path) -> int:
    """Bytes that a file or folder takes; 0 when it is not there."""
    return sum(_sizes(place))


def places(paths: DataPaths, kind: Kind) -> tuple[Path, ...]:
    """The files and folders of a kind."""
    databases = {
        "journal": paths.database,
        "knowledge": paths.knowledge,
    }
    if kind in databases:
        file = databases[kind]
        return (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm"))
    folders = {"dreams": paths.dreams, "logs": paths.nights, "sources": paths.sources, "images": paths.images}
    return (folders.get(kind, paths.environments),)


def in_units(size: int) -> str:
    """A size as people read it, in powers of 1000 as file managers show it."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def _sizes(place: Path) -> Iterator[int]:
    """Bytes of every file below a place; files with several names count once per name, links not at all."""
    if place.is_file():
        yield place.stat().st_size
    elif place.is_dir():
        for folder, _, names in os.walk(place):
            for name in names:
                try:
                    found = (Path(folder) / name).lstat()
                except OSError:
                    continue
                yield found.st_blocks * 512 if hasattr(found, "st_blocks") else found.st_size
