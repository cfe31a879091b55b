"""What the sensors tell here, in plain words: for the doctor. It looks once and stops what it started."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from dreamer_app.core.checks import Check
from dreamer_app.core.i18n import tr
from dreamer_app.energy.meters import EnergyManager
from dreamer_app.energy.reading import EnergyReading
from dreamer_app.energy.sensor_thread import SensorStatus
from dreamer_app.energy.sensors.sensor import Sensor

FIRST_READS_WITHIN = 2.5
"""Seconds that every sensor has for its first reading; a bus has 2 s to answer."""
STEP = 0.02


def look_at_sensors(sensors: Iterable[Sensor], pause: Callable[[float], None] = time.sleep) -> tuple[Check, ...]:
    """Read every sensor once, as while dreaming; takes 2.5 s at most.

    Args:
        sensors: What to measure with.
        pause: Waits for so many seconds.
    """
    meters = EnergyManager(sensors)
    meters.start()
    meters.attend(closely=True)
    try:
        for _ in range(round(FIRST_READS_WITHIN / STEP)):
            if all(one.age is not None for one in meters.sensors()):
                break
            pause(STEP)
        return checks(meters.reading(), meters.sensors())
    finally:
        meters.stop()


def checks(reading: EnergyReading, sensors: Iterable[SensorStatus]) -> tuple[Check, ...]:
    """The doctor's lines about sensors."""
    troubles = [
        one.trouble or tr("{name} does not answer", name=one.name) for one in sensors if one.trouble or one.age is None
    ]
    return (
        _temperatures(reading),
        Check(name="Power", state="ok", detail=_power(reading)),
        Check(
            name="Sensors",
            state="warning" if troubles else "ok",
            detail="; ".join(troubles) or tr("every one answers"),
            fix=tr("What it measures counts as unknown; see docs/when-it-dreams.md.") if troubles else "",
        ),
    )


def _temperatures(reading: EnergyReading) -> Check:
    name, card = "Temperatures", ""
    if reading.gpu_celsius is not None:
        card = "; " + tr("graphics card {celsius} °C", celsius=f"{reading.gpu_celsius:.0f}")
    if reading.cpu_celsius is None:
        detail = tr("processor unknown, so half of the workers at most") + card
        fix = tr("Load the kernel's module for your processor's sensor: `sudo modprobe coretemp` or `k10temp`.")
        return Check(name=name, state="warning", detail=detail, fix=fix)
    return Check(
        name=name, state="ok", detail=tr("processor {celsius} °C", celsius=f"{reading.cpu_celsius:.0f}") + card
    )


def _power(reading: EnergyReading) -> str:
    parts = [{True: tr("on battery"), False: tr("on mains"), None: tr("mains or battery: unknown")}[reading.on_battery]]
    if reading.battery_charge is not None:
        parts.append(tr("battery {percent} %", percent=f"{100 * reading.battery_charge:.0f}"))
    if reading.ups_on_battery is not None:
        parts.append(tr("UPS without mains") if reading.ups_on_battery else tr("UPS on mains"))
    parts.append(tr("watts unknown") if reading.watts is None else f"{reading.watts:.0f} W")
    return "; ".join(parts)
