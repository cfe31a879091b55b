"""The runner as workers mount it: a copy of its own, readable by the worker's user whatever this machine's umask is.

The copy is content addressed, so that a program that is updated while it runs never mixes two versions in one worker.
Compiled files lie beside it: a worker whose Python is of the same version as this one need not compile the runner at
every start, any other ignores them, because their names say whose they are.
"""

from __future__ import annotations

import hashlib
import os
import py_compile
import shutil
import sys
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.paths import DataPaths
from dreamer_app.sandbox import runner
from dreamer_app.sandbox.docker.limits import RUNNER_MOUNT

SOURCE = Path(runner.__file__).parent


def install_runner(paths: DataPaths, source: Path = SOURCE) -> Path:
    """Copy the runner into the data folder unless it is there already; the folder to mount.

    Raises:
        InfrastructureError: The data folder cannot be written.
    """
    contents = {file.name: file.read_bytes() for file in sorted(source.glob("*.py"))}
    digest = hashlib.sha256(sys.implementation.cache_tag.encode())
    for name, content in contents.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    target = paths.base / "runner" / digest.hexdigest()[:16]
    work = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.exists():
            return target
        work.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (work / name).write_bytes(content)
            (work / name).chmod(0o444)
            _compile(work / name)
        for folder in (work, work / "__pycache__"):
            folder.chmod(0o755)
        work.rename(target)
    except OSError as error:
        if not target.exists():
            raise InfrastructureError("The data folder cannot be written", f"{target}: {error}") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def _compile(source: Path) -> None:
    """Write the compiled file that is never checked against its source again; both are read-only from then on."""
    compiled = source.parent / "__pycache__" / f"{source.stem}.{sys.implementation.cache_tag}.pyc"
    py_compile.compile(
        str(source),
        str(compiled),
        dfile=f"{RUNNER_MOUNT}/{source.name}",
        doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    compiled.chmod(0o444)
