"""Woven apps really run: one of each kind, recorded and proved necessary in a sealed worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import Settings
from dreamer_app.core.types import LibraryPin
from dreamer_app.sandbox.docker.open import open_sandbox
from dreamer_app.weaver.recorded_weaver.apps.catalogue import weave_catalogue
from dreamer_app.weaver.recorded_weaver.apps.collector import weave_collector
from dreamer_app.weaver.recorded_weaver.apps.domains import DOMAINS
from dreamer_app.weaver.recorded_weaver.apps.gauge import weave_gauge
from dreamer_app.weaver.recorded_weaver.apps.rehearsal import Rehearsal
from dreamer_app.weaver.recorded_weaver.apps.tally import weave_tally
from dreamer_app.weaver.recorded_weaver.loom import WorkerLoom
from tests.weaver.apps.world import RICH, TEXTUAL, Graph

PINS: tuple[LibraryPin, ...] = (TEXTUAL, RICH)


@pytest.mark.docker
@pytest.mark.network
async def test_each_kind_of_app_is_recorded_in_a_worker(tmp_path: Path) -> None:
    paths = DataPaths(tmp_path)
    paths.create()
    sandbox = await open_sandbox(Settings(), paths)
    try:
        async with WorkerLoom(sandbox, PINS) as loom:
            rehearsal = Rehearsal(loom)
            for seed, weave in enumerate((weave_collector, weave_tally, weave_gauge, weave_catalogue)):
                draft = weave(DOMAINS[seed], 11 + seed)
                apis = [api for name in draft.uses if (api := Graph(*PINS).api(name)) is not None]
                found = await rehearsal.rehearse(draft, apis)
                assert found is not None, (draft.tags, rehearsal.dropped)
                assert "RECORD" not in found.tests
                assert len(found.necessary) >= 4, (draft.tags, found.necessary)
    finally:
        await sandbox.close()
