"""The Docker engine: finding it, asking what it can do, running one container to its end.

Nothing here knows what a container is for. Every call has a time-out.
"""

from __future__ import annotations

import os
import shutil
import socket
import struct
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
from docker.constants import DEFAULT_DOCKER_API_VERSION
from docker.context import ContextAPI
from docker.errors import DockerException
from docker.utils import kwargs_from_env

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.sandbox.docker.controls import lacking

CALL_SECONDS = 30
OUTPUT_BYTES = 1 << 20
STDOUT = 1
_HEADER = struct.Struct(">BxxxL")
OLDEST_API = (1, 40)
"""Engine 19.03: the first with the mounts and limits that workers are given."""
START = "Start Docker: `sudo systemctl start docker`, or `sudo dockerd &` where there is no systemd."
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
        kernel: Release of the kernel that it runs on.
        user_namespaces: Whether root inside of its containers is somebody else outside.
        lacks: Why it must not hold a dream; empty when it may.
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
    kernel: str = ""
    user_namespaces: bool = False
    lacks: tuple[str, ...] = ()

    @property
    def elsewhere(self) -> bool:
        """Whether it runs in a virtual machine or on another computer: its control groups are not those seen here."""
        return sys.platform != "linux" or bool(self.kernel and self.kernel != os.uname().release)


def candidates(environment: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Where an engine may be, as options of the SDK's client, most wanted first.

    An address that a person set is the only one: silently using another engine would be a surprise.
    """
    if environment.get("DOCKER_HOST"):
        yield dict(kwargs_from_env(dict(environment)))
        return
    current = _context(environment)
    if current:
        yield current
    home, runtime = environment.get("HOME", ""), environment.get("XDG_RUNTIME_DIR", "")
    usual = ["/var/run/docker.sock", f"{runtime}/docker.sock", f"{home}/.docker/run/docker.sock"]
    for socket_file in (*usual, f"{home}/.docker/desktop/docker.sock"):
        address = f"unix://{socket_file}"
        if Path(socket_file).exists() and address != current.get("base_url"):
            yield {"base_url": address}


def _context(environment: Mapping[str, str]) -> dict[str, Any]:
    """What `docker context` has chosen; empty when there is nothing to choose from."""
    try:
        context: Any = ContextAPI.get_context(environment.get("DOCKER_CONTEXT"))
        if context is None or not context.Host:
            return {}
        return {"base_url": context.Host} | ({"tls": context.TLSConfig} if context.TLSConfig else {})
    except (DockerException, OSError, ValueError, KeyError, TypeError):  # a broken file of another program
        return {}


def _newest_api(options: dict[str, Any]) -> str:
    """The newest API version that both sides know."""
    address = str(options.get("base_url", ""))
    if address.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as probe:  # fails in plainer words than the SDK does
            probe.settimeout(CALL_SECONDS)
            probe.connect(address.removeprefix("unix://"))
    client = docker.APIClient(version=DEFAULT_DOCKER_API_VERSION, timeout=CALL_SECONDS, **options)
    try:
        theirs = str(client.version(api_version=False)["ApiVersion"])
    finally:
        client.close()
    return min(theirs, DEFAULT_DOCKER_API_VERSION, key=_version)


def _cause(error: BaseException) -> str:
    text = " ".join(str(error).split())
    for known in ("Permission denied", "Connection refused", "No such file or directory"):
        if known in text:
            return known.lower()
    return text[:200] or type(error).__name__


def _fix(reasons: Iterable[str]) -> str:
    if any("permission denied" in reason for reason in reasons):
        return "Let yourself use it: `sudo usermod -aG docker $USER`, then log in again."
    if any("too old" in reason for reason in reasons):
        return "Update Docker to 19.03 or newer."
    if sys.platform != "linux":
        return "Install and start Docker Desktop."
    return START if shutil.which("dockerd") else FIX


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


class Engine:
    """A connection to an engine that answers.

    Args:
        api: The SDK's low-level client.
    """

    def __init__(self, api: docker.APIClient) -> None:
        self.api: Any = api  # the stubs leave some of its methods untyped

    @classmethod
    def connect(cls, environment: Mapping[str, str] | None = None) -> Engine:
        """Find the engine as the `docker` command would: DOCKER_HOST, the current context, then the usual sockets.

        Args:
            environment: Variables; None means this process's.

        Raises:
            InfrastructureError: None answers; the hint says what mends that here.
        """
        reasons: dict[str, str] = {}
        for options in candidates(os.environ if environment is None else environment):
            address = str(options.get("base_url", "the usual address"))
            try:
                newest = _newest_api(options)
                if _version(newest) >= OLDEST_API:
                    return cls(docker.APIClient(version=newest, timeout=CALL_SECONDS, **options))
                reasons[address] = f"its API {newest} is too old"
            except (DockerException, OSError, ImportError) as error:  # ssh:// needs a package of its own
                reasons[address] = _cause(error)
        text = "; ".join(f"{address}: {why}" for address, why in reasons.items())
        raise InfrastructureError("No Docker engine answers", text[:500], _fix(reasons.values()))

    def close(self) -> None:
        """Close the connections to the engine."""
        self.api.close()

    def facts(self) -> EngineFacts:
        """Ask the engine about itself.

        Raises:
            InfrastructureError: It does not answer.
        """
        try:
            info, version = self.api.info(), self.api.version(api_version=False)
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
            kernel=str(info.get("KernelVersion", "")),
            user_namespaces=any("name=userns" in option for option in options),
            lacks=lacking(info, version),
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
