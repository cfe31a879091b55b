"""Pictures of many scenes, drawn by a program of their own at a scale, and what of them is kept."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from tests.house.tracked import ROOT


def digest(picture: Path) -> str:
    """Of size and pixels; how the file was compressed does not matter."""
    with Image.open(picture) as image:
        return hashlib.sha256(repr(image.size).encode() + image.convert("RGB").tobytes()).hexdigest()


def drawn(program: Sequence[str], folder: Path, *, scale: int) -> dict[str, str]:
    """Have a program draw its scenes into a folder; a digest of each."""
    environment = {**os.environ, "QT_SCALE_FACTOR": str(scale), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, *program, str(folder)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=300, stdout=subprocess.DEVNULL)
    return {file.stem: digest(file) for file in sorted(folder.glob("*.png"))}


def same_as_kept(seen: dict[str, str], kept: Path) -> bool:
    """Whether these are the digests in a file; UPDATE_GOLDEN=1 writes them into it first."""
    if os.environ.get("UPDATE_GOLDEN"):
        kept.write_text(json.dumps(seen, indent=1) + "\n", encoding="utf-8")
    wanted: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
    differing = {name for name in seen.keys() | wanted.keys() if seen.get(name) != wanted.get(name)}
    if differing:
        print("these look different:", ", ".join(sorted(differing)))
    return not differing
