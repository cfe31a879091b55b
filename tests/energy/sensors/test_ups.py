"""Uninterruptible supplies: a NUT server on a socket, and UPower on a private bus."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from dbus_fast import PropertyAccess
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

from dreamer_app.energy.sensors.nut import Nut
from dreamer_app.energy.sensors.upower import UPower


class NutServer:
    """Answers as upsd does; `says` replaces an answer."""

    def __init__(self) -> None:
        self.supplies: dict[str, dict[str, str]] = {}
        self.says: str | None = None
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line, line.makefile("rw", encoding="utf-8", newline="\n") as talk:
                try:
                    for question in talk:
                        talk.write(self.says if self.says is not None else self._answer(question.strip()))
                        talk.flush()
                except OSError:
                    continue

    def _answer(self, question: str) -> str:
        what = question.removeprefix("LIST ")
        if what == "UPS":
            rows = [f'UPS {name} "Some \\"great\\" supply"' for name in self.supplies]
        else:
            name = what.removeprefix("VAR ")
            rows = [f'VAR {name} {key} "{value}"' for key, value in self.supplies[name].items()]
        return "".join(f"{row}\n" for row in [f"BEGIN LIST {what}", *rows, f"END LIST {what}"])


@pytest.fixture
def nut() -> Iterator[NutServer]:
    server = NutServer()
    yield server
    server.close()


@pytest.mark.parametrize(
    ("variables", "out", "low", "charge"),
    [
        ({"ups.status": "OL CHRG", "battery.charge": "97"}, False, False, 0.97),
        ({"ups.status": "OB DISCHRG", "battery.charge": "80", "battery.runtime": "1200"}, True, False, 0.8),
        ({"ups.status": "OB", "battery.runtime": "200"}, True, True, None),
        ({"ups.status": "OB LB", "battery.charge": "broken"}, True, True, None),
        ({"ups.status": "FSD OL"}, False, True, None),
        ({"battery.charge": "50"}, None, None, None),
    ],
)
def test_a_supply_on_a_nut_server(nut: NutServer, variables: dict, out: Any, low: Any, charge: Any) -> None:
    nut.supplies["desk"] = variables
    reading = Nut(nut.address).read()
    assert (reading.ups_on_battery, reading.ups_low, reading.ups_charge) == (out, low, charge)


def test_the_worst_of_several_supplies_counts(nut: NutServer) -> None:
    nut.supplies = {
        "one": {"ups.status": "OL", "battery.charge": "100"},
        "two": {"ups.status": "OB", "battery.charge": "55"},
    }
    reading = Nut(nut.address).read()
    assert (reading.ups_on_battery, reading.ups_charge) == (True, 0.55)


@pytest.mark.parametrize("answer", ["ERR ACCESS-DENIED\n", "HTTP/1.1 400 Bad Request\n\n", "BEGIN LIST UPS\n\n"])
def test_a_server_that_refuses_or_babbles_knows_nothing(nut: NutServer, answer: str) -> None:
    nut.supplies["desk"] = {"ups.status": "OB"}
    nut.says = answer
    assert Nut(nut.address).read().ups_on_battery is None


def test_no_server_knows_nothing() -> None:
    gone = NutServer()
    gone.close()
    assert Nut(gone.address).read().ups_on_battery is None
    assert Nut("").read().ups_on_battery is None


class Device(ServiceInterface):
    """A device of UPower."""

    def __init__(self, kind: int, state: int, percentage: float, warning: int = 1) -> None:
        super().__init__("org.freedesktop.UPower.Device")
        self.values = (kind, state, percentage, warning)

    @dbus_property(access=PropertyAccess.READ)
    def Type(self) -> u:  # noqa: F821
        return self.values[0]

    @dbus_property(access=PropertyAccess.READ)
    def State(self) -> u:  # noqa: F821
        return self.values[1]

    @dbus_property(access=PropertyAccess.READ)
    def Percentage(self) -> d:  # noqa: F821
        return self.values[2]

    @dbus_property(access=PropertyAccess.READ)
    def WarningLevel(self) -> u:  # noqa: F821
        return self.values[3]


class PowerService(ServiceInterface):
    """UPower itself."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__("org.freedesktop.UPower")
        self.paths = paths

    @dbus_method()
    def EnumerateDevices(self) -> ao:  # noqa: F821
        return self.paths


class Profiles(ServiceInterface):
    """The power profiles daemon."""

    def __init__(self, profile: str) -> None:
        super().__init__("net.hadess.PowerProfiles")
        self.profile = profile

    @dbus_property(access=PropertyAccess.READ)
    def ActiveProfile(self) -> s:  # noqa: F821
        return self.profile


@pytest.fixture
def bus() -> Iterator[str]:
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.terminate()


@contextmanager
def upower(address: str, devices: list[Device], profile: str | None) -> Iterator[None]:
    """A UPower on that bus, in a thread of its own."""
    ready, loop = threading.Event(), asyncio.new_event_loop()

    async def serve() -> MessageBus:
        bus = await MessageBus(bus_address=address).connect()
        paths = [f"/org/freedesktop/UPower/devices/d{number}" for number in range(len(devices))]
        bus.export("/org/freedesktop/UPower", PowerService(paths))
        for path, device in zip(paths, devices, strict=True):
            bus.export(path, device)
        await bus.request_name("org.freedesktop.UPower")
        if profile is not None:
            bus.export("/net/hadess/PowerProfiles", Profiles(profile))
            await bus.request_name("net.hadess.PowerProfiles")
        return bus

    def run() -> None:
        bus = loop.run_until_complete(serve())
        ready.set()
        loop.run_forever()
        bus.disconnect()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert ready.wait(20)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def test_a_supply_on_usb_and_the_profile_through_upower(bus: str) -> None:
    laptop_battery, supply = Device(2, 2, 20.0, 4), Device(3, 2, 64.0, 3)
    sensor = UPower(bus)
    with upower(bus, [laptop_battery, supply], "power-saver"):
        reading = sensor.read()
        assert (reading.ups_on_battery, reading.ups_low, reading.ups_charge) == (True, True, 0.64)
        assert reading.power_saver is True
        supply.values = (3, 4, 100.0, 1)
        reading = sensor.read()
        assert (reading.ups_on_battery, reading.ups_low, reading.ups_charge) == (False, False, 1.0)
    assert sensor.read().ups_on_battery is None, "it has left the bus"
    sensor.close()


def test_without_a_supply_nothing_is_said_about_one(bus: str) -> None:
    sensor = UPower(bus)
    with upower(bus, [Device(2, 2, 20.0)], None):
        reading = sensor.read()
        assert reading.ups_on_battery is None and reading.power_saver is None
    sensor.close()


def test_no_bus_knows_nothing_and_is_tried_again(bus: str) -> None:
    sensor = UPower("unix:path=/nowhere/bus")
    assert sensor.read().ups_on_battery is None
    sensor.close()
    sensor.close()
