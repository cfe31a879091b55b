"""What stands beside settings and changes by itself: temperatures beside their limits. It measures nothing itself."""

from __future__ import annotations

from collections.abc import Callable

from dreamer_app.core.i18n import tr
from dreamer_app.core.states import Snapshot
from dreamer_app.ui.settings.page import LiveValues

LIMITS = ("shed", "stop", "resume")
"""Names of the temperatures of the settings, behind `energy.cpu_` and `energy.gpu_`."""


def temperatures(now: Callable[[], Snapshot]) -> LiveValues:
    """The temperature of the moment, for beside every limit of it.

    Args:
        now: How the program is.
    """
    return {
        **{f"energy.cpu_{limit}": lambda: _words(now().cpu_celsius) for limit in LIMITS},
        **{f"energy.gpu_{limit}": lambda: _words(now().gpu_celsius) for limit in LIMITS},
    }


def _words(celsius: float | None) -> str:
    return tr("now unknown") if celsius is None else tr("now {value} °C", value=round(celsius))
