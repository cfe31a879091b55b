"""A program that waits in the tray carries only what waiting needs."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "docker",
    "fastapi",
    "keyring",
    "mcp",
    "networkx",
    "numpy",
    "openai",
    "pandas",
    "pygments",
    "tomlkit",
    "uvicorn",
)
PROGRAM = f"""
import sys
import dreamer_app.main, dreamer_app.windowed, dreamer_app.headless, dreamer_app.windowed_parts
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def test_a_tray_imports_neither_windows_nor_engine_nor_server() -> None:
    seen = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60)
    assert seen.stdout.strip() == "[]"
