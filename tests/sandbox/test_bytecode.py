"""Compiled files come out of a container as untrusted bytes: what is let in, and that it is really used."""

from __future__ import annotations

import importlib.util
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.sandbox.docker import bytecode

CACHE = importlib.util.cache_from_source("x.py").removeprefix("__pycache__/x.")


def stream(*files: tuple[str, bytes]) -> bytes:
    blocks = [part for name, content in files for part in (name.encode(), content)]
    return b"".join(struct.pack(">L", len(block)) + block for block in blocks) + b"\xff\xff\xff\xff"


def compile_here(folder: Path) -> bytes:
    command = [sys.executable, *bytecode.command(str(folder))[1:]]
    environment = dict([bytecode.ENVIRONMENT.split("=")])
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


def test_what_is_compiled_is_used_and_never_checked_again(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    source = tmp_path / "pack/__init__.py"
    source.write_text("VALUE = 'compiled'\n")
    (tmp_path / "broken.py").write_text("def (:\n")
    assert bytecode.write_beside(tmp_path, compile_here(tmp_path)) == 1
    source.write_text("VALUE = 'source'\n")
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import pack; print(pack.VALUE)",
    ]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "compiled\n"


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("X = {'a', 'b', 'c'}\ndef f(x): return x in {'d', 'e', 'f', 'g'}\n")
    assert compile_here(tmp_path) == compile_here(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "../__pycache__/a.cpython-311.pyc",
        "/etc/__pycache__/a.cpython-311.pyc",
        "a/../../__pycache__/a.cpython-311.pyc",
        "a.py",
        "__pycache__/a.py",
        "__pycache__/nobody.cpython-311.pyc",
        "link/__pycache__/a.cpython-311.pyc",
    ],
)
def test_nothing_is_written_anywhere_else(tmp_path: Path, name: str) -> None:
    site, outside = tmp_path / "site", tmp_path / "outside"
    for folder in (site, outside):
        folder.mkdir()
        (folder / "a.py").write_text("")
    (site / "link").symlink_to(outside)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InfrastructureError, match="Byte-compiling"):
        bytecode.write_beside(site, stream((name, b"evil")))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("cut", [1, 4, 7, 30])
def test_a_stream_that_is_cut_short_is_an_error(tmp_path: Path, cut: int) -> None:
    (tmp_path / "a.py").write_text("")
    whole = stream((f"__pycache__/a.{CACHE}", b"0123456789"))
    with pytest.raises(InfrastructureError, match="Byte-compiling"):
        list(bytecode.compiled(whole[:-cut]))
