"""What a worker under bubblewrap may do. A pure function, so that every line can be tested.

It follows `sandbox/docker/limits.py` as far as namespaces and resource limits can. What they cannot give, `GAPS` says,
and so does every place where a person chooses this protection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dreamer_app.core.settings import WorkerSettings
from dreamer_app.sandbox.docker.limits import ENVIRONMENT_MOUNT, FILE_BYTES, LOCKED_BYTES, OPEN_FILES, RUNNER_MOUNT

USER = 65532
"""As in Docker; outside it is whoever runs the program, or this number when that is root."""

PROCESSES = 16
"""At most so many processes and threads: each may have its whole memory, since nothing counts them together."""

JOB_BYTES, TMP_BYTES, SHM_BYTES = 64 << 20, 32 << 20, 16 << 20

GAPS = (
    "memory is limited for each process, not for all of a worker's together",
    "no quota on the processor, only the lowest priority",
    "its folders in memory can hold programs, and are limited by size but not by number of files",
)

ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp"}  # noqa: S108 inside

_LIMITED = """
import os, resource, sys
for item in sys.argv[1].split(","):
    name, _, value = item.partition("=")
    resource.setrlimit(getattr(resource, "RLIMIT_" + name), (int(value), int(value)))
os.nice(int(sys.argv[2]))
os.execv(sys.executable, [sys.executable, *sys.argv[3:]])
"""
"""Sets limits inside, where processes are counted for the new user namespace alone, and becomes the command."""

NICE = 10
"""Of the supervisor; jobs lower themselves further."""


def command(
    *,
    program: str,
    rootfs: Path,
    binds: Mapping[Path, str],
    inner: Sequence[str],
    workers: WorkerSettings,
    filter_fd: int,
) -> list[str]:
    """The whole command line.

    Args:
        program: Path of bubblewrap.
        rootfs: The worker image, unpacked.
        binds: Folder on this machine to mount point; always read-only.
        inner: Arguments of Python, inside.
        workers: Limits.
        filter_fd: Descriptor from which the system-call filter can be read.
    """
    variables = [part for name, value in ENVIRONMENT.items() for part in ("--setenv", name, value)]
    mounts = [part for folder, mount in binds.items() for part in ("--ro-bind", str(folder), mount)]
    return [
        program,
        *("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"),
        *("--uid", str(USER), "--gid", str(USER), "--hostname", "dream"),
        *("--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL"),
        *("--clearenv", *variables),
        *("--ro-bind", str(rootfs), "/", *mounts),
        *("--proc", "/proc", "--dev", "/dev"),
        *("--perms", "0700", "--size", str(SHM_BYTES), "--tmpfs", "/dev/shm"),  # noqa: S108 inside
        *("--perms", "0700", "--size", str(TMP_BYTES), "--tmpfs", "/tmp"),  # noqa: S108 inside
        *("--perms", "0700", "--size", str(JOB_BYTES), "--tmpfs", "/job"),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"),
        *("--seccomp", str(filter_fd)),
        *("--", "python3", "-I", "-S", "-B", "-c", _LIMITED, _limits(workers), str(NICE), *inner),
    ]


def _limits(workers: WorkerSettings) -> str:
    limits = {
        "AS": workers.memory << 20,
        "NPROC": min(workers.processes, PROCESSES),
        "NOFILE": OPEN_FILES,
        "FSIZE": FILE_BYTES,
        "CORE": 0,
        "MEMLOCK": LOCKED_BYTES,
        "MSGQUEUE": 0,
    }
    return ",".join(f"{name}={value}" for name, value in limits.items())


SUPERVISOR = ("-I", "-B", f"{RUNNER_MOUNT}/start.py", "supervisor")
"""Arguments of Python for a worker; the libraries are at `ENVIRONMENT_MOUNT`."""

__all__ = ["ENVIRONMENT_MOUNT", "GAPS", "RUNNER_MOUNT", "SUPERVISOR", "USER", "command"]
