"""What the sandbox needs of whoever makes its workers: containers of an engine, or processes under bubblewrap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dreamer_app.sandbox.docker.stop_crew import Containers
from dreamer_app.sandbox.docker.wake_gate import WakeGate
from dreamer_app.sandbox.docker.worker import DockerWorker
from dreamer_app.sandbox.jobs import Environment


class Launching(Containers, Protocol):
    """Makes workers, stops them, ends them.

    Attributes:
        containers: Identifier of every worker that is not removed, by name.
        changing: Names of those that are being started or removed now; under a frozen parent neither ends.
        gate: Nothing starts while it is closed.
    """

    gate: WakeGate
    containers: dict[str, str]
    changing: set[str]

    async def launch(self, environment: Environment, also: Sequence[str] = ()) -> DockerWorker:
        """A ready worker.

        Raises:
            InfrastructureError: It cannot be started, or a library cannot be imported.
            WorkerLostError: The worker did not come up.
        """
        ...

    async def remove(self, name: str) -> None:
        """Kill and remove a worker. Idempotent, never raises."""
        ...

    def processes(self, name: str) -> list[list[str]]:
        """The processes of a worker; empty when there is none of this name."""
        ...

    def states(self) -> dict[str, str]:
        """The workers of this session with their states."""
        ...

    def disconnect(self) -> None:
        """Close idle connections."""
        ...
