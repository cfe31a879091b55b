"""How warm a night was: the hottest of every minute, written when the night is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from dreamer_app.core.clock import ManualClock
from dreamer_app.core.events import NightEnded, NightStarted
from dreamer_app.core.states import DreamerState, Snapshot
from dreamer_app.core.types import Night
from dreamer_app.service.night_warmth import NightWarmth
from dreamer_app.store.store import Store

START = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)


def test_the_hottest_of_every_minute_is_kept_with_the_night(tmp_path: Path) -> None:
    store = Store(tmp_path / "dreamer.sqlite")
    clock = ManualClock(START)
    warmth = NightWarmth(store, clock)
    night = Night(id="20260304T020000Z-1", started_at=START, libraries=(), seed=1)
    store.nights.open(night)

    def seen(cpu: float | None, gpu: float | None = None) -> None:
        warmth.saw(Snapshot(state=DreamerState.DREAMING, since=START, cpu_celsius=cpu, gpu_celsius=gpu))
        clock.advance(20)

    seen(90)  # no night yet
    warmth.heard(NightStarted(night=night))
    for cpu, gpu in ((50, None), (61, 55), (58, None), (None, None), (60, 72), (59, None)):
        seen(cpu, gpu)
    warmth.heard(NightEnded(night=night))
    kept = store.warmth.of_night(night.id)
    assert [value.celsius for value in kept] == [61, 72]
    assert kept[1].at - kept[0].at >= timedelta(minutes=1)
    found = store.nights.get(night.id)
    assert found is not None and found.figures["peak_celsius"] == 72
    store.close()
