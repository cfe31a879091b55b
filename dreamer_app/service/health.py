"""What dreaming needs of this machine, beside the workers: each ok, warning or missing, with the line that mends it."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import sys
import tempfile

from uv import find_uv_bin

from dreamer_app.core.checks import Check
from dreamer_app.core.i18n import tr
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.energy.meters import real_sensors
from dreamer_app.energy.report import look_at_sensors
from dreamer_app.energy.worker_slice import worker_seconds
from dreamer_app.presence.report import look_at_presence
from dreamer_app.store.lock import BaseFolderLock

OLDEST_PYTHON = (3, 11)
ROOM_WANTED, ROOM_NEEDED = 5 * 1024**3, 1024**3
"""Bytes: image, environments and downloads of a few libraries took 1.5 GB (measured with textual, pandas, networkx)."""


def look_around(paths: DataPaths, settings: Settings) -> tuple[Check, ...]:
    """Look at Python, base folder, disk, database library, installer, presence and sensors; blocking."""
    own = (_python(), _base(paths), _room(paths), _search(), _installer(), _lock(paths))
    return (
        *own,
        *look_at_presence(settings.presence),
        *look_at_sensors(real_sensors(settings.energy, paths.base, worker_seconds)),
    )


def _python() -> Check:
    version = platform.python_version()
    if sys.version_info[:2] >= OLDEST_PYTHON:
        return Check(name="Python", state="ok", detail=version)
    wanted = ".".join(str(part) for part in OLDEST_PYTHON)
    return Check(
        name="Python", state="missing", detail=version, fix=tr("Install Python {wanted} or newer.", wanted=wanted)
    )


def _base(paths: DataPaths) -> Check:
    try:
        with tempfile.TemporaryFile(dir=paths.base):
            return Check(name="Base folder", state="ok", detail=str(paths.base))
    except OSError as error:
        return Check(
            name="Base folder",
            state="missing",
            detail=str(error),
            fix=tr("Choose a folder of yours with --base-dir DIR."),
        )


def _room(paths: DataPaths) -> Check:
    try:
        free = shutil.disk_usage(paths.base).free
    except OSError as error:
        return Check(
            name="Disk", state="missing", detail=str(error), fix=tr("Choose another disk with --base-dir DIR.")
        )
    detail = tr("{room} GB free at {base}", room=f"{free / 1024**3:.1f}", base=paths.base)
    if free < ROOM_NEEDED:
        return Check(name="Disk", state="missing", detail=detail, fix=tr("Make 1 GB of room."))
    if free < ROOM_WANTED:
        return Check(name="Disk", state="warning", detail=detail, fix=tr("5 GB of room are enough for many libraries."))
    return Check(name="Disk", state="ok", detail=detail)


def _search() -> Check:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    except sqlite3.Error:
        fix = tr("Use a Python whose SQLite has FTS5.")
        return Check(name="Full-text search", state="missing", detail=f"SQLite {sqlite3.sqlite_version}", fix=fix)
    finally:
        connection.close()
    return Check(
        name="Full-text search", state="ok", detail=tr("SQLite {version} with FTS5", version=sqlite3.sqlite_version)
    )


def _installer() -> Check:
    try:
        return Check(name="uv", state="ok", detail=os.fspath(find_uv_bin()))
    except FileNotFoundError as error:
        return Check(name="uv", state="missing", detail=str(error), fix=f"{sys.executable} -m pip install uv")


def _lock(paths: DataPaths) -> Check:
    lock = BaseFolderLock(paths.lock)
    if lock.try_acquire():
        lock.release()
        return Check(name="Night", state="ok", detail=tr("none is under way"))
    return Check(name="Night", state="ok", detail=tr("one is under way in this folder"))
