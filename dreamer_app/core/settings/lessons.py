"""What counts as a lesson."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class LessonSettings(Section):
    """What is served to the coder and to your own agents."""

    unreviewed: bool = setting(
        False,
        title="Learn from dreams nobody has looked at",
        description="Verified dreams become lessons at once; otherwise only those that you approved.",
    )
