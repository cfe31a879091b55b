"""Several files, or a folder, that replace what was there before only once all of them are complete.

Nothing here knows what the files mean.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from dreamer_app.core.atomic import TEMPORARY

Opener = Callable[[str], BinaryIO]


@contextmanager
def whole_files(folder: Path) -> Iterator[Opener]:
    """Write files into a folder; a name asked for again gives the same open file.

    Raises:
        OSError: The disk is full or the place cannot be written; what was there before stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = secrets.token_hex(4)
    opened: dict[str, BinaryIO] = {}
    with ExitStack() as stack:

        def open_file(name: str) -> BinaryIO:
            if name not in opened:
                path = folder / f"{TEMPORARY}{name}-{mark}"
                stack.callback(path.unlink, missing_ok=True)
                opened[name] = stack.enter_context(path.open("wb"))
            return opened[name]

        yield open_file
        for file in opened.values():
            file.flush()
            os.fsync(file.fileno())
        for name, file in opened.items():
            file.close()
            Path(file.name).replace(folder / name)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """An empty folder that takes the place of another when the block ends well.

    Raises:
        OSError: The disk is full or the place cannot be written; what was there before stays.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.parent / f"{TEMPORARY}{target.name}-{secrets.token_hex(4)}"
    fresh.mkdir()
    try:
        yield fresh
        if target.exists():
            old = fresh.with_name(f"{fresh.name}-old")
            target.rename(old)
            fresh.rename(target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            fresh.rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
