"""What happens when somebody touches the computer while it dreams."""

from __future__ import annotations

from itertools import pairwise

from pydantic import field_validator, model_validator

from dreamer_app.core.settings.section import Section, setting


class InterruptionSettings(Section):
    """What counts as a return, and how long it waits after one. Every input stops the work at once, whatever is set."""

    grace_seconds: float = setting(
        10,
        title="Time to walk away",
        description="*Dream now* ignores mouse and keyboard for this long.",
        unit="s",
        ge=0,
        le=300,
    )
    settle_seconds: float = setting(
        10,
        title="Settling",
        description="Everything must be quiet for this long before a night begins.",
        unit="s",
        ge=1,
        le=600,
    )
    classify_seconds: float = setting(
        10,
        title="Watching an interruption",
        description="After this long it is decided whether somebody came back or something touched the mouse.",
        unit="s",
        ge=1,
        le=120,
    )
    nudge_events: int = setting(
        3,
        title="Movements of a nudge",
        description="At most so many small movements, and nothing else, count as a nudge of the table.",
        ge=0,
        le=50,
    )
    nudge_pixels: int = setting(
        8,
        title="Way of a nudge",
        description="A nudge moves the pointer no further than this.",
        unit="px",
        ge=0,
        le=200,
    )
    nudge_silence_seconds: float = setting(
        30,
        title="Silence after a nudge",
        description="After this long without input the night goes on.",
        unit="s",
        ge=5,
        le=600,
    )
    glance_seconds: float = setting(
        60,
        title="Length of a glance",
        description="Somebody who is busy for longer has come back; then workers and model are released.",
        unit="s",
        ge=10,
        le=3600,
    )
    resume_minutes: tuple[float, ...] = setting(
        (5.0, 10.0, 20.0, 30.0),
        title="Idle time after a glance",
        description="Interrupted twice within an hour, it waits for the next of these; two quiet hours start over.",
        unit="min",
        min_length=1,
        max_length=10,
    )
    frozen_minutes: float = setting(
        10,
        title="Longest freeze",
        description="Workers that stand still for longer are removed, so that their memory is free.",
        unit="min",
        ge=1,
        le=120,
    )
    request_quiet_seconds: float = setting(
        60,
        title="Quiet after a request",
        description="Dreaming waits this long after the last request of another program.",
        unit="s",
        ge=5,
        le=3600,
    )
    exclusive_quiet_seconds: float = setting(
        60,
        title="Quiet after a game",
        description="Dreaming waits this long after a game or an exclusive program has ended.",
        unit="s",
        ge=5,
        le=3600,
    )
    retry_minutes: float = setting(
        15,
        title="Next try after a fault",
        description="When workers, model or knowledge are missing it tries again after this long.",
        unit="min",
        ge=1,
        le=24 * 60,
    )

    @field_validator("resume_minutes")
    @classmethod
    def _rising(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if any(not 1 <= minutes <= 24 * 60 for minutes in value) or any(b < a for a, b in pairwise(value)):
            raise ValueError("every step is at least one minute, and none is shorter than the one before")
        return value

    @model_validator(mode="after")
    def _in_order(self) -> InterruptionSettings:
        if self.nudge_silence_seconds < self.classify_seconds:
            raise ValueError(
                f"nudge_silence_seconds ({self.nudge_silence_seconds:g}) must not be less than classify_seconds "
                f"({self.classify_seconds:g})"
            )
        return self
