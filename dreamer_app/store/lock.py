"""One dreaming program per base folder, held by the operating system so that it ends with its holder, however it dies.

Reading and reviewing need no lock. The file itself means nothing; only the lock on it does.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO

from dreamer_app.core.errors import UsageError

if sys.platform == "win32":
    import msvcrt

    def _try(file: IO[str]) -> None:
        file.seek(1 << 20)  # a byte far behind the text, because Windows forbids reading a locked one
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class BaseFolderLock:
    """The right to dream in a base folder.

    Args:
        file: The lock file (`DataPaths.lock`).
    """

    def __init__(self, file: Path) -> None:
        self._path = file
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def try_acquire(self) -> bool:
        """Take the lock unless another program, or another object of this one, has it."""
        if self._file is not None:
            return False
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+", encoding="utf-8")
        try:
            _try(file)
        except OSError:
            file.close()
            return False
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file
        return True

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            UsageError: Another program dreams in this folder.
        """
        if not self.try_acquire():
            raise UsageError(
                "Another night is under way",
                f"{self._holder()} is dreaming in {self._path.parent}.",
                "Wait until it ends, stop it with Ctrl-C, or use another --base-dir.",
            )

    def release(self) -> None:
        """Give the lock back. Idempotent. The file stays: removing it would let two programs in."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _holder(self) -> str:
        try:
            pid = self._path.read_text(encoding="utf-8").strip()
        except OSError:
            pid = ""
        return f"Program {pid}" if pid else "Another program"

    def __enter__(self) -> BaseFolderLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
