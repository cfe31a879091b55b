"""A folder or a single file as a source: a checkout of a library, or pages of documentation.

Reads regular files below the folder only; symbolic links are not followed. Nothing is executed: the name and version
come from `pyproject.toml` or `setup.cfg` as text.
"""

from __future__ import annotations

import configparser
import hashlib
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import canonicalize_name

from dreamer_app.core.errors import SourceError
from dreamer_app.oracle.sources.source import (
    MAX_TEXT,
    Located,
    Role,
    SourceFile,
    SourceFiles,
    collect,
    import_names,
    import_root,
    is_skipped,
)

_READ = {".py", ".pyi", ".md", ".markdown", ".rst", ".txt", ".css", ".tcss", ".toml", ".cfg", ".json", ".csv", ".yaml"}
_READ |= {".yml", ".html", ".xml", ".ini", ".sql"}
MAX_FILES = 50_000


@dataclass(frozen=True)
class _Stated:
    """What a project's own metadata says."""

    name: str = ""
    version: str = ""
    license: str | None = None


def locate(path: Path, *, limit_mb: int, uri: str = "", kind: str = "folder", fingerprint: str = "") -> Located:
    """Read a folder or file. Blocking.

    Args:
        path: What to read.
        limit_mb: Largest size of all texts together, in MB.
        uri: What was asked for, if not this path.
        kind: `folder` or `git`.
        fingerprint: Known already, e.g. a commit; otherwise the digest of all contents.

    Raises:
        SourceError: It does not exist, cannot be read, is too large, or holds nothing to read.
    """
    try:
        tree = _single(path) if path.is_file() else _tree(path, limit_mb)
    except OSError as error:
        raise SourceError("The folder cannot be read", f"{path}: {error}", "Check its permissions.") from error
    if not tree:
        raise SourceError(
            "There is nothing to read", f"{path} holds no Python, Markdown or reST file.", "Name another folder."
        )
    digest = hashlib.sha256()
    for name, content in sorted(tree.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    stated = _stated(tree)
    name = stated.name or (path.stem if path.is_file() else path.resolve().name)
    library = canonicalize_name(re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._") or "source")
    return Located(
        library=library,
        version=stated.version or f"0+{digest.hexdigest()[:12]}",
        kind=kind,
        uri=uri or str(path),
        fingerprint=fingerprint or digest.hexdigest(),
        read=lambda: _read(tree, library, stated),
    )


def _single(path: Path) -> dict[str, bytes]:
    if path.suffix not in {".py", ".pyi", ".md", ".markdown", ".rst"}:
        hint = "Name a .py, .md or .rst file, or a folder."
        raise SourceError("Not a kind of file that is read", f"{path} is neither Python nor Markdown nor reST.", hint)
    return {path.name: path.read_bytes()}


def _tree(root: Path, limit_mb: int) -> dict[str, bytes]:
    if not root.is_dir():
        raise SourceError("No such folder or file", f"{root} does not exist.", "Check the path, or write pypi:NAME.")
    found: dict[str, bytes] = {}
    total = 0
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not is_skipped(f"{name}/x"))
        for name in sorted(names):
            file = Path(folder, name)
            if file.suffix.lower() not in _READ or file.is_symlink() or not file.is_file():
                continue
            size = file.stat().st_size
            if size > MAX_TEXT:
                continue
            total += size
            if total > limit_mb * 1_000_000 or len(found) >= MAX_FILES:
                message = f"{root} holds more than {limit_mb} MB or {MAX_FILES} files of text."
                raise SourceError(
                    "The folder is too large", message, "Name a smaller part, or raise oracle.archive_limit."
                )
            found[file.relative_to(root).as_posix()] = file.read_bytes()
    return found


def _read(tree: dict[str, bytes], library: str, stated: _Stated) -> SourceFiles:
    root = import_root(tree, library)
    packages = {path[len(root) :]: content for path, content in tree.items() if path.startswith(root)}
    names = import_names(path for path in packages if _is_importable(path, packages))
    own = {path: content for path, content in packages.items() if path.split("/")[0].split(".")[0] in names}
    files = list(collect(own, tree))
    if not any(file.role is Role.MODULE for file in files):
        files = _documentation_only(tree)
        names = ()
    return SourceFiles(tuple(files), names, stated.license)


def _is_importable(path: str, packages: dict[str, bytes]) -> bool:
    top = path.split("/", maxsplit=1)[0]
    if "/" not in path:
        return path.endswith(".py") and not is_skipped(path)
    return f"{top}/__init__.py" in packages or f"{top}/__init__.pyi" in packages


def _documentation_only(tree: dict[str, bytes]) -> list[SourceFile]:
    """Without a package every page is a page and every program a program."""
    roles = {".md": Role.PAGE, ".markdown": Role.PAGE, ".rst": Role.PAGE, ".py": Role.PROGRAM}
    return [
        SourceFile(path, roles.get(Path(path).suffix, Role.TEXT), content)
        for path, content in sorted(tree.items())
        if not is_skipped(path)
    ]


def _stated(tree: dict[str, bytes]) -> _Stated:
    try:
        project = tomllib.loads(tree.get("pyproject.toml", b"").decode()).get("project", {})
        if isinstance(project, dict) and project.get("name"):
            stated = project.get("license")
            text = stated.get("text") if isinstance(stated, dict) else stated
            version = str(project.get("version") or "")
            return _Stated(str(project["name"]), version, str(text).splitlines()[0] if text else None)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        pass  # a broken project file only costs the name
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(tree.get("setup.cfg", b"").decode())
    except (configparser.Error, UnicodeDecodeError):
        return _Stated()
    version = parser.get("metadata", "version", fallback="")
    return _Stated(
        parser.get("metadata", "name", fallback=""),
        "" if version.startswith(("attr:", "file:")) else version,
        parser.get("metadata", "license", fallback=None),
    )
