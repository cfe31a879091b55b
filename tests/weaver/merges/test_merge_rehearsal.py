"""A merged app really runs: two features are learned, merged, and recorded in a sealed worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.core.events import ignore
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import LibraryPin
from dreamer_app.oracle.model import Example
from dreamer_app.sandbox.docker.open import open_sandbox
from dreamer_app.weaver.recorded_weaver.family import WeaveContext
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from dreamer_app.weaver.recorded_weaver.merges.family import MergeFamily
from dreamer_app.weaver.scenario_weaver import WeaveRequest
from tests.weaver.apps.world import RICH, TEXTUAL
from tests.weaver.merges.test_merging import ASKING, COUNTING, Knowing

PINS: tuple[LibraryPin, ...] = (TEXTUAL, RICH)


class Shelf(Knowing):
    """A graph with two documentation programs."""

    def examples(self, library: str) -> tuple[Example, ...]:
        uses = ("textual.widgets.Input", "textual.widgets.Input.Submitted", "textual.widgets.RichLog.write")
        programs = {"asking": ASKING, "counting": COUNTING}
        return tuple(
            Example(key=f"example:{library}:{name}.py", library=library, form="program", code=code, uses=uses)
            for name, code in programs.items()
            if library == TEXTUAL.name
        )


@pytest.mark.docker
@pytest.mark.network
async def test_two_related_programs_become_one_recorded_app(tmp_path: Path) -> None:
    paths, settings, graph = DataPaths(tmp_path), Settings(), Shelf(*PINS)
    paths.create()
    sandbox = await open_sandbox(settings, paths)
    try:
        async with WorkerLoom(sandbox, PINS) as loom:
            family = MergeFamily()
            request = WeaveRequest(libraries=PINS, seed=1)
            stream = family.weave(WeaveContext(request, graph, loom, settings, ignore))
            woven = await anext(stream, None)
            await stream.aclose()
    finally:
        await sandbox.close()
    assert woven is not None, family.figures
    scenario = woven.scenario
    assert "RECORD" not in scenario.tests and scenario.tests.count("async def test_") == 5
    assert set(scenario.knowledge.examples) == {"example:textual:asking.py", "example:textual:counting.py"}
    assert scenario.knowledge.relations and len(scenario.uses_api) >= 2
    assert woven.reference is not None and "tell_rich_log" in woven.reference.solution
    assert "#who" in scenario.prompt and scenario.entry_point in scenario.prompt
