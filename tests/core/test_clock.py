"""Clocks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dreamer_app.core.clock import ManualClock, SystemClock


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock()
    before = clock.now()
    assert clock.now() == before
    clock.advance(90)
    assert clock.now() - before == timedelta(seconds=90)
    assert clock.monotonic() == 90


def test_time_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="-1"):
        ManualClock().advance(-1)


def test_turning_the_wall_clock_leaves_monotonic_time_alone() -> None:
    clock = ManualClock()
    before = clock.now()
    clock.advance(10)
    clock.turn(-3600)
    assert clock.now() - before == timedelta(seconds=-3590)
    assert clock.monotonic() == 10


def test_the_system_clock_knows_its_zone() -> None:
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() <= clock.monotonic()
