"""Limits of the sealed workers."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class WorkerSettings(Section):
    """The sealed workers."""

    count: int = setting(
        0,
        title="Workers",
        description="Workers at the same time; 0 means one per two processor cores, and two where there are two cores.",
        ge=0,
        le=64,
    )
    memory: int = setting(
        512,
        title="Memory per worker",
        description="Hard limit; swap is not allowed.",
        unit="MB",
        ge=128,
        le=65_536,
    )
    processes: int = setting(
        64, title="Processes per worker", description="Hard limit on processes and threads.", ge=16, le=1024
    )
    cpus: float = setting(
        1.0, title="Processor share per worker", description="Quota in cores.", unit="cores", gt=0, le=64
    )
    wall: float = setting(
        10.0,
        title="Time per run",
        description="A test run that takes longer is stopped.",
        unit="s",
        gt=0,
        le=600,
    )
    reduced_protection: bool = setting(
        False,
        title="Dream without Docker",
        description="Where no Docker engine answers, use bubblewrap: reduced protection, see the page about isolation.",
    )
