"""What presence costs and how late it is: CPU and wake-ups of a watch in a program of its own, at rest and while a
mouse reports 1000 times a second, and the time from an event of XTest to the listener.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.bench_worker import percentile
from tests.presence.buses import daemon
from tests.presence.x11 import Hand, x_server

SECONDS = 8
EVENTS = 24

WATCHER = """
import sys, time
from dreamer_app.core.settings.presence import PresenceSettings
from dreamer_app.presence.watch import PresenceWatch
def heard(event):
    if event.kind.is_input:
        print(repr(event.at), event.source, flush=True)
watch = PresenceWatch(heard, PresenceSettings.model_validate_json(sys.argv[1]))
watch.start()
time.sleep(3)
print("ready", flush=True)
sys.stdin.read()
watch.stop()
"""


def cpu_ms(pid: int) -> float:
    """CPU time of a program so far, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def switches(pid: int) -> int:
    """Times that any thread of a program began to wait: each is a wake-up."""
    found = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        for line in status.read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                found += int(line.split()[1])
    return found


def measure(name: str, settings: str) -> None:
    """One row: at rest, under a mouse of 1000 Hz, and how late single events come."""
    command = [sys.executable, "-c", WATCHER, settings]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdin is not None
        assert watcher.stdout is not None
        while watcher.stdout.readline().strip() != "ready":
            pass
        hand = Hand(os.environ["DISPLAY"])
        time.sleep(2)
        cpu, woken = cpu_ms(watcher.pid), switches(watcher.pid)
        time.sleep(SECONDS)
        rest = (cpu_ms(watcher.pid) - cpu) / SECONDS / 10, (switches(watcher.pid) - woken) / SECONDS
        cpu, began = cpu_ms(watcher.pid), time.monotonic()
        while (step := int((time.monotonic() - began) * 1000)) < SECONDS * 1000:
            hand.move(100 + step % 400, 100)
            time.sleep(0.001)
        moving = (cpu_ms(watcher.pid) - cpu) / SECONDS / 10
        sent = []
        for step in range(EVENTS):
            time.sleep(1.15)
            sent.append(time.monotonic())
            hand.move(100 + step, 200)
        time.sleep(1)
        resident = int(Path(f"/proc/{watcher.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20
        watcher.stdin.close()
        heard = [float(line.split()[0]) for line in watcher.stdout if line[:1].isdigit()]
        hand.close()
    late = [min((at - moment for at in heard if at >= moment), default=9.0) for moment in sent]
    print(
        f"  {name:28s} {rest[0]:5.2f} %  {rest[1]:5.1f}/s   {moving:5.2f} %   {statistics.median(late) * 1000:6.2f}"
        f" {percentile(late, 0.95):6.2f} {max(late) * 1000:7.2f}   {resident:4d} MB"
    )


def main() -> None:
    """Print the table."""
    print(f"  {'':28s} {'rest':>7s} {'wake-ups':>8s} {'1000 Hz':>9s}   {'p50':>6s} {'p95':>6s} {'max ms':>7s}   memory")
    off = '"desktop": false, "session": false, "inhibitors": false, "games": false'
    with daemon(os.environ.get("TMPDIR", "/tmp")) as bus, x_server() as server:
        os.environ.update(DISPLAY=server.name, DBUS_SESSION_BUS_ADDRESS=bus.address)
        measure("idle alarm alone", f'{{"second_look": false, {off}}}')
        measure("idle alarm and pynput", f"{{{off}}}")
        measure("everything", "{}")
    print("  rest and 1000 Hz: share of one core of the watching program; no other client, so RECORD may starve")


if __name__ == "__main__":
    main()
