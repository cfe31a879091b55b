"""What a person sees of the policy: one of six states and the reasons, the strongest first."""

from __future__ import annotations

from dreamer_app.core.settings import Settings
from dreamer_app.core.states import DreamerState, Force, SuspendReason
from dreamer_app.energy.policy.machine import still_to_wait, strongest
from dreamer_app.energy.policy.signals import Signals
from dreamer_app.energy.policy.state import Phase, PolicyState

DROWSY_SECONDS = 300.0
"""So long before it may fall asleep it shows as drowsy."""

WAKING_SECONDS = 2.0
"""So long after input it shows as waking; the work itself has stopped long before."""


def shown_state(state: PolicyState, signals: Signals, now: float, settings: Settings) -> DreamerState:
    """The state in a person's words."""
    match state.phase:
        case Phase.OFF:
            return DreamerState.WAKING if signals.closing else DreamerState.PAUSED
        case Phase.SETTLE:
            return DreamerState.DROWSY
        case Phase.DREAM | Phase.SHED:
            return DreamerState.DREAMING
        case Phase.RELEASE:
            return DreamerState.WAKING
        case Phase.CLASSIFY:
            return DreamerState.WAKING if now - state.since < WAKING_SECONDS else DreamerState.AWAKE
        case Phase.BRAKE:
            return DreamerState.BLOCKED
    if any(reason.force in {Force.HARD, Force.FAULT} for reason in state.reasons):
        return DreamerState.BLOCKED
    left = seconds_to_sleep(state, signals, now, settings)
    return DreamerState.DROWSY if left is not None and left <= DROWSY_SECONDS else DreamerState.AWAKE


def seconds_to_sleep(state: PolicyState, signals: Signals, now: float, settings: Settings) -> float | None:
    """Seconds until it falls asleep if nobody comes, None when time alone does not do it."""
    waits = state.phase in {Phase.WATCH, Phase.SETTLE} and state.reasons <= {SuspendReason.NOT_IDLE_YET}
    if not waits or signals.idle_seconds is None:
        return None
    return still_to_wait(state, signals, now, settings) + settings.interruptions.settle_seconds


def shown_reasons(state: PolicyState) -> tuple[SuspendReason, ...]:
    """Every reason that holds, the strongest first."""
    return () if state.phase.dreams else strongest(state.reasons)
