"""One sensor in a thread of its own, watched: a read that hangs makes its values unknown and holds up nobody."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from dreamer_app.core.i18n import tr
from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensors.sensor import Sensor

_log = logging.getLogger(__name__)

STALE_READS = 3.0
"""A value is forgotten when this many reads are missing."""

LEAST_SECONDS = 3.0
"""But not sooner; a busy computer may be late."""

LONGEST_STEP = 10.0
"""Seconds of energy that one sample may stand for: the computer may have slept since the one before."""


@dataclass(frozen=True, slots=True)
class SensorStatus:
    """How a sensor is, for diagnostics.

    Attributes:
        name: Its name.
        hangs: Whether a read has not come back in time.
        age: Seconds since the last read that came back, None before the first.
        problem: What the last read failed with; empty when it did not.
    """

    name: str
    hangs: bool
    age: float | None
    problem: str

    @property
    def trouble(self) -> str:
        """What is wrong with it, in words; empty when nothing is."""
        if self.hangs:
            return tr("{name} does not answer", name=self.name)
        return f"{self.name}: {self.problem}" if self.problem else ""


class SensorThread:
    """Reads a sensor again and again.

    Args:
        sensor: Used by the thread alone.
        monotonic: What time it is.
    """

    def __init__(self, sensor: Sensor, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sensor = sensor
        self._monotonic = monotonic
        self._closely = False
        self._stopped = False
        self._news = threading.Condition()
        self._latest: tuple[float, EnergyReading] | None = None
        self._began_at: float | None = None
        self._problem = ""
        self._joules: float | None = None
        self._thread = threading.Thread(target=self._run, name=f"sensor {sensor.name}", daemon=True)

    @property
    def watt_hours(self) -> float | None:
        """Energy since the last `attend(closely=True)`; None when no power was read."""
        with self._news:
            return None if self._joules is None else self._joules / 3600

    def start(self) -> None:
        """Begin to read; returns at once."""
        self._thread.start()

    def stop(self, seconds: float = 0.5) -> None:
        """End; a read that hangs is left to itself."""
        with self._news:
            self._stopped = True
            self._news.notify_all()
        self._thread.join(seconds)

    def attend(self, *, closely: bool) -> None:
        """Read often or seldom; reading often begins a new account of energy."""
        with self._news:
            if closely and not self._closely:
                self._joules = None
                self._latest = None if self._sensor.calmly is None else self._latest
            self._closely = closely
            self._news.notify_all()

    def reading(self) -> EnergyReading:
        """The latest values, everything unknown when they are too old. Never blocks."""
        now = self._monotonic()
        with self._news:
            if self._latest is None or self._period is None or now - self._latest[0] > self._patience:
                return EnergyReading()
            return self._latest[1]

    def status(self) -> SensorStatus:
        """How the sensor is."""
        now = self._monotonic()
        with self._news:
            hangs = self._began_at is not None and now - self._began_at > self._patience
            age = None if self._latest is None else now - self._latest[0]
            return SensorStatus(self._sensor.name, hangs, age, self._problem)

    @property
    def _period(self) -> float | None:
        return self._sensor.closely if self._closely else self._sensor.calmly

    @property
    def _patience(self) -> float:
        return max(LEAST_SECONDS, STALE_READS * (self._period or 0.0))

    def _run(self) -> None:
        try:
            while self._wait():
                self._read()
        finally:
            self._sensor.close()

    def _wait(self) -> bool:
        """Until the next read is due; False at the end."""
        with self._news:
            last = self._began_at
            while not self._stopped:
                period = self._period
                left = None if period is None else 0.0 if last is None else last + period - self._monotonic()
                if left is not None and left <= 0:
                    self._began_at = self._monotonic()
                    return True
                self._news.wait(left)
            return False

    def _read(self) -> None:
        problem, reading = "", EnergyReading()
        try:
            reading = self._sensor.read()
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
            _log.debug("%s cannot be read: %s", self._sensor.name, problem)
        now = self._monotonic()
        with self._news:
            if reading.watts is not None:
                step = 0.0 if self._latest is None else min(now - self._latest[0], LONGEST_STEP)
                self._joules = (self._joules or 0.0) + reading.watts * step
            self._latest, self._problem = (now, reading), problem
