"""Ctrl-C at any moment: awake at once, nothing half done, exit status 130 and a sentence."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dreamer_app.academy.record import folders, read_record
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import DreamState, NightEnd
from dreamer_app.store.store import Store

SMALL_NIGHT = [sys.executable, "-m", "tests.e2e.small_night"]


def _stop_after(words: str, base: Path, *more: str, number: int = signal.SIGINT) -> tuple[int, str, str]:
    """Send a signal once the program has said these words on stdout or stderr."""
    night = subprocess.Popen(
        [*SMALL_NIGHT, str(base), *more], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert night.stdout is not None and night.stderr is not None
    stream = night.stderr if "--json" in more else night.stdout
    said = ""
    while words not in said:
        line = stream.readline()
        assert line, f"ended without saying {words!r}: {said}"
        said += line
    night.send_signal(number)
    out, err = night.communicate(timeout=60)
    return night.returncode, out, err


def test_ctrl_c_ends_the_night_cleanly(tmp_path: Path) -> None:
    status, out, err = _stop_after(" verified: ", tmp_path)
    assert (status, err) == (130, "")
    assert "Stopped by you" in out and "stopped by the user" in out
    store = Store(DataPaths(tmp_path).database)
    [night] = store.nights.list()
    assert night.end is NightEnd.STOPPED
    verified = store.dreams.ids(DreamState.VERIFIED)
    assert verified and {read_record(folder).id for folder in folders(DataPaths(tmp_path).dreams)} == verified
    assert store.dreams.ids(DreamState.RUNNING) == frozenset()
    store.close()


def test_ctrl_c_before_the_night_waits_for_no_download(tmp_path: Path) -> None:
    status, _, err = _stop_after("ingest pypi:toolz", tmp_path, "--stuck-reading")
    assert status == 130 and "Stopped" in err and "Nothing was lost" in err


def test_termination_is_as_clean_and_json_stays_one_document(tmp_path: Path) -> None:
    status, out, _ = _stop_after(" verified: ", tmp_path, "--json", number=signal.SIGTERM)
    assert status == 128 + signal.SIGTERM
    assert json.loads(out)["night"]["end"] == NightEnd.STOPPED


def test_a_terminal_sees_the_live_picture_and_the_summary(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    night = subprocess.Popen(
        [*SMALL_NIGHT, str(tmp_path), "--dreams", "5"], stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux reports the end of a terminal so
            break
        if not piece:
            break
        seen += piece
    os.close(ours)
    assert night.wait(60) == 0
    text = seen.decode()
    for words in ("of 5 verified", "enough dreams", "5 verified", "API nodes learned", "Next: "):
        assert words in text


@pytest.mark.parametrize("command", [["journal", "list"], ["status"]])
def test_a_reader_who_goes_away_is_no_error(tmp_path: Path, command: list[str]) -> None:
    program = [sys.executable, "-m", "dreamer_app", *command, "--json", "--base-dir", str(tmp_path)]
    reader, writer = os.pipe()
    os.close(reader)
    result = subprocess.run(program, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    os.close(writer)
    assert "Traceback" not in result.stderr and "Exception" not in result.stderr
