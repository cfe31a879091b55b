"""Image archives that the engine can load: deterministic, so the same files always give the same image.

Times, owners and set-user bits are dropped; what is left depends on names and contents only.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TAG = "dreamer-worker"
RECIPE_LABEL = "org.dreamer.recipe"
RECIPE = "1"
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


def write_archive(file: Path, content: bytes, machine: str, rung: str) -> str:
    """Write an archive for the engine's load call.

    Args:
        file: Where to; written whole or not at all.
        content: Of the only layer.
        machine: Architecture as the kernel names it.
        rung: Kept as a label.

    Returns:
        The tag under which the engine will know it.
    """
    configuration = {
        "architecture": _ARCHITECTURES.get(machine, machine),
        "os": "linux",
        "created": CREATED,
        "config": {"Cmd": ["python3"], "Labels": {RECIPE_LABEL: RECIPE, "org.dreamer.rung": rung}},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(content).hexdigest()}"]},
        "history": [{"created": CREATED, "created_by": f"The Dreamer, recipe {RECIPE}"}],
    }
    text = json.dumps(configuration, sort_keys=True).encode()
    digest = hashlib.sha256(text).hexdigest()
    tag = f"{TAG}:{digest[:12]}"
    manifest = [{"Config": f"{digest}.json", "RepoTags": [tag], "Layers": ["layer.tar"]}]
    parts = {f"{digest}.json": text, "layer.tar": content, "manifest.json": json.dumps(manifest).encode()}
    partial = file.with_name(f".{file.name}.partial")
    with tarfile.open(partial, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, body in parts.items():
            tar.addfile(*_member(name, Entry(body)))
    partial.rename(file)
    return tag
