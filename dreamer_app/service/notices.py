"""What a person may want to mend although it stops nothing: a jittery mouse, a dead sensor, a slip in the settings.

Words only; it looks at nothing and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from dreamer_app.core.i18n import tr, trn
from dreamer_app.energy.policy.interruption import HOUR
from dreamer_app.energy.policy.state import PolicyState
from dreamer_app.energy.sensor_thread import SensorStatus

NUDGES_OF_A_JITTER = 3
"""Within the hour; people nudge a table once, a mouse on a vibrating one all the time (notes on idle detection, 2)."""


def notices(policy: PolicyState, now: float, sensors: Iterable[SensorStatus], settings_problem: str) -> tuple[str, ...]:
    """Everything of this moment, the most urgent first.

    Args:
        policy: Its memory of nudges.
        now: Monotonic seconds.
        sensors: How they are.
        settings_problem: Why the settings file was not taken; empty when it was.
    """
    found = [settings_problem] if settings_problem else []
    nudges = sum(now - at < HOUR for at in policy.patience.nudges)
    if nudges >= NUDGES_OF_A_JITTER:
        found.append(trn("The mouse may jitter: {n} nudge an hour", "The mouse may jitter: {n} nudges an hour", nudges))
    found += [tr("A sensor cannot be read: {trouble}", trouble=one.trouble) for one in sensors if one.trouble]
    return tuple(found)
