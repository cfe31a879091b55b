"""Runs under bubblewrap what an image or an environment needs to have run: byte-compiling and trial imports."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.settings import WorkerSettings
from dreamer_app.sandbox.bubblewrap.confinement import ENVIRONMENT_MOUNT
from dreamer_app.sandbox.bubblewrap.program import Program
from dreamer_app.sandbox.docker import bytecode
from dreamer_app.sandbox.docker.image import PROBE
from dreamer_app.sandbox.docker.inspector import SECONDS, TRIAL_IMPORT, loaded_roots


class BubblewrapInspector:
    """Answers the environment store and the image's maker.

    Args:
        program: Bubblewrap.
        workers: Limits.
        rootfs: The unpacked image; None as long as it is being made.
    """

    def __init__(self, program: Program, workers: WorkerSettings, rootfs: Path | None = None) -> None:
        self._program = program
        self._workers = workers
        self._rootfs = rootfs

    def compile(self, folder: Path) -> None:
        """Byte-compile a folder; files that do not compile are left as they are.

        Raises:
            InfrastructureError: It could not be run.
        """
        assert self._rootfs is not None
        stream = self._run(self._rootfs, bytecode.command(ENVIRONMENT_MOUNT)[1:], folder)
        bytecode.write_beside(folder, stream)

    def importable(self, folder: Path, roots: Sequence[str]) -> tuple[str, ...]:
        """Modules under these roots that import cleanly.

        Raises:
            InfrastructureError: It could not be run, or a root itself cannot be imported.
        """
        assert self._rootfs is not None
        arguments = ["-I", "-B", "-c", TRIAL_IMPORT, ENVIRONMENT_MOUNT, *roots]
        return loaded_roots(self._run(self._rootfs, arguments, folder), roots)

    def compile_library(self, rootfs: Path) -> None:
        """Byte-compile an image's standard library.

        Raises:
            InfrastructureError: Its Python does not work.
        """
        bytecode.write_beside(rootfs, self._run(rootfs, bytecode.command()[1:]))

    def facts(self, rootfs: Path) -> tuple[str, str]:
        """Version of an image's Python, and the platform of its wheels.

        Raises:
            InfrastructureError: Its Python does not work.
        """
        output = self._run(rootfs, ["-I", "-S", "-c", PROBE])
        try:
            found = json.loads(output)
        except ValueError as error:
            raise InfrastructureError("The worker image has no usable Python", repr(output[:200])) from error
        return found["python"], f"{found['machine']}-manylinux_{found['libc'].replace('.', '_')}"

    def _run(self, rootfs: Path, inner: Sequence[str], folder: Path | None = None) -> bytes:
        binds = {} if folder is None else {folder: ENVIRONMENT_MOUNT}
        status, output = self._program.run_once(rootfs, binds, inner, self._workers, SECONDS)
        if status:
            raise InfrastructureError("An environment cannot be prepared", f"exit status {status}: {output[:300]!r}")
        return output
