"""What is worth proving."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class WeaverSettings(Section):
    """What is worth proving."""

    naturalness: float = setting(
        0.5,
        title="Naturalness",
        description="Scenarios that read less natural than this are dropped.",
        ge=0,
        le=1,
    )
