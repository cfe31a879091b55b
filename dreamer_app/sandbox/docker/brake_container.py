"""Makes the brake container, and the anchor that keeps the workers' control group in being.

The brake holds nothing but the one group's folder and the one weight file, has no network, no capability and no other
mount but our own code, read-only. Both containers live as long as the stream to this program.
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docker.errors import DockerException

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.sandbox.brake.line import BrakeLine
from dreamer_app.sandbox.docker import limits, sweep
from dreamer_app.sandbox.docker.engine import Engine, EngineFacts, own_socket
from dreamer_app.sandbox.docker.slice import Slice
from dreamer_app.sandbox.runner import brake as program

NAME = "dreamer-brake-"
ANCHOR_NAME = "dreamer-anchor-"
SUBJECT_NAME = "dreamer-brake-test-"
WEIGHT = 10_240
"""Shares of the processor, ten times the usual: a brake that was starved itself took 0.6 s (measured)."""

MEMORY = 64 << 20
PROCESSES = 8
CONNECT_SECONDS = 5.0
CONNECT_PAUSE = 0.005
WAIT_FOR_END = ["python3", "-I", "-c", "import sys; sys.stdin.read()"]
"""Ends when its input does, that is with this program."""


def brake_body(image: str, runner: Path, slice_: Slice, spare: str, line: Path | None) -> dict[str, Any]:
    """The whole body of the engine's create call for the brake. A pure function, so that every line can be tested.

    Args:
        image: Identifier of the image.
        runner: Folder with the runner's code.
        slice_: What it brakes; its group must be visible.
        spare: Name of the child that it never kills.
        line: Folder for its socket, None without one.
    """
    group = slice_.group
    assert group is not None
    body = _trusted_body(image, ["python3", "-I", "-B", "/runner/start.py", "brake", str(group.version), spare])
    mounts = [_mount(group.folder, program.FOLDER), _mount(group.weight, program.WEIGHT)]
    if group.version == 1:
        mounts.append(_mount(group.usage, program.USAGE, read_only=True))
    if line is not None:
        mounts.append(_mount(str(line), str(Path(program.LINE).parent)))
    mounts.append(_mount(str(runner), limits.RUNNER_MOUNT, read_only=True))
    body["HostConfig"] |= {
        "Mounts": mounts,
        "CpuShares": WEIGHT,
        "CgroupParent": "-.slice" if slice_.systemd else "/",
    }
    return body


def anchor_body(image: str, parent: str) -> dict[str, Any]:
    """The same for the anchor, which does nothing but be there."""
    body = _trusted_body(image, WAIT_FOR_END)
    body["User"] = limits.USER
    body["HostConfig"] |= {"CgroupParent": parent, "CpuShares": limits.LOWEST_SHARES}
    return body


def _trusted_body(image: str, command: list[str]) -> dict[str, Any]:
    return {
        "Image": image,
        "Cmd": command,
        "User": "0:0",
        "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"],
        "WorkingDir": "/",
        "AttachStdin": True,
        "AttachStdout": True,
        "OpenStdin": True,
        "StdinOnce": True,
        "NetworkDisabled": True,
        "StopSignal": "KILL",
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": {
            "NetworkMode": "none",
            "ReadonlyRootfs": True,
            "CapDrop": ["ALL"],
            "Privileged": False,
            "SecurityOpt": ["no-new-privileges", f"seccomp={limits.seccomp_profile()}"],
            "MaskedPaths": list(limits.MASKED),
            "ReadonlyPaths": list(limits.UNCHANGEABLE),
            "Memory": MEMORY,
            "MemorySwap": MEMORY,
            "PidsLimit": PROCESSES,
            "IpcMode": "private",
            "LogConfig": {"Type": "none"},
            "Init": False,
            "AutoRemove": True,
            "RestartPolicy": {"Name": "no"},
        },
    }


def _mount(source: str, target: str, *, read_only: bool = False) -> dict[str, Any]:
    options = {"Propagation": "rprivate", "NonRecursive": True}
    return {"Type": "bind", "Source": source, "Target": target, "ReadOnly": read_only, "BindOptions": options}


@dataclass
class Attached:
    """A container of ours that ends with its stream.

    Attributes:
        identifier: Of the container.
        stream: Its standard input and output, in the engine's frames.
    """

    identifier: str
    stream: socket.socket


class BrakeMaker:
    """Starts what the brake needs.

    Args:
        engine: Starts containers.
        image: Identifier of their image.
        runner: Folder with the runner's code.
        slice_: What is braked.
        labels: By which the next session sweeps what is left.
    """

    def __init__(self, engine: Engine, image: str, runner: Path, slice_: Slice, labels: Mapping[str, str]) -> None:
        self._engine = engine
        self._image = image
        self._runner = runner
        self._slice = slice_
        self._labels = dict(labels)
        self._started: list[Attached] = []
        self._folders: list[Path] = []
        self.spare = ""

    def anchor(self, facts: EngineFacts) -> None:
        """Start the anchor, so that the control group is there and stays.

        Raises:
            InfrastructureError: The engine refuses.
        """
        started = self._start(anchor_body(self._image, self._slice.parent), ANCHOR_NAME)
        systemd = facts.cgroup_driver == "systemd"
        self.spare = f"docker-{started.identifier}.scope" if systemd else started.identifier

    def attached_line(self) -> BrakeLine:
        """A brake by the engine's attached stream, which works wherever the engine is.

        Raises:
            InfrastructureError: The engine refuses.
        """
        return BrakeLine(self._start(self._body(None), NAME).stream.dup(), framed=True)

    def socket_line(self) -> BrakeLine:
        """A brake by a socket of its own, with no engine in between.

        Raises:
            InfrastructureError: The engine refuses, or the socket cannot be reached from here.
        """
        outer = Path(tempfile.mkdtemp(prefix=NAME))  # only this user can enter it
        self._folders.append(outer)
        folder = outer / "line"
        folder.mkdir()
        folder.chmod(0o777)
        self._start(self._body(folder), NAME)
        file = folder / Path(program.LINE).name
        return BrakeLine(_connect(file), framed=False, address=str(file))

    def close(self) -> None:
        """End the containers, which end with their streams. Idempotent."""
        for started in list(self._started):
            self._end(started)
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def subject(self, command: list[str]) -> Iterator[socket.socket]:
        """Something that runs in the workers' group for the self-test; its stream, in the engine's frames.

        Raises:
            InfrastructureError: The engine refuses.
        """
        body = anchor_body(self._image, self._slice.parent)
        body["Cmd"] = command
        started = self._start(body, SUBJECT_NAME)
        try:
            yield started.stream
        finally:
            self._end(started)

    def _body(self, line: Path | None) -> dict[str, Any]:
        return brake_body(self._image, self._runner, self._slice, self.spare, line)

    def _end(self, started: Attached) -> None:
        self._started.remove(started)
        started.stream.close()
        with contextlib.suppress(DockerException, OSError):
            sweep.remove(self._engine.api, started.identifier)

    def _start(self, body: dict[str, Any], name: str) -> Attached:
        """Run a container that ends with its stream."""
        api = self._engine.api
        body["Labels"] = self._labels
        try:
            identifier = str(api.create_container_from_config(body, f"{name}{uuid.uuid4().hex[:8]}")["Id"])
            stream = own_socket(api.attach_socket(identifier, params={"stdin": 1, "stdout": 1, "stream": 1}))
            started = Attached(identifier, stream)
            self._started.append(started)
            api.start(identifier)
        except (DockerException, OSError) as error:
            raise InfrastructureError("The brake cannot be started", str(error)[:500]) from error
        return started


def _connect(file: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    deadline = time.monotonic() + CONNECT_SECONDS
    while True:
        try:
            connection.connect(str(file))
        except OSError as error:
            if time.monotonic() > deadline:
                connection.close()
                raise InfrastructureError("The brake cannot be reached", f"{file}: {error}") from error
            time.sleep(CONNECT_PAUSE)
        else:
            return connection
