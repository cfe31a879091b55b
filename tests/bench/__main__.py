"""Runs the measurements: `python -m tests.bench [WORD…]`.

Every `bench_*.py` beside this file has `main() -> None`, which prints a table. Words select by part of a name. A
measurement that fails does not stop the others, but the exit status says so.
"""

from __future__ import annotations

import importlib
import signal
import sys
import time
import traceback
from pathlib import Path

from dreamer_app.core.interpreter import collect_seldom

HERE = Path(__file__).resolve().parent


def names(words: list[str]) -> list[str]:
    """The measurements that are asked for, by name."""
    found = sorted(file.stem for file in HERE.glob("bench_*.py"))
    return [name for name in found if not words or any(word in name for word in words)]


def main(words: list[str]) -> int:
    """Run them one after the other.

    Returns:
        0 when all ran, 1 when one failed, 2 when no measurement has such a name.
    """
    chosen = names(words)
    if not chosen:
        print(f"no measurement is named like {' or '.join(words) or 'bench_*.py'}", file=sys.stderr)
        return 2
    collect_seldom()  # as the program itself
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it wants its workers gone as well
    failed = []
    for name in chosen:
        print(f"\n=== {name.removeprefix('bench_').replace('_', ' ')} ===", flush=True)
        started = time.monotonic()
        try:
            importlib.import_module(f"tests.bench.{name}").main()
        except Exception:
            traceback.print_exc()
            failed.append(name)
        print(f"({time.monotonic() - started:.1f} s)", flush=True)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
