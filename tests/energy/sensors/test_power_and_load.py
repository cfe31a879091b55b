from __future__ import annotations

import os
from pathlib import Path

import pytest

from dreamer_app.energy.sensors.disk import Disk
from dreamer_app.energy.sensors.foreign_cpu import ForeignCpu
from dreamer_app.energy.sensors.mains import Mains
from dreamer_app.energy.sensors.memory import Memory
from dreamer_app.energy.sensors.rapl import Rapl
from dreamer_app.energy.worker_slice import worker_seconds
from tests.energy.trees import grow, supply

TICK = 1 / os.sysconf("SC_CLK_TCK")


def on_battery(root: Path) -> tuple[bool | None, float | None]:
    reading = Mains(root).read()
    return reading.on_battery, reading.battery_charge


def test_a_mouse_battery_is_no_battery(tmp_path: Path) -> None:
    grow(tmp_path, supply("hidpp_battery_0", "Battery", scope="Device", status="Discharging", capacity=35))
    assert on_battery(tmp_path) == (None, None)


def test_a_laptop_with_and_without_mains(tmp_path: Path) -> None:
    grow(tmp_path, supply("AC", "Mains", online=1))
    grow(tmp_path, supply("BAT0", "Battery", status="Charging", capacity=60))
    grow(tmp_path, supply("BAT1", "Battery", status="Unknown", capacity=40, scope="System"))
    assert on_battery(tmp_path) == (False, 0.5)
    grow(tmp_path, supply("AC", "Mains", online=0))
    assert on_battery(tmp_path)[0] is True


def test_a_laptop_that_lists_no_mains_is_known_by_its_battery(tmp_path: Path) -> None:
    grow(tmp_path, supply("BAT0", "Battery", status="Discharging", capacity=60))
    assert on_battery(tmp_path) == (True, 0.6)
    grow(tmp_path, supply("BAT0", "Battery", status="Full", capacity=255))
    assert on_battery(tmp_path) == (False, None), "a charge of 255 % is none"


def test_a_desktop_runs_on_mains_or_does_not_say(tmp_path: Path) -> None:
    assert on_battery(tmp_path) == (None, None)
    grow(tmp_path, supply("ucsi0", "USB", online=0))
    assert on_battery(tmp_path) == (None, None)


def test_the_profile_of_the_firmware(tmp_path: Path) -> None:
    assert Mains(tmp_path).read().power_saver is None
    grow(tmp_path, {"sys/firmware/acpi/platform_profile": "low-power"})
    assert Mains(tmp_path).read().power_saver is True
    grow(tmp_path, {"sys/firmware/acpi/platform_profile": "balanced"})
    assert Mains(tmp_path).read().power_saver is False


def test_power_is_the_difference_of_two_reads_also_over_the_end_of_the_counter(tmp_path: Path) -> None:
    now = [0.0]
    zone = "sys/class/powercap/intel-rapl:0"
    grow(
        tmp_path,
        {f"{zone}/name": "package-0", f"{zone}/energy_uj": 1_000_000, f"{zone}/max_energy_range_uj": 9_000_000},
    )
    grow(tmp_path, {"sys/class/powercap/intel-rapl:0:0/name": "core", "sys/class/powercap/intel-rapl:0:0/energy_uj": 5})
    sensor = Rapl(tmp_path, lambda: now[0])
    assert sensor.read().watts is None
    now[0] = 2.0
    grow(tmp_path, {f"{zone}/energy_uj": 7_000_000})
    assert sensor.read().watts == 3.0
    now[0] = 3.0
    grow(tmp_path, {f"{zone}/energy_uj": 2_000_000})
    assert sensor.read().watts == 4.0
    grow(tmp_path, {f"{zone}/energy_uj": None})
    assert sensor.read().watts is None and Rapl(tmp_path / "none").read().watts is None


def proc(root: Path, busy: int, idle: int, own: int, child: int) -> None:
    """Ticks so far."""
    rest = "S 1 1 1 0 -1 0 0 0 0 0"
    grow(
        root,
        {
            "proc/stat": f"cpu  {busy} 0 0 {idle} 50 0 0 0 7 0\ncpu0 1 0 0 1\ncpu1 1 0 0 1",
            "proc/9/stat": f"9 (dream (er)) {rest} {own} 0 0 0",
            "proc/9/task/9/children": "12 ",
            "proc/12/stat": f"12 (sentinel) {rest} {child} 0 0 0",
        },
    )


def test_our_own_load_is_not_foreign(tmp_path: Path) -> None:
    now, workers = [0.0], [100.0]
    sensor = ForeignCpu(lambda: workers[0], tmp_path, lambda: now[0], pid=9)
    proc(tmp_path, 0, 0, 0, 0)
    assert sensor.read().foreign_cpu is None
    now[0], workers[0] = 10.0, 110.0
    ticks = round(1 / TICK)
    proc(tmp_path, 20 * ticks, 0, 3 * ticks, 2 * ticks)
    reading = sensor.read()
    assert reading.foreign_cpu == pytest.approx(0.5) and reading.cores == 2
    now[0] = 20.0
    proc(tmp_path, 40 * ticks, 0, 3 * ticks, 2 * ticks)
    assert sensor.read().foreign_cpu == pytest.approx(2.0)


def test_workers_that_cannot_be_counted_are_never_taken_for_others(tmp_path: Path) -> None:
    now = [0.0]
    sensor = ForeignCpu(lambda: None, tmp_path, lambda: now[0], pid=9)
    for second in range(3):
        now[0] = float(second)
        proc(tmp_path, second * 1000, 0, 0, 0)
        assert sensor.read().foreign_cpu is None


@pytest.mark.parametrize(
    "files",
    [
        {"sys/fs/cgroup/dreamer/cpu.stat": "usage_usec 2500000\nuser_usec 1"},
        {"sys/fs/cgroup/dreamer.slice/cpu.stat": "usage_usec 2500000"},
        {"sys/fs/cgroup/cpuacct/dreamer/cpuacct.usage": 2500000000},
        {
            f"sys/fs/cgroup/user.slice/user-{os.getuid()}.slice/user@{os.getuid()}.service/dreamer.slice/cpu.stat": (
                "usage_usec 2500000"
            )
        },
    ],
)
def test_the_workers_own_time_is_found_with_every_way_of_keeping_groups(tmp_path: Path, files: dict) -> None:
    assert worker_seconds(tmp_path) is None
    grow(tmp_path, files)
    assert worker_seconds(tmp_path) == 2.5


def test_memory_and_its_pressure(tmp_path: Path) -> None:
    sensor = Memory(tmp_path)
    assert sensor.read().memory_free is None and sensor.read().memory_pressed is None
    grow(tmp_path, {"proc/meminfo": "MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable: 250 kB"})
    calm = "some avg10=1.00 avg60=0 avg300=0 total=0\nfull avg10=0.00 avg60=0 avg300=0 total=0"
    grow(tmp_path, {"proc/pressure/memory": calm})
    reading = sensor.read()
    assert (reading.memory_free, reading.memory_free_bytes, reading.memory_pressed) == (0.25, 256_000, False)
    grow(tmp_path, {"proc/pressure/memory": calm.replace("some avg10=1.00", "some avg10=10.10")})
    assert sensor.read().memory_pressed is True
    grow(tmp_path, {"proc/pressure/memory": calm.replace("full avg10=0.00", "full avg10=2.50")})
    assert sensor.read().memory_pressed is True
    grow(tmp_path, {"proc/pressure/memory": "nonsense"})
    assert sensor.read().memory_pressed is None


def test_the_kernels_own_files_are_readable_here() -> None:
    sensor = Memory()
    reading = sensor.read()
    assert reading.memory_free is not None and 0 < reading.memory_free <= 1
    sensor.close()
    sensor.close()


def test_room_on_the_disk(tmp_path: Path) -> None:
    found = Disk(tmp_path).read().disk_free_bytes
    assert found is not None and found > 0
    assert Disk(tmp_path / "nowhere").read().disk_free_bytes is None
