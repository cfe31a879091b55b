"""Every setting, declared once: title, description, bounds, unit.

The settings dialog, the TOML file, the command line and the docs page are generated from these models. Unknown keys
and values out of bounds are refused with the name of the setting.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dreamer_app.core.errors import UsageError


class Section(BaseModel):
    """One page of settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _setting(default: Any, *, title: str, description: str, unit: str = "", **bounds: Any) -> Any:
    return Field(default, title=title, description=description, json_schema_extra={"unit": unit}, **bounds)


class NightSettings(Section):
    """How long and how much."""

    dreams: int = _setting(
        42,
        title="Dreams per night",
        description="A night ends when this many dreams are verified.",
        ge=1,
        le=100_000,
    )
    minutes: float = _setting(
        360, title="Longest night", description="A night ends after this time.", unit="min", gt=0, le=24 * 60
    )


class WorkerSettings(Section):
    """The sealed workers."""

    count: int = _setting(
        0,
        title="Workers",
        description="Workers at the same time; 0 means one per two processor cores, and two where there are two cores.",
        ge=0,
        le=64,
    )
    memory: int = _setting(
        512,
        title="Memory per worker",
        description="Hard limit; swap is not allowed.",
        unit="MB",
        ge=128,
        le=65_536,
    )
    processes: int = _setting(
        64, title="Processes per worker", description="Hard limit on processes and threads.", ge=16, le=1024
    )
    cpus: float = _setting(
        1.0, title="Processor share per worker", description="Quota in cores.", unit="cores", gt=0, le=64
    )
    wall: float = _setting(
        10.0,
        title="Time per run",
        description="A test run that takes longer is stopped.",
        unit="s",
        gt=0,
        le=600,
    )


class GuardianSettings(Section):
    """How strict the proof is. Looser values are refused."""

    mutation_score: float = _setting(
        0.9,
        title="Mutation score",
        description="Share of mutants that the tests must notice.",
        ge=0.9,
        le=1.0,
    )
    mutants: int = _setting(
        40, title="Mutants", description="At most this many mutants of a solution are run.", ge=8, le=500
    )
    novelty: float = _setting(
        0.7,
        title="Similarity to another dream",
        description="A dream this similar to an earlier one is a duplicate (Jaccard over 5-grams).",
        gt=0,
        le=0.7,
    )
    memorised: float = _setting(
        0.8,
        title="Similarity to one documentation example",
        description="A solution this similar to a single example is a copy, not a dream.",
        gt=0,
        le=0.8,
    )


class WeaverSettings(Section):
    """What is worth proving."""

    naturalness: float = _setting(
        0.5,
        title="Naturalness",
        description="Scenarios that read less natural than this are dropped.",
        ge=0,
        le=1,
    )


class OracleSettings(Section):
    """Reading documentation."""

    index: str = _setting(
        "",
        title="Package index",
        description="Simple-API address; empty means the usual one.",
        max_length=500,
    )
    archive_limit: int = _setting(
        500,
        title="Largest source",
        description="Unpacked size above which a source is refused.",
        unit="MB",
        ge=1,
    )


class ImageSettings(Section):
    """Where the worker image comes from."""

    reference: str = _setting(
        "python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b",
        title="Registry image",
        description="Pulled by digest when a registry answers; empty never asks one.",
        max_length=500,
    )


class Settings(Section):
    """All pages."""

    night: NightSettings = NightSettings()
    workers: WorkerSettings = WorkerSettings()
    guardian: GuardianSettings = GuardianSettings()
    weaver: WeaverSettings = WeaverSettings()
    oracle: OracleSettings = OracleSettings()
    image: ImageSettings = ImageSettings()


def load_settings(file: Path) -> Settings:
    """Read the settings file; a missing file means the defaults.

    Raises:
        UsageError: The file is not TOML, names an unknown setting or holds a value out of bounds.
    """
    if not file.exists():
        return Settings()
    try:
        return Settings.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            "Settings cannot be read", f"{file}: {error}", "Mend the line or move the file away."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            "A setting is not valid", f"{file}: {name}: {first['msg']}", f"Correct or remove `{name}`."
        ) from error
