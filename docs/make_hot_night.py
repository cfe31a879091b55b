"""Draws docs/images/hot-night.svg: temperature, workers and state over a simulated hot night.

The policy is the program's own, with its default settings, and is asked every second; only the room is made up: a small
computer whose cooling gets worse after two hours, and somebody who comes by twice. Must not draw anything that the
policy did not do.

Usage: python docs/make_hot_night.py
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from dreamer_app.core.settings import Settings
from dreamer_app.energy.policy.machine import step
from dreamer_app.energy.policy.shown import shown_reasons
from dreamer_app.energy.policy.signals import InputSeen, Signals, Timing, Touch
from dreamer_app.energy.policy.state import Begin, End, Phase, PolicyState
from dreamer_app.energy.reading import EnergyReading

TARGET = Path(__file__).resolve().parent / "images" / "hot-night.svg"
HOURS = 6
WORKERS = 8
AMBIENT = 34.0
SLOWNESS = 90.0
"""Seconds in which the temperature covers two thirds of its way."""

PER_WORKER, PER_WORKER_LATER = 4.6, 8.5
"""°C above ambient for each worker, before and after the fan fails."""

FAN_FAILS = 2 * 3600
TOUCHES = {4 * 3600: Touch.MOTION, int(5.0 * 3600): Touch.PRESS}
"""A nudge of the table, and somebody who looks at the clock."""

PIXELS_OF_A_NUDGE = 3


@dataclass(frozen=True)
class Moment:
    """One second of the night.

    Attributes:
        second: Since midnight.
        celsius: Of the processor.
        workers: At work.
        phase: Of the policy.
        reason: The strongest reason against, empty while dreaming.
    """

    second: int
    celsius: float
    workers: int
    phase: Phase
    reason: str


def simulate(settings: Settings) -> Iterator[Moment]:
    """The night, second by second."""
    state, celsius, under_way, idle = PolicyState(), AMBIENT, False, 0
    timing = Timing(idle_needed=settings.schedule.night_idle_minutes * 60)
    room = EnergyReading(cores=2 * WORKERS, foreign_cpu=0.1, memory_free=0.7, disk_free_bytes=10**11, on_battery=False)
    for second in range(HOURS * 3600):
        touch = TOUCHES.get(second)
        idle = 0 if touch else idle + 1
        seen = () if touch is None else (InputSeen(float(second), touch, PIXELS_OF_A_NUDGE),)
        signals = Signals(
            idle_seconds=float(idle),
            inputs=seen,
            timing=timing,
            energy=replace(room, cpu_celsius=celsius),
            workers=WORKERS,
            night_under_way=under_way,
        )
        done = step(state, signals, float(second), settings)
        state = done.state
        for action in done.actions:
            under_way = isinstance(action, Begin) or (under_way and not isinstance(action, End))
        busy = state.workers if state.phase.dreams else 0
        heat = PER_WORKER if second < FAN_FAILS else PER_WORKER_LATER
        celsius += (AMBIENT + heat * busy - celsius) / SLOWNESS
        reasons = shown_reasons(state)
        yield Moment(second, celsius, busy, state.phase, reasons[0].text if reasons else "")


WIDTH, LEFT, RIGHT = 960, 64, 12
TOP, TALL, GAP, LOW, BAND = 40, 220, 34, 90, 26
COLDEST, HOTTEST = 30.0, 100.0
COLOURS = {
    Phase.WATCH: "#c9ced6",
    Phase.SETTLE: "#e2d9a8",
    Phase.DREAM: "#3f6fb5",
    Phase.SHED: "#8fb0dc",
    Phase.BRAKE: "#c0562f",
    Phase.CLASSIFY: "#d9a441",
    Phase.RELEASE: "#7b7f87",
    Phase.OFF: "#ffffff",
}


def across(second: float) -> float:
    """Horizontal place of a moment."""
    return LEFT + (WIDTH - LEFT - RIGHT) * second / (HOURS * 3600)


def up(celsius: float) -> float:
    """Vertical place of a temperature."""
    return TOP + TALL * (1 - (celsius - COLDEST) / (HOTTEST - COLDEST))


def draw(night: list[Moment], settings: Settings) -> str:
    """The night as SVG."""
    floor = TOP + TALL + GAP + LOW
    height = floor + GAP + BAND + 64
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        'font-size="12" fill="#2b2f36">',
        "<title>Temperature, workers and state over a simulated hot night</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="15">A simulated hot night: the fan fails at 02:00</text>',
        *hours(floor + GAP + BAND),
        *limits(settings),
        f'<path d="{line(night)}" fill="none" stroke="#b3372b" stroke-width="1.5"/>',
        f'<path d="{steps(night, floor)}" fill="#3f6fb5" fill-opacity="0.35" stroke="#3f6fb5"/>',
        f'<text x="8" y="{floor - LOW + 10}">{WORKERS} workers</text><text x="8" y="{floor}">0</text>',
        *band(night, floor + GAP),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def hours(bottom: float) -> Iterator[str]:
    """A thin line each hour."""
    for hour in range(HOURS + 1):
        x = across(hour * 3600)
        yield f'<path d="M{x:.1f} {TOP}V{bottom}" stroke="#e6e8ec"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{hour:02}:00</text>'


def limits(settings: Settings) -> Iterator[str]:
    """The three temperatures of the settings."""
    energy = settings.energy
    for celsius, name in ((energy.cpu_stop, "stop"), (energy.cpu_shed, "fewer"), (energy.cpu_resume, "go on")):
        y = up(celsius)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#9aa0a8" stroke-dasharray="4 4"/>'
        yield f'<text x="8" y="{y + 4:.1f}">{name} {celsius:g}°</text>'


def line(night: list[Moment]) -> str:
    """The temperature, a point every ten seconds."""
    points = [f"{across(moment.second):.1f} {up(moment.celsius):.1f}" for moment in night[::10]]
    return "M" + "L".join(points)


def steps(night: list[Moment], floor: float) -> str:
    """Workers as stairs."""
    path = f"M{LEFT} {floor}"
    for workers, group in groupby(night, key=lambda moment: moment.workers):
        moments = list(group)
        y = floor - LOW * workers / WORKERS
        path += f"L{across(moments[0].second):.1f} {y:.1f}L{across(moments[-1].second + 1):.1f} {y:.1f}"
    return f"{path}L{WIDTH - RIGHT} {floor}Z"


def band(night: list[Moment], top: float) -> Iterator[str]:
    """The phases as a coloured band, and what the colours mean."""
    for phase, group in groupby(night, key=lambda moment: moment.phase):
        moments = list(group)
        x, end = across(moments[0].second), across(moments[-1].second + 1)
        why = moments[0].reason or phase.value
        yield (
            f'<rect x="{x:.1f}" y="{top}" width="{max(end - x, 0.8):.1f}" height="{BAND}" fill="{COLOURS[phase]}">'
            f"<title>{phase.value}: {why}</title></rect>"
        )
    x = LEFT
    for phase in sorted({moment.phase for moment in night}, key=list(Phase).index):
        yield f'<rect x="{x}" y="{top + BAND + 30}" width="12" height="12" fill="{COLOURS[phase]}"/>'
        yield f'<text x="{x + 17}" y="{top + BAND + 40}">{phase.value}</text>'
        x += 100


def picture() -> str:
    """The picture of the default settings."""
    settings = Settings()
    return draw(list(simulate(settings)), settings)


if __name__ == "__main__":
    TARGET.write_text(picture(), encoding="utf-8")
    print(TARGET)
