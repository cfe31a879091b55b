"""What the kernel is asked for by a worker's own parts: who may look into whom, who dies with whom.

The container's limits are set from outside; nothing here is needed for them to hold.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)

JOB_NICE = 19


def hide() -> None:
    """Keep processes of the same user from reading or tracing this one."""
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of all descendants whose own parent dies."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def become_job(keep: list[int], cpu_seconds: int) -> None:
    """Turn a forked child into a job: own session, lowest priority, no inherited descriptor but those to keep."""
    os.setsid()
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    os.nice(JOB_NICE)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    low = 3
    for fd in sorted(keep):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, 65_536)


def kill_everybody_else() -> None:
    """Kill every process of this PID namespace but the first one and the caller, in one step.

    The kernel marks all of them under one lock, so no fork can slip through.

    Raises:
        RuntimeError: This is not a worker: the first process is not a supervisor that runs as this user.
    """
    if not IN_WORKER:
        raise RuntimeError("refused: not inside a worker")
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _in_worker() -> bool:
    """Whether the first process of this PID namespace is a supervisor, i.e. nobody else's processes are in reach."""
    if os.getpid() == 1:
        return True
    if os.getppid() != 1:
        return False
    with open("/proc/1/cmdline", "rb") as file:
        return file.read().rstrip(b"\0").split(b"\0")[-1] == b"supervisor"


IN_WORKER = _in_worker()
