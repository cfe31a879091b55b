"""Whatever happens in whatever order, the promises of the policy hold."""

from __future__ import annotations

import math

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from dreamer_app.core.states import Force, SuspendReason
from dreamer_app.energy.policy.causes import active
from dreamer_app.energy.policy.shown import shown_reasons, shown_state
from dreamer_app.energy.policy.signals import Timing, Touch, Wish
from dreamer_app.energy.policy.state import Action, Begin, Brake, End, Thaw
from tests.energy.policy.world import World

FLAGS = st.sampled_from(["inhibited", "exclusive", "locked", "asleep", "paused", "keep_dreaming", "requests_open"])
CELSIUS = st.one_of(st.none(), st.floats(20, 110))
SHARE = st.one_of(st.none(), st.floats(0, 1))


class AnyNight(RuleBasedStateMachine):
    """Signals change at will; the promises are looked at after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.stopped_at = -math.inf
        self.excuse = False

    def _judge(self, actions: tuple[Action, ...], *, wished: bool = False) -> None:
        world, state = self.world, self.world.state
        for action in actions:
            if isinstance(action, Brake | End):
                assert action.reason in state.reasons, "a brake without a cause"
                self.stopped_at = world.now
            if isinstance(action, Thaw | Begin) and not wished:
                rest = world.settings.interruptions.settle_seconds
                assert world.now - self.stopped_at >= rest, "it flaps"
        if state.phase.dreams:
            hard = {reason for reason in active(state.stops) if reason.force is Force.HARD}
            assert not hard and not world.signals.paused and world.signals.night_under_way
            assert 1 <= state.workers <= max(1, world.signals.workers)
        else:
            assert state.reasons or state.phase in {"settle", "release", "classify", "brake"}

    @rule(seconds=st.sampled_from([0.1, 1, 5, 30, 90, 600]), steps=st.integers(1, 8))
    def time_passes(self, seconds: float, steps: int) -> None:
        for _ in range(steps):
            self.world.now += seconds
            self._judge(self.world.step())

    @rule()
    def nobody_comes_for_an_hour(self) -> None:
        for _ in range(125):
            self.world.now += 30
            self._judge(self.world.step())

    @rule(touch=st.sampled_from(list(Touch)), pixels=st.one_of(st.none(), st.integers(0, 500)))
    def somebody_touches_it(self, touch: Touch, pixels: int | None) -> None:
        dreamt = self.world.phase.dreams and self.world.now >= self.world.state.grace_until
        actions = self.world.touch(touch, pixels)
        self._judge(actions)
        if dreamt and not self.world.signals.keep_dreaming:
            assert any(isinstance(action, Brake) for action in actions), "input that stops nothing"
            assert not self.world.phase.dreams

    @rule(name=FLAGS, value=st.booleans())
    def a_signal_changes(self, name: str, value: bool) -> None:
        self.world.set(**{name: value})
        self._judge(self.world.step())

    @rule(cpu=CELSIUS, gpu=CELSIUS, busy=SHARE, graphics=SHARE)
    def load_and_heat_change(
        self, cpu: float | None, gpu: float | None, busy: float | None, graphics: float | None
    ) -> None:
        cores = None if busy is None else busy * self.world.signals.energy.cores
        self.world.energy(cpu_celsius=cpu, gpu_celsius=gpu, foreign_cpu=cores, foreign_gpu=graphics)
        self._judge(self.world.step())

    @rule(battery=st.one_of(st.none(), st.booleans()), charge=SHARE, free=SHARE, ups=st.booleans())
    def power_and_memory_change(
        self, battery: bool | None, charge: float | None, free: float | None, ups: bool
    ) -> None:
        self.world.energy(on_battery=battery, battery_charge=charge, memory_free=free, ups_on_battery=ups)
        self._judge(self.world.step())

    @rule(seen=st.booleans())
    def eyes_come_and_go(self, seen: bool) -> None:
        self.world.set(idle_seconds=0.0 if seen else None)
        self._judge(self.world.step())

    @rule(
        against=st.sets(st.sampled_from([SuspendReason.OUTSIDE_SCHEDULE, SuspendReason.QUOTA_REACHED])),
        ends=st.one_of(st.none(), st.floats(0, 4000)),
    )
    def the_schedule_changes(self, against: set[SuspendReason], ends: float | None) -> None:
        self.world.set(timing=Timing(against=frozenset(against), ends_in=ends))
        self._judge(self.world.step())

    @rule(wish=st.sampled_from(list(Wish)))
    def somebody_wishes(self, wish: Wish) -> None:
        self._judge(self.world.wish(wish), wished=wish is Wish.DREAM_NOW)

    @rule(workers=st.integers(1, 16))
    def settings_change(self, workers: int) -> None:
        self.world.set(workers=workers)
        self._judge(self.world.step())

    @precondition(lambda self: self.world.signals.night_under_way)
    @rule()
    def the_night_ends_by_itself(self) -> None:
        self.world.set(night_under_way=False)
        self._judge(self.world.step())
        assert not self.world.phase.dreams

    @rule()
    def everything_is_well_again(self) -> None:
        self.world = self._well()
        self._judge(self.world.step())

    def _well(self) -> World:
        world = World(start=self.world.now)
        world.state, world.last_input = self.world.state, self.world.last_input
        world.set(night_under_way=self.world.signals.night_under_way)
        return world

    @invariant()
    def it_can_be_shown(self) -> None:
        world = self.world
        shown_state(world.state, world.signals, world.now, world.settings)
        assert len(set(shown_reasons(world.state))) == len(shown_reasons(world.state))


TestAnyNight = AnyNight.TestCase
TestAnyNight.settings = hypothesis_settings(max_examples=25, stateful_step_count=20, deadline=None)
