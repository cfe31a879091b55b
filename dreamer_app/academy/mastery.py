"""Was something learned? A paired difference with its interval, and the one rule for saying so.

The same sealed tasks are solved twice, without and with what was learned; what counts is how many change sides. Nothing
here asks a model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from dreamer_app.core.types import Frozen

Z = 1.959964
"""Of a two-sided 95 % interval."""


class Difference(Frozen):
    """A difference of two shares over the same tasks.

    Attributes:
        tasks: How many.
        without: Solved without what was learned.
        having: Solved with it.
        gained: Solved only with it.
        lost: Solved only without it.
        value: Share with minus share without.
        low: Lower end of the 95 % interval.
        high: Upper end.
    """

    tasks: int
    without: int
    having: int
    gained: int
    lost: int
    value: float
    low: float
    high: float

    @property
    def learned(self) -> bool:
        """Whether it may be said that something was learned: only when the interval excludes zero."""
        return self.low > 0


class Mastery(Frozen):
    """One measurement.

    Attributes:
        library: Distribution name.
        version: Exact.
        model: Who solved.
        measured_at: Timezone-aware UTC.
        lessons: Lessons about the library at that time.
        difference: What came out.
    """

    library: str
    version: str
    model: str
    measured_at: datetime
    lessons: int
    difference: Difference

    @property
    def sentence(self) -> str:
        """In words, as honest as the figures."""
        found = self.difference
        figures = (
            f"{found.without} of {found.tasks} sealed tasks without lessons, {found.having} with them "
            f"({found.value:+.0%}, 95 % interval {found.low:+.0%} to {found.high:+.0%})"
        )
        if found.learned:
            return f"Learned {self.library}: {figures}."
        return f"Not shown that {self.library} was learned: {figures}."


def difference(outcomes: Sequence[tuple[bool, bool]]) -> Difference:
    """The paired difference of (solved without, solved with), with the adjusted Wald interval.

    Half a task is added to each of the four cells, which keeps the interval honest for few tasks (Agresti and Min,
    Statistics in Medicine 24, 2005).

    Raises:
        ValueError: There are no outcomes.
    """
    if not outcomes:
        raise ValueError("nothing was measured")
    tasks = len(outcomes)
    gained = sum(having and not without for without, having in outcomes)
    lost = sum(without and not having for without, having in outcomes)
    adjusted = tasks + 2
    centre = (gained - lost) / adjusted
    spread = math.sqrt(max(0.0, (gained + lost + 1) / adjusted - centre**2) / adjusted)
    return Difference(
        tasks=tasks,
        without=sum(without for without, _ in outcomes),
        having=sum(having for _, having in outcomes),
        gained=gained,
        lost=lost,
        value=round((gained - lost) / tasks, 4),
        low=round(max(-1.0, centre - Z * spread), 4),
        high=round(min(1.0, centre + Z * spread), 4),
    )
