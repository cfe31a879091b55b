from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dreamer_app.energy.ours import Ours
from dreamer_app.energy.sensors.nvidia import Nvidia
from tests.energy.trees import card, grow

OURS, OTHERS = 4000, 5000


class NvmlError(Exception):
    """As `pynvml` raises."""


class FakeNvml:
    """The surface of `pynvml` that is used; a question in `broken` fails."""

    NVML_TEMPERATURE_GPU = 0
    NVML_TEMPERATURE_THRESHOLD_SLOWDOWN = 1

    def __init__(self, cards: int = 1) -> None:
        self.cards = cards
        self.open = self.opened = 0
        self.celsius = [60] * cards
        self.reasons = 0
        self.compute: list[int] = []
        self.graphics: list[int] = []
        self.use: dict[int, int] = {}
        self.broken: set[str] = set()

    def _ask(self, name: str) -> None:
        if name in self.broken:
            raise NvmlError(name)

    def nvmlInit(self) -> None:
        self._ask("init")
        self.open += 1
        self.opened += 1

    def nvmlShutdown(self) -> None:
        self.open -= 1

    def nvmlDeviceGetCount(self) -> int:
        self._ask("count")
        return self.cards

    def by_index(self, number: int) -> int:
        self._ask("handle")
        return number

    def nvmlDeviceGetTemperature(self, card: int, kind: int) -> int:
        self._ask("temperature")
        return self.celsius[card]

    def nvmlDeviceGetTemperatureThreshold(self, card: int, kind: int) -> int:
        self._ask("threshold")
        return 95

    def nvmlDeviceGetCurrentClocksEventReasons(self, card: int) -> int:
        self._ask("reasons")
        return self.reasons

    def nvmlDeviceGetPowerUsage(self, card: int) -> int:
        self._ask("power")
        return 150_000

    def nvmlDeviceGetComputeRunningProcesses(self, card: int) -> list[Any]:
        return [SimpleNamespace(pid=pid) for pid in self.compute]

    def nvmlDeviceGetGraphicsRunningProcesses(self, card: int) -> list[Any]:
        return [SimpleNamespace(pid=pid) for pid in self.graphics]

    def use_by_program(self, card: int, since: int) -> list[Any]:
        self._ask("processes")
        return [SimpleNamespace(pid=pid, smUtil=share) for pid, share in self.use.items()]

    def nvmlDeviceGetUtilizationRates(self, card: int) -> Any:
        self._ask("utilisation")
        return SimpleNamespace(gpu=77)

    nvmlDeviceGetHandleByIndex = by_index
    nvmlDeviceGetProcessUtilization = use_by_program


@dataclass
class Bench:
    root: Path
    nvml: FakeNvml
    now: float = 10.0

    def sensor(self) -> Nvidia:
        return Nvidia(lambda pid: pid == OURS, self.root, lambda: self.nvml, lambda: self.now)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    grow(tmp_path, card("0000:01:00.0", "0x10de"))
    return Bench(tmp_path, FakeNvml())


def test_all_cards_are_read_and_the_library_is_shut_down(bench: Bench) -> None:
    bench.nvml = FakeNvml(2)
    bench.nvml.celsius = [60, 72]
    reading = bench.sensor().read()
    assert (reading.gpu_celsius, reading.gpu_slowdown, reading.watts) == (72, 95, 300)
    assert reading.gpu_throttled is False and reading.foreign_gpu == 0
    assert bench.nvml.opened == 1 and bench.nvml.open == 0


def test_only_other_peoples_use_counts(bench: Bench) -> None:
    bench.nvml.compute, bench.nvml.graphics = [OURS], [OTHERS]
    bench.nvml.use = {OURS: 90, OTHERS: 15}
    assert bench.sensor().read().foreign_gpu == pytest.approx(0.15)
    bench.nvml.broken = {"processes"}
    assert bench.sensor().read().foreign_gpu == pytest.approx(0.77), "then all of it, for somebody is there"
    bench.nvml.graphics = []
    assert bench.sensor().read().foreign_gpu == 0


@pytest.mark.parametrize(("reasons", "hot"), [(0, False), (0x20, True), (0x40, True), (0x4, False)])
def test_a_card_that_slows_down_for_heat_says_so(bench: Bench, reasons: int, hot: bool) -> None:
    bench.nvml.reasons = reasons
    assert bench.sensor().read().gpu_throttled is hot


@pytest.mark.parametrize("broken", ["init", "count", "handle"])
def test_a_driver_that_fails_in_the_middle_makes_all_unknown(bench: Bench, broken: str) -> None:
    sensor = bench.sensor()
    assert sensor.read().gpu_celsius == 60
    bench.nvml.broken = {broken}
    bench.now += 5
    reading = sensor.read()
    assert reading.gpu_celsius is None and reading.watts is None and bench.nvml.open == 0
    bench.nvml.broken = set()
    bench.now += 5
    assert sensor.read().gpu_celsius == 60


def test_what_a_card_cannot_tell_is_unknown_and_the_rest_is_told(bench: Bench) -> None:
    bench.nvml.broken = {"temperature", "threshold", "reasons"}
    reading = bench.sensor().read()
    assert reading.gpu_celsius is None and reading.gpu_throttled is None and reading.watts == 150


def test_no_library_is_no_card(bench: Bench) -> None:
    def missing() -> Any:
        raise ImportError("pynvml")

    assert Nvidia(lambda pid: False, bench.root, missing).read().gpu_celsius is None


def test_a_sleeping_card_and_a_computer_without_one_never_load_the_library(bench: Bench, tmp_path: Path) -> None:
    grow(bench.root, card("0000:01:00.0", "0x10de", status="suspended"))
    assert bench.sensor().read().gpu_celsius is None
    assert Nvidia(lambda pid: False, tmp_path / "none", lambda: bench.nvml).read().gpu_celsius is None
    assert bench.nvml.opened == 0


def test_a_card_that_may_sleep_is_looked_at_seldom(bench: Bench) -> None:
    grow(bench.root, card("0000:01:00.0", "0x10de", control="auto"))
    sensor = bench.sensor()
    for _ in range(10):
        sensor.read()
        bench.now += 2
    assert bench.nvml.opened == 1
    sensor.read()
    assert bench.nvml.opened == 2


def test_ours_are_our_children_and_model_servers(tmp_path: Path) -> None:
    grow(
        tmp_path,
        {
            "proc/10/stat": "10 (dreamer tray) S 1 0",
            "proc/10/comm": "dreamer",
            "proc/11/stat": "11 (a (b) c) S 10 0",
            "proc/11/comm": "a (b) c",
            "proc/20/stat": "20 (ollama) S 1 0",
            "proc/20/comm": "ollama",
            "proc/30/stat": "30 (blender) S 1 0",
            "proc/30/comm": "blender",
            "proc/1/stat": "1 (init) S 0 0",
            "proc/1/comm": "init",
        },
    )
    ours = Ours(tmp_path, pid=10)
    assert [ours(pid) for pid in (10, 11, 20, 30, 1, 999)] == [True, True, True, False, False, False]
