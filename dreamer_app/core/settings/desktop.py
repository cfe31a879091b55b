"""How the program looks, speaks and reports on a desktop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from dreamer_app.core.settings.schedule import CLOCK_TIME
from dreamer_app.core.settings.section import Section, setting


class DesktopSettings(Section):
    """Look and language."""

    language: Literal["system", "en", "pl"] = setting(
        "system", title="Language", description="Of windows and notifications.", restart=True
    )
    theme: Literal["system", "light", "dark", "contrast"] = setting(
        "system", title="Theme", description="The system's own follows it at once when it changes."
    )
    keep_running: bool = setting(
        True,
        title="Keep running without a window",
        description="Closing the window leaves The Dreamer in the tray; off ends it.",
    )
    keys: Mapping[str, tuple[str, ...]] = setting(
        {}, title="Keyboard shortcuts", description="Only those that differ from the usual ones, by command."
    )


class NotificationSettings(Section):
    """When it speaks up."""

    morning: bool = setting(
        True,
        title="Morning summary",
        description="Once a night, after you are back: what it dreamt.",
    )
    problems: bool = setting(
        True, title="Problems", description="When it cannot dream and you can mend it, at most once a day each."
    )
    after_seconds: float = setting(
        60,
        title="After you are back",
        description="The summary waits until you have been back for this long.",
        unit="s",
        ge=0,
        le=3600,
    )
    quiet_start: str = setting(
        "22:00", title="Silent from", description="Nothing is shown from this local time on.", pattern=CLOCK_TIME
    )
    quiet_end: str = setting(
        "07:00",
        title="Silent until",
        description="Local time; the same as its beginning means never silent.",
        pattern=CLOCK_TIME,
    )
