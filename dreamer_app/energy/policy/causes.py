"""Which reading stands for which reason: every threshold of the policy, taken from the settings.

Two tables: what stops dreaming, and what makes it smaller. Decides nothing beyond one reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dreamer_app.core.settings import EnergySettings, InterruptionSettings, Settings
from dreamer_app.core.states import SuspendReason
from dreamer_app.energy.policy.latches import Latch, Rule, look
from dreamer_app.energy.policy.signals import Signals

CPU_MARGIN = 10.0
"""°C kept below the maker's critical temperature."""

GPU_MARGIN = 5.0
"""°C kept below the temperature at which a card slows itself down."""

HOT_SECONDS = 1.0
"""A second hot sample in a row confirms the first; sensors are read once a second."""

ONE_CORE = 1.0
MEMORY_FLOOR = 1_500_000_000
GIGABYTE = 1e9
MINUTE = 60.0

Latches = Mapping[SuspendReason, Latch]


def looked(latches: Latches, rules: Iterator[tuple[SuspendReason, Rule]], now: float) -> dict[SuspendReason, Latch]:
    """All latches after a look."""
    return {reason: look(latches.get(reason, Latch()), rule, now) for reason, rule in rules}


def active(latches: Latches) -> frozenset[SuspendReason]:
    """The reasons that hold."""
    return frozenset(reason for reason, latch in latches.items() if latch.active)


def stopping(signals: Signals, settings: Settings) -> Iterator[tuple[SuspendReason, Rule]]:
    """What stops dreaming, reason by reason. Input, schedule and faults are no latches and not among them."""
    reading, energy = signals.energy, settings.energy
    cpu_stop = _below(energy.cpu_stop, reading.cpu_critical, CPU_MARGIN)
    gpu_stop = _below(energy.gpu_stop, reading.gpu_slowdown, GPU_MARGIN)
    room = None if reading.disk_free_bytes is None else reading.disk_free_bytes / GIGABYTE
    enough = _at_least(room, energy.disk_free, energy.disk_resume, energy.quiet_seconds)
    yield from _asked(signals, settings.interruptions)
    yield SuspendReason.CPU_HOT, _hot(reading.cpu_celsius, cpu_stop, energy.cpu_resume, energy)
    yield SuspendReason.GPU_HOT, _hot(reading.gpu_celsius, gpu_stop, energy.gpu_resume, energy, reading.gpu_throttled)
    yield SuspendReason.CPU_BUSY, _cpu_busy(signals, energy, energy.busy_stop_seconds)
    yield SuspendReason.GPU_BUSY, _gpu_busy(signals, energy, energy.busy_stop_seconds)
    yield from _power(signals, energy)
    yield SuspendReason.MEMORY_LOW, _memory(signals, energy)
    yield SuspendReason.DISK_LOW, enough


def shrinking(signals: Signals, settings: Settings) -> Iterator[tuple[SuspendReason, Rule]]:
    """What makes dreaming smaller, reason by reason."""
    reading, energy = signals.energy, settings.energy
    yield SuspendReason.CPU_HOT, _hot(reading.cpu_celsius, energy.cpu_shed, energy.cpu_resume, energy)
    yield SuspendReason.GPU_HOT, _hot(reading.gpu_celsius, energy.gpu_shed, energy.gpu_resume, energy)
    yield SuspendReason.CPU_BUSY, _cpu_busy(signals, energy, energy.busy_shed_seconds)
    yield SuspendReason.GPU_BUSY, _gpu_busy(signals, energy, energy.busy_shed_seconds)


def _asked(signals: Signals, wake: InterruptionSettings) -> Iterator[tuple[SuspendReason, Rule]]:
    yield SuspendReason.EXCLUSIVE_APP, _while(signals.exclusive, wake.exclusive_quiet_seconds)
    yield SuspendReason.API_REQUEST, _while(bool(signals.requests) or signals.requests_open, wake.request_quiet_seconds)
    yield SuspendReason.IDLE_INHIBITED, _while(signals.inhibited, wake.resume_minutes[0] * MINUTE)
    yield SuspendReason.SYSTEM_SUSPEND, _while(signals.asleep, 0.0)


def _power(signals: Signals, energy: EnergySettings) -> Iterator[tuple[SuspendReason, Rule]]:
    reading, back = signals.energy, energy.mains_minutes * MINUTE
    charged = reading.battery_charge is None or reading.battery_charge * 100 >= energy.battery_charge
    without = reading.on_battery if not energy.on_battery else reading.on_battery and not charged
    leave = None if without is None else not without and charged
    yield SuspendReason.ON_BATTERY, Rule(without, leave, leave_seconds=back)
    saves = reading.power_saver and energy.power_saver
    yield (
        SuspendReason.POWER_SAVER,
        Rule(saves, None if saves is None else not saves, leave_seconds=energy.quiet_seconds),
    )
    full = reading.ups_charge is None or reading.ups_charge * 100 >= energy.ups_charge
    out = reading.ups_on_battery if not reading.ups_low else True
    yield SuspendReason.UPS_ON_BATTERY, Rule(out, None if out is None else not out and full, leave_seconds=back)


def _while(there: bool, quiet: float) -> Rule:
    return Rule(there, not there, leave_seconds=quiet)


def _below(limit: float, makers: float | None, margin: float) -> float:
    return limit if makers is None else min(limit, makers - margin)


def _hot(
    celsius: float | None, limit: float, resume: float, energy: EnergySettings, says_hot: bool | None = None
) -> Rule:
    if celsius is None:
        return Rule(says_hot, None if not says_hot else False)
    # A maker's limit below ours may lie under the temperature at which we would go on.
    cool = celsius <= min(resume, limit - 1.0) and not says_hot
    return Rule(
        celsius >= limit or bool(says_hot),
        cool,
        enter_seconds=HOT_SECONDS,
        leave_seconds=energy.cool_seconds,
    )


def _cpu_busy(signals: Signals, energy: EnergySettings, seconds: float) -> Rule:
    used, cores = signals.energy.foreign_cpu, signals.energy.cores
    if used is None:
        return Rule(None, None)
    return Rule(
        used > max(ONE_CORE if cores > 1 else ONE_CORE / 2, energy.foreign_cpu / 100 * cores),
        used < max(energy.foreign_cpu_resume / 100 * cores, ONE_CORE / 4),
        enter_seconds=seconds,
        leave_seconds=energy.quiet_seconds,
    )


def _gpu_busy(signals: Signals, energy: EnergySettings, seconds: float) -> Rule:
    used = signals.energy.foreign_gpu
    if used is None:
        return Rule(None, None, unknown_seconds=energy.quiet_seconds)
    return Rule(
        used * 100 > energy.foreign_gpu,
        used * 100 < energy.foreign_gpu_resume,
        enter_seconds=seconds,
        leave_seconds=energy.quiet_seconds,
    )


def _memory(signals: Signals, energy: EnergySettings) -> Rule:
    share, free = signals.energy.memory_free, signals.energy.memory_free_bytes
    if share is None:
        return Rule(signals.energy.memory_pressed, None)
    low = share * 100 < energy.memory_free or (free is not None and free < MEMORY_FLOOR)
    calm = share * 100 > energy.memory_resume and not low and not signals.energy.memory_pressed
    return Rule(low or bool(signals.energy.memory_pressed), calm, leave_seconds=energy.memory_minutes * MINUTE)


def _at_least(value: float | None, low: float, enough: float, seconds: float) -> Rule:
    return Rule(None, None) if value is None else Rule(value < low, value >= enough, leave_seconds=seconds)
