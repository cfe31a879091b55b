"""What a person is told although it stops nothing: nudges, sensors, and the settings file edited by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.core.clock import ManualClock
from dreamer_app.energy.policy.interruption import HOUR, Patience
from dreamer_app.energy.policy.state import PolicyState
from dreamer_app.energy.sensor_thread import SensorStatus
from dreamer_app.service.notices import notices
from dreamer_app.service.presenter import present
from dreamer_app.service.settings_watch import SettingsWatch
from tests.service.senses import WatchedHome


@pytest.fixture
def home(tmp_path: Path):
    home = WatchedHome(tmp_path)
    yield home
    home.dreamer.close()


def test_a_mouse_that_jitters_is_named_after_three_nudges_within_the_hour() -> None:
    nudged = PolicyState(patience=Patience(nudges=(10.0, 20.0, 30.0)))
    (text,) = notices(nudged, 40.0, (), "")
    assert "3 nudges" in text
    assert notices(nudged, 15.0 + HOUR, (), "") == ()


def test_sensors_in_trouble_and_a_slip_in_the_settings_are_told() -> None:
    statuses = (
        SensorStatus("disk", hangs=False, age=1.0, problem=""),
        SensorStatus("nvidia", hangs=True, age=9.0, problem=""),
        SensorStatus("nut", hangs=False, age=1.0, problem="OSError: refused"),
    )
    first, second, third = notices(PolicyState(), 0.0, statuses, "A setting is not valid")
    assert first == "A setting is not valid" and "nvidia does not answer" in second and "OSError: refused" in third


async def test_trouble_reaches_the_snapshot_and_the_tray(home: WatchedHome) -> None:
    home.energy.statuses = (SensorStatus("nvidia", hangs=True, age=9.0, problem=""),)
    async with home.running() as resident:
        assert "nvidia" in resident.snapshot.notices[0]
        assert "nvidia" in present(resident.snapshot, ManualClock().now()).tooltip


async def test_an_edited_settings_file_is_in_force_and_a_slip_is_told_until_it_is_mended(home: WatchedHome) -> None:
    async with home.running() as resident:
        file, watch = home.dreamer.paths.settings, SettingsWatch(home.dreamer, resident)
        file.write_text("[energy]\ncpu_stop = 86\n")
        watch.look()
        assert home.dreamer.settings.energy.cpu_stop == 86 and resident.snapshot.notices == ()
        file.write_text("[energy]\ncpu_stop = 7777\n")
        watch.look()
        assert "energy.cpu_stop" in resident.snapshot.notices[0]
        assert home.dreamer.settings.energy.cpu_stop == 86, "what was in force stays in force"
        watch.look()
        file.unlink()
        watch.look()
        assert home.dreamer.settings.energy.cpu_stop == 90 and resident.snapshot.notices == ()
