"""Hysteresis: a reason begins once its cause has lasted, and ends once the cause was gone for long enough.

One latch per reason, so that every reason that holds can be shown. Knows nothing of phases or workers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

GAP = 90.0
"""Seconds between two looks after which what was seen before proves no duration (idle looks are 15 s apart)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a reason begins and ends.

    Attributes:
        enter: Whether its cause is there; None when that is unknown.
        leave: Whether it is safely gone; None when unknown.
        enter_seconds: How long the cause must last.
        leave_seconds: How long it must be gone.
        unknown_seconds: After this long without knowing, a reason that holds ends.
    """

    enter: bool | None
    leave: bool | None
    enter_seconds: float = 0.0
    leave_seconds: float = 0.0
    unknown_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Latch:
    """One reason.

    Attributes:
        active: Whether it holds.
        turning_since: Since when the opposite has been seen without a break, None when it is not.
        blind: Whether that opposite is only that nothing is known.
        pressing: Whether its cause itself is there, not only not yet gone for long enough.
        looked_at: The last look.
    """

    active: bool = False
    turning_since: float | None = None
    blind: bool = False
    pressing: bool = False
    looked_at: float = 0.0


def look(latch: Latch, rule: Rule, now: float) -> Latch:
    """The latch after a look at its cause.

    Args:
        latch: As it was.
        rule: What is seen now.
        now: Monotonic seconds.
    """
    if now - latch.looked_at > GAP:
        latch = replace(latch, turning_since=None)
    latch = replace(latch, looked_at=now, pressing=bool(rule.enter))
    blind = latch.active and rule.leave is None
    turns = blind or bool(rule.leave if latch.active else rule.enter)
    if not turns:
        return replace(latch, turning_since=None, blind=False)
    since = now if latch.turning_since is None or latch.blind is not blind else latch.turning_since
    needed = rule.enter_seconds if not latch.active else rule.unknown_seconds if blind else rule.leave_seconds
    if now - since >= needed:
        return Latch(active=not latch.active, pressing=latch.pressing, looked_at=now)
    return replace(latch, turning_since=since, blind=blind)
