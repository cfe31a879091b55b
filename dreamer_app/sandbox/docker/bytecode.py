"""Byte-compiling with the worker's own Python: sources go in read-only, compiled files come out over a pipe.

The container can write nothing on this machine; what it reports is checked for shape and written beside sources that
are there already. The compiled files are never checked against their sources again (PEP 552, unchecked hash), because
both are read-only from then on.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

from dreamer_app.core.errors import InfrastructureError

LIMIT = 512 << 20
"""Bytes of compiled files above which something is wrong; pandas and its dependencies give 60 MB."""

_NAME = re.compile(r"(?:[^/\x00]+/)*__pycache__/[^/\x00]+\.pyc")
_END = b"\xff\xff\xff\xff"

GUEST = """
import importlib.util, os, struct, sys, warnings
from importlib._bootstrap_external import _code_to_hash_pyc
warnings.simplefilter("ignore")
out = sys.stdout.buffer
def report(data):
    out.write(struct.pack(">L", len(data)))
    out.write(data)
root, top = (sys.argv[1], sys.argv[1]) if len(sys.argv) > 1 else (os.path.dirname(os.__file__), "/")
for folder, folders, files in os.walk(root):
    folders[:] = sorted(name for name in folders if name != "__pycache__")
    for name in sorted(files):
        if name.endswith(".py"):
            path = os.path.join(folder, name)
            try:
                with open(path, "rb") as file:
                    source = file.read()
                code = compile(source, path, "exec", dont_inherit=True)
            except (SyntaxError, ValueError, RecursionError, MemoryError, OSError):
                continue
            report(os.path.relpath(importlib.util.cache_from_source(path), top).encode())
            report(_code_to_hash_pyc(code, importlib.util.source_hash(source), False))
out.write(b"\\xff\\xff\\xff\\xff")
out.flush()
"""
"""Given a folder it names files below it, otherwise those of the standard library below the root."""


def command(folder: str | None = None) -> list[str]:
    """What to run: not isolated, because the hash seed of its environment makes the result repeatable."""
    return ["python3", "-s", "-S", "-B", "-c", GUEST, *([folder] if folder else [])]


ENVIRONMENT = "PYTHONHASHSEED=0"


def compiled(stream: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and contents in what the container wrote.

    Raises:
        InfrastructureError: It is cut short or names something that is not a compiled file.
    """
    position = 0

    def block() -> bytes:
        nonlocal position
        (length,) = struct.unpack_from(">L", stream, position)
        position += 4
        if position + length > len(stream):
            raise ValueError("cut short")
        position += length
        return stream[position - length : position]

    try:
        while stream[position : position + 4] != _END:
            name, content = block().decode(), block()
            if not _NAME.fullmatch(name) or ".." in name.split("/"):
                raise ValueError(f"not a compiled file: {name[:200]!r}")
            yield name, content
    except (ValueError, struct.error) as error:
        raise InfrastructureError("Byte-compiling went wrong", str(error)[:300]) from error


def write_beside(folder: Path, stream: bytes) -> int:
    """Write the compiled files into a folder of sources; how many there were.

    Raises:
        InfrastructureError: The stream is malformed, or names a file without a source.
        OSError: It cannot be written.
    """
    count = 0
    for name, content in compiled(stream):
        target = folder / name
        source = target.parent.parent / f"{target.name.split('.', 1)[0]}.py"
        if target.parent.parent.resolve() != target.parent.parent.absolute() or not _has_source(source, target):
            raise InfrastructureError("Byte-compiling went wrong", f"{name} has no source")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        count += 1
    return count


def _has_source(source: Path, target: Path) -> bool:
    """A module's name may itself hold full stops; its source then is the longest name that is there."""
    if source.is_file():
        return True
    stem = target.name.removesuffix(".pyc").rpartition(".")[0]
    return (source.parent / f"{stem}.py").is_file()
