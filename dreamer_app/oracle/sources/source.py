"""What a source gives to the Oracle, wherever it comes from: named texts, each with a role.

Sources are only ever read: nothing of them is written outside the download folder, built, imported or executed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath


class Role(StrEnum):
    """Why a file is read."""

    MODULE = "module"
    PAGE = "page"
    PROGRAM = "program"
    TEXT = "text"


@dataclass(frozen=True)
class SourceFile:
    """One file of a source.

    Attributes:
        path: Forward slashes, relative. For modules as in the wheel, so that it spells the dotted name.
    """

    path: str
    role: Role
    content: bytes

    @property
    def sha256(self) -> str:
        """Digest of the content."""
        return hashlib.sha256(self.content).hexdigest()

    def text(self) -> str:
        """The content as text; bytes that are not UTF-8 are replaced."""
        return self.content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")


@dataclass(frozen=True)
class SourceFiles:
    """Everything of a source that is worth reading.

    Attributes:
        files: In a stable order.
        import_names: Top-level packages and modules.
        license: As stated.
        notes: Things a person should know.
    """

    files: tuple[SourceFile, ...]
    import_names: tuple[str, ...]
    license: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Located:
    """A source that was found and fetched but not read yet.

    Attributes:
        library: Normalised distribution name.
        version: Exact version; for folders a digest.
        kind: `pypi`, `folder` or `git`.
        uri: What was asked for, so that it can be asked for again.
        fingerprint: Equal fingerprints mean equal files.
        read: Reads the files; blocking.
    """

    library: str
    version: str
    kind: str
    uri: str
    fingerprint: str
    read: Callable[[], SourceFiles] = field(compare=False)


_SKIPPED = {
    "tests", "test", "_tests", "_vendor", "vendored", "vendor", "node_modules", ".git", ".github", "__pycache__",
    "demo", "benchmarks", "benchmark", ".tox", ".venv", "venv", "build", "dist", "site-packages", "__snapshots__",
}  # fmt: skip
_EXAMPLE_FOLDERS = {"examples", "example", "demos"}
_DOC_FOLDERS = {"doc", "docs", "documentation", "guide", "guides", "tutorial", "tutorials"}
_NEWS_FOLDERS = {
    "release",
    "releases",
    "release_notes",
    "whatsnew",
    "changelog",
    "changes",
    "news",
    "developer",
    "development",
}
_NEWS_FOLDERS |= {"contributing", "dev"}
_PAGE_SUFFIXES = {".md", ".markdown", ".rst"}
_TEXT_SUFFIXES = {
    ".css",
    ".tcss",
    ".txt",
    ".json",
    ".csv",
    ".toml",
    ".yaml",
    ".yml",
    ".html",
    ".xml",
    ".ini",
    ".sql",
    ".md",
}
_NO_DOCUMENTATION = re.compile(
    r"^(change|changelog|changes|history|news|release|contribut|licen[cs]e|authors|code_of_conduct|security|conduct|todo)",
    re.I,
)
MAX_TEXT = 2_000_000
"""Bytes; a larger text is generated or a data file."""


def is_skipped(path: str) -> bool:
    """Whether a path lies in a folder that holds no documentation."""
    parts = PurePosixPath(path).parts
    return any(part in _SKIPPED for part in parts[:-1]) or parts[-1] in {"conftest.py", "setup.py", "noxfile.py"}


def role_of(path: str) -> Role | None:
    """The role of a file that is no module of the library, by its place and suffix; None when it is not read."""
    if is_skipped(path):
        return None
    pure = PurePosixPath(path)
    folders = set(pure.parts[:-1])
    if folders & _EXAMPLE_FOLDERS:
        if pure.suffix == ".py":
            return Role.PROGRAM
        return Role.TEXT if pure.suffix in _TEXT_SUFFIXES else None
    if pure.suffix in _PAGE_SUFFIXES and not _NO_DOCUMENTATION.match(pure.stem) and not folders & _NEWS_FOLDERS:
        if len(pure.parts) == 1 and pure.stem.lower().startswith("readme"):
            return Role.PAGE
        if folders & _DOC_FOLDERS:
            return Role.PAGE
    return None


def collect(modules: Mapping[str, bytes], others: Mapping[str, bytes]) -> tuple[SourceFile, ...]:
    """Give each file its role.

    Args:
        modules: Candidates for the library's own modules, by path below the import root.
        others: Everything else, by path below the source's root.
    """
    found = [
        SourceFile(path, Role.MODULE, content)
        for path, content in modules.items()
        if path.endswith((".py", ".pyi")) and not is_skipped(path) and len(content) <= MAX_TEXT
    ]
    taken = {file.path for file in found}
    for path, content in others.items():
        role = role_of(path)
        if role is not None and path not in taken and len(content) <= MAX_TEXT:
            found.append(SourceFile(path, role, content))
    return tuple(sorted(found, key=lambda file: file.path))


def import_names(modules: Iterable[str]) -> tuple[str, ...]:
    """Top-level packages and modules among paths below the import root."""
    names: set[str] = set()
    for path in modules:
        parts = PurePosixPath(path).parts
        suffix = PurePosixPath(path).suffix
        if suffix in {".py", ".pyi", ".so", ".pyd"}:
            name = parts[0].split(".")[0] if len(parts) == 1 else parts[0]
            if name.isidentifier() and name not in _SKIPPED | {"setup", "conftest"}:
                names.add(name)
    public = {name for name in names if not name.startswith("_")}
    return tuple(sorted(public or names))


def import_root(paths: Iterable[str], wanted: str) -> str:
    """The folder below which a checkout's packages lie: `src/`, the root, or wherever the shallowest package is.

    Args:
        paths: All files.
        wanted: Distribution name, which decides between several.
    """
    packages = sorted(
        (
            path.removesuffix("__init__.py").rstrip("/")
            for path in paths
            if path.endswith("/__init__.py") and not is_skipped(path)
        ),
        key=lambda path: (path.count("/"), path),
    )
    spelled = wanted.replace("-", "_").lower()
    for package in packages:
        if PurePosixPath(package).name.lower() == spelled:
            parent = package.rpartition("/")[0]
            return parent + "/" if parent else ""
    for package in packages:
        parts = set(PurePosixPath(package).parts)
        if not parts & (_DOC_FOLDERS | _EXAMPLE_FOLDERS):
            parent = package.rpartition("/")[0]
            return parent + "/" if parent else ""
    return ""
