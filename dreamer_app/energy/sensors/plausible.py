"""Whether a temperature can be true: sensors that vanish tell 0, −273 or 255, and a loose one jumps.

Source of the limits: notes of lm-sensors users; silicon neither heats by 25 °C in a second twice in a row at idle nor
lives below 5 °C in a room. It knows no sensor.
"""

from __future__ import annotations

COLDEST, HOTTEST = 5.0, 115.0
FASTEST = 25.0
"""°C per second."""


class Plausible:
    """Filters the samples of one sensor."""

    def __init__(self) -> None:
        self._last: tuple[float, float] | None = None

    def checked(self, celsius: float | None, now: float) -> float | None:
        """The sample, or None when it cannot be true.

        A jump is believed once the next sample confirms it.

        Args:
            celsius: The sample.
            now: Monotonic seconds.
        """
        if celsius is None or not COLDEST < celsius < HOTTEST:
            self._last = None
            return None
        before, self._last = self._last, (celsius, now)
        if before is None:
            return celsius
        seconds = max(now - before[1], 0.1)
        return celsius if abs(celsius - before[0]) / seconds < FASTEST else None
