"""Reads archives that nobody vouches for, into memory, without ever writing their members to disk.

Every name, type and size is checked before content is used, and sizes are counted while unpacking because headers lie.
A hostile archive is refused whole: a package that tries to climb out of its folder is not worth reading.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import posixpath
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from dreamer_app.core.errors import SourceError

MAX_MEMBERS = 50_000
MAX_RATIO = 200
"""Unpacked to packed size. Deflate reaches 1032; source code stays below 20, measured on seven libraries."""
RATIO_FLOOR = 10_000_000
"""Bytes below which the ratio does not matter."""
_CHUNK = 1 << 20
_KEPT = re.compile(
    r"\.(pyi?|md|markdown|rst|txt|t?css|json|csv|toml|ya?ml|html|xml|ini|cfg|sql)$|(^|/)(METADATA|PKG-INFO|RECORD)$",
    re.I,
)


@dataclass
class _Budget:
    archive: Path
    limit: int
    packed: int
    used: int = 0
    members: int = 0

    def member(self, name: str) -> None:
        self.members += 1
        if self.members > MAX_MEMBERS:
            raise refused(self.archive, f"it has more than {MAX_MEMBERS} members", _LIMIT_HINT)
        check_name(self.archive, name)

    def spend(self, size: int) -> None:
        self.used += size
        if self.used > self.limit:
            message = f"it unpacks to more than {self.limit // 1_000_000} MB"
            raise refused(self.archive, message, _LIMIT_HINT)
        if self.used > RATIO_FLOOR and self.used > MAX_RATIO * max(self.packed, 1):
            raise refused(self.archive, f"it unpacks to more than {MAX_RATIO} times its size", _BOMB_HINT)


_LIMIT_HINT = "If you trust it, raise the setting oracle.archive_limit or ingest an unpacked folder."
_BOMB_HINT = "It looks like a decompression bomb. If you trust it, unpack it yourself and ingest the folder."
_BROKEN_HINT = "Delete the file and ingest again to download a fresh copy."
_HOSTILE_HINT = (
    "Do not install this package; report it to its index. To read it all the same, ingest an unpacked folder."
)


def refused(archive: Path, why: str, hint: str) -> SourceError:
    """The error for an archive that is not read."""
    return SourceError("The archive is refused", f"{archive.name}: {why}.", hint)


def check_name(archive: Path, name: str) -> None:
    """Refuse a member name that would lead out of the folder it is unpacked in.

    Raises:
        SourceError: It is absolute, has a drive, climbs, or holds a null byte.
    """
    spelled = name.replace("\\", "/")
    parts = spelled.split("/")
    if spelled.startswith("/") or re.match(r"^[A-Za-z]:", spelled) or ".." in parts or "\0" in name or not spelled:
        raise refused(archive, f"its member {name[:120]!r} points outside the archive", _HOSTILE_HINT)


def read_archive(archive: Path, limit_mb: int) -> dict[str, bytes]:
    """The text members of a zip, wheel or tar archive by normalised path.

    Args:
        archive: The file.
        limit_mb: Largest unpacked size in MB.

    Raises:
        SourceError: It is broken, hostile or too large; names the file and what to do.
    """
    try:
        budget = _Budget(archive, limit_mb * 1_000_000, archive.stat().st_size)
        if zipfile.is_zipfile(archive):
            return dict(_zip_members(archive, budget))
        if archive.name.endswith((".whl", ".zip")):
            raise refused(archive, "it is not a readable zip file", _BROKEN_HINT)
        return dict(_tar_members(archive, budget))
    except SourceError:
        raise
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
    ) as error:
        raise SourceError("The archive is broken", f"{archive.name}: {error}", _BROKEN_HINT) from error
    except RuntimeError as error:  # zipfile says this of encrypted members
        raise SourceError("The archive cannot be read", f"{archive.name}: {error}", _BROKEN_HINT) from error


def _zip_members(archive: Path, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    with zipfile.ZipFile(archive) as unpacked:
        for info in unpacked.infolist():
            budget.member(info.filename)
            if info.filename in seen:
                raise refused(archive, f"it holds {info.filename[:120]!r} twice", _HOSTILE_HINT)
            seen.add(info.filename)
            mode = info.external_attr >> 16
            if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
                raise refused(archive, f"its member {info.filename[:120]!r} is a link or a device", _HOSTILE_HINT)
            if info.is_dir():
                continue
            if not _KEPT.search(info.filename):
                budget.spend(info.file_size)
                continue
            with unpacked.open(info) as stream:
                yield posixpath.normpath(info.filename), _read(stream, budget)


def _opened(archive: Path) -> IO[bytes]:
    """The archive, decompressed as its first bytes say."""
    with archive.open("rb") as file:
        magic = file.read(6)
    if magic.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(archive))
    if magic.startswith(b"BZh"):
        return cast(IO[bytes], bz2.open(archive))
    if magic.startswith(b"\xfd7zXZ"):
        return cast(IO[bytes], lzma.open(archive))
    return archive.open("rb")


class _Counted:
    """Counts everything that is unpacked, headers included: a header can be a bomb as well."""

    def __init__(self, raw: IO[bytes], budget: _Budget) -> None:
        self._raw = raw
        self._budget = budget
        self._seen = 0

    def read(self, size: int) -> bytes:
        content = self._raw.read(size)
        self._seen += len(content)
        if self._seen > 2 * self._budget.limit + RATIO_FLOOR:
            raise refused(self._budget.archive, "its headers are out of all proportion", _BOMB_HINT)
        return content


def _tar_members(archive: Path, budget: _Budget) -> Iterator[tuple[str, bytes]]:
    raw = _opened(archive)
    counted = cast(IO[bytes], _Counted(raw, budget))  # read() is all that stream mode calls
    with raw, tarfile.open(fileobj=counted, mode="r|") as unpacked:
        for info in unpacked:
            budget.member(info.name)
            if info.isdir():
                continue
            if info.issym() or info.islnk():
                target = info.linkname
                if info.issym():
                    target = posixpath.normpath(posixpath.join(posixpath.dirname(info.name), target))
                check_name(archive, target)
                continue  # a link that stays inside repeats a file that is read anyway
            if not info.isreg():
                raise refused(archive, f"its member {info.name[:120]!r} is a device or a pipe", _HOSTILE_HINT)
            if not _KEPT.search(info.name):
                budget.spend(info.size)
                continue
            stream = unpacked.extractfile(info)
            if stream is not None:
                yield posixpath.normpath(info.name), _read(stream, budget)


def _read(stream: IO[bytes], budget: _Budget) -> bytes:
    content = io.BytesIO()
    while chunk := stream.read(_CHUNK):
        budget.spend(len(chunk))
        content.write(chunk)
    return content.getvalue()


def without_top_folder(members: dict[str, bytes]) -> dict[str, bytes]:
    """Members of an sdist below its one top folder."""
    tops = {path.split("/", 1)[0] for path in members if "/" in path}
    if len(tops) != 1:
        return members
    (top,) = tops
    return {path[len(top) + 1 :]: content for path, content in members.items() if path.startswith(top + "/")}
