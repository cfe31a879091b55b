"""Runs the whole suite in two halves at the same time: `python -m tests [pytest's arguments]`.

One half waits for workers most of the time and the other one computes, so two cores finish both in little more than the
longer one takes. Each half is a plain pytest of its own: a crash of one ends that one, and is told.

The last line sums up both halves in the words of pytest.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LOGS = ROOT / ".cache"
WAITING = ("e2e", "hostile", "sandbox")
"""Rooms whose tests wait for workers and whole programs; all others are the second half."""
CLOSING = re.compile(r"^=+ (.* in [\d.]+s.*?) =+$", re.MULTILINE)
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|deselected|warnings?)")


def halves() -> tuple[list[str], list[str]]:
    """The folders of both halves; what is not named waits for nobody."""
    rooms = sorted(file.parent.relative_to(HERE).parts[0] for file in HERE.rglob("test_*.py"))
    unique = list(dict.fromkeys(rooms))
    waiting = [f"tests/{room}" for room in unique if room in WAITING]
    return waiting, [f"tests/{room}" for room in unique if room not in WAITING]


def closing_line(counts: Counter[str], seconds: float) -> str:
    """Both halves in one line as pytest writes it."""
    words = [f"{counts[word]} {word}" for word in ("failed", "error", "passed", "skipped") if counts[word]]
    minutes, rest = divmod(int(seconds), 60)
    text = f" {', '.join(words) or 'no tests ran'} in {seconds:.2f}s ({minutes // 60}:{minutes % 60:02}:{rest:02}) "
    return text.center(80, "=")


def counted(text: str) -> Counter[str]:
    """The counts of a half; one that ended without a closing line has crashed."""
    found = CLOSING.findall(text)
    if not found:
        return Counter({"error": 1})
    return Counter(
        {word.removesuffix("s") if word == "errors" else word: int(n) for n, word in COUNT.findall(found[-1])}
    )


def main(arguments: list[str]) -> int:
    """Run both halves; the log of each is shown when it ends.

    Returns:
        0 when everything passed, else the larger exit status.
    """
    LOGS.mkdir(exist_ok=True)
    started = time.monotonic()
    running: list[tuple[subprocess.Popen[bytes], Path]] = []
    for number, folders in enumerate(halves(), 1):
        log = LOGS / f"half-{number}.log"
        command = [sys.executable, "-m", "pytest", "-o", f"cache_dir=.cache/half-{number}", *arguments, *folders]
        with log.open("wb") as output:
            running.append((subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT), log))
        print(f"half {number}: {' '.join(folders)}  (in {log.relative_to(ROOT)})", flush=True)
    counts: Counter[str] = Counter()
    worst = 0
    try:
        for half, log in running:
            status = half.wait()
            text = log.read_text(encoding="utf-8", errors="replace")
            print(text, flush=True)
            counts += counted(text)
            worst = max(worst, status if status >= 0 else 1)
    finally:
        for half, _ in running:
            half.terminate()
    print(closing_line(counts, time.monotonic() - started), flush=True)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
