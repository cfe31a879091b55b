"""Whether a process works for us: one of our own, or a server of language models."""

from __future__ import annotations

import os
from pathlib import Path

from dreamer_app.energy.sensors.sensor import text

MODEL_SERVERS = frozenset({"ollama", "ollama_llama_se", "llama-server", "llama-swap", "lms", "lmstudio", "vllm"})
"""As the kernel names them, 15 characters at most. Requests of other programs to them reach us by the gateway."""

DEEPEST = 64


class Ours:
    """Knows our processes.

    Args:
        root: Where `proc` is.
        pid: Our own number.
    """

    def __init__(self, root: Path = Path("/"), pid: int | None = None) -> None:
        self._proc = root / "proc"
        self._pid = os.getpid() if pid is None else pid

    def __call__(self, pid: int) -> bool:
        """Whether that process is ours, or belongs to a model server."""
        for _ in range(DEEPEST):
            if pid == self._pid:
                return True
            if (text(self._proc / f"{pid}/comm") or "") in MODEL_SERVERS:
                return True
            fields = (text(self._proc / f"{pid}/stat") or "").rpartition(")")[2].split()
            if len(fields) < 2 or not fields[1].isdigit() or fields[1] == "0":
                return False
            pid = int(fields[1])
        return False
