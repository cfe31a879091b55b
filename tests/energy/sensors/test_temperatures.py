from __future__ import annotations

from pathlib import Path

import pytest

from dreamer_app.energy.sensors.amdgpu import AmdGpu
from dreamer_app.energy.sensors.cpu_temperature import CpuTemperature
from dreamer_app.energy.sensors.plausible import Plausible
from tests.energy.trees import card, chip, grow


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def read(root: Path) -> float | None:
    return CpuTemperature(root).read().cpu_celsius


def test_the_package_counts_among_cores_and_other_chips(tmp_path: Path) -> None:
    grow(tmp_path, chip(0, "nvme", temp1_input=81000))
    grow(tmp_path, chip(1, "coretemp", temp1_input=61000, temp1_label="Package id 0", temp1_crit=100000,
                        temp2_input=64000, temp2_label="Core 0"))  # fmt: skip
    reading = CpuTemperature(tmp_path).read()
    assert reading.cpu_celsius == 61 and reading.cpu_critical == 100


def test_the_dies_count_before_the_value_for_fans(tmp_path: Path) -> None:
    grow(tmp_path, chip(0, "k10temp", temp1_input=75000, temp1_label="Tctl"))
    assert read(tmp_path) == 75
    grow(tmp_path, chip(0, "k10temp", temp3_input=55000, temp3_label="Tccd1", temp4_input=57000, temp4_label="Tccd2"))
    assert read(tmp_path) == 57


def test_two_packages_are_as_hot_as_the_hotter(tmp_path: Path) -> None:
    grow(tmp_path, chip(0, "coretemp", temp1_input=50000, temp1_label="Package id 0"))
    grow(tmp_path, chip(1, "coretemp", temp1_input=66000, temp1_label="Package id 1"))
    assert read(tmp_path) == 66


def test_without_a_chip_a_zone_is_read(tmp_path: Path) -> None:
    grow(tmp_path, {"sys/class/thermal/thermal_zone0/type": "acpitz", "sys/class/thermal/thermal_zone0/temp": 20000})
    assert read(tmp_path) is None
    grow(tmp_path, {"sys/class/thermal/thermal_zone1/type": "x86_pkg_temp",
                    "sys/class/thermal/thermal_zone1/temp": 48000})  # fmt: skip
    assert read(tmp_path) == 48


@pytest.mark.parametrize("wrong", [0, -273000, 255000, 5000, 115000, "", "n/a"])
def test_what_cannot_be_true_is_unknown(tmp_path: Path, wrong: object) -> None:
    grow(tmp_path, chip(0, "coretemp", temp1_input=wrong, temp1_label="Package id 0"))
    assert read(tmp_path) is None


def test_a_sensor_that_vanishes_is_unknown_and_found_again_under_another_number(tmp_path: Path) -> None:
    grow(tmp_path, chip(0, "coretemp", temp1_input=50000, temp1_label="Package id 0"))
    sensor = CpuTemperature(tmp_path)
    assert sensor.read().cpu_celsius == 50
    (tmp_path / "sys/class/hwmon/hwmon0/temp1_input").unlink()
    assert sensor.read().cpu_celsius is None
    grow(tmp_path, chip(3, "coretemp", temp1_input=51000, temp1_label="Package id 0"))
    assert sensor.read().cpu_celsius == 51
    assert CpuTemperature(tmp_path / "nowhere").read().cpu_celsius is None


def test_a_jump_is_believed_only_when_it_lasts() -> None:
    plausible = Plausible()
    assert plausible.checked(50, 0) == 50
    assert plausible.checked(60, 1) == 60
    assert plausible.checked(99, 2) is None
    assert plausible.checked(98, 3) == 98
    assert plausible.checked(50, 4) is None
    assert plausible.checked(None, 5) is None
    assert plausible.checked(50, 6) == 50


def amd(root: Path, **changes: object) -> None:
    folder = "sys/bus/pci/devices/0000:03:00.0"
    grow(root, card("0000:03:00.0", "0x1002", **changes))
    grow(root, {f"{folder}/hwmon/hwmon5/{name}": value for name, value in {
        "name": "amdgpu", "temp1_label": "edge", "temp1_input": 63000, "temp1_crit": 100000,
        "temp2_label": "junction", "temp2_input": 80000, "power1_average": 125000000}.items()})  # fmt: skip


def test_an_amd_card_is_read_from_its_own_files(tmp_path: Path) -> None:
    amd(tmp_path)
    reading = AmdGpu(tmp_path).read()
    assert (reading.gpu_celsius, reading.gpu_slowdown, reading.watts) == (63, 100, 125)


def test_a_sleeping_card_is_left_alone_and_one_that_may_sleep_is_looked_at_seldom(tmp_path: Path) -> None:
    amd(tmp_path, status="suspended")
    assert AmdGpu(tmp_path).read().gpu_celsius is None
    ticks = Ticks()
    amd(tmp_path, control="auto")
    sensor = AmdGpu(tmp_path, ticks)
    assert sensor.read().gpu_celsius == 63
    grow(tmp_path, {"sys/bus/pci/devices/0000:03:00.0/hwmon/hwmon5/temp1_input": 70000})
    ticks.now += 19
    assert sensor.read().gpu_celsius == 63
    ticks.now += 1
    assert sensor.read().gpu_celsius == 70
