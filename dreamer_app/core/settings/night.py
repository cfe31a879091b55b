"""How long a night is and how much it dreams."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class NightSettings(Section):
    """How long and how much."""

    dreams: int = setting(
        42,
        title="Dreams per night",
        description="A night ends when this many dreams are verified.",
        ge=1,
        le=100_000,
    )
    minutes: float = setting(
        360, title="Longest night", description="A night ends after this time.", unit="min", gt=0, le=24 * 60
    )
