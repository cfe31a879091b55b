from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dreamer_app.cli.app import run
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.states import SuspendReason
from dreamer_app.store.records import Suspension
from dreamer_app.store.store import Store
from tests.service.fakes import FakeWorld


def test_gaps_tell_every_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["--base-dir", str(tmp_path)]
    assert run(FakeWorld().workshop, ["journal", "gaps", *base]) == 0
    assert "so far" in capsys.readouterr().out
    start = datetime(2026, 5, 5, 1, tzinfo=UTC)
    held = Suspension(
        kind="held",
        began_at=start,
        ended_at=start + timedelta(minutes=6),
        night_id="n1",
        reasons=(SuspendReason.USER_ACTIVE, SuspendReason.CPU_HOT),
        milliseconds=4.2,
        detail="the mouse moved (xsync)",
    )
    skipped = Suspension(kind="skipped", began_at=start + timedelta(days=1), reasons=(SuspendReason.ON_BATTERY,))
    store = Store(DataPaths(tmp_path).database)
    for gap in (held, skipped):
        store.suspensions.add(gap)
    assert store.suspensions.of_night("n1") == (held,)
    assert store.suspensions.since(start + timedelta(hours=1)) == (skipped,)
    store.close()
    assert run(FakeWorld().workshop, ["journal", "gaps", "--json", *base]) == 0
    told = json.loads(capsys.readouterr().out)["gaps"]
    assert [gap["kind"] for gap in told] == ["skipped", "held"] and told[1]["milliseconds"] == 4.2
    assert run(FakeWorld().workshop, ["journal", "gaps", *base]) == 0
    shown = capsys.readouterr().out
    assert (
        "4 ms" in shown
        and "the mouse moved (xsync)" in shown
        and "battery" in shown
        and "the processor is hot" in shown
    )
