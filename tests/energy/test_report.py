"""The doctor's lines about sensors say what is known, and never take unknown for cold."""

from __future__ import annotations

import threading

from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.report import checks, look_at_sensors
from dreamer_app.energy.sensor_thread import SensorStatus


class Sensor:
    """A sensor that tells, fails or hangs."""

    closely, calmly = 1.0, 1.0

    def __init__(self, name: str, reading: EnergyReading | Exception, gate: threading.Event | None = None) -> None:
        self.name, self._reading, self._gate = name, reading, gate

    def read(self) -> EnergyReading:
        if self._gate is not None:
            self._gate.wait()
        if isinstance(self._reading, Exception):
            raise self._reading
        return self._reading

    def close(self) -> None: ...


def test_what_is_known_is_told_and_what_fails_or_hangs_is_named() -> None:
    gate = threading.Event()
    sensors = (
        Sensor("chip", EnergyReading(cpu_celsius=51.6, gpu_celsius=40.2)),
        Sensor("mains", EnergyReading(on_battery=False, watts=63.4)),
        Sensor("nut", OSError("refused")),
        Sensor("dead", EnergyReading(), gate),
    )
    try:
        temperatures, power, troubles = look_at_sensors(sensors, pause=lambda _: threading.Event().wait(0.001) and None)
    finally:
        gate.set()
    assert temperatures.state == "ok" and temperatures.detail == "processor 52 °C; graphics card 40 °C"
    assert power.detail == "on mains; 63 W"
    assert troubles.state == "warning" and "nut: OSError: refused" in troubles.detail
    assert "dead does not answer" in troubles.detail


def test_unknown_is_neither_cold_nor_on_mains() -> None:
    temperatures, power, troubles = checks(EnergyReading(), [SensorStatus("chip", False, 0.1, "")])
    assert temperatures.state == "warning" and "unknown" in temperatures.detail and temperatures.fix
    assert power.detail == "mains or battery: unknown; watts unknown" and troubles.state == "ok"
