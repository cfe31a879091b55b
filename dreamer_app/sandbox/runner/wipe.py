"""Emptying a folder that hostile code has filled, without recursion and without following a link.

`shutil.rmtree` gives up on a tree deeper than the recursion limit; here the folders of every level are moved up to the
top before they are removed, so neither depth nor path length matters.
"""

from __future__ import annotations

import os
import stat
import time


def wipe(folders: list[str], seconds: float = 5.0) -> bool:
    """Empty the folders; tell whether they are empty now."""
    deadline = time.monotonic() + seconds
    return not [folder for folder in folders if not _wipe(folder, deadline)]


def _wipe(folder: str, deadline: float) -> bool:
    try:
        if not os.listdir(folder):
            return True
        root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    serial = 0
    try:
        os.fchmod(root, 0o700) if os.fstat(root).st_uid == os.getuid() else None
        while names := os.listdir(root):
            for name in names:
                if time.monotonic() > deadline:
                    return False
                serial = _remove(root, name, serial)
        return True
    except OSError:
        return False
    finally:
        os.close(root)


def _remove(root: int, name: str, serial: int) -> int:
    if not stat.S_ISDIR(os.stat(name, dir_fd=root, follow_symlinks=False).st_mode):
        os.unlink(name, dir_fd=root)
        return serial
    os.chmod(name, 0o700, dir_fd=root)
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=root)
    try:
        for entry in os.listdir(inner):
            if stat.S_ISDIR(os.stat(entry, dir_fd=inner, follow_symlinks=False).st_mode):
                os.chmod(entry, 0o700, dir_fd=inner)
                serial += 1
                os.rename(entry, f".wipe-{serial}-{time.monotonic_ns()}", src_dir_fd=inner, dst_dir_fd=root)
            else:
                os.unlink(entry, dir_fd=inner)
    finally:
        os.close(inner)
    os.rmdir(name, dir_fd=root)
    return serial
