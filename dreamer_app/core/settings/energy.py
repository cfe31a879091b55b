"""What the computer must have to spare: temperature, processor, power, memory, disk.

Every limit has a lower one at which dreaming goes on; bounds keep them apart, for otherwise fans would pulse.
"""

from __future__ import annotations

from pydantic import model_validator

from dreamer_app.core.settings.section import Section, setting

HYSTERESIS = 3.0
"""Least distance in °C between going on and making less; hwmon sensors jitter by 1 to 2 °C under a steady load."""


class EnergySettings(Section):
    """What the computer must have to spare. First there are fewer workers, then none."""

    cpu_shed: float = setting(
        80, title="Processor warm", description="Fewer workers from this temperature on.", unit="°C", ge=40, le=105
    )
    cpu_stop: float = setting(
        90,
        title="Processor hot",
        description="No dreaming from this temperature on, or 10 °C below what its maker calls critical.",
        unit="°C",
        ge=45,
        le=110,
    )
    cpu_resume: float = setting(
        72, title="Processor cool", description="All workers again below this temperature.", unit="°C", ge=30, le=100
    )
    gpu_shed: float = setting(
        78, title="Graphics card warm", description="Fewer workers from this temperature on.", unit="°C", ge=40, le=105
    )
    gpu_stop: float = setting(
        84,
        title="Graphics card hot",
        description="No dreaming from this temperature on, or 5 °C below where the card slows itself down.",
        unit="°C",
        ge=45,
        le=110,
    )
    gpu_resume: float = setting(
        70,
        title="Graphics card cool",
        description="All workers again below this temperature.",
        unit="°C",
        ge=30,
        le=100,
    )
    cool_seconds: float = setting(
        60, title="Time to cool", description="It must have been cool for this long.", unit="s", ge=10, le=3600
    )
    resize_seconds: float = setting(
        30,
        title="Time between sizes",
        description="The number of workers is halved or doubled no more often than this.",
        unit="s",
        ge=5,
        le=3600,
    )
    more_minutes: float = setting(
        15,
        title="Try more again",
        description="Where so many workers were too many, one more is tried only after this long.",
        unit="min",
        ge=1,
        le=24 * 60,
    )
    foreign_cpu: float = setting(
        25,
        title="Processor use of others",
        description="Above this share of all cores, and above one core, other programs are busy.",
        unit="%",
        ge=5,
        le=100,
    )
    foreign_cpu_resume: float = setting(
        10, title="Processor quiet", description="Below this share they are not.", unit="%", ge=1, le=90
    )
    foreign_gpu: float = setting(
        20,
        title="Graphics use of others",
        description="Above this share other programs use the graphics card.",
        unit="%",
        ge=5,
        le=100,
    )
    foreign_gpu_resume: float = setting(
        5, title="Graphics card quiet", description="Below this share they do not.", unit="%", ge=1, le=90
    )
    busy_shed_seconds: float = setting(
        3, title="Busy: fewer workers", description="After others were busy for this long.", unit="s", ge=1, le=60
    )
    busy_stop_seconds: float = setting(
        10, title="Busy: stop", description="After others were busy for this long.", unit="s", ge=2, le=600
    )
    quiet_seconds: float = setting(
        60, title="Quiet again", description="Others must have been quiet for this long.", unit="s", ge=10, le=3600
    )
    on_battery: bool = setting(
        False, title="Dream on battery", description="Dream without mains too, down to the charge below."
    )
    battery_charge: float = setting(
        50, title="Battery charge", description="No dreaming with less in the battery.", unit="%", ge=5, le=100
    )
    mains_minutes: float = setting(
        5,
        title="Mains back",
        description="After a time on battery, mains must have been there for this long.",
        unit="min",
        ge=1,
        le=120,
    )
    power_saver: bool = setting(
        True, title="Mind power saving", description="No dreaming while the system saves power."
    )
    nut_server: str = setting(
        "localhost:3493",
        title="UPS server",
        description="Address of a Network UPS Tools server; empty asks none.",
        max_length=255,
    )
    ups_charge: float = setting(
        80, title="UPS charge", description="After an outage the UPS must be this full.", unit="%", ge=5, le=100
    )
    memory_free: float = setting(
        10,
        title="Free memory",
        description="Below this share of memory, or below 1.5 GB, workers and model are released.",
        unit="%",
        ge=2,
        le=80,
    )
    memory_resume: float = setting(
        20, title="Enough memory", description="Share of memory that must be free to go on.", unit="%", ge=3, le=90
    )
    memory_minutes: float = setting(
        5, title="Memory calm", description="Memory must have been free for this long.", unit="min", ge=1, le=120
    )
    disk_free: float = setting(
        2.0, title="Free disk", description="No dreaming with less room in the data folder.", unit="GB", ge=0.1, le=1000
    )
    disk_resume: float = setting(
        3.0, title="Enough disk", description="Room that must be free to go on.", unit="GB", ge=0.2, le=2000
    )

    @model_validator(mode="after")
    def _limits_apart(self) -> EnergySettings:
        for part in ("cpu", "gpu"):
            resume, shed, stop = (float(getattr(self, f"{part}_{end}")) for end in ("resume", "shed", "stop"))
            if not resume + HYSTERESIS <= shed or not shed + HYSTERESIS <= stop:
                raise ValueError(
                    f"{part}_resume ({resume:g}), {part}_shed ({shed:g}) and {part}_stop ({stop:g}) must rise by at "
                    f"least {HYSTERESIS:g} °C each"
                )
        for low, high in (
            ("foreign_cpu_resume", "foreign_cpu"),
            ("foreign_gpu_resume", "foreign_gpu"),
            ("busy_shed_seconds", "busy_stop_seconds"),
            ("memory_free", "memory_resume"),
            ("disk_free", "disk_resume"),
        ):
            if not getattr(self, low) < getattr(self, high):
                raise ValueError(f"{low} ({getattr(self, low):g}) must be less than {high} ({getattr(self, high):g})")
        return self
