"""What a night looks like at one moment: counts gathered from events. It draws nothing and asks nobody."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from dreamer_app.core.clock import Clock
from dreamer_app.core.events import (
    DreamJudged,
    Event,
    NightEnded,
    NightStarted,
    Progress,
    ScenarioWoven,
    WorkInterrupted,
)
from dreamer_app.core.types import DreamState, GateVerdict, Night

LAST_DREAMS = 6


@dataclass
class GateLine:
    """One gate of the funnel."""

    name: str
    entered: int = 0
    passed: int = 0


@dataclass
class NightPicture:
    """The present state of a night.

    Attributes:
        clock: For elapsed time.
        wanted: Dreams at which it ends.
        minutes: Its longest time.
        workers: Proofs at the same time.
    """

    clock: Clock
    wanted: int
    minutes: float
    workers: int
    phase: str = "getting ready"
    night: Night | None = None
    woven: int = 0
    judged: int = 0
    verified: int = 0
    gates: dict[str, GateLine] = field(default_factory=dict)
    last: deque[tuple[bool, str, str]] = field(default_factory=lambda: deque(maxlen=LAST_DREAMS))
    started: float = 0.0

    def __post_init__(self) -> None:
        self.started = self.clock.monotonic()

    @property
    def elapsed(self) -> float:
        """Seconds since the command began."""
        return self.clock.monotonic() - self.started

    @property
    def remaining(self) -> float | None:
        """Seconds until the wanted dreams at the pace so far; None before the first two."""
        if self.night is None or self.verified < 2:
            return None
        pace = self.dreaming / self.verified
        return min(pace * (self.wanted - self.verified), self.minutes * 60 - self.dreaming)

    @property
    def dreaming(self) -> float:
        """Seconds since the night began."""
        return 0.0 if self.night is None else (self.clock.now() - self.night.started_at).total_seconds()

    def see(self, event: Event) -> None:
        """Take in what happened."""
        match event:
            case NightStarted(night=night):
                self.night, self.phase = night, "dreaming"
            case ScenarioWoven():
                self.woven += 1
            case DreamJudged():
                self._judged(event)
            case WorkInterrupted(reason=reason):
                self.phase = f"waking up: {reason}"
            case NightEnded(night=night):
                self.night, self.phase = night, str(night.end)
            case Progress() if self.night is None:
                share = f" ({event.done} of {event.total})" if event.total else ""
                self.phase = f"{event.task}: {event.step}{share}"

    def _judged(self, event: DreamJudged) -> None:
        dream = event.dream
        self.judged += 1
        accepted = dream.state is DreamState.VERIFIED
        self.verified += accepted
        verdict = dream.verdict
        for receipt in verdict.receipts if verdict else ():
            line = self.gates.setdefault(receipt.gate, GateLine(receipt.name))
            line.entered += 1
            line.passed += receipt.verdict is GateVerdict.PASSED
        stopped = verdict.stopped_by if verdict else None
        tier = verdict.tier.value if verdict and verdict.tier else ""
        why = f"{stopped.gate} {stopped.name}" if stopped else tier
        self.last.append((accepted, dream.scenario.title, why))


def duration(seconds: float) -> str:
    """`75` becomes `1:15`, `3700` becomes `1:01:40`."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
