"""Commands that speak to a running program, over a real socket."""

from __future__ import annotations

import asyncio
import json
import threading
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from dreamer_app.cli.app import run
from dreamer_app.cli.commands_running import in_words, moment
from dreamer_app.core.errors import UsageError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import DreamerState, Snapshot, SuspendReason
from tests.api.fakes import START, World, api_world
from tests.service.fakes import FakeWorld


@pytest.fixture
def running(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A running program, on a thread of its own as in another process."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    found: list[World] = []
    up, leave = threading.Event(), threading.Event()

    async def life() -> None:
        async with api_world(paths) as world:
            found.append(world)
            up.set()
            await asyncio.to_thread(leave.wait)

    thread = threading.Thread(target=lambda: asyncio.run(life()))
    thread.start()
    assert up.wait(60)
    yield found[0]
    leave.set()
    thread.join(60)


def typed(base: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    status = run(FakeWorld().workshop, [*words, "--json", "--base-dir", str(base)])
    return status, json.loads(capsys.readouterr().out)


def test_every_verb_reaches_the_running_program(running: World, capsys: pytest.CaptureFixture[str]) -> None:
    base = running.paths.base
    for words, state in (
        (["now"], "dreaming"),
        (["finish"], "dreaming"),
        (["stop"], "awake"),
        (["pause", "--minutes", "30"], "paused"),
        (["resume"], "awake"),
        (["pause", "--until", "tomorrow"], "paused"),
    ):
        status, document = typed(base, capsys, *words)
        assert (status, document["state"]) == (0, state), words
    verbs = [verb for verb, _ in running.resident.asked]
    assert verbs == ["now", "finish", "stop", "pause", "resume", "pause"]
    tomorrow = running.resident.asked[-1][1].astimezone()
    assert (tomorrow.hour, tomorrow.minute) == (0, 0)
    status, document = typed(base, capsys, "quit")
    assert (status, document["ended"]) == (0, running.server.address.pid)
    assert running.resident.asked[-1] == ("shut down", None)


def test_status_tells_of_the_program_and_of_the_folder(running: World, capsys: pytest.CaptureFixture[str]) -> None:
    running.resident.become(DreamerState.DREAMING, libraries=("textual",), verified=12)
    status, document = typed(running.paths.base, capsys, "status")
    assert status == 0 and document["base"] == str(running.paths.base) and "statistics" in document
    assert document["running"]["snapshot"]["verified"] == 12
    assert document["running"]["url"] == f"http://127.0.0.1:{running.port}"
    run(FakeWorld().workshop, ["status", "--base-dir", str(running.paths.base)])
    assert "dreaming about textual: 12 verified" in capsys.readouterr().out


def test_a_refusal_is_told_as_the_program_tells_it(running: World, capsys: pytest.CaptureFixture[str]) -> None:
    running.resident.refusal = UsageError("Not dreaming", "the computer runs on battery", "Plug it in.")
    status, document = typed(running.paths.base, capsys, "now")
    assert status == 2 and document["error"]["hint"] == "Plug it in."


def test_without_a_program_the_verbs_fail_and_status_and_quit_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for verb in ("now", "stop", "finish", "pause", "resume"):
        status, document = typed(tmp_path, capsys, verb)
        assert status == 1 and document["error"]["title"] == "The Dreamer is not running"
        assert "dreamer serve" in document["error"]["hint"]
    assert typed(tmp_path, capsys, "status")[1]["running"] is None
    assert typed(tmp_path, capsys, "quit") == (0, {"ended": None})


def test_the_token_is_printed_and_rotated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, first = typed(tmp_path, capsys, "api", "token")
    assert typed(tmp_path, capsys, "api", "token")[1] == first and first["url"].startswith("http://127.0.0.1:")
    _, second = typed(tmp_path, capsys, "api", "token", "--rotate")
    assert second["token"] != first["token"]
    assert Path(second["file"]).read_text(encoding="utf-8").strip() == second["token"]


@pytest.mark.parametrize("words", [["--minutes", "0"], ["--minutes", "5", "--until", "tomorrow"], ["--until", "noon"]])
def test_a_pause_without_sense_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert typed(tmp_path, capsys, "pause", *words)[0] == 2


def test_moments_that_people_mean() -> None:
    here = timezone(timedelta(hours=2))
    now = datetime(2026, 5, 1, 14, 0, 30, tzinfo=here)
    assert moment("14:30", now) == datetime(2026, 5, 1, 14, 30, tzinfo=here)
    assert moment("14:00", now) == datetime(2026, 5, 2, 14, 0, tzinfo=here)
    assert moment("tomorrow", now) == datetime(2026, 5, 2, tzinfo=here)
    assert moment("2026-05-03 08:00", now) == datetime(2026, 5, 3, 8, tzinfo=here)
    for text in ("25:00", "2026-04-30 08:00", "", "soon"):
        with pytest.raises(UsageError):
            moment(text, now)


def test_every_state_has_words() -> None:
    for state in DreamerState:
        assert in_words(Snapshot(state=state, since=START))
    blocked = Snapshot(state=DreamerState.BLOCKED, since=START, reasons=(SuspendReason.NO_KNOWLEDGE,))
    assert in_words(blocked) == "not dreaming: there is nothing to dream about"


def test_configurations_are_complete_and_can_be_parsed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, document = typed(tmp_path, capsys, "api", "clients")
    token = typed(tmp_path, capsys, "api", "token")[1]["token"]
    assert len(document["clients"]) >= 12
    for client in document["clients"]:
        if client["form"] == "json":
            json.loads(client["text"])
        elif client["form"] == "toml":
            tomllib.loads(client["text"])
        assert str(tmp_path) in client["text"] or token in client["text"], client["name"]
