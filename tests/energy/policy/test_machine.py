from __future__ import annotations

import pytest

from dreamer_app.core.settings import Settings
from dreamer_app.core.states import DreamerState, SuspendReason
from dreamer_app.energy.policy.shown import seconds_to_sleep, shown_reasons, shown_state
from dreamer_app.energy.policy.signals import Timing, Touch, Wish
from dreamer_app.energy.policy.state import Begin, Brake, End, LastCall, Phase, Resize, Thaw
from tests.energy.policy.world import World


def shown(world: World) -> DreamerState:
    return shown_state(world.state, world.signals, world.now, world.settings)


def test_it_falls_asleep_after_half_an_hour_and_a_last_look_round() -> None:
    world = World()
    world.wait(60)
    assert world.phase is Phase.WATCH and shown(world) is DreamerState.AWAKE
    world.wait(26 * 60)
    assert shown(world) is DreamerState.DROWSY
    assert seconds_to_sleep(world.state, world.signals, world.now, world.settings) == pytest.approx(3 * 60 + 10)
    world.wait(3 * 60 + 1)
    assert world.phase is Phase.SETTLE and not world.done
    world.wait(10)
    assert (world.phase is Phase.DREAM and world.done == [(world.now - 1, Begin(4))]) or world.done[0][1] == Begin(4)
    assert shown(world) is DreamerState.DREAMING and shown_reasons(world.state) == ()


def test_any_touch_while_settling_begins_the_wait_anew() -> None:
    world = World()
    world.wait(30 * 60 + 5)
    assert world.phase is Phase.SETTLE
    world.touch()
    world.wait(60)
    assert world.phase is Phase.WATCH and not world.done


@pytest.mark.parametrize(("touch", "pixels"), [(Touch.PRESS, None), (Touch.MOTION, 1), (Touch.SOME, None)])
def test_every_input_stops_the_work_in_the_same_step(touch: Touch, pixels: int | None) -> None:
    world = World()
    world.asleep()
    assert world.touch(touch, pixels) == (Brake(SuspendReason.USER_ACTIVE),)
    assert world.phase is Phase.CLASSIFY and shown(world) is DreamerState.WAKING
    world.wait(3)
    assert shown(world) is DreamerState.AWAKE and SuspendReason.USER_ACTIVE in shown_reasons(world.state)


def test_a_nudge_of_the_table_is_forgotten_after_half_a_minute() -> None:
    world = World()
    world.asleep()
    world.touch(Touch.MOTION, 3)
    world.wait(29)
    assert world.phase is Phase.CLASSIFY
    world.wait(2)
    assert world.phase is Phase.DREAM and Thaw() in [action for _, action in world.done]
    assert len(world.state.patience.nudges) == 1 and not world.state.patience.recent


@pytest.mark.parametrize("touches", [[(Touch.PRESS, None)], [(Touch.MOTION, 9)], [(Touch.MOTION, 1)] * 4])
def test_a_glance_costs_five_minutes(touches: list[tuple[Touch, int | None]]) -> None:
    world = World()
    world.asleep()
    for touch, pixels in touches:
        world.touch(touch, pixels)
        world.now += 0.5
    world.wait(4 * 60 + 50)
    assert world.phase is Phase.CLASSIFY
    world.wait(15)
    assert world.phase is Phase.DREAM


def test_who_stays_gets_everything_back_and_the_full_wait_counts() -> None:
    world = World()
    world.asleep()
    for _ in range(70):
        world.touch()
        world.now += 1
    assert End(SuspendReason.USER_ACTIVE) in [action for _, action in world.done]
    world.wait(29 * 60)
    assert world.phase is Phase.WATCH
    world.wait(2 * 60)
    assert world.phase is Phase.DREAM


def test_frequent_interruptions_make_it_wait_longer_and_two_quiet_hours_start_over() -> None:
    world = World()
    world.asleep()
    waits = []
    for _ in range(4):
        world.touch()
        world.wait(15)
        waits.append(world.state.patience.wait(world.settings.interruptions) / 60)
        world.wait(31 * 60, beat=5)
        assert world.phase is Phase.DREAM
    assert waits == [5, 10, 20, 30]
    world.wait(2 * 3600, beat=60)
    world.touch()
    world.wait(15)
    assert world.state.patience.wait(world.settings.interruptions) == 5 * 60


def test_a_night_that_stands_still_for_long_is_ended_and_resumes_after_the_shorter_wait() -> None:
    world = World(Settings.model_validate({"interruptions": {"resume_minutes": (20,)}}))
    world.asleep()
    world.touch()
    world.wait(10 * 60 + 1)
    assert isinstance(world.done[-1][1], End)
    world.wait(11 * 60)
    assert world.phase is Phase.DREAM


def test_heat_sheds_first_brakes_second_and_cools_down_before_it_goes_on() -> None:
    world = World()
    world.asleep()
    world.energy(cpu_celsius=81.0)
    world.wait(2)
    assert world.phase is Phase.SHED and world.state.workers == 2
    world.wait(31)
    assert world.state.workers == 1
    world.energy(cpu_celsius=91.0)
    world.step()
    assert world.phase is Phase.SHED, "one sample is no proof"
    world.wait(1)
    assert world.phase is Phase.BRAKE and world.brakes() == [SuspendReason.CPU_HOT]
    assert shown(world) is DreamerState.BLOCKED
    world.energy(cpu_celsius=75.0)
    world.wait(300)
    assert world.phase is Phase.BRAKE, "75 °C is not cool"
    world.energy(cpu_celsius=71.0)
    world.wait(59)
    assert world.phase is Phase.BRAKE
    world.wait(3)
    assert world.phase.dreams and world.state.workers == 1
    world.wait(90)
    assert world.state.workers == 2, "three were too many a moment ago"
    world.wait(32 * 60)
    assert world.phase is Phase.DREAM and world.state.workers == 4


def test_the_makers_limits_count_when_they_are_lower() -> None:
    world = World()
    world.asleep()
    world.energy(cpu_celsius=86.0, cpu_critical=95.0)
    world.wait(2)
    assert world.brakes() == [SuspendReason.CPU_HOT]
    other = World()
    other.asleep()
    other.energy(gpu_throttled=True)
    other.wait(2)
    assert other.brakes() == [SuspendReason.GPU_HOT]


def test_an_unknown_temperature_is_neither_cold_nor_hot() -> None:
    world = World()
    world.energy(cpu_celsius=None, gpu_celsius=None)
    world.set(workers=8)
    world.asleep()
    assert world.state.workers == 4 and SuspendReason.SENSOR_UNAVAILABLE in world.state.shrunk
    hot = World()
    hot.asleep()
    hot.energy(cpu_celsius=95.0)
    hot.wait(2)
    hot.energy(cpu_celsius=None)
    hot.wait(120)
    assert hot.phase is Phase.BRAKE, "a sensor that vanishes does not cool anything"


def test_others_at_work_first_get_room_then_everything() -> None:
    world = World()
    world.asleep()
    world.energy(foreign_cpu=3.0)
    world.wait(4)
    assert world.phase is Phase.SHED
    world.wait(7)
    assert world.brakes() == [SuspendReason.CPU_BUSY]
    world.energy(foreign_cpu=0.1)
    world.wait(62)
    assert world.phase.dreams


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"on_battery": True}, SuspendReason.ON_BATTERY),
        ({"power_saver": True}, SuspendReason.POWER_SAVER),
        ({"disk_free_bytes": 1_000_000_000}, SuspendReason.DISK_LOW),
    ],
)
def test_power_and_disk_hold_the_night(change: dict, reason: SuspendReason) -> None:
    world = World()
    world.asleep()
    world.energy(**change)
    assert world.step() == (Brake(reason),)
    assert world.phase is Phase.BRAKE


@pytest.mark.parametrize(
    ("signals", "energy", "reason"),
    [
        ({"exclusive": True}, {}, SuspendReason.EXCLUSIVE_APP),
        ({"asleep": True}, {}, SuspendReason.SYSTEM_SUSPEND),
        ({"paused": True}, {}, SuspendReason.USER_REQUEST),
        ({"closing": True}, {}, SuspendReason.SHUTTING_DOWN),
        ({}, {"memory_free": 0.05}, SuspendReason.MEMORY_LOW),
        ({}, {"memory_pressed": True}, SuspendReason.MEMORY_LOW),
        ({}, {"ups_on_battery": True}, SuspendReason.UPS_ON_BATTERY),
    ],
)
def test_what_needs_the_memory_or_the_end_releases_at_once(signals: dict, energy: dict, reason: SuspendReason) -> None:
    world = World()
    world.asleep()
    world.set(**signals)
    world.energy(**energy)
    assert world.step() == (Brake(reason), End(reason))


def test_a_frozen_night_is_released_when_a_game_starts() -> None:
    world = World()
    world.asleep()
    world.touch()
    world.set(exclusive=True)
    assert world.step() == (End(SuspendReason.EXCLUSIVE_APP),)


def test_requests_hold_it_for_a_minute_after_the_last() -> None:
    world = World()
    world.asleep()
    world.step(requests=(world.now,))
    assert world.brakes() == [SuspendReason.API_REQUEST]
    world.wait(59)
    assert world.phase is Phase.BRAKE
    world.wait(3)
    assert world.phase is Phase.DREAM


def test_dream_now_gives_time_to_walk_away_and_overrules_the_schedule() -> None:
    world = World()
    world.set(timing=Timing(against=frozenset({SuspendReason.OUTSIDE_SCHEDULE})), inhibited=True)
    world.step()
    assert world.wish(Wish.DREAM_NOW) == (Begin(4),)
    world.now += 9
    assert world.touch() == ()
    world.now += 2
    assert world.touch() == (Brake(SuspendReason.USER_ACTIVE),)


def test_dream_now_bears_others_at_work_with_fewer_workers() -> None:
    world = World()
    world.energy(foreign_cpu=4.0)
    world.wait(12)
    assert world.wish(Wish.DREAM_NOW) == (Begin(4),)
    world.wait(60)
    assert world.phase is Phase.SHED and world.state.workers == 1 and not world.brakes()
    world.energy(foreign_cpu=0.0)
    world.wait(62)
    world.energy(foreign_cpu=4.0)
    world.wait(12)
    assert world.brakes() == [SuspendReason.CPU_BUSY], "what begins afterwards is not excused"


def test_dream_now_never_overrules_a_hard_reason() -> None:
    world = World()
    world.energy(on_battery=True)
    world.step()
    assert world.wish(Wish.DREAM_NOW) == () and world.phase is Phase.WATCH
    world.energy(on_battery=False)
    world.wait(10 * 60)
    assert world.phase is Phase.WATCH, "the wish is not kept for later"


def test_keep_dreaming_goes_on_with_one_worker_until_it_is_hot_or_a_game_starts() -> None:
    world = World()
    world.set(keep_dreaming=True)
    world.wait(12)
    assert world.done[0][1] == Begin(1)
    world.touch()
    world.wait(5)
    assert world.phase is Phase.DREAM and not world.brakes()
    world.set(exclusive=True)
    world.step()
    assert world.brakes() == [SuspendReason.EXCLUSIVE_APP]


def test_keeping_on_ends_with_its_switch_and_grows_when_everybody_left() -> None:
    world = World()
    world.set(keep_dreaming=True)
    world.wait(12)
    world.wait(31 * 60, beat=5)
    assert world.state.workers == 4
    world.touch()
    world.wait(31)
    assert world.state.workers == 1
    world.set(keep_dreaming=False)
    assert End(SuspendReason.USER_ACTIVE) in world.step()


def test_the_end_of_the_window_is_announced_and_kept() -> None:
    world = World()
    world.asleep()
    world.set(timing=Timing(ends_in=301.0))
    assert world.step() == ()
    world.set(timing=Timing(ends_in=300.0))
    assert world.step() == (LastCall(),)
    assert world.step() == ()
    world.set(timing=Timing(against=frozenset({SuspendReason.OUTSIDE_SCHEDULE})))
    assert world.step()[-1] == End(SuspendReason.OUTSIDE_SCHEDULE)


def test_without_eyes_it_does_not_dream_and_says_so() -> None:
    world = World()
    world.asleep()
    world.set(idle_seconds=None)
    world.step()
    assert world.brakes() == [SuspendReason.IDLE_SOURCE_UNAVAILABLE]
    blind = World()
    blind.set(idle_seconds=None)
    blind.wait(3600, beat=10)
    assert blind.phase is Phase.WATCH and shown(blind) is DreamerState.BLOCKED
    assert blind.wish(Wish.DREAM_NOW) == (Begin(4),)


def test_after_sleep_of_the_computer_the_full_wait_counts() -> None:
    world = World()
    world.asleep()
    world.set(asleep=True)
    world.step()
    world.now += 1
    world.last_input = world.now
    world.set(asleep=False)
    world.wait(29 * 60)
    assert world.phase is Phase.WATCH
    world.wait(90)
    assert world.phase is Phase.DREAM


def test_finish_is_asked_for_once_and_the_night_ends_by_itself() -> None:
    world = World()
    world.asleep()
    assert world.wish(Wish.FINISH) == (LastCall(),)
    world.set(night_under_way=False)
    world.wait(29 * 60)
    assert world.phase is Phase.WATCH, "who ended it is there, whatever the sources see"
    world.wait(2 * 60)
    assert world.phase is Phase.DREAM


def test_a_locked_screen_halves_the_wait() -> None:
    world = World()
    world.set(locked=True)
    world.wait(15 * 60 + 12)
    assert world.phase is Phase.DREAM


def test_more_workers_come_back_but_not_so_many_that_it_gets_hot_again() -> None:
    world = World()
    world.set(workers=8)
    world.asleep()
    world.energy(cpu_celsius=81.0)
    world.wait(70)
    assert world.state.workers == 1
    world.energy(cpu_celsius=60.0)
    world.wait(160)
    sizes = [action.workers for _, action in world.done if isinstance(action, Resize)]
    assert sizes == [4, 2, 1, 2]
    world.wait(46 * 60)
    sizes = [action.workers for _, action in world.done if isinstance(action, Resize)]
    assert sizes == [4, 2, 1, 2, 3, 4, 5], "one more every quarter of an hour"


def test_it_finds_the_number_of_workers_that_the_cooling_can_bear() -> None:
    """A computer that holds five of eight workers below the limit: few changes, and rarely too many."""
    world = World()
    world.set(workers=8)
    world.asleep()
    celsius, hot = 40.0, 0
    for _ in range(3 * 3600):
        celsius += (34 + 8.5 * world.state.workers - celsius) / 90
        world.energy(cpu_celsius=celsius)
        world.wait(1)
        hot += celsius > 82
    changes = [at for at, action in world.done if isinstance(action, Resize)]
    assert not world.brakes() and hot == 0
    assert len(changes) < 3 * 15, "more than four an hour for each of its steps"
