from __future__ import annotations

import io

from rich.console import Console

from dreamer_app.cli.night_display import NightDrawing
from dreamer_app.cli.night_picture import LAST_DREAMS, NightPicture, duration
from dreamer_app.core.clock import ManualClock
from dreamer_app.core.events import (
    DreamJudged,
    NightEnded,
    NightStarted,
    Progress,
    ScenarioWoven,
    WorkInterrupted,
)
from dreamer_app.core.types import Night, NightEnd
from tests import builders


def _picture() -> tuple[NightPicture, ManualClock]:
    clock = ManualClock()
    return NightPicture(clock=clock, wanted=4, minutes=10, workers=2), clock


def _drawn(picture: NightPicture) -> str:
    console = Console(file=io.StringIO(), width=120, force_terminal=True, color_system=None)
    console.print(NightDrawing(picture))
    return console.file.getvalue()


def test_the_picture_follows_the_night() -> None:
    picture, clock = _picture()
    picture.see(Progress(task="ingest toolz", step="unpack", done=1, total=3))
    assert "ingest toolz: unpack (1 of 3)" in _drawn(picture)
    night = Night(id="n", started_at=clock.now(), libraries=(builders.TOOLZ,), seed=5)
    picture.see(NightStarted(night=night))
    for n in range(1, 4):
        picture.see(ScenarioWoven(dream_id=str(n), title="t", libraries=("toolz",)))
    picture.see(DreamJudged(dream=builders.verified(1)))
    assert picture.remaining is None
    picture.see(DreamJudged(dream=builders.failed(2, "G6")))
    picture.see(DreamJudged(dream=builders.verified(3)))
    clock.advance(60)
    assert picture.remaining == 60
    drawn = _drawn(picture)
    for text in (
        "dreaming",
        "toolz 1.0.0",
        "seed 5",
        "2 of 4 verified",
        "3 woven, 3 judged",
        "1:00",
        "about 1:00 left",
        "G6 stub battery",
        "✓ Group the words by 1 letters  recorded",
        "✗ Group the words by 2 letters",
    ):
        assert text in drawn, drawn
    picture.see(WorkInterrupted(reason="someone is back"))
    assert "waking up: someone is back" in _drawn(picture)
    picture.see(NightEnded(night=night.model_copy(update={"end": NightEnd.WOKEN})))
    assert "the computer was needed" in _drawn(picture)


def test_the_funnel_counts_every_gate() -> None:
    picture, _ = _picture()
    for dream in (builders.verified(1), builders.failed(2, "G6"), builders.failed(3, "G0")):
        picture.see(DreamJudged(dream=dream))
    assert {gate: (line.entered, line.passed) for gate, line in picture.gates.items()} == {
        "G0": (3, 2),
        "G5": (2, 2),
        "G6": (2, 1),
        "G9": (1, 1),
    }


def test_only_the_last_dreams_are_shown() -> None:
    picture, _ = _picture()
    for n in range(1, 20):
        picture.see(DreamJudged(dream=builders.verified(n)))
    assert len(picture.last) == LAST_DREAMS
    assert "by 19 letters" in _drawn(picture) and "by 1 letters" not in _drawn(picture)


def test_the_longest_time_bounds_what_remains() -> None:
    picture, clock = _picture()
    picture.see(NightStarted(night=Night(id="n", started_at=clock.now(), libraries=(), seed=1)))
    for n in (1, 2):
        picture.see(DreamJudged(dream=builders.verified(n)))
    clock.advance(580)
    assert picture.remaining == 20


def test_durations_read_like_a_clock() -> None:
    assert [duration(seconds) for seconds in (0, 59.6, 75, 3700)] == ["0:00", "1:00", "1:15", "1:01:40"]
