"""What a measurement of the wake path says, as values. It measures nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dreamer_app.core.types import Frozen

STAGES = ("event", "stopped", "paused", "stream", "released")


class StageFigures(Frozen):
    """How long a stage took after the event, in milliseconds.

    Attributes:
        p50: Half were not slower.
        p95: 95 of 100 were not slower.
        p99: 99 of 100.
        max: The slowest.
        count: How often it was measured.
    """

    p50: float
    p95: float
    p99: float
    max: float
    count: int


class WakeTestReport(Frozen):
    """What was measured.

    Attributes:
        workers: At work.
        cycles: Stops.
        brake: Which rung; empty when workers are stopped one by one.
        sentinel: Whether the sentinel pulled the brake.
        stages: `event` (the sentinel knew), `stopped` (the last work), `paused` (the engine knows every worker as
            paused), `stream` (a model's server saw the end), `released` (all memory of the workers was free).
    """

    workers: int
    cycles: int
    brake: str
    sentinel: bool
    stages: dict[str, StageFigures]


def figures(times: Sequence[float]) -> StageFigures:
    """Nearest-rank percentiles of times in milliseconds."""
    ordered = sorted(times)

    def rank(share: float) -> float:
        return round(ordered[max(math.ceil(share * len(ordered)) - 1, 0)], 2)

    return StageFigures(p50=rank(0.5), p95=rank(0.95), p99=rank(0.99), max=rank(1.0), count=len(ordered))
