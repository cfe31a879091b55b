"""What the sensors know at one moment, as one value. None always means *unknown*, never zero."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EnergyReading:
    """The state of the computer.

    Attributes:
        cpu_celsius: Processor temperature.
        cpu_critical: What the processor's maker calls critical, °C.
        gpu_celsius: Temperature of the hottest graphics card that is awake.
        gpu_slowdown: Where that card slows itself down, °C.
        gpu_throttled: Whether a card says that it slows itself down for heat.
        foreign_gpu: Share of graphics cards that other programs use, 0 to 1.
        foreign_cpu: Cores that other programs use.
        cores: Cores of the computer.
        on_battery: Whether it runs without mains.
        battery_charge: Charge of its own batteries, 0 to 1.
        power_saver: Whether the system saves power.
        ups_on_battery: Whether the uninterruptible supply has lost mains.
        ups_low: Whether it is about to give out.
        ups_charge: Its charge, 0 to 1.
        memory_free: Share of memory that programs can have, 0 to 1.
        memory_free_bytes: The same in bytes.
        memory_pressed: Whether tasks wait for memory (kernel pressure trigger).
        disk_free_bytes: Room in the data folder.
        watts: Electric power of what can be measured.
    """

    cpu_celsius: float | None = None
    cpu_critical: float | None = None
    gpu_celsius: float | None = None
    gpu_slowdown: float | None = None
    gpu_throttled: bool | None = None
    foreign_gpu: float | None = None
    foreign_cpu: float | None = None
    cores: int = 1
    on_battery: bool | None = None
    battery_charge: float | None = None
    power_saver: bool | None = None
    ups_on_battery: bool | None = None
    ups_low: bool | None = None
    ups_charge: float | None = None
    memory_free: float | None = None
    memory_free_bytes: int | None = None
    memory_pressed: bool | None = None
    disk_free_bytes: int | None = None
    watts: float | None = None
