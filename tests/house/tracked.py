"""What the tests of the house look at: the files under version control, and the sources among them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file under version control that is present, as absolute paths."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


def texts() -> list[Path]:
    """The tracked files that hold text."""
    return [file for file in tracked_files() if b"\0" not in file.read_bytes()[:4096]]


def sources(*folders: str) -> list[Path]:
    """Tracked Python files below the given folders of the checkout."""
    below = [ROOT / folder for folder in folders]
    return [file for file in tracked_files() if file.suffix == ".py" and any(file.is_relative_to(f) for f in below)]
