"""Starting one worker: container, attached stream, imports. Removing it, whatever state it is in.

What a worker may do is decided elsewhere (`limits`); this module adds only names and labels.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import docker
from docker.errors import APIError, DockerException, NotFound

from dreamer_app.core.errors import InfrastructureError, InterruptedByWakeError
from dreamer_app.sandbox.docker import sweep
from dreamer_app.sandbox.docker.channel import Channel
from dreamer_app.sandbox.docker.engine import own_socket
from dreamer_app.sandbox.docker.wake_gate import GATE_PAUSE, WakeGate
from dreamer_app.sandbox.docker.worker import DockerWorker
from dreamer_app.sandbox.jobs import Environment

COMMAND = ("python3", "-I", "-B", "/runner/start.py", "supervisor")
CALL_SECONDS = 30.0
CONFLICT_TRIES = 20

Configure = Callable[[Environment], dict[str, Any]]
"""The body of the engine's create call for a worker of this environment, complete but for labels."""


class Launcher:
    """Makes workers.

    Args:
        api: The engine.
        configure: Limits and mounts of a worker.
        owner: Identifier of this installation.
        session: Identifier of this session.

    Attributes:
        containers: Identifier of every container that is not removed, by name.
        changing: Names of those that the engine is starting or removing now.
        gate: Nothing starts while it is closed.
    """

    def __init__(self, api: docker.APIClient, configure: Configure, owner: str, session: str) -> None:
        self.gate = WakeGate()
        self._api: Any = api  # the stubs leave some of its methods untyped
        self._configure = configure
        self._owner = owner
        self._session = session
        self._numbers: itertools.count[int] | None = None
        self.containers: dict[str, str] = {}
        self.changing: set[str] = set()

    async def launch(self, environment: Environment, also: Sequence[str] = ()) -> DockerWorker:
        """A ready worker.

        Raises:
            InfrastructureError: The engine refuses, or a library cannot be imported.
            WorkerLostError: The worker did not come up.
        """
        name, connection = await self._made(environment)
        try:
            await self._started(name)
        except BaseException:
            connection.close()
            await asyncio.shield(self.remove(name))
            raise
        return await DockerWorker.opened(name, Channel(connection), lambda: self.remove(name), environment, also)

    async def _made(self, environment: Environment) -> tuple[str, socket.socket]:
        """A container that is not started yet, and the stream that is attached to it."""
        making = asyncio.create_task(asyncio.to_thread(self._make, environment), name="make worker")
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            await asyncio.wait([making])
            if not making.cancelled() and making.exception() is None:
                name, connection = making.result()
                connection.close()
                await self.remove(name)
            raise

    def _make(self, environment: Environment) -> tuple[str, socket.socket]:
        with _translated():
            name, identifier = self._create(environment)
            self.containers[name] = identifier
            try:
                params = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
                return name, own_socket(self._api.attach_socket(identifier, params=params))
            except BaseException:
                self._remove(name)
                raise

    async def _started(self, name: str) -> None:
        """Start it as soon as that is allowed. Stopped before, it waits: who always began anew would never end."""
        while True:
            try:
                self.gate.check(await self.gate.passable())  # a start under a frozen parent would hang
                break
            except InterruptedByWakeError:
                await asyncio.sleep(GATE_PAUSE)  # the sentinel has closed the gate, and this program learns of it now
        starting = asyncio.create_task(asyncio.to_thread(self._start, name), name="start worker")
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            await asyncio.wait([starting])
            raise

    def _start(self, name: str) -> None:
        with _translated(), self._changes(name):
            self._api.start(self.containers[name])

    def _create(self, environment: Environment) -> tuple[str, str]:
        body = self._configure(environment)
        body["Labels"] = {
            **body.get("Labels", {}),
            sweep.OWNER: self._owner,
            sweep.SESSION: self._session,
            sweep.ENVIRONMENT: environment.id,
            sweep.HOST_PID: str(os.getpid()),
        }
        if self._numbers is None:
            self._numbers = itertools.count(sweep.next_number(self._api))
        for _ in range(CONFLICT_TRIES):
            name = f"{sweep.NAME}{next(self._numbers)}"
            try:
                return name, self._api.create_container_from_config(body, name)["Id"]
            except APIError as error:
                if error.status_code != 409:
                    raise
        raise InfrastructureError("A worker cannot be named", f"{CONFLICT_TRIES} names in a row are taken")

    async def remove(self, name: str) -> None:
        """Kill and remove a container. Idempotent, never raises."""
        await asyncio.to_thread(self._remove, name)

    def _remove(self, name: str) -> None:
        identifier = self.containers.get(name)
        if identifier is None:
            return
        try:
            with self._changes(name):
                sweep.remove(self._api, identifier)
        except (DockerException, OSError):
            return  # the next session sweeps it
        self.containers.pop(name, None)

    @contextmanager
    def _changes(self, name: str) -> Iterator[None]:
        """The engine answers nothing else about a container while it starts or removes it."""
        self.changing.add(name)
        try:
            yield
        finally:
            self.changing.discard(name)

    def pause(self, name: str) -> bool:
        """Pause a container; whether it is paused now."""
        return self._call(self._api.pause, name)

    def unpause(self, name: str) -> bool:
        """Let a paused container go on; whether it was paused."""
        return self._call(self._api.unpause, name)

    def kill(self, name: str) -> bool:
        """Kill a container; whether the engine accepted."""
        return self._call(self._api.kill, name)

    def at_work(self, name: str) -> bool:
        """Whether a container may be using the processor: neither paused nor ended, as far as the engine knows."""
        try:
            state = self._api.inspect_container(self.containers[name])["State"]
        except (KeyError, NotFound):
            return False
        except (DockerException, OSError):
            return True
        return bool(state["Running"]) and not state["Paused"]

    def processes(self, name: str) -> list[list[str]]:
        """The processes of a container, as the engine lists them; empty when there is no such container."""
        try:
            return list(self._api.top(self.containers[name])["Processes"])
        except (KeyError, DockerException, OSError):
            return []

    def states(self) -> dict[str, str]:
        """The workers of this session that the engine knows, with their states."""
        mine = {"label": f"{sweep.SESSION}={self._session}", "name": sweep.NAME}
        found = self._api.containers(all=True, filters=mine)
        return {container["Names"][0].lstrip("/"): container["State"] for container in found}

    def disconnect(self) -> None:
        """Close idle connections to the engine; a later call opens a new one."""
        self._api.close()

    def _call(self, call: Callable[[str], object], name: str) -> bool:
        identifier = self.containers.get(name)
        if identifier is None:
            return False
        try:
            call(identifier)
        except (DockerException, OSError):
            return False
        return True


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (DockerException, OSError) as error:
        raise InfrastructureError(
            "A worker cannot be started", str(error)[:500], "Is the Docker engine running?"
        ) from error
