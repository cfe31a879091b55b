"""What the policy remembers from one step to the next, and what it asks for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dreamer_app.core.states import SuspendReason
from dreamer_app.energy.policy.interruption import Burst, Patience
from dreamer_app.energy.policy.latches import Latch


class Phase(StrEnum):
    """Where it is.

    Attributes:
        OFF: A person paused it, or the program ends.
        WATCH: Waiting until it may dream.
        SETTLE: It may; a last moment of watching whether all stays quiet.
        DREAM: Dreaming.
        SHED: Dreaming with fewer workers than asked for.
        BRAKE: Frozen, until what is wrong has passed.
        CLASSIFY: Frozen because of input, while it is found out what that means.
        RELEASE: The night is being ended: workers removed, the model unloaded.
    """

    OFF = "off"
    WATCH = "watch"
    SETTLE = "settle"
    DREAM = "dream"
    SHED = "shed"
    BRAKE = "brake"
    CLASSIFY = "classify"
    RELEASE = "release"

    @property
    def dreams(self) -> bool:
        """Whether workers work."""
        return self in {Phase.DREAM, Phase.SHED}

    @property
    def frozen(self) -> bool:
        """Whether a night is held."""
        return self in {Phase.BRAKE, Phase.CLASSIFY}


@dataclass(frozen=True, slots=True)
class Begin:
    """Start a night with so many workers."""

    workers: int


@dataclass(frozen=True, slots=True)
class Brake:
    """Freeze all work at once."""

    reason: SuspendReason


@dataclass(frozen=True, slots=True)
class Thaw:
    """Let the night go on."""


@dataclass(frozen=True, slots=True)
class Resize:
    """Use so many workers from now on."""

    workers: int


@dataclass(frozen=True, slots=True)
class LastCall:
    """Begin nothing new; end the night when what is under way is done."""


@dataclass(frozen=True, slots=True)
class End:
    """End the night now and give its memory back."""

    reason: SuspendReason


Action = Begin | Brake | Thaw | Resize | LastCall | End


@dataclass(frozen=True, slots=True)
class PolicyState:
    """Everything that is remembered. Times are monotonic seconds.

    Attributes:
        phase: Where it is.
        since: When that began.
        reasons: Every reason against dreaming that holds.
        shrunk: Every reason for fewer workers that holds.
        stops: Latches of the reasons against.
        sheds: Latches of the reasons for fewer workers.
        workers: Workers allowed.
        resized_at: When that number last changed.
        shrank: Whether it became smaller then.
        ceiling: One worker less than were too many, None while none were.
        ceiling_at: When that was found out, or last tried again.
        forced: Whether a person said *Dream now* and that still holds.
        grace_until: Until then input is ignored.
        excused: Reasons that held when a person said so; each is excused until it ends.
        finishing: Whether the last call was made.
        frozen_at: Since when the night is held.
        burst: Input since then.
        counted: Whether the present burst was counted as an interruption.
        after_glance: Whether the shorter wait after a glance is enough.
        patience: How long that is.
        last_input: The latest input that counted.
        calm_since: When a person last ended a night; the wait begins anew there, as if it were input.
        kept: Whether *Keep dreaming while I work* was on.
    """

    phase: Phase = Phase.WATCH
    since: float = 0.0
    reasons: frozenset[SuspendReason] = frozenset()
    shrunk: frozenset[SuspendReason] = frozenset()
    stops: Mapping[SuspendReason, Latch] = field(default_factory=dict)
    sheds: Mapping[SuspendReason, Latch] = field(default_factory=dict)
    workers: int = 0
    resized_at: float = 0.0
    shrank: bool = False
    ceiling: int | None = None
    ceiling_at: float = 0.0
    forced: bool = False
    grace_until: float = 0.0
    excused: frozenset[SuspendReason] = frozenset()
    finishing: bool = False
    frozen_at: float = 0.0
    burst: Burst | None = None
    counted: bool = False
    after_glance: bool = False
    patience: Patience = field(default_factory=Patience)
    last_input: float | None = None
    calm_since: float = -math.inf
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Where it is after a step, and what is to be done, in this order."""

    state: PolicyState
    actions: tuple[Action, ...] = ()
