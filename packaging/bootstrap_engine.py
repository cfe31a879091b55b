"""Asks whether a Docker engine answers, and starts one where that is allowed.

Standard library only. Must not stop or reconfigure an engine: one that answers is used as it is, and one that was
started here runs on afterwards with Docker's own defaults.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from bootstrap_plan import Refusal

SOCKET = "/var/run/docker.sock"
ANSWER_SECONDS = 5.0
START_SECONDS = 90.0
# The workers have no network at all, so an engine that cannot set up a bridge (no netfilter in the kernel, a
# container without the right to) serves as well.
WITHOUT_BRIDGE = ["--iptables=false", "--ip6tables=false", "--bridge=none"]


def engine_state(environ: Mapping[str, str]) -> str:
    """`answers`, `denied` or `silent`, from one ping."""
    address = environ.get("DOCKER_HOST", "")
    parts = urlsplit(address)
    if address and parts.scheme not in {"unix", "tcp", "http"}:
        return "answers"  # ssh and the like: only the program itself can tell
    with contextlib.closing(socket.socket(socket.AF_INET if parts.netloc else socket.AF_UNIX)) as line:
        line.settimeout(ANSWER_SECONDS)
        try:
            if parts.netloc:
                line.connect((parts.hostname or "localhost", parts.port or 2375))
            else:
                line.connect(parts.path or SOCKET)
            line.sendall(b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")
            response = http.client.HTTPResponse(line)
            response.begin()
            return "answers" if response.status == http.client.OK else "silent"
        except PermissionError:
            return "denied"
        except (OSError, http.client.HTTPException):
            # A TLS engine refuses plain text but is there.
            return "answers" if environ.get("DOCKER_TLS_VERIFY") else "silent"


def start_engine(way: str, log: Path, environ: Mapping[str, str]) -> None:
    """Start an engine and wait until it answers.

    Args:
        way: `systemctl` or `dockerd`.
        log: Where the engine writes when it is started directly.
        environ: Says where the engine is expected.

    Raises:
        Refusal: None answers in time; with the engine's own last words.
    """
    if way == "systemctl":
        subprocess.run(["systemctl", "start", "docker"], stdin=subprocess.DEVNULL, check=False)
        if wait_for_engine(environ, None):
            return
        raise Refusal("The Docker service does not answer.", command="systemctl status docker; journalctl -eu docker")
    # The package may just have started one by itself.
    if wait_for_engine(environ, None, seconds=2.0):
        return
    mount_cgroups()
    log.parent.mkdir(parents=True, exist_ok=True)
    for arguments in ([], WITHOUT_BRIDGE):
        with log.open("ab") as output:
            engine = subprocess.Popen(
                ["dockerd", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd="/",
                env={**environ, "PATH": f"{environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/bin:/bin"},
            )
        if wait_for_engine(environ, engine):
            return
        if engine.poll() is None:
            engine.terminate()
            engine.wait(timeout=30)
    raise Refusal(
        f"The Docker engine was started but does not answer. Its last words:\n\n{last_lines(log)}",
        then=f"The whole story is in {log}. Once an engine answers, run the same command again.",
    )


def wait_for_engine(
    environ: Mapping[str, str], engine: subprocess.Popen[bytes] | None, *, seconds: float = START_SECONDS
) -> bool:
    """Whether an engine answers in time; gives up early when the one that was started has ended."""
    end = time.monotonic() + seconds
    while True:
        if engine_state(environ) == "answers":
            return True
        if time.monotonic() > end or (engine is not None and engine.poll() is not None):
            return False
        time.sleep(0.2)


def mount_cgroups() -> None:
    """Mount the control groups where no init system has done it (small virtual machines)."""
    place = Path("/sys/fs/cgroup")
    try:
        mounted = any(" cgroup" in line for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines())
    except OSError:
        return
    if not mounted and place.is_dir() and os.geteuid() == 0:
        subprocess.run(["mount", "-t", "cgroup2", "cgroup2", str(place)], stdin=subprocess.DEVNULL, check=False)


def last_lines(file: Path, count: int = 15) -> str:
    """The end of a log."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "(nothing was written)"
    return "\n".join(f"    {line}" for line in lines[-count:])
