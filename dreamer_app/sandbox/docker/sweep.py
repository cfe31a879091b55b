"""Containers that an earlier session of this installation left behind.

Only the owner label counts, never a name: containers of other installations or other programs are not touched.
"""

from __future__ import annotations

import contextlib
import re
import uuid
from typing import Any

from docker.errors import APIError, DockerException, NotFound

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.paths import DataPaths

OWNER = "org.dreamer.owner"
SESSION = "org.dreamer.session"
ENVIRONMENT = "org.dreamer.environment"
HOST_PID = "org.dreamer.pid"
NAME = "dreamer-worker-"
REMOVAL_SECONDS = 20
_NUMBERED = re.compile(rf"/?{NAME}(\d+)")


def install_id(paths: DataPaths) -> str:
    """The lasting identifier of this data folder, made at first use.

    Raises:
        InfrastructureError: The folder cannot be written.
    """
    file = paths.base / "install-id"
    try:
        if not file.exists():
            paths.base.mkdir(parents=True, exist_ok=True)
            new = paths.base / f".install-id-{uuid.uuid4().hex}"
            new.write_text(uuid.uuid4().hex, encoding="ascii")
            try:
                file.hardlink_to(new)
            except FileExistsError:
                pass
            finally:
                new.unlink()
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise InfrastructureError("The data folder cannot be written", f"{file}: {error}") from error


def sweep(api: Any, owner: str, session: str) -> list[str]:
    """Remove what other sessions of this installation left behind, running, paused or dead; the names.

    Raises:
        InfrastructureError: The engine does not answer.
    """
    removed = []
    try:
        for container in api.containers(all=True, filters={"label": f"{OWNER}={owner}"}):
            if container["Labels"].get(SESSION) == session:
                continue
            remove(api, container["Id"])
            removed.append(container["Names"][0].lstrip("/"))
    except DockerException as error:
        raise InfrastructureError(
            "Workers cannot be swept", str(error)[:500], "Is the Docker engine running?"
        ) from error
    return removed


def remove(api: Any, identifier: str) -> None:
    """Kill and remove a container, whatever state it is in, and wait until it is gone.

    Raises:
        DockerException: The engine could not.
        OSError: The engine does not answer.
    """
    try:
        api.remove_container(identifier, force=True, v=True)
    except NotFound:
        return
    except APIError as error:
        if error.status_code != 409:
            raise
        with contextlib.suppress(NotFound):  # the engine is removing it already
            api.wait(identifier, timeout=REMOVAL_SECONDS, condition="removed")


def next_number(api: Any) -> int:
    """A number beyond those of all containers that bear a worker's name, whoever made them."""
    numbers = [0]
    for container in api.containers(all=True, filters={"name": NAME}):
        numbers += [int(match[1]) for name in container["Names"] if (match := _NUMBERED.fullmatch(name))]
    return max(numbers) + 1
