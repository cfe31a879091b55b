"""Writes requirements/*.txt from pyproject.toml: exact versions with digests, for every supported Python and system.

No address of an index is recorded, so a lock made behind a mirror is the lock of everybody. Must not read the
configuration of the machine it runs on, which could bring in other packages under the same names.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = [
    "--quiet",
    "--no-config",
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-annotate",
    "--no-header",
    "--override=requirements/overrides.txt",
]


def lock(name: str, *inputs: str) -> None:
    """Resolve one list.

    Raises:
        subprocess.CalledProcessError: There is no solution, or no index answers.
    """
    uv = Path(sys.executable).with_name("uv")
    target = ROOT / "requirements" / f"{name}.txt"
    part = target.with_suffix(".part")
    if target.exists():
        part.write_bytes(target.read_bytes())  # keeps versions that still fit, unless --upgrade is given
    command: list[str | Path] = [uv, "pip", "compile", *OPTIONS, *sys.argv[1:], *inputs, "--output-file", part]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    part.replace(target)
    print(f"requirements/{name}.txt")


def main() -> None:
    """Resolve all lists so that they agree with each other."""
    (ROOT / "requirements").mkdir(exist_ok=True)
    lock("app", "pyproject.toml")
    same = ["--constraint", "requirements/app.txt"]
    lock("worker", "--group", "pyproject.toml:worker", *same)
    lock("dev", "pyproject.toml", "--group", "pyproject.toml:dev", *same, "--constraint", "requirements/worker.txt")
    lock("build", "--group", "pyproject.toml:build", *same)
    lock("uv", "--group", "pyproject.toml:uv", *same)


if __name__ == "__main__":
    main()
