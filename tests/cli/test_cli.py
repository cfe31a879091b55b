from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dreamer_app import __version__
from dreamer_app.academy.record import folder_of
from dreamer_app.cli.app import run
from dreamer_app.core.checks import Check
from dreamer_app.core.errors import InfrastructureError
from tests import builders
from tests.engine.fakes import FakeJudge, FakeWeaver
from tests.service.fakes import FakeWorld


class Terminal:
    """Types commands and reads the answers."""

    def __init__(self, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.base = base
        self.world = FakeWorld()
        self._capsys = capsys

    def type(self, *words: str) -> tuple[int, str, str]:
        status = run(self.world.workshop, [*words, "--base-dir", str(self.base)])
        captured = self._capsys.readouterr()
        return status, captured.out, captured.err

    def json(self, *words: str, status: int = 0) -> Any:
        found, out, err = self.type(*words, "--json")
        assert found == status, out + err
        return json.loads(out)


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, capsys)


@pytest.fixture
def dreamt(terminal: Terminal) -> Terminal:
    terminal.type("night", "--library", "toolz", "--dreams", "3", "--seed", "1")
    return terminal


def test_a_night_in_plain_lines_ends_with_what_to_type_next(terminal: Terminal) -> None:
    terminal.world.judge = FakeJudge(lambda n: builders.verdict(stopped_by="G6") if n == 1 else None)
    status, out, err = terminal.type("night", "--library", "toolz", "--dreams", "2", "--seed", "1", "--workers", "1")
    assert (status, err) == (0, "")
    assert "ingest pypi:toolz: unpack" in out
    assert "rejected by G6 stub battery: Group the words by 1 letters" in out
    assert "2/2 verified: Group the words by 3 letters" in out
    assert "enough dreams" in out and "2 verified" in out and "toolz.groupby" in out
    assert str(terminal.base / "synthetic_training") in out
    assert f"dreamer journal show {builders.scenario(2).id[:6]} --base-dir {terminal.base}" in out


def test_a_night_for_which_there_is_nothing_to_weave_says_what_to_try(terminal: Terminal) -> None:
    terminal.world.weaver = FakeWeaver(0)
    status, out, _ = terminal.type("night", "--library", "toolz")
    assert status == 0 and "nothing new to dream about" in out
    assert "second library" in out and "--model" in out


def test_a_night_as_json_is_one_document_on_stdout(terminal: Terminal) -> None:
    status, out, err = terminal.type("night", "--library", "toolz", "--dreams", "2", "--seed", "1", "--json")
    document = json.loads(out)
    assert status == 0 and "verified" in err
    assert document["night"]["end"] == "enough dreams" and document["night"]["seed"] == 1
    assert [Path(dream["folder"]).is_dir() for dream in document["dreams"]] == [True, True]
    assert {dream["synthetic"] for dream in document["dreams"]} == {True}
    assert Path(document["log"]).is_file()


def test_a_night_that_broke_off_says_so_and_fails(terminal: Terminal) -> None:
    terminal.world.sandbox.thaw = _broken
    status, _, err = terminal.type("night", "--library", "toolz")
    assert status == 1
    assert "Docker died" in err and "→ start it" in err


async def _broken() -> None:
    raise InfrastructureError("Docker died", "no answer", "start it")


@pytest.mark.parametrize(
    "words",
    [
        ["--json", "journal", "list"],
        ["journal", "--help"],
        ["journal", "list", "--json"],
    ],
)
def test_global_options_stand_before_and_after_the_command(dreamt: Terminal, words: list[str], capsys) -> None:
    before = run(dreamt.world.workshop, ["--base-dir", str(dreamt.base), *words])
    out_before = capsys.readouterr().out
    after = run(dreamt.world.workshop, [*words, "--base-dir", str(dreamt.base)] if "--help" not in words else words)
    assert before == after == 0
    assert capsys.readouterr().out == out_before
    if "--json" in words:
        assert len(json.loads(out_before)["dreams"]) == 3


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["night", "--dreams", "0"],
        ["night", "--dreams", "many"],
        ["night", "--model", "gpt", "--library", "toolz"],
        ["night"],
        ["ingest"],
        ["verify"],
        ["verify", "--all", "abcd"],
        ["verify", "abcd"],
        ["journal", "show", "abcd"],
        ["journal", "approve", "abcd"],
        ["journal", "undo"],
        ["graph", "show", "no.such.thing"],
        ["export", "--format", "parquet", "--out", "x"],
        ["export"],
    ],
)
def test_wrong_usage_is_two_with_a_title_and_a_message(terminal: Terminal, words: list[str]) -> None:
    error = terminal.json(*words, status=2)["error"]
    assert error["title"] and error["message"] and "hint" in error
    status, out, err = terminal.type(*words)
    assert (status, out) == (2, "")
    assert error["title"] in err


def test_a_broken_settings_file_is_named(terminal: Terminal) -> None:
    (terminal.base / "settings.toml").write_text("[night]\ndreams = -1\n", encoding="utf-8")
    assert "night.dreams" in terminal.json("status", status=2)["error"]["message"]


def test_ingest_reports_each_library(terminal: Terminal) -> None:
    document = terminal.json("ingest", "pypi:toolz", "pypi:rich==14.0")
    assert [(report["library"], report["version"]) for report in document["reports"]] == [
        ("toolz", "1.0.0"),
        ("rich", "14.0"),
    ]
    status, out, _ = terminal.type("ingest", "pypi:toolz")
    assert status == 0 and "dreamer night --library toolz" in out and "no pages beside docstrings" in out


def test_the_graph_can_be_looked_at(dreamt: Terminal) -> None:
    assert dreamt.json("graph", "stats")["communities"] == 1
    assert [cluster["id"] for cluster in dreamt.json("graph", "clusters")["clusters"]] == [
        "community:toolz:0",
        "bridge:boltons+toolz:0",
    ]
    node = dreamt.json("graph", "show", "toolz.groupby")
    assert node["api"]["key"] == "toolz.groupby" and node["related"][0]["api"] == "toolz.first"
    for words in (["stats"], ["clusters"], ["show", "toolz.groupby"]):
        status, out, _ = dreamt.type("graph", *words)
        assert status == 0 and "toolz" in out


def test_the_journal_lists_and_filters(dreamt: Terminal) -> None:
    dreams = dreamt.json("journal", "list")["dreams"]
    assert {dream["id"] for dream in dreams} == {builders.scenario(n).id for n in (1, 2, 3)}
    assert all(Path(dream["folder"]).is_dir() for dream in dreams)
    assert dreamt.json("journal", "list", "--library", "rich")["dreams"] == []
    assert dreamt.json("journal", "list", "--state", "failed")["dreams"] == []
    assert len(dreamt.json("journal", "list", "--limit", "1")["dreams"]) == 1
    status, out, _ = dreamt.type("journal", "list")
    assert status == 0 and "Group the words by 2 letters" in out and "toolz 1.0.0" in out


def test_the_journal_shows_everything_about_a_dream(dreamt: Terminal) -> None:
    identifier = builders.scenario(2).id
    document = dreamt.json("journal", "show", identifier[:6])
    assert document["dream"]["id"] == identifier and document["synthetic"] is True
    assert [receipt["gate"] for receipt in document["attempts"][0]["receipts"]] == [gate for gate, _ in builders.GATES]
    _, out, _ = dreamt.type("journal", "show", identifier[:6])
    for text in (
        "Group the words by 2 letters",
        "from toolz import groupby",
        "test_empty",
        "G9 mutation",
        "Côté",
        "Group a collection by a key function",
        str(folder_of(dreamt.base / "synthetic_training", identifier)),
    ):
        assert text in out


def test_decisions_are_taken_and_undone(dreamt: Terminal) -> None:
    ids = [builders.scenario(n).id for n in (1, 2)]
    assert len(dreamt.json("journal", "approve", *ids, "--reason", "useful")["decisions"]) == 2
    dreamt.type("journal", "reject", builders.scenario(3).id)
    assert {dream["id"] for dream in dreamt.json("journal", "list", "--review", "approved")["dreams"]} == set(ids)
    assert dreamt.json("journal", "undo")["dream_id"] == builders.scenario(3).id
    assert len(dreamt.json("journal", "list", "--review", "pending")["dreams"]) == 1


def test_nothing_is_decided_when_one_name_is_wrong(dreamt: Terminal) -> None:
    dreamt.json("journal", "approve", builders.scenario(1).id, "ffff", status=2)
    assert dreamt.json("journal", "list", "--review", "approved")["dreams"] == []


def test_the_journal_can_be_searched(dreamt: Terminal) -> None:
    hits = dreamt.json("journal", "search", "2", "letters")["hits"]
    assert [hit["dream"]["id"] for hit in hits] == [builders.scenario(2).id]
    assert "Nothing found" in dreamt.type("journal", "search", "unheard-of")[1]
    every = dreamt.json("journal", "search", "lib:toolz")["hits"]
    stopped = dreamt.json("journal", "search", "lib:toolz", "state:failed")["hits"]
    assert every and {hit["dream"]["state"] for hit in stopped} <= {"failed"} and len(stopped) < len(every)
    assert dreamt.json("journal", "search", "lib:toolz", "2 letters")["hits"]
    assert dreamt.json("journal", "search", "state:odd", status=2)["error"]["title"] == "This search makes no sense"


def test_verify_tells_and_its_status_is_the_answer(dreamt: Terminal) -> None:
    assert dreamt.json("verify", "--all")["agreed"] == 3
    folder = folder_of(dreamt.base / "synthetic_training", builders.scenario(1).id)
    (folder / "solution.py").write_text("def group(words):\n    return {}\n", encoding="utf-8")
    document = dreamt.json("verify", "--all", status=1)
    assert (document["agreed"], document["disagreed"]) == (2, 1)
    status, out, _ = dreamt.type("verify", "--all")
    assert status == 1 and "changed since it was verified: solution.py" in out and "2 of 3" in out


def test_export_leaves_out_what_was_rejected(dreamt: Terminal, tmp_path: Path) -> None:
    dreamt.type("journal", "approve", builders.scenario(1).id)
    dreamt.type("journal", "reject", builders.scenario(3).id)
    report = dreamt.json("export", "--format", "chat", "--out", str(tmp_path / "out"))
    assert (report["dreams"], report["approved"], report["rejected"]) == (2, 1, 1)
    lines = Path(report["file"]).read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["synthetic"] for line in lines} == {True}
    only = dreamt.json("export", "--out", str(tmp_path / "out"), "--approved-only")
    assert only["dreams"] == 1


def test_the_doctor_fails_when_something_is_missing(terminal: Terminal) -> None:
    assert terminal.json("doctor")["ok"] is True
    terminal.world.checks = (Check(name="Docker engine", state="missing", detail="no answer", fix="start it"),)
    assert terminal.json("doctor", status=1)["ok"] is False
    status, out, _ = terminal.type("doctor")
    assert status == 1 and "start it" in out and "1 missing" in out


def test_status_says_what_the_folder_holds(dreamt: Terminal) -> None:
    document = dreamt.json("status")
    assert document["statistics"]["states"]["verified"] == 3 and document["dreaming"] is False
    assert "toolz: 3 dreams about 1 API nodes" in dreamt.type("status")[1]


def test_a_damaged_folder_is_warned_about_on_stderr(dreamt: Terminal) -> None:
    folder = dreamt.base / "synthetic_training" / "dream_0000000000000000"
    folder.mkdir()
    status, out, err = dreamt.type("journal", "list", "--json")
    assert status == 0 and len(json.loads(out)["dreams"]) == 3
    assert "dream.json is missing" in err.replace("\n", "")


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(FakeWorld().workshop, ["--version"]) == 0
    assert __version__ in capsys.readouterr().out
    assert run(FakeWorld().workshop, ["--help"]) == 0
    out = capsys.readouterr().out
    for command in ("ingest", "graph", "night", "journal", "verify", "export", "doctor", "status"):
        assert command in out


def test_lessons_are_found_once_a_dream_is_approved(dreamt: Terminal) -> None:
    out = dreamt.type("lessons", "search", "group")[1]
    assert "No lessons yet" in out and "proven dreams wait for your word" in out
    identifier = builders.scenario(2).id
    dreamt.type("journal", "approve", identifier)
    found = dreamt.json("lessons", "search", "group", "words", "--library", "toolz", "--version", "1.0")
    assert found["synthetic"] is True and [hit["lesson"]["id"] for hit in found["hits"]] == [identifier]
    _, out, _ = dreamt.type("lessons", "about", "groupby", "--code")
    assert "never used" in out and "lambda word: word[:2]" in out
    assert "Nothing found in one lesson" in dreamt.type("lessons", "search", "zeppelin")[1]
    assert dreamt.json("lessons", "search", "words", "--version", "1", status=2)["error"]["title"] == "Which library?"


def test_seeds_are_sown_listed_and_forgotten(dreamt: Terminal, tmp_path: Path) -> None:
    assert "No seeds" in dreamt.type("seed", "list")[1]
    log = tmp_path / "pytest.log"
    log.write_text("toolz.groupby(1)\nTypeError: no\n", encoding="utf-8")
    assert dreamt.json("seed", "failure", str(log)) == {"sown": {str(log): 2}}
    assert dreamt.json("seed", "about", "zeppelin") == {"sown": {"zeppelin": 0}}
    assert {seed["kind"] for seed in dreamt.json("seed", "list")["seeds"]} == {"failure", "wish"}
    assert "TypeError: no" in dreamt.type("seed", "list")[1]
    assert dreamt.json("seed", "forget", str(log)) == {"forgotten": 2}
    assert dreamt.json("seed", "forget", "nothing", status=2)["error"]["title"] == "There is no such seed"
    assert dreamt.type("seed", "folder", str(log))[0] == 2
