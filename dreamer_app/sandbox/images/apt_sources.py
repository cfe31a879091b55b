"""Which package mirrors this computer trusts, read from its own configuration.

Only the distribution's own suites count: third-party repositories could bring another Python.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Suite:
    """One suite of the distribution.

    Attributes:
        address: Base address, without a slash at the end.
        name: e.g. `bookworm-updates`.
        keyrings: Keys that may sign it: files, or armoured text.
        expires: Whether its index counts only as long as it says.
    """

    address: str
    name: str
    keyrings: tuple[str, ...]
    expires: bool = True


def suites(root: Path = Path("/")) -> tuple[Suite, ...]:
    """The distribution's suites in order of configuration; empty on systems without apt.

    Args:
        root: Of the file system to read.
    """
    codename = os_release(root).get("VERSION_CODENAME", "")
    if not codename:
        return ()
    found: dict[tuple[str, str], Suite] = {}
    folder = root / "etc/apt/sources.list.d"
    for file in (root / "etc/apt/sources.list", *sorted(folder.glob("*.list")), *sorted(folder.glob("*.sources"))):
        if not file.is_file():
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        for suite in _paragraphs(text) if file.suffix == ".sources" else _lines(text):
            address = _address(suite.address, root)
            if address and re.fullmatch(rf"{re.escape(codename)}(-updates|-security)?", suite.name):
                found.setdefault((address, suite.name), replace(suite, address=address))
    return tuple(found.values())


def _address(written: str, root: Path) -> str | None:
    """An address that can be downloaded from; None for media and transports of which only apt knows."""
    if written.startswith("mirror+file:"):
        list_of_mirrors = root / written.removeprefix("mirror+file:").lstrip("/")
        try:
            lines = list_of_mirrors.read_text(encoding="utf-8").splitlines()
        except OSError:
            return None
        written = next((line.split()[0].rstrip("/") for line in lines if line.strip() and line[0] != "#"), "")
    return written if written.startswith(("http://", "https://")) else None


def os_release(root: Path = Path("/")) -> Mapping[str, str]:
    """What the system calls itself."""
    try:
        text = (root / "etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return {}
    return {key: value.strip("\"'") for key, _, value in (line.partition("=") for line in text.splitlines()) if value}


def default_keyrings(root: Path = Path("/")) -> tuple[str, ...]:
    """Keyrings that apt trusts for sources that name none."""
    folders = (root / "usr/share/keyrings", root / "etc/apt/trusted.gpg.d")
    return tuple(
        str(file)
        for folder in folders
        for file in sorted(folder.iterdir() if folder.is_dir() else ())
        if (folder.name == "trusted.gpg.d" and file.suffix in (".gpg", ".asc"))
        or file.name.endswith("-archive-keyring.gpg")
    )


def dearmour(text: str) -> bytes:
    """The binary keys of an armoured block (RFC 9580, section 6.2).

    Raises:
        ValueError: There is no complete block.
    """
    blocks = re.findall(r"-----BEGIN PGP PUBLIC KEY BLOCK-----(.*?)-----END PGP PUBLIC KEY BLOCK-----", text, re.DOTALL)
    if not blocks:
        raise ValueError("no armoured key")
    keys = b""
    for block in blocks:
        body = block.replace("\r", "").split("\n\n", 1)[-1]
        keys += base64.b64decode("".join(line for line in body.split("\n") if not line.startswith("=")))
    return keys


def _lines(text: str) -> Iterator[Suite]:
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)", line)
        if match and "main" in match[4].split():
            options = dict(option.split("=", 1) for option in (match[1] or "").split() if "=" in option)
            keyrings = tuple(filter(None, options.get("signed-by", "").split(",")))
            expires = options.get("check-valid-until", "yes") != "no"
            yield Suite(match[2].rstrip("/"), match[3], keyrings, expires)


def _paragraphs(text: str) -> Iterator[Suite]:
    for paragraph in re.split(r"\n\s*\n", text):
        fields: dict[str, str] = {}
        key = ""
        for line in paragraph.splitlines():
            if line.startswith("#"):
                continue
            if line[:1] in (" ", "\t"):
                fields[key] = f"{fields.get(key, '')}\n{line[1:]}"
            elif ":" in line:
                key, _, value = line.partition(":")
                key = key.strip().lower()
                fields[key] = value.strip()
        usable = "deb" in fields.get("types", "").split() and "main" in fields.get("components", "").split()
        if not usable or fields.get("enabled", "yes").lower() == "no":
            continue
        signed = fields.get("signed-by", "").strip()
        keyrings = (signed.replace("\n.\n", "\n\n"),) if "BEGIN PGP" in signed else tuple(signed.split())
        expires = fields.get("check-valid-until", "yes").lower() != "no"
        for address in fields.get("uris", "").split():
            for name in fields.get("suites", "").split():
                yield Suite(address.rstrip("/"), name, keyrings, expires)
