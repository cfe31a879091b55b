"""The archives that hold the golden library."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

from tests.oracle.golden import DOCUMENTS, MODULES

METADATA = "Metadata-Version: 2.1\nName: minilib\nVersion: {version}\nLicense: MIT\n"


def wheel(folder: Path, modules: dict[str, str] | None = None, version: str = "1.0", name: str = "minilib") -> Path:
    """Build a wheel."""
    file = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in (MODULES if modules is None else modules).items():
            archive.writestr(path, text)
        archive.writestr(f"{name}-{version}.dist-info/METADATA", METADATA.format(version=version))
    return file


def sdist(folder: Path, files: dict[str, str] | None = None, version: str = "1.0", name: str = "minilib") -> Path:
    """Build a source archive."""
    file = folder / f"{name}-{version}.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for path, text in ({**MODULES, **DOCUMENTS} if files is None else files).items():
            content = text.encode()
            info = tarfile.TarInfo(f"{name}-{version}/{path}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file


def unpack(folder: Path) -> Path:
    """Write the library as a checkout."""
    for path, text in {**MODULES, **DOCUMENTS}.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_text('[project]\nname = "minilib"\nversion = "1.0"\nlicense = "MIT"\n')
    return folder


def digest(file: Path) -> str:
    """SHA-256."""
    return hashlib.sha256(file.read_bytes()).hexdigest()
