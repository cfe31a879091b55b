"""A computer to be dreamt on: signals that tests change, and a night that follows the policy's actions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dreamer_app.core.settings import Settings
from dreamer_app.core.states import SuspendReason
from dreamer_app.energy.policy.machine import step
from dreamer_app.energy.policy.signals import InputSeen, Signals, Touch, Wish
from dreamer_app.energy.policy.state import Action, Begin, Brake, End, Phase, PolicyState
from dreamer_app.energy.reading import EnergyReading

COOL = EnergyReading(
    cpu_celsius=50.0,
    gpu_celsius=45.0,
    foreign_cpu=0.0,
    foreign_gpu=0.0,
    cores=8,
    on_battery=False,
    battery_charge=1.0,
    memory_free=0.6,
    memory_free_bytes=10_000_000_000,
    disk_free_bytes=50_000_000_000,
)


class World:
    """Time, signals, the state, and everything that was done so far."""

    def __init__(self, settings: Settings | None = None, start: float = 1000.0) -> None:
        self.settings = settings or Settings()
        self.now = start
        self.signals = Signals(idle_seconds=0.0, energy=COOL, workers=4)
        self.state = PolicyState(since=start)
        self.last_input = start
        self.done: list[tuple[float, Action]] = []

    @property
    def phase(self) -> Phase:
        return self.state.phase

    def set(self, **changes: Any) -> None:
        self.signals = replace(self.signals, **changes)

    def energy(self, **changes: Any) -> None:
        self.set(energy=replace(self.signals.energy, **changes))

    def step(self, **moment: Any) -> tuple[Action, ...]:
        """One step with these signals of the moment on top."""
        if self.signals.idle_seconds is not None:
            self.set(idle_seconds=self.now - self.last_input)
        done = step(self.state, replace(self.signals, **moment), self.now, self.settings)
        self.state = done.state
        for action in done.actions:
            self.done.append((self.now, action))
            if isinstance(action, Begin):
                self.set(night_under_way=True)
            if isinstance(action, End):
                self.set(night_under_way=False)
        return done.actions

    def touch(self, touch: Touch = Touch.PRESS, pixels: int | None = None) -> tuple[Action, ...]:
        self.last_input = self.now
        return self.step(inputs=(InputSeen(self.now, touch, pixels),))

    def wish(self, wish: Wish) -> tuple[Action, ...]:
        return self.step(wishes=(wish,))

    def wait(self, seconds: float, beat: float = 1.0) -> None:
        """Let time pass with a step each beat."""
        for _ in range(int(seconds / beat)):
            self.now += beat
            self.step()

    def asleep(self) -> None:
        """Nobody comes until it dreams."""
        self.wait(self.settings.schedule.idle_minutes * 60 + self.settings.interruptions.settle_seconds + 30, beat=10.0)
        assert self.phase is Phase.DREAM, (self.phase, self.state.reasons)

    def brakes(self) -> list[SuspendReason]:
        return [action.reason for _, action in self.done if isinstance(action, Brake)]
