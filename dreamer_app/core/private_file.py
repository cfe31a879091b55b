"""Files that only their owner may read, written whole or not at all. It knows nothing of what is in them."""

from __future__ import annotations

import os
from pathlib import Path

OWNER_ONLY = 0o600


def write_private(file: Path, text: str) -> None:
    """Replace a file by one that nobody else can read, not even for a moment.

    Raises:
        OSError: The folder cannot be written.
    """
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    # Exclusive, so that nothing that was put in its place beforehand is written to.
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="utf-8") as out:
        out.write(text)
    beside.replace(file)
