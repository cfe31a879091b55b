"""`dreamer model`, `prompts` and `mastery` as they are typed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dreamer_app.academy.mastery import Mastery, difference
from dreamer_app.cli.app import run
from dreamer_app.core.paths import DataPaths
from dreamer_app.llm.prompts import PromptShelf
from dreamer_app.store.store import Store
from tests.builders import WHEN
from tests.scripted_server.script import Script, Turn
from tests.scripted_server.server import ScriptedServer, serving
from tests.service.fakes import FakeWorld


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ScriptedServer]:
    with serving(Script((Turn(text="ready"),), models=("strong-32b", "coder-7b"))) as server:
        paths = DataPaths(tmp_path)
        paths.create()
        paths.settings.write_text(f'[model]\nbase_url = "{server.url}"\n', encoding="utf-8")
        yield server


def typed(base: Path, capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> str:
    found = run(FakeWorld().workshop, [*words, "--base-dir", str(base)])
    captured = capsys.readouterr()
    assert found == status, captured.out + captured.err
    return captured.out


def test_models_are_listed_and_tried_out(
    tmp_path: Path, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    [found, *_] = json.loads(typed(tmp_path, capsys, "model", "list", "--json"))["servers"]
    assert found["base_url"] == server.url and found["models"] == ["coder-7b", "strong-32b"]
    assert "✓" in typed(tmp_path, capsys, "model", "test", "coder-7b")
    assert server.chats[-1].body["model"] == "coder-7b"
    missing = json.loads(typed(tmp_path, capsys, "model", "test", "nobody", "--json", status=1))
    assert not missing["ok"] and missing["hint"]


def test_a_changed_prompt_is_used_and_shown_with_its_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Nothing is changed" in typed(tmp_path, capsys, "prompts", "diff")
    before = json.loads(typed(tmp_path, capsys, "prompts", "list", "--json"))
    folder = Path(before["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    ours = PromptShelf().ours("judge")
    (folder / "judge.md").write_text(ours.rstrip() + "\nBe kind to beginners.\n", encoding="utf-8")
    after = json.loads(typed(tmp_path, capsys, "prompts", "list", "--json"))["prompts"]
    assert after["judge"].startswith(before["prompts"]["judge"] + "+") and after["weave"] == before["prompts"]["weave"]
    assert "+Be kind to beginners." in typed(tmp_path, capsys, "prompts", "diff")
    assert "Be kind to beginners." in typed(tmp_path, capsys, "prompts", "show", "judge")
    assert list(json.loads(typed(tmp_path, capsys, "prompts", "diff", "--json"))["changed"]) == ["judge"]


def test_learned_is_said_only_of_what_was_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Nothing was measured yet" in typed(tmp_path, capsys, "mastery")
    paths = DataPaths(tmp_path)
    store = Store(paths.database)
    for library, outcomes in {
        "toolz": [(False, True)] * 12 + [(True, True)] * 18,
        "rich": [(False, True), (True, False), (True, True)],
    }.items():
        measured = Mastery(
            library=library, version="1", model="m", measured_at=WHEN, lessons=3, difference=difference(outcomes)
        )
        store.sealed.keep(measured.model_dump(mode="json"))
    store.close()
    said = typed(tmp_path, capsys, "mastery")
    assert "Learned toolz" in said and "Not shown" in said
    document = json.loads(typed(tmp_path, capsys, "mastery", "--json"))["mastery"]
    assert {one["library"]: one["learned"] for one in document} == {"rich": False, "toolz": True}
