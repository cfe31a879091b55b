from __future__ import annotations

import json
from pathlib import Path

import pytest

from dreamer_app.cli.app import run
from dreamer_app.core.errors import UsageError
from dreamer_app.core.paths import DataPaths
from dreamer_app.service.against import target
from dreamer_app.service.dreamer import Dreamer, NightOrder
from dreamer_app.service.night_story import NightStories
from dreamer_app.service.nightmares import look_for_nightmares
from dreamer_app.store.nightmares import Nightmare
from dreamer_app.ui.night_words import library_text
from tests import builders
from tests.engine.fakes import FakeJudge
from tests.service.fakes import FakeWorld

ORDER = NightOrder(libraries=("toolz",), dreams=2, seed=1)


async def test_dreams_that_a_version_breaks_are_kept_until_they_hold_again(tmp_path: Path) -> None:
    broken = {1}
    judge = FakeJudge(lambda n: builders.verdict(stopped_by="G5") if n in broken and bad else None)
    bad = False
    dreamer = Dreamer(DataPaths(tmp_path), FakeWorld(judge=judge).workshop)
    await dreamer.night(ORDER)
    bad = True
    await dreamer.verify([], against=target("toolz==2.0"))
    [report] = dreamer.journal.nightmares("Toolz")
    [found] = report.nightmares
    assert dreamer.journal.show(builders.scenario(1).id).nightmares == (found,)
    assert dreamer.journal.show(builders.scenario(2).id).nightmares == ()
    [learned] = NightStories(dreamer.store, dreamer.paths).of(None).learned
    assert learned.nightmares == 1 and "1 nightmare" in library_text(learned)
    assert (found.kind, found.key, found.version) == ("dream", builders.scenario(1).id, "2.0")
    assert found.why == "G5 clean run" and found.place == "toolz 1.0.0"
    assert "def group" in found.reproduction and "def test_two" in found.reproduction
    bad = False
    await dreamer.verify([], against=target("toolz==2.1"))
    assert [one.nightmares for one in dreamer.journal.nightmares()] in ([], [()])
    with pytest.raises(UsageError, match="boltons"):
        await look_for_nightmares(dreamer, "boltons")
    dreamer.close()


def test_the_command_shows_counts_places_and_reproductions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def asked(*words: str) -> str:
        assert run(FakeWorld().workshop, ["nightmares", *words, "--base-dir", str(tmp_path)]) == 0
        return capsys.readouterr().out

    assert "--run" in asked()
    dreamer = Dreamer(DataPaths(tmp_path), FakeWorld().workshop)
    found = Nightmare(
        kind="example", key="example:1", title="Guide › First", version="1.0.0", place="page.rst:2", why="differs",
        error="documented '9', got '1'", reproduction="print(1)\n# documented: 9\n",
    )  # fmt: skip
    dreamer.store.nightmares.keep_run(builders.TOOLZ, [found], {"held": 8, "broken": 1, "needs": 2})
    dreamer.close()
    shown = asked("toolz", "--report", str(tmp_path / "report.md"))
    assert "8 of 9 documentation examples" in shown and "page.rst:2" in shown
    page = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "synthetic: true" in page and "print(1)\n# documented: 9" in page
    [library] = json.loads(asked("--json"))["libraries"]
    assert library["nightmares"][0]["reproduction"] == found.reproduction
