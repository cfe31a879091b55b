"""`dreamer serve` as people start and end it: a real program, real signals, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import DreamerState, Snapshot, SuspendReason
from dreamer_app.service.running import RunningDreamer
from tests.api.fakes import free_port


class Served:
    """The program over one base folder."""

    def __init__(self, base: Path) -> None:
        self.base = base
        runtime = base / "run"
        runtime.mkdir()
        self._environment = {**os.environ, "XDG_RUNTIME_DIR": str(runtime)}
        (base / "settings.toml").write_text(f"[api]\nport = {free_port()}\n", encoding="utf-8")
        self.program: subprocess.Popen[str] | None = None

    def start(self) -> dict[str, Any]:
        """Start it; what it says once it listens."""
        self.program = self._launch()
        assert self.program.stdout is not None
        text = ""
        while not text.endswith("}\n"):
            line = self.program.stdout.readline()
            assert line, f"it ended with {self.program.wait()}: {text}"
            text += line
        return dict(json.loads(text))

    def left_behind(self) -> list[str]:
        """Files that only make sense while it runs."""
        return [
            str(file.relative_to(self.base))
            for file in self.base.rglob("*")
            if file.is_socket() or file.name == "running.json"
        ]

    def second(self) -> tuple[int, Any]:
        """Start another one over the same folder; its exit status and what it says."""
        other = self._launch()
        said, _ = other.communicate(timeout=120)
        return other.returncode, json.loads(said)

    def _launch(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "dreamer_app", "serve", "--json", "--base-dir", str(self.base)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self._environment)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    found = Served(tmp_path)
    yield found
    if found.program is not None:
        found.program.kill()
        found.program.wait(60)
        assert found.program.stdout is not None
        found.program.stdout.close()


def test_a_signal_ends_it_and_nothing_stays(served: Served) -> None:
    said = served.start()
    assert served.program is not None and said["pid"] == served.program.pid and Path(said["socket"]).is_socket()
    served.program.send_signal(signal.SIGTERM)
    assert served.program.wait(60) == 0
    assert served.left_behind() == []


def test_it_is_steered_over_its_socket_and_ends_when_told(served: Served) -> None:
    said = served.start()
    running = RunningDreamer.expect(DataPaths(served.base))
    found = running.status()
    assert (found.pid, found.url) == (said["pid"], said["url"])
    assert found.snapshot.state is not DreamerState.PAUSED
    assert running.pause(minutes=30).state is DreamerState.PAUSED
    status, document = served.second()
    assert status == 2 and document["error"]["title"] == "The Dreamer is running already"
    running.quit()
    assert served.program is not None and served.program.wait(60) == 0
    assert served.left_behind() == []


def test_after_a_kill_it_starts_again(served: Served) -> None:
    served.start()
    assert served.program is not None and served.program.stdout is not None
    served.program.kill()
    served.program.wait(60)
    served.program.stdout.close()
    assert len(served.left_behind()) == 2 and RunningDreamer.find(DataPaths(served.base)) is None
    again = served.start()
    assert RunningDreamer.expect(DataPaths(served.base)).status().pid == again["pid"]


def test_what_is_edited_by_hand_is_in_force_while_it_runs(served: Served) -> None:
    served.start()
    running, file = RunningDreamer.expect(DataPaths(served.base)), served.base / "settings.toml"
    before = file.read_text(encoding="utf-8")
    assert SuspendReason.BLACKOUT_HOURS not in running.status().snapshot.reasons
    file.write_text(f"{before}[energy]\ncpu_stop = 7777\n", encoding="utf-8")
    until(running, lambda shown: any("energy.cpu_stop" in notice for notice in shown.notices))
    file.write_text(f'{before}[schedule]\nquiet_hours = ["00:00-12:00", "12:00-00:00"]\n', encoding="utf-8")
    shown = until(running, lambda shown: SuspendReason.BLACKOUT_HOURS in shown.reasons)
    assert shown.notices == ()


def until(running: RunningDreamer, holds: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot for which it holds."""
    while not holds(shown := running.status().snapshot):
        time.sleep(0.05)
    return shown
