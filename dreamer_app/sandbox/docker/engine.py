"""The Docker engine: finding it, asking what it can do, running one container to its end.

Nothing here knows what a container is for. Every call has a time-out.
"""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

import docker
from docker.errors import DockerException

from dreamer_app.core.errors import InfrastructureError

CALL_SECONDS = 30
OUTPUT_BYTES = 1 << 20
STDOUT = 1
_HEADER = struct.Struct(">BxxxL")
FIX = "Install and start Docker: `sudo apt-get install docker.io && sudo usermod -aG docker $USER`, then log in again."


@dataclass(frozen=True)
class EngineFacts:
    """What the engine says of itself.

    Attributes:
        version: Of the engine.
        runc: Version text of the runtime, empty when unknown.
        cgroup_driver: `cgroupfs` or `systemd`.
        cgroup_version: 1 or 2.
        storage_driver: e.g. `overlay2`.
        rootless: Whether it runs without root.
        seccomp: Whether it filters system calls.
        apparmor: Whether it confines with AppArmor.
        architecture: Machine name, e.g. `x86_64`.
    """

    version: str
    runc: str
    cgroup_driver: str
    cgroup_version: int
    storage_driver: str
    rootless: bool
    seccomp: bool
    apparmor: bool
    architecture: str


class Engine:
    """A connection to an engine that answers.

    Args:
        api: The SDK's low-level client.
    """

    def __init__(self, api: docker.APIClient) -> None:
        self.api: Any = api  # the stubs leave some of its methods untyped

    @classmethod
    def connect(cls) -> Engine:
        """Find the engine as the `docker` command would (DOCKER_HOST, contexts' default socket).

        Raises:
            InfrastructureError: None answers.
        """
        try:
            client = docker.DockerClient.from_env(timeout=CALL_SECONDS)
            client.ping()
        except (DockerException, OSError) as error:
            raise InfrastructureError("No Docker engine answers", str(error)[:500], FIX) from error
        return cls(client.api)

    def close(self) -> None:
        """Close the connections to the engine."""
        self.api.close()

    def facts(self) -> EngineFacts:
        """Ask the engine about itself.

        Raises:
            InfrastructureError: It does not answer.
        """
        try:
            info = self.api.info()
        except (DockerException, OSError) as error:
            raise InfrastructureError("The Docker engine stopped answering", str(error)[:500], FIX) from error
        options = [str(option) for option in info.get("SecurityOptions") or ()]
        return EngineFacts(
            version=str(info.get("ServerVersion", "")),
            runc=str((info.get("RuncCommit") or {}).get("ID", "")),
            cgroup_driver=str(info.get("CgroupDriver", "")),
            cgroup_version=int(info.get("CgroupVersion") or 1),
            storage_driver=str(info.get("Driver", "")),
            rootless=any("rootless" in option for option in options),
            seccomp=any("seccomp" in option for option in options),
            apparmor=any("apparmor" in option for option in options),
            architecture=str(info.get("Architecture", "")),
        )

    def run_once(self, body: dict[str, Any], name: str, seconds: float, limit: int = OUTPUT_BYTES) -> tuple[int, bytes]:
        """Run a container to its end and remove it.

        Args:
            body: Of the create call.
            name: Of the container.
            seconds: After which it is killed, whatever it is doing.
            limit: Bytes of output that are kept; the rest is dropped.

        Returns:
            Exit status and what it wrote to stdout.

        Raises:
            InfrastructureError: The engine refuses, or time is up.
        """
        deadline = time.monotonic() + seconds
        identifier = connection = None
        try:
            identifier = self.api.create_container_from_config(body, name)["Id"]
            connection = own_socket(self.api.attach_socket(identifier, params={"stdout": 1, "stream": 1}))
            self.api.start(identifier)
            output = _read_stdout(connection, limit, deadline)
            status = int(self.api.wait(identifier, timeout=max(deadline - time.monotonic(), 1.0))["StatusCode"])
        except TimeoutError as error:
            raise InfrastructureError(
                "A container took too long", f"{name}: no end after {seconds:.0f} s", "Is the computer very busy?"
            ) from error
        except (DockerException, OSError) as error:
            raise InfrastructureError("A container could not be run", str(error)[:500], FIX) from error
        finally:
            if connection is not None:
                connection.close()
            if identifier is not None:
                self._discard(identifier)
        return status, output

    def _discard(self, identifier: str) -> None:
        try:
            self.api.remove_container(identifier, force=True, v=True)
        except (DockerException, OSError):
            return  # the next session sweeps it by its label


def own_socket(attached: Any) -> socket.socket:
    """A socket of our own over the SDK's file object, whose own parts are closed."""
    raw = getattr(attached, "_sock", attached)
    own: socket.socket = raw.dup()
    response = getattr(attached, "_response", None)
    for part in (response, attached, raw):
        if part is not None:
            part.close()
    return own


def _read_stdout(connection: socket.socket, limit: int, deadline: float) -> bytes:
    """Read Docker's multiplexed stream until it ends: 8 bytes of header (stream, length), then the payload.

    Raises:
        TimeoutError: The deadline (of the monotonic clock) has come.
    """
    received, output = bytearray(), bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        chunk = connection.recv(1 << 18)
        if not chunk:
            return bytes(output[:limit])
        received += chunk
        position = 0
        while len(received) - position >= _HEADER.size:
            stream, length = _HEADER.unpack_from(received, position)
            end = position + _HEADER.size + length
            if len(received) < end:
                break
            if stream == STDOUT and len(output) < limit:
                output += received[position + _HEADER.size : end]
            position = end
        del received[:position]
