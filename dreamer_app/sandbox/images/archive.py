"""Image archives that the engine can load: deterministic, so the same files always give the same image.

Times, owners and set-user bits are dropped; what is left depends on names and contents only.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TAG = "dreamer-worker"
RECIPE_LABEL = "org.dreamer.recipe"
RUNG_LABEL = "org.dreamer.rung"
RECIPE = "2"
"""Raised when what is put into an image changes; older images are then not used any more."""

CREATED = "1970-01-01T00:00:00Z"
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Entry:
    """One file, folder or link of an image.

    Attributes:
        content: Of a file, None otherwise.
        target: Of a symbolic link, None otherwise.
        executable: Whether a file may be executed.
    """

    content: bytes | None = None
    target: str | None = None
    executable: bool = False


FOLDER = Entry()
SKELETON: dict[str, Entry] = {
    **dict.fromkeys(("dev", "proc", "sys", "run", "tmp", "job", "deps", "runner", "etc"), FOLDER),
    "etc/passwd": Entry(b"root:x:0:0::/tmp:/none\ndream:x:65532:65532::/tmp:/none\n"),
    "etc/group": Entry(b"root:x:0:\ndream:x:65532:\n"),
    "etc/nsswitch.conf": Entry(b"passwd: files\ngroup: files\nhosts: files dns\n"),
}


def layer(entries: Mapping[str, Entry]) -> bytes:
    """An uncompressed tar of the entries, folders above them included, in a fixed order."""
    everything = dict(SKELETON) | dict(entries)
    for name in list(everything):
        for above in list(Path(name).parents)[:-1]:
            everything.setdefault(str(above), FOLDER)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name in sorted(everything):
            tar.addfile(*_member(name, everything[name]))
    return buffer.getvalue()


def _member(name: str, entry: Entry) -> tuple[tarfile.TarInfo, io.BytesIO | None]:
    info = tarfile.TarInfo(name)
    if entry.target is not None:
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, entry.target, 0o777
        return info, None
    if entry.content is None:
        info.type, info.mode = tarfile.DIRTYPE, 0o755
        return info, None
    info.size, info.mode = len(entry.content), 0o755 if entry.executable else 0o644
    return info, io.BytesIO(entry.content)


@dataclass(frozen=True)
class Archive:
    """What an archive holds, known before any engine has seen it.

    Attributes:
        tag: The name under which the engine will have it.
        id: Digest of the configuration, which engines use as the image's identifier.
        layer: Digest of its only layer.
    """

    tag: str
    id: str
    layer: str


def write_archive(file: Path, content: bytes, machine: str, rung: str, recipe: str = RECIPE) -> Archive:
    """Write an archive for the engine's load call.

    Args:
        file: Where to; written whole or not at all.
        content: Of the only layer.
        machine: Architecture as the kernel names it.
        rung: Kept as a label.
        recipe: Kept as a label; only images of the present recipe are found again.
    """
    diff = f"sha256:{hashlib.sha256(content).hexdigest()}"
    configuration = {
        "architecture": _ARCHITECTURES.get(machine, machine),
        "os": "linux",
        "created": CREATED,
        "config": {"Cmd": ["python3"], "Labels": {RECIPE_LABEL: recipe, RUNG_LABEL: rung}},
        "rootfs": {"type": "layers", "diff_ids": [diff]},
        "history": [{"created": CREATED, "created_by": f"The Dreamer, recipe {recipe}"}],
    }
    text = json.dumps(configuration, sort_keys=True).encode()
    digest = hashlib.sha256(text).hexdigest()
    tag = f"{TAG}:{digest[:12]}"
    manifest = [{"Config": f"{digest}.json", "RepoTags": [tag], "Layers": ["layer.tar"]}]
    # what is small comes first, so that it can be read without going through the layer
    parts = {"manifest.json": json.dumps(manifest).encode(), f"{digest}.json": text, "layer.tar": content}
    partial = file.with_name(f".{file.name}.{uuid.uuid4().hex[:8]}.partial")
    try:
        with partial.open("wb") as stream:
            with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as tar:
                for name, body in parts.items():
                    tar.addfile(*_member(name, Entry(body)))
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    return Archive(tag, f"sha256:{digest}", diff)


def read_archive(file: Path) -> Archive:
    """What an archive that was written earlier holds.

    Raises:
        ValueError: It is not one of ours, or damaged.
        OSError: It cannot be read.
    """
    try:
        with tarfile.open(file) as tar:
            (manifest,) = json.loads(_read(tar, "manifest.json"))
            text = _read(tar, manifest["Config"])
            digest = hashlib.sha256(text).hexdigest()
            if f"{digest}.json" != manifest["Config"]:
                raise ValueError("its configuration was changed")
            (diff,) = json.loads(text)["rootfs"]["diff_ids"]
            stream = tar.extractfile("layer.tar")
            if stream is None or f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}" != diff:  # type: ignore[arg-type]
                raise ValueError("its layer was changed")
            (tag,) = manifest["RepoTags"]
    except (tarfile.TarError, KeyError, TypeError) as error:
        raise ValueError(str(error)) from error
    return Archive(tag, f"sha256:{digest}", diff)


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    stream = tar.extractfile(name)
    if stream is None:
        raise ValueError(f"{name} is missing")
    return stream.read()


def write_whole(file: Path, content: bytes) -> None:
    """Write a small file so that it is there whole or not at all, whatever happens meanwhile."""
    partial = file.with_name(f".{file.name}.{uuid.uuid4().hex[:8]}.partial")
    try:
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
