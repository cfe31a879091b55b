"""Files and folders that are wholly there or not at all, whatever moment the power goes.

Everything is written beside its final place (same file system), flushed to the disk, and renamed. Nothing here knows
what the files mean.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

TEMPORARY = ".writing-"
"""Prefix of everything unfinished; whatever bears it after a crash can be removed."""


def write_folder(target: Path, files: Mapping[str, str]) -> bool:
    """Create a folder of UTF-8 text files.

    Returns:
        False when the folder was there already; then it is left alone.

    Raises:
        OSError: The disk is full or the place cannot be written; nothing is left behind.
    """
    if target.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.parent / f"{TEMPORARY}{target.name}-{secrets.token_hex(4)}"
    temporary.mkdir()
    try:
        for name, text in files.items():
            _write_synced(temporary / name, [text])
        _sync_folder(temporary)
        temporary.rename(target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        if target.exists():
            return False
        raise
    _sync_folder(target.parent)
    return True


def replace_folder(target: Path, files: Mapping[str, str]) -> None:
    """Put a folder of UTF-8 text files in the place of one that may be there.

    For a moment between two renames neither is there; whoever owns the folder must be able to write it again.

    Raises:
        OSError: The disk is full or the place cannot be written; what was there before stays.
    """
    old = target.parent / f"{TEMPORARY}{target.name}-{secrets.token_hex(4)}"
    new = target.parent / f"{TEMPORARY}{target.name}-{secrets.token_hex(4)}"
    if not target.exists():
        write_folder(target, files)
        return
    try:
        write_folder(new, files)
        target.rename(old)
        new.rename(target)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        if not target.exists() and old.exists():
            old.rename(target)
        raise
    _sync_folder(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def write_file(target: Path, chunks: Iterable[str]) -> None:
    """Create or replace a UTF-8 text file from a stream of pieces.

    Raises:
        OSError: The disk is full or the place cannot be written; what was there before stays.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.parent / f"{TEMPORARY}{target.name}-{secrets.token_hex(4)}"
    try:
        _write_synced(temporary, chunks)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def remove_unfinished(folder: Path) -> int:
    """Remove what a crash left unfinished in a folder. Nobody else may be writing there.

    Returns:
        How many files and folders.
    """
    left = sorted(folder.glob(f"{TEMPORARY}*")) if folder.is_dir() else []
    for path in left:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(left)


def _write_synced(path: Path, chunks: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for chunk in chunks:
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows has no handle to flush for a folder; NTFS journals the rename itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
