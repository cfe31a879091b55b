"""The policy: `(state, signals, now) -> (state, actions)`.

Every input stops the work at once, whatever it was; what it meant is found out while the work stands still. Reasons are
latched one by one and all of them are told. Nothing here is random, waits, or knows what time of day it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from dreamer_app.core.settings import Settings
from dreamer_app.core.states import Force, SuspendReason
from dreamer_app.energy.policy.causes import active, looked, shrinking, stopping
from dreamer_app.energy.policy.interruption import Meaning, grown
from dreamer_app.energy.policy.signals import InputSeen, Signals, Touch, Wish
from dreamer_app.energy.policy.state import (
    Action,
    Begin,
    Brake,
    End,
    LastCall,
    Phase,
    PolicyState,
    Resize,
    Step,
    Thaw,
)

ENDING = frozenset(
    {
        SuspendReason.USER_REQUEST,
        SuspendReason.SHUTTING_DOWN,
        SuspendReason.EXCLUSIVE_APP,
        SuspendReason.MEMORY_LOW,
        SuspendReason.SYSTEM_SUSPEND,
        SuspendReason.UPS_ON_BATTERY,
        SuspendReason.OUTSIDE_SCHEDULE,
        SuspendReason.BLACKOUT_HOURS,
        SuspendReason.QUOTA_REACHED,
    }
)
"""Reasons for which a held night is no use: its memory is wanted, or it would be long."""

_STRENGTH = (Force.HARD, Force.OWNER, Force.FAULT, Force.SOFT, Force.WAIT)


def step(state: PolicyState, signals: Signals, now: float, settings: Settings) -> Step:
    """What follows from what is seen.

    Args:
        state: After the step before.
        signals: What is seen now.
        now: Monotonic seconds, not less than at the step before.
        settings: Every number.
    """
    if (state.phase.dreams or state.phase.frozen) and not signals.night_under_way:
        calm = now if state.finishing else state.calm_since
        state = replace(state, forced=False, finishing=False, excused=frozenset(), workers=0, calm_since=calm)
        state = _at(state, Phase.WATCH, now)
    state = _wished(state, signals, now, settings)
    touched = _touches(state, signals, now)
    state = _looked(state, signals, touched, now, settings)
    if state.phase.dreams:
        done = _dreaming(state, signals, touched, now, settings)
    elif state.phase.frozen:
        done = _frozen(state, signals, touched, now, settings)
    else:
        done = _waiting(state, signals, now, settings)
    return replace(done, state=replace(done.state, kept=signals.keep_dreaming))


def strongest(reasons: Iterable[SuspendReason]) -> tuple[SuspendReason, ...]:
    """The reasons, the strongest first; equally strong ones as the list of reasons has them."""
    places = list(SuspendReason)
    return tuple(sorted(reasons, key=lambda reason: (_STRENGTH.index(reason.force), places.index(reason))))


def still_to_wait(state: PolicyState, signals: Signals, now: float, settings: Settings) -> float:
    """Seconds without input that are missing before it may begin; infinite where no input can be seen."""
    if signals.idle_seconds is None:
        return math.inf
    needed = signals.timing.idle_needed
    if state.after_glance:
        needed = min(needed, state.patience.wait(settings.interruptions))
    if signals.locked:
        needed /= 2
    return max(0.0, needed - min(signals.idle_seconds, now - state.calm_since))


def _wished(state: PolicyState, signals: Signals, now: float, settings: Settings) -> PolicyState:
    if Wish.DREAM_NOW not in signals.wishes:
        return state
    owners = (reason for reason in active(state.stops) if reason.force in {Force.OWNER, Force.SOFT})
    return replace(
        state,
        forced=True,
        finishing=False,
        grace_until=now + settings.interruptions.grace_seconds,
        excused=frozenset((*owners, *({SuspendReason.IDLE_INHIBITED} if signals.inhibited else ()))),
        burst=None,
        counted=False,
    )


def _touches(state: PolicyState, signals: Signals, now: float) -> tuple[InputSeen, ...]:
    """The input that counts."""
    if Wish.WAKE in signals.wishes:
        return (InputSeen(now, Touch.PRESS),)
    if signals.keep_dreaming:
        return ()
    return tuple(seen for seen in signals.inputs if seen.at >= state.grace_until)


def _looked(
    state: PolicyState, signals: Signals, touched: tuple[InputSeen, ...], now: float, settings: Settings
) -> PolicyState:
    """Latches and reasons brought up to date."""
    stops = looked(state.stops, stopping(signals, settings), now)
    sheds = looked(state.sheds, shrinking(signals, settings), now)
    holding = active(stops)
    excused = state.excused & holding
    reasons = (holding - excused) | signals.timing.against | signals.faults
    if signals.paused:
        reasons |= {SuspendReason.USER_REQUEST}
    if signals.closing:
        reasons |= {SuspendReason.SHUTTING_DOWN}
    last = max((seen.at for seen in touched), default=state.last_input)
    if last is not None and now - last < settings.interruptions.glance_seconds:
        reasons |= {SuspendReason.USER_ACTIVE}
    if signals.idle_seconds is None:
        reasons |= {SuspendReason.IDLE_SOURCE_UNAVAILABLE}
    elif not state.phase.dreams and still_to_wait(state, signals, now, settings) > 0:
        reasons |= {SuspendReason.NOT_IDLE_YET}
    shrunk = active(sheds)
    if signals.energy.cpu_celsius is None:
        shrunk |= {SuspendReason.SENSOR_UNAVAILABLE}
    return replace(
        state,
        stops=stops,
        sheds=sheds,
        excused=excused,
        reasons=reasons - _overruled(state, signals, reasons),
        shrunk=shrunk,
        last_input=last,
        after_glance=state.after_glance and not signals.asleep,
    )


def _overruled(state: PolicyState, signals: Signals, reasons: frozenset[SuspendReason]) -> frozenset[SuspendReason]:
    """Reasons that a person set aside."""
    aside: set[SuspendReason] = set()
    if signals.keep_dreaming:
        aside |= {reason for reason in reasons if reason.force is Force.OWNER}
        aside |= {SuspendReason.NOT_IDLE_YET, SuspendReason.IDLE_SOURCE_UNAVAILABLE}
    if state.forced:
        aside |= {reason for reason in reasons if reason.force is Force.WAIT}
        aside |= {SuspendReason.IDLE_SOURCE_UNAVAILABLE}
    return frozenset(aside)


def _waiting(state: PolicyState, signals: Signals, now: float, settings: Settings) -> Step:
    """OFF, WATCH, SETTLE and RELEASE."""
    if signals.night_under_way:  # it is being ended, or somebody else began it
        return Step(_at(state, Phase.RELEASE, now))
    if signals.paused or signals.closing:
        return Step(_at(replace(state, forced=False), Phase.OFF, now))
    if state.forced and Wish.DREAM_NOW in signals.wishes and not _hard(state):
        return _begun(replace(state, reasons=frozenset()), signals, now)
    if state.forced:  # it could not begin, or its night is over
        state = replace(state, forced=False, excused=frozenset())
    if state.reasons:
        return Step(_at(state, Phase.WATCH, now))
    if state.phase is Phase.SETTLE and now - state.since >= settings.interruptions.settle_seconds:
        return _begun(state, signals, now)
    return Step(_at(state, Phase.SETTLE, now))


def _begun(state: PolicyState, signals: Signals, now: float) -> Step:
    workers = _most(state, signals)
    state = replace(state, workers=workers, resized_at=now, shrank=False, ceiling=None, finishing=False)
    state = replace(state, burst=None, counted=False, after_glance=False)
    return Step(_at(state, Phase.DREAM, now), (Begin(workers),))


def _dreaming(
    state: PolicyState, signals: Signals, touched: tuple[InputSeen, ...], now: float, settings: Settings
) -> Step:
    """DREAM and SHED."""
    if Wish.STOP in signals.wishes:
        return _ended(replace(state, calm_since=now), SuspendReason.USER_REQUEST, now)
    if state.kept and not signals.keep_dreaming and not state.forced and not _away(signals):
        return _ended(state, SuspendReason.USER_ACTIVE, now)
    if touched:
        state = replace(state, burst=grown(None, touched), counted=False, frozen_at=now)
        held = strongest(state.reasons | {SuspendReason.USER_ACTIVE})[0]
        return _ended_or(state, _at(state, Phase.CLASSIFY, now), (Brake(held),), now)
    # Input that was forgiven while it was not dreaming does not stop it now: each input does so when it comes.
    reasons = state.reasons - {SuspendReason.USER_ACTIVE}
    if reasons:
        state = replace(state, reasons=reasons, frozen_at=now, burst=None, counted=False)
        return _ended_or(state, _at(state, Phase.BRAKE, now), (Brake(strongest(reasons)[0]),), now)
    state = replace(state, reasons=reasons)
    actions: list[Action] = []
    ends = signals.timing.ends_in
    over = ends is not None and not state.forced and ends <= settings.schedule.last_call_minutes * 60
    if (over or Wish.FINISH in signals.wishes) and not state.finishing:
        state = replace(state, finishing=True)
        actions.append(LastCall())
    state = _sized(state, signals, now, settings)
    return Step(state, (*actions, Resize(state.workers)) if state.resized_at == now else tuple(actions))


def _frozen(
    state: PolicyState, signals: Signals, touched: tuple[InputSeen, ...], now: float, settings: Settings
) -> Step:
    """BRAKE and CLASSIFY."""
    wake = settings.interruptions
    if Wish.STOP in signals.wishes:
        return _ended(replace(state, calm_since=now), SuspendReason.USER_REQUEST, now)
    if Wish.DREAM_NOW in signals.wishes and not _hard(state):
        return _thawed(replace(state, last_input=None), signals, now)
    state = replace(state, burst=grown(state.burst, touched))
    meaning = state.burst.meaning(now, wake) if state.burst is not None else Meaning.NUDGE
    if meaning in {Meaning.GLANCE, Meaning.RETURN} and not state.counted:
        state = replace(state, counted=True, patience=state.patience.interrupted(now), after_glance=True)
    if meaning is Meaning.RETURN:
        return _ended(replace(state, after_glance=False), SuspendReason.USER_ACTIVE, now)
    if now - state.frozen_at >= wake.frozen_minutes * 60:
        return _ended(state, strongest(state.reasons or {SuspendReason.NOT_IDLE_YET})[0], now)
    if state.burst is not None and state.phase is Phase.BRAKE:
        state = _at(state, Phase.CLASSIFY, now)
    held = state.reasons - {SuspendReason.NOT_IDLE_YET, SuspendReason.USER_ACTIVE}
    rested = now - state.frozen_at >= wake.nudge_silence_seconds
    if held or not rested or not _silent(state, signals, meaning, now, settings):
        return _ended_or(state, state, (), now)
    if state.burst is not None and meaning is Meaning.NUDGE:
        state = replace(state, patience=state.patience.nudged(now))
    return _thawed(state, signals, now)


def _silent(state: PolicyState, signals: Signals, meaning: Meaning, now: float, settings: Settings) -> bool:
    """Whether it has been quiet for as long as the interruption asks for."""
    if state.burst is None or signals.keep_dreaming:
        return True
    wake = settings.interruptions
    needed = {Meaning.NUDGE: wake.nudge_silence_seconds, Meaning.GLANCE: state.patience.wait(wake)}.get(meaning)
    quiet = min(
        now - state.burst.last, now - state.burst.last if signals.idle_seconds is None else signals.idle_seconds
    )
    return needed is not None and quiet >= needed


def _thawed(state: PolicyState, signals: Signals, now: float) -> Step:
    """Going on; after heat with half of the workers, for all of them made it hot."""
    most = _most(state, signals)
    hot = {SuspendReason.CPU_HOT, SuspendReason.GPU_HOT, SuspendReason.CPU_BUSY} & state.shrunk
    workers = max(1, min(most, state.workers // 2 if hot else state.workers))
    state = replace(
        state, workers=workers, resized_at=now, burst=None, counted=False, after_glance=False, reasons=frozenset()
    )
    return Step(_at(state, Phase.SHED if workers < most else Phase.DREAM, now), (Thaw(), Resize(workers)))


def _ended(state: PolicyState, reason: SuspendReason, now: float) -> Step:
    state = replace(state, reasons=state.reasons | {reason}, forced=False, excused=frozenset(), workers=0)
    brake = () if state.phase.frozen else (Brake(reason),)
    return Step(_at(replace(state, burst=None, counted=False), Phase.RELEASE, now), (*brake, End(reason)))


def _ended_or(state: PolicyState, otherwise: PolicyState, actions: tuple[Action, ...], now: float) -> Step:
    """The night's end where a reason asks for it."""
    ending = strongest(state.reasons & ENDING)
    return _ended(state, ending[0], now) if ending else Step(otherwise, actions)


def _sized(state: PolicyState, signals: Signals, now: float, settings: Settings) -> PolicyState:
    """Half of the workers while a cause lasts, more again when all have passed; and never again so many that heat
    or load came back, or only seldom: otherwise fans would pulse all night.
    """
    most = _most(state, signals)
    workers, ceiling, ceiling_at = min(state.workers, most), state.ceiling, state.ceiling_at
    asked = state.shrunk - {SuspendReason.SENSOR_UNAVAILABLE}
    rested = now - state.resized_at >= settings.energy.resize_seconds
    if ceiling is not None and not asked and now - ceiling_at >= settings.energy.more_minutes * 60:
        ceiling, ceiling_at = (ceiling + 1, now) if ceiling + 1 < most else (None, now)
    if any(state.sheds[reason].pressing for reason in asked):
        if workers > 1 and (rested or state.phase is Phase.DREAM):
            # A second halving in a row may be due to the heat that is still there, so it teaches less than the first.
            ceiling, ceiling_at = max(1, workers if state.shrank else workers - 1), now
            workers //= 2
    elif not asked and rested:
        workers = min(most if ceiling is None else min(most, ceiling), workers * 2)
    phase = Phase.SHED if asked or workers < most else Phase.DREAM
    if workers != state.workers:
        state = replace(state, workers=workers, resized_at=now, shrank=workers < state.workers)
    return _at(replace(state, ceiling=ceiling, ceiling_at=ceiling_at), phase, now)


def _most(state: PolicyState, signals: Signals) -> int:
    """Workers that everything but heat and load allows."""
    most = max(1, signals.workers)
    if SuspendReason.SENSOR_UNAVAILABLE in state.shrunk:
        most = min(most, max(1, -(-signals.energy.cores // 2)))
    return 1 if signals.keep_dreaming and not _away(signals) else most


def _away(signals: Signals) -> bool:
    return signals.idle_seconds is not None and signals.idle_seconds >= signals.timing.idle_needed


def _hard(state: PolicyState) -> bool:
    return any(reason.force is Force.HARD for reason in state.reasons)


def _at(state: PolicyState, phase: Phase, now: float) -> PolicyState:
    return state if state.phase is phase else replace(state, phase=phase, since=now)
