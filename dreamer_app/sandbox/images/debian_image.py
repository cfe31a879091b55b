"""A worker image assembled from this distribution's packages, in pure Python and without root.

The chain of trust is apt's own: gpgv checks the signature of a suite's index, the index names the digest of the package
list, the list names the digest of every package. Packages are only unpacked; none of their scripts is ever run, and
neither a shell nor a package manager goes into the image.
"""

from __future__ import annotations

import concurrent.futures
import functools
import gzip
import hashlib
import http.client
import io
import lzma
import re
import shutil
import subprocess
import tarfile
import tempfile
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.sandbox.images.apt_sources import Suite, dearmour, default_keyrings
from dreamer_app.sandbox.images.archive import Entry
from dreamer_app.sandbox.images.debian_version import sort_key

ROOTS = ("python3", "libpython3-stdlib", "libstdc++6", "tzdata")
"""An interpreter, the C++ runtime that many wheels need, and time zones."""

NEEDED_BY_SCRIPTS_ONLY = {
    "debconf",
    "debconf-2.0",
    "cdebconf",
    "dpkg",
    "perl",
    "perl-base",
    "install-info",
    "sensible-utils",
}
_SKIPPED = re.compile(
    r"usr/(share/(doc|man|locale|lintian|info|bug|python3/runtime\.d|applications|pixmaps|menu)|sbin)(/|$)"
)
_MERGED = re.compile(r"(lib|lib32|lib64|libx32|bin|sbin)(/|$)")
DOWNLOAD_SECONDS = 60
PARALLEL = 4
LARGEST = 256 << 20
"""Bytes of one download; the largest package list is 10 MB."""
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}

Fetch = Callable[[str], bytes]


def fetch(address: str) -> bytes:
    """Download one file.

    Raises:
        InfrastructureError: It cannot be had.
    """
    try:
        with _opener().open(address, timeout=DOWNLOAD_SECONDS) as answer:
            body: bytes = answer.read(LARGEST + 1)
    except (http.client.HTTPException, OSError, ValueError) as error:
        raise _impossible(f"{address}: {error}") from error
    if len(body) > LARGEST:
        raise _impossible(f"{address}: larger than {LARGEST >> 20} MB")
    return body


@functools.cache
def _opener() -> urllib.request.OpenerDirector:
    """As apt would go out: over its own proxy where it has one, else over that of the environment."""
    tool = shutil.which("apt-config")
    if tool is None:
        return urllib.request.build_opener()
    command = [tool, "shell", "http", "Acquire::http::Proxy", "https", "Acquire::https::Proxy"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    found = dict(re.findall(r"^(https?)='(.*)'$", done.stdout, re.MULTILINE))
    proxies = urllib.request.getproxies() | {kind: way for kind, way in found.items() if way}
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({kind: way for kind, way in proxies.items() if way != "DIRECT"})
    )


def collect(
    suites: Sequence[Suite], machine: str, step: Callable[[str, int, int], None], get: Fetch = fetch
) -> dict[str, Entry]:
    """Everything that goes into the image, by path.

    Args:
        suites: The distribution's.
        machine: Architecture as the kernel names it.
        step: Told what is being done, and how much of it.
        get: Downloads a file.

    Raises:
        InfrastructureError: A file cannot be had, or a signature or digest is wrong.
    """
    architecture = _MACHINES.get(machine)
    if not suites or architecture is None:
        raise _impossible(f"no package sources of a Debian-like system for {machine}")
    packages: dict[str, tuple[str, Mapping[str, str]]] = {}
    for count, suite in enumerate(suites):
        step("read package lists", count, len(suites))
        for fields in _package_list(suite, architecture, get):
            held = packages.get(fields["Package"])
            if held is None or sort_key(fields.get("Version", "")) > sort_key(held[1].get("Version", "")):
                packages[fields["Package"]] = (suite.address, fields)
    chosen = resolve({name: fields for name, (_, fields) in packages.items()}, ROOTS)
    entries: dict[str, Entry] = {}
    with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
        bodies = pool.map(lambda name: _package(*packages[name], get), chosen)
        for count, (name, body) in enumerate(zip(chosen, bodies, strict=True)):
            step(f"unpack {name}", count, len(chosen))
            entries |= unpack(body, name)
    for merged in ("lib", "lib64", "bin"):
        entries[merged] = Entry(target=f"usr/{merged}")
    return entries


def resolve(packages: Mapping[str, Mapping[str, str]], roots: Iterable[str]) -> list[str]:
    """The packages that the roots need at run time, sorted.

    Raises:
        InfrastructureError: One is not in the lists.
    """
    provided = {
        virtual.strip().split(" ")[0]: name
        for name, fields in packages.items()
        for virtual in fields.get("Provides", "").split(",")
        if virtual.strip()
    }
    chosen: set[str] = set()
    waiting = list(roots)
    while waiting:
        wanted = waiting.pop()
        name = wanted if wanted in packages else provided.get(wanted, "")
        if name in chosen or wanted in NEEDED_BY_SCRIPTS_ONLY:
            continue
        if not name:
            raise _impossible(f"the package lists have no {wanted}")
        chosen.add(name)
        fields = packages[name]
        for group in f"{fields.get('Pre-Depends', '')},{fields.get('Depends', '')}".split(","):
            options = [re.split(r"[ (:]", option.strip())[0] for option in group.split("|")]
            known = [
                option
                for option in options
                if option in packages or option in provided or option in NEEDED_BY_SCRIPTS_ONLY
            ]
            if options[0]:
                waiting.append(known[0] if known else options[0])
    return sorted(chosen)


def unpack(body: bytes, name: str) -> dict[str, Entry]:
    """The files of a package, without documentation and with merged system folders.

    Raises:
        InfrastructureError: It is not a package, or of a kind that cannot be read here.
    """
    entries: dict[str, Entry] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(_tree(body, name))) as tar:
            for member in tar:
                path = _place(member.name)
                if path is None:
                    continue
                if member.issym():
                    entries[path] = Entry(target=member.linkname)
                elif member.islnk():
                    linked = _place(member.linkname)
                    if linked in entries:
                        entries[path] = entries[linked]
                elif member.isfile():
                    stream = tar.extractfile(member)
                    assert stream is not None
                    entries[path] = Entry(stream.read(), executable=bool(member.mode & 0o111))
    except (tarfile.TarError, lzma.LZMAError, EOFError, IndexError, ValueError) as error:
        raise _impossible(f"the package {name} is broken: {error}") from error
    return entries


def _place(name: str) -> str | None:
    path = str(PurePosixPath(name)).lstrip("/")
    if path in ("", ".") or ".." in PurePosixPath(path).parts:
        return None
    if _MERGED.match(path):
        path = f"usr/{path}"
    return None if _SKIPPED.match(path) else path


def _tree(body: bytes, name: str) -> bytes:
    """The tar inside a package: `ar` members with 60-byte headers (name 16, ..., size at 48 of 10)."""
    if not body.startswith(b"!<arch>\n"):
        raise ValueError("not a package")
    position = 8
    while position < len(body):
        header = body[position : position + 60]
        member, size = header[:16].decode().strip().rstrip("/"), int(header[48:58])
        content = body[position + 60 : position + 60 + size]
        if member.startswith("data.tar"):
            return content if member == "data.tar" else _uncompressed(member, content, body, name)
        position += 60 + size + size % 2
    raise ValueError("no files inside")


def _uncompressed(member: str, content: bytes, body: bytes, name: str) -> bytes:
    if member.endswith((".xz", ".lzma")):
        return lzma.decompress(content)
    if member.endswith(".zst"):
        tool = shutil.which("dpkg-deb")
        if tool is None:
            raise _impossible(f"{name} is compressed with zstd and dpkg-deb is not there to unpack it")
        with tempfile.NamedTemporaryFile(suffix=".deb") as file:
            file.write(body)
            file.flush()
            return subprocess.run(
                [tool, "--fsys-tarfile", file.name], capture_output=True, check=True, timeout=60
            ).stdout
    return content  # tarfile itself knows gzip and bzip2


def _package_list(suite: Suite, architecture: str, get: Fetch) -> list[dict[str, str]]:
    base = f"{suite.address}/dists/{suite.name}"
    release = verified(get(f"{base}/InRelease"), suite.keyrings or default_keyrings(), suite.name)
    if suite.expires:
        check_expiry(release, suite.name, datetime.now(UTC))
    folder = f"main/binary-{architecture}"
    digests = re.findall(r"^ ([0-9a-f]{64})\s+\d+\s+(\S+)$", release.partition("SHA256:")[2], re.MULTILINE)
    signed = {name: digest for digest, name in digests}
    wanted = next((name for name in (f"{folder}/Packages.xz", f"{folder}/Packages.gz") if name in signed), None)
    if wanted is None:
        raise _impossible(f"{suite.name} has no signed digest for {folder}/Packages.xz")
    # by its digest, a list stays to be had while the mirror changes
    by_hash = re.search(r"^Acquire-By-Hash: yes", release, re.MULTILINE)
    packed = get(f"{base}/{folder}/by-hash/SHA256/{signed[wanted]}" if by_hash else f"{base}/{wanted}")
    _check(packed, signed[wanted], f"{suite.name} {wanted}")
    unpacked = lzma.decompress(packed) if wanted.endswith(".xz") else gzip.decompress(packed)
    paragraphs = unpacked.decode(errors="replace").split("\n\n")
    found = (dict(re.findall(r"^([A-Za-z0-9-]+): ?(.*)$", paragraph, re.MULTILINE)) for paragraph in paragraphs)
    return [fields for fields in found if "Package" in fields]


def check_expiry(release: str, name: str, now: datetime) -> None:
    """Refuse an index that its distribution no longer vouches for: somebody may be replaying old packages.

    Raises:
        InfrastructureError: Its time is over.
    """
    match = re.search(r"^Valid-Until: (.+)$", release, re.MULTILINE)
    if match is None:
        return
    try:
        until = parsedate_to_datetime(match[1].strip())
    except ValueError as error:
        raise _impossible(f"{name} is valid until {match[1]!r}, which is no date") from error
    if now > (until if until.tzinfo else until.replace(tzinfo=UTC)):
        raise _impossible(
            f"{name} was valid until {match[1].strip()}; the mirror is out of date, or the clock is wrong"
        )


def verified(signed: bytes, keyrings: Sequence[str], name: str) -> str:
    """The signed text of an index.

    Raises:
        InfrastructureError: No key of the keyrings signed it, or gpgv is missing.
    """
    tool = shutil.which("gpgv")
    if tool is None:
        raise _impossible("gpgv is not installed, so signatures cannot be checked")
    with tempfile.TemporaryDirectory() as folder:
        options: list[str] = []
        for count, keyring in enumerate(keyrings):
            file = Path(folder) / f"{count}.gpg"
            text = keyring if "BEGIN PGP" in keyring else ""
            if keyring.endswith(".asc"):
                text = Path(keyring).read_text(encoding="utf-8")
            if text:
                file.write_bytes(dearmour(text))
            options += ["--keyring", str(file if text else keyring)]
        (Path(folder) / "InRelease").write_bytes(signed)
        output = Path(folder) / "Release"
        command = [tool, "--quiet", *options, "--output", str(output), str(Path(folder) / "InRelease")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode or not output.exists():
            raise _impossible(f"the signature of {name} is not good: {' '.join(done.stderr.split())[:300]}")
        return output.read_text(encoding="utf-8", errors="replace")


def _package(address: str, fields: Mapping[str, str], get: Fetch) -> bytes:
    body = get(f"{address}/{fields['Filename']}")
    _check(body, fields["SHA256"], fields["Package"])
    return body


def _check(body: bytes, digest: str, name: str) -> None:
    if hashlib.sha256(body).hexdigest() != digest:
        raise _impossible(f"{name} does not have the digest that was signed for it")


def _impossible(message: str) -> InfrastructureError:
    return InfrastructureError(
        "No worker image from distribution packages", message, "Run `sudo apt-get update`, or allow a registry."
    )
