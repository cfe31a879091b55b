"""What Linux shows of one running program: its name, and whether it draws with a graphics card."""

from __future__ import annotations

import os
from pathlib import Path

from dreamer_app.presence.exclusive import Program, plain

PROC = Path("/proc")
GPU_DEVICES = ("/dev/dri/renderD", "/dev/dri/card", "/dev/nvidia")


def uses_gpu(pid: int, proc: Path = PROC) -> bool | None:
    """Whether a program has a graphics card open; None where that may not be seen.

    Args:
        pid: The program.
        proc: Where the kernel shows programs.
    """
    try:
        opened = list((proc / str(pid) / "fd").iterdir())
    except OSError:
        return None
    for descriptor in opened:
        try:
            target = str(descriptor.readlink())
        except OSError:
            continue
        if target.startswith(GPU_DEVICES):
            return True
    return False


def program_name(pid: int, proc: Path = PROC) -> str | None:
    """The name by which a program can be put into the list of exclusive programs; None where it is gone."""
    folder = proc / str(pid)
    try:
        arguments = (folder / "cmdline").read_bytes().split(b"\0")
        own = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
    first = plain(os.fsdecode(arguments[0])) if arguments else ""
    return first or own or None


def seen_program(pid: int, proc: Path = PROC) -> Program | None:
    """What can be seen of a program; None where it is gone.

    Args:
        pid: The program.
        proc: Where the kernel shows programs.
    """
    folder = proc / str(pid)
    try:
        name = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
        arguments = os.fsdecode((folder / "cmdline").read_bytes()).rstrip("\0").split("\0")
    except OSError:
        return None
    try:
        path = str((folder / "exe").readlink())
    except OSError:
        path = ""  # of another user
    return Program(pid, name, path, tuple(arguments))
