"""Runs, in sealed one-off containers, what an environment needs to have run: byte-compiling and trial imports."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.settings import WorkerSettings
from dreamer_app.sandbox.docker import bytecode
from dreamer_app.sandbox.docker.engine import OUTPUT_BYTES, Engine
from dreamer_app.sandbox.docker.limits import ENVIRONMENT_MOUNT, container, one_off
from dreamer_app.sandbox.environments import WorkerImage

NAME = "dreamer-inspector-"
SECONDS = 300.0

TRIAL_IMPORT = """
import importlib, json, os, sys, warnings
warnings.simplefilter("ignore")
site, roots = sys.argv[1], sys.argv[2:]
sys.path.insert(0, site)
out = os.fdopen(os.dup(1), "w")
os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
answer = {"loaded": roots}
for root in roots:
    try:
        importlib.import_module(root)
    except BaseException as error:
        answer = {"failed": [root, repr(error)[:200]]}
        break
print(json.dumps(answer), file=out)
"""
"""Top-level packages only: which of their modules are worth having ahead shows when jobs import them."""


class DockerInspector:
    """Answers the environment store.

    Args:
        engine: Runs the containers.
        image: What they are made of.
        workers: Limits.
        parent: Control group above them.
        labels: By which the next session sweeps what is left.
    """

    def __init__(
        self, engine: Engine, image: WorkerImage, workers: WorkerSettings, parent: str, labels: Mapping[str, str]
    ) -> None:
        self._engine = engine
        self._image = image
        self._workers = workers
        self._parent = parent
        self._labels = labels

    def compile(self, folder: Path) -> None:
        """Byte-compile a folder; files that do not compile are left as they are.

        Raises:
            InfrastructureError: The container could not be run.
        """
        stream = self._run(bytecode.command(ENVIRONMENT_MOUNT), folder, bytecode.LIMIT)
        bytecode.write_beside(folder, stream)

    def importable(self, folder: Path, roots: Sequence[str]) -> tuple[str, ...]:
        """Modules under these roots that import cleanly.

        Raises:
            InfrastructureError: The container could not be run, or a root itself cannot be imported.
        """
        command = ["python3", "-I", "-B", "-c", TRIAL_IMPORT, ENVIRONMENT_MOUNT, *roots]
        return loaded_roots(self._run(command, folder), roots)

    def _run(self, command: Sequence[str], folder: Path, limit: int = OUTPUT_BYTES) -> bytes:
        body = one_off(
            container(
                image=self._image.id,
                command=command,
                binds={folder: ENVIRONMENT_MOUNT},
                parent=self._parent,
                workers=self._workers,
                labels=self._labels,
            )
        )
        body["Env"].append(bytecode.ENVIRONMENT)
        status, output = self._engine.run_once(body, f"{NAME}{uuid.uuid4().hex[:8]}", SECONDS, limit)
        if status:
            raise InfrastructureError(
                "An environment cannot be prepared", f"exit status {status}: {output[:300].decode(errors='replace')}"
            )
        return output


def loaded_roots(stream: bytes, roots: Sequence[str]) -> tuple[str, ...]:
    """The answer of a trial import.

    Raises:
        InfrastructureError: There is none, or a root cannot be imported.
    """
    output = stream.decode(errors="replace")
    try:
        answer = json.loads(output.strip().splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise InfrastructureError("A library cannot be tried out", f"{', '.join(roots)}: {output[:300]}") from error
    if "loaded" not in answer:
        name, reason = answer["failed"]
        raise InfrastructureError(
            "A library cannot be imported in a worker", f"{name}: {reason}", "It may need a system library."
        )
    return tuple(str(name) for name in answer["loaded"])
