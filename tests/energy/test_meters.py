from __future__ import annotations

import threading
from pathlib import Path

from dreamer_app.core.settings import Settings
from dreamer_app.energy.meters import EnergyManager, real_sensors, together
from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensor_thread import SensorThread


class Meter:
    """A sensor that tells when it was read, and hangs or fails on demand."""

    def __init__(self, name: str = "meter", closely: float = 0.0, calmly: float | None = None) -> None:
        self.name, self.closely, self.calmly = name, closely, calmly
        self.now = EnergyReading(cpu_celsius=50.0)
        self.reads = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.go_on.set()
        self.stuck = threading.Event()
        self.fails: Exception | None = None
        self.closed = threading.Event()

    def read(self) -> EnergyReading:
        self.reads.release()
        if not self.go_on.wait(0):
            self.stuck.set()
            self.go_on.wait()
        if self.fails is not None:
            raise self.fails
        return self.now

    def close(self) -> None:
        self.closed.set()


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def reads(meter: Meter, count: int) -> None:
    """So many further reads have begun, and all but the last have come back."""
    while meter.reads.acquire(blocking=False):
        pass
    for _ in range(count):
        assert meter.reads.acquire(timeout=20)


def test_a_read_that_hangs_makes_its_values_unknown_and_holds_up_nobody() -> None:
    time, hung, fine = Time(), Meter("hung"), Meter("fine")
    fine.now = EnergyReading(gpu_celsius=60.0)
    manager = EnergyManager([hung, fine], time)
    manager.start()
    manager.attend(closely=True)
    reads(hung, 3)
    assert manager.reading().cpu_celsius == 50
    hung.go_on.clear()
    assert hung.stuck.wait(20)
    time.now += 10
    reads(fine, 3)
    reading = manager.reading()
    assert reading.cpu_celsius is None and reading.gpu_celsius == 60
    assert [(status.name, status.hangs) for status in manager.sensors()] == [("hung", True), ("fine", False)]
    hung.go_on.set()
    reads(hung, 3)
    assert manager.reading().cpu_celsius == 50
    manager.stop()
    assert hung.closed.wait(20) and fine.closed.wait(20)


def test_a_sensor_that_fails_is_unknown_and_read_again() -> None:
    meter = Meter()
    meter.fails = RuntimeError("the card fell off the bus")
    thread = SensorThread(meter)
    thread.start()
    thread.attend(closely=True)
    reads(meter, 3)
    assert thread.reading() == EnergyReading()
    assert "fell off" in thread.status().problem
    meter.fails = None
    reads(meter, 3)
    assert thread.reading().cpu_celsius == 50 and not thread.status().problem
    thread.stop()


def test_cards_are_left_alone_unless_it_dreams() -> None:
    time, card = Time(), Meter("card", calmly=None)
    thread = SensorThread(card, time)
    thread.start()
    assert not card.reads.acquire(blocking=False)
    thread.attend(closely=True)
    reads(card, 2)
    thread.attend(closely=False)
    assert thread.reading() == EnergyReading(), "what was true while dreaming says nothing about now"
    thread.stop()
    assert card.closed.wait(20)


def test_energy_is_the_sum_of_power_over_time_and_a_long_gap_counts_little() -> None:
    time, meter = Time(), Meter(closely=1.0)
    meter.now = EnergyReading(watts=360.0)
    thread = SensorThread(meter, time)
    assert thread.watt_hours is None
    thread.attend(closely=True)
    for _ in range(11):
        thread._read()
        time.now += 1
    assert thread.watt_hours == 1.0
    time.now += 9999
    thread._read()
    assert thread.watt_hours == 2.0
    thread.attend(closely=False)
    assert thread.watt_hours == 2.0, "kept until the next night begins"
    thread.attend(closely=True)
    assert thread.watt_hours is None


def test_of_two_that_know_the_worse_counts_and_unknown_is_never_zero() -> None:
    merged = together(
        [
            EnergyReading(power_saver=True, memory_free=0.5, watts=10.0),
            EnergyReading(power_saver=False, memory_free=0.2, watts=5.0, ups_on_battery=False),
            EnergyReading(ups_on_battery=True),
        ]
    )
    assert (merged.power_saver, merged.memory_free, merged.watts, merged.ups_on_battery) == (True, 0.2, 15.0, True)
    assert together([]).cpu_celsius is None and together([EnergyReading()]).watts is None


def test_the_real_sensors_of_this_computer_can_be_read(tmp_path: Path) -> None:
    manager = EnergyManager(real_sensors(Settings().energy, tmp_path, lambda: None))
    assert len({status.name for status in manager.sensors()}) == len(manager.sensors()) >= 10
    for sensor in real_sensors(Settings().energy, tmp_path, lambda: None):
        assert isinstance(sensor.read(), EnergyReading), sensor.name
        sensor.close()
