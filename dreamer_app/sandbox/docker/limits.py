"""What a worker container may do: as little as a test run needs. A pure function, so that every line can be tested.

The reasons for each line stand in docs/isolation.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dreamer_app.core.paths import resource
from dreamer_app.core.settings import WorkerSettings

USER = "65532:65532"
"""Nobody on any usual system: neither a person's nor a service's number."""

RUNNER_MOUNT, ENVIRONMENT_MOUNT = "/runner", "/deps"
OPEN_FILES = 256
FILE_BYTES = 16 << 20
LOCKED_BYTES = 64 << 10
SHM_BYTES = 16 << 20
TMPFS = {
    "/job": f"rw,noexec,nosuid,nodev,size=64m,nr_inodes=4096,mode=0700,uid={USER[:5]},gid={USER[:5]}",
    "/tmp": f"rw,noexec,nosuid,nodev,size=32m,nr_inodes=2048,mode=0700,uid={USER[:5]},gid={USER[:5]}",  # noqa: S108 inside the container
}
LOWEST_SHARES = 2
MASKED = (
    "/proc/acpi",
    "/proc/asound",
    "/proc/cmdline",
    "/proc/interrupts",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/sys/block",
    "/sys/devices/virtual/powercap",
    "/sys/firmware",
    "/sys/fs/selinux",
)
"""What the engine hides by itself, and what else would tell about this computer; a list replaces the engine's own."""

UNCHANGEABLE = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
"""The engine's own list."""


def container(
    *,
    image: str,
    command: Sequence[str],
    binds: Mapping[Path, str],
    parent: str,
    workers: WorkerSettings,
    labels: Mapping[str, str],
) -> dict[str, Any]:
    """The whole body of the engine's create call.

    Args:
        image: Identifier of the image.
        command: What to run.
        binds: Folder on this machine to mount point; always read-only.
        parent: Control group above the container.
        workers: Limits.
        labels: Labels.
    """
    return {
        "Image": image,
        "Cmd": list(command),
        "User": USER,
        "Hostname": "dream",
        "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/tmp"],
        "WorkingDir": "/",
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
        "OpenStdin": True,
        "StdinOnce": True,
        "Tty": False,
        "NetworkDisabled": True,
        "StopSignal": "KILL",
        "Healthcheck": {"Test": ["NONE"]},
        "Labels": dict(labels),
        "HostConfig": _host_config(binds, parent, workers),
    }


def _host_config(binds: Mapping[Path, str], parent: str, workers: WorkerSettings) -> dict[str, Any]:
    memory = workers.memory << 20
    return {
        "NetworkMode": "none",
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "Privileged": False,
        "SecurityOpt": ["no-new-privileges", f"seccomp={seccomp_profile()}"],
        "Tmpfs": dict(TMPFS),
        "Mounts": [_read_only(folder, mount) for folder, mount in binds.items()],
        "MaskedPaths": list(MASKED),
        "ReadonlyPaths": list(UNCHANGEABLE),
        "Memory": memory,
        "MemorySwap": memory,
        "PidsLimit": workers.processes,
        "NanoCpus": int(workers.cpus * 1e9),
        "CpuShares": LOWEST_SHARES,
        "OomScoreAdj": 1000,
        "CgroupParent": parent,
        "Ulimits": [
            {"Name": "nofile", "Soft": OPEN_FILES, "Hard": OPEN_FILES},
            {"Name": "fsize", "Soft": FILE_BYTES, "Hard": FILE_BYTES},
            {"Name": "core", "Soft": 0, "Hard": 0},
            {"Name": "memlock", "Soft": LOCKED_BYTES, "Hard": LOCKED_BYTES},
            {"Name": "msgqueue", "Soft": 0, "Hard": 0},
        ],
        "IpcMode": "private",
        "ShmSize": SHM_BYTES,
        "LogConfig": {"Type": "none"},
        "Init": False,
        "AutoRemove": True,
        "RestartPolicy": {"Name": "no"},
    }


def _read_only(folder: Path, mount: str) -> dict[str, Any]:
    """A mount instead of a `Binds` line: a missing folder is an error, not made as root; colons need no care.

    Not recursive, because engines before 25 leave what is mounted below a read-only folder writable.
    """
    options = {"Propagation": "rprivate", "NonRecursive": True}
    return {"Type": "bind", "Source": str(folder), "Target": mount, "ReadOnly": True, "BindOptions": options}


def one_off(body: dict[str, Any]) -> dict[str, Any]:
    """The same container for a command that takes no input and whose exit status is asked for."""
    body["HostConfig"]["AutoRemove"] = False
    body["OpenStdin"] = body["AttachStdin"] = body["StdinOnce"] = False
    return body


def seccomp_profile() -> str:
    """The system-call filter as the engine takes it: JSON text."""
    return resource("worker/seccomp.json").read_text(encoding="utf-8")
