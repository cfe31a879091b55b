"""`pypi:NAME[==VERSION]`: downloads a library's wheel and source archive, digests verified, and reads them.

Downloads only; no metadata hook, build or import is ever run.
"""

from __future__ import annotations

import difflib
import email.parser
import hashlib
import importlib.metadata
import os
import platform
import re
from collections.abc import Iterable
from pathlib import Path

import requests
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import sys_tags
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import InvalidVersion, Version
from pypi_simple import (
    PYPI_SIMPLE_ENDPOINT,
    DistributionPackage,
    NoSuchProjectError,
    PyPISimple,
)
from pypi_simple.errors import DigestMismatchError, UnsupportedRepoVersionError

from dreamer_app.core.errors import SourceError, UsageError
from dreamer_app.oracle.sources.archive import read_archive, without_top_folder
from dreamer_app.oracle.sources.source import Located, SourceFiles, collect, import_names, import_root

TIMEOUT = (10.0, 60.0)
"""Seconds to connect and between two bytes."""
_REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?\s*(?:==\s*(?P<version>[^\s,;]+))?$")
_NOT_STATED = {"", "unknown", "none"}


class IndexUnreachableError(SourceError):
    """No network, or the index does not answer."""


def parse_requirement(text: str) -> tuple[str, str | None]:
    """Name and exact version of `NAME` or `NAME==V`.

    Raises:
        UsageError: It is neither.
    """
    match = _REQUIREMENT.match(text.strip())
    if match is None:
        raise UsageError(
            "Not a package", f"`pypi:{text}` is not a package name", "Write pypi:NAME or pypi:NAME==VERSION."
        )
    return canonicalize_name(match["name"]), match["version"]


def locate(text: str, *, folder: Path, index: str, limit_mb: int, known: Iterable[str] = ()) -> Located:
    """Find and download a library. Blocking.

    Args:
        text: `NAME` or `NAME==V`.
        folder: Where archives are kept, by digest.
        index: Simple-API address; empty means the machine's own or the usual one.
        limit_mb: Largest unpacked size in MB.
        known: Names to compare a misspelt one with.

    Raises:
        UsageError: The text is not a package.
        SourceError: Unknown package or version, no network, a broken download.
    """
    name, version = parse_requirement(text)
    endpoint = index or os.environ.get("PIP_INDEX_URL") or os.environ.get("UV_DEFAULT_INDEX") or PYPI_SIMPLE_ENDPOINT
    try:
        with PyPISimple(endpoint) as client:
            packages = client.get_project_page(name, timeout=TIMEOUT).packages
            chosen = choose(packages, name, version)
            archives = [_download(client, package, folder) for package in chosen]
    except NoSuchProjectError as error:
        near = _near(name, known)
        hint = f"Did you mean {' or '.join(near)}?" if near else "Check the spelling on the package index."
        raise SourceError("No such package", f"The package index does not know `{name}`.", hint) from error
    except DigestMismatchError as error:
        raise SourceError(
            "A download is damaged", f"{name}: {error}", "Try again; if it stays, do not use it."
        ) from error
    except (requests.RequestException, UnsupportedRepoVersionError, ValueError) as error:
        raise IndexUnreachableError(
            "The package index cannot be reached",
            f"{name}: {_short(error)}",
            "Check the network, or set oracle.index to an index that answers.",
        ) from error
    wheel = next(
        (file for package, file in zip(chosen, archives, strict=True) if package.package_type == "wheel"), None
    )
    sdist = next(
        (file for package, file in zip(chosen, archives, strict=True) if package.package_type != "wheel"), None
    )
    digest = hashlib.sha256("".join(file.parent.name for file in archives).encode()).hexdigest()
    return Located(
        library=name,
        version=str(chosen[0].version),
        kind="pypi",
        uri=f"pypi:{name}" + (f"=={version}" if version else ""),
        fingerprint=digest,
        read=lambda: _read(name, wheel, sdist, limit_mb),
    )


def choose(packages: Iterable[DistributionPackage], name: str, version: str | None) -> list[DistributionPackage]:
    """The best wheel and the source archive of the wanted, or the newest usable, version.

    Raises:
        SourceError: There is none.
    """
    python = platform.python_version()
    usable: dict[Version, list[DistributionPackage]] = {}
    seen: set[str] = set()
    for package in packages:
        try:
            number = Version(package.version or "")
        except InvalidVersion:
            continue
        if package.package_type not in {"wheel", "sdist"}:
            continue
        seen.add(str(number))
        if version is None and (package.is_yanked or number.is_prerelease or not _supports(package, python)):
            continue
        usable.setdefault(number, []).append(package)
    if version is not None:
        usable = {number: found for number, found in usable.items() if str(number) == _plain(version)}
    if not usable:
        latest = ", ".join(sorted(seen, key=Version)[-5:])
        wanted = f"version {version}" if version else f"a release for Python {python}"
        raise SourceError(
            "No such version",
            f"`{name}` has no {wanted}.",
            f"The newest are: {latest}." if latest else "It has no files.",
        )
    found = usable[max(usable)]
    wheels = sorted((one for one in found if one.package_type == "wheel"), key=_wheel_rank)
    sdists = sorted((one for one in found if one.package_type == "sdist"), key=lambda one: one.filename)
    return [*wheels[:1], *sdists[:1]]


def _plain(version: str) -> str:
    try:
        return str(Version(version))
    except InvalidVersion:
        return version


def _supports(package: DistributionPackage, python: str) -> bool:
    try:
        return not package.requires_python or SpecifierSet(package.requires_python).contains(python, prereleases=True)
    except InvalidSpecifier:
        return True


def _wheel_rank(package: DistributionPackage) -> tuple[int, str]:
    try:
        tags = parse_wheel_filename(package.filename)[3]
    except (InvalidWheelFilename, InvalidVersion):
        return (10_000, package.filename)
    ours = {tag: rank for rank, tag in enumerate(sys_tags())}
    pure = any(tag.platform == "any" for tag in tags)
    return (0 if pure else 1 + min((ours.get(tag, 9_000) for tag in tags), default=9_000), package.filename)


def _download(client: PyPISimple, package: DistributionPackage, folder: Path) -> Path:
    digest = package.digests.get("sha256")
    if digest is None:
        raise SourceError(
            "The index gives no digest", f"{package.filename} cannot be verified.", "Use an index that states SHA-256."
        )
    target = folder / digest / package.filename
    if target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == digest:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    client.download_package(package, part, verify=True, keep_on_error=False, timeout=TIMEOUT)
    part.replace(target)
    return target


def _near(name: str, known: Iterable[str]) -> list[str]:
    installed = {canonicalize_name(one.name) for one in importlib.metadata.distributions() if one.name}
    return difflib.get_close_matches(name, sorted(installed | set(known)), n=3, cutoff=0.75)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def license_of(metadata: str) -> str | None:
    """The licence that core metadata states: expression, first line of the text, or classifier."""
    message = email.parser.HeaderParser().parsestr(metadata)
    for header in ("License-Expression", "License"):
        stated = (message.get(header) or "").strip()
        if stated.lower() not in _NOT_STATED:
            return stated.splitlines()[0].strip()[:200]
    for classifier in message.get_all("Classifier", []):
        if classifier.startswith("License ::"):
            return str(classifier).rpartition("::")[2].strip()
    return None


def _read(name: str, wheel: Path | None, sdist: Path | None, limit_mb: int) -> SourceFiles:
    notes: list[str] = []
    tree = without_top_folder(read_archive(sdist, limit_mb)) if sdist else {}
    packed = read_archive(wheel, limit_mb) if wheel else {}
    metadata = next((content for path, content in packed.items() if path.endswith(".dist-info/METADATA")), None)
    stated = (metadata or tree.get("PKG-INFO", b"")).decode("utf-8", errors="replace")
    if wheel is not None:
        modules = {path: content for path, content in packed.items() if not _is_metadata(path)}
    else:
        root = import_root(tree, name)
        modules = {path[len(root) :]: content for path, content in tree.items() if path.startswith(root)}
        modules = {path: content for path, content in modules.items() if "/" in path or root}
        notes.append("There is no wheel; the source archive was read instead.")
    if sdist is None:
        notes.append("There is no source archive; only the wheel's docstrings were read.")
    readme = {} if any(path.lower().startswith("readme.") for path in tree) else _description(stated)
    names = import_names(modules)
    own = {path: content for path, content in modules.items() if path.split("/")[0].split(".")[0] in names}
    return SourceFiles(collect(own, {**tree, **readme}), names, license_of(stated), tuple(notes))


def _is_metadata(path: str) -> bool:
    return path.split("/", maxsplit=1)[0].endswith((".dist-info", ".data"))


def _description(metadata: str) -> dict[str, bytes]:
    """The readme that the metadata carries."""
    message = email.parser.Parser().parsestr(metadata)
    body = message.get_payload()
    if not isinstance(body, str) or not body.strip():
        return {}
    markdown = "markdown" in (message.get("Description-Content-Type") or "")
    return {"README.md" if markdown else "README.rst": body.encode()}
