"""UPower over D-Bus: an uninterruptible supply on USB, and the power profile that a person chose.

Runs its own small event loop in the thread of its reads; a bus that hangs costs two seconds and nothing else.
"""

from __future__ import annotations

import asyncio
from typing import Any

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus

from dreamer_app.energy.reading import EnergyReading

SECONDS = 2.0
UPOWER, PATH = "org.freedesktop.UPower", "/org/freedesktop/UPower"
DEVICE = "org.freedesktop.UPower.Device"
PROFILES, PROFILES_PATH = "net.hadess.PowerProfiles", "/net/hadess/PowerProfiles"
PROPERTIES = "org.freedesktop.DBus.Properties"

UPS = 3
"""`Type` of a device (UPower's documentation)."""

DISCHARGING, CHARGING, FULL = 2, 1, 4
"""`State` of a device."""

LOW, ACTION = 3, 5
"""`WarningLevel` from which a supply is about to give out, and the highest."""


class UPower:
    """Asks UPower.

    Args:
        address: Of the bus; None for the system's own.
    """

    name = "UPS and power profile (UPower)"
    closely, calmly = 5.0, 15.0

    def __init__(self, address: str | None = None) -> None:
        self._address = address
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bus: MessageBus | None = None

    def read(self) -> EnergyReading:
        """The worst supply and the profile; unknown where nothing answers."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        try:
            return self._loop.run_until_complete(asyncio.wait_for(self._asked(), SECONDS))
        except Exception:  # no bus, no UPower, no answer, an answer of another kind
            self._disconnect()
            return EnergyReading()

    def close(self) -> None:
        """Leave the bus."""
        self._disconnect()
        if self._loop is not None:
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()
            self._loop = None

    def _disconnect(self) -> None:
        if self._bus is not None:
            self._bus.disconnect()
            self._bus = None

    async def _asked(self) -> EnergyReading:
        if self._bus is None or not self._bus.connected:
            bus = MessageBus(bus_address=self._address, bus_type=BusType.SYSTEM)
            self._bus = bus
            await bus.connect()
        devices = await self._call(UPOWER, PATH, UPOWER, "EnumerateDevices") or []
        found = [await self._call(UPOWER, path, PROPERTIES, "GetAll", DEVICE) for path in devices]
        supplies = [device for device in found if device and _value(device, "Type") == UPS]
        profile = await self._call(PROFILES, PROFILES_PATH, PROPERTIES, "Get", PROFILES, "ActiveProfile")
        charges = [float(_value(device, "Percentage")) / 100 for device in supplies]
        return EnergyReading(
            ups_on_battery=any(_value(device, "State") == DISCHARGING for device in supplies) if supplies else None,
            ups_low=any(LOW <= _value(device, "WarningLevel") <= ACTION for device in supplies) if supplies else None,
            ups_charge=min(charges, default=None),
            power_saver=None if profile is None else profile.value == "power-saver",
        )

    async def _call(self, service: str, path: str, interface: str, member: str, *words: str) -> Any:
        """The first value of the answer, None when there is no such service."""
        assert self._bus is not None
        message = Message(
            destination=service,
            path=path,
            interface=interface,
            member=member,
            signature="s" * len(words),
            body=[*words],
        )
        answer = await self._bus.call(message)
        if answer is None or answer.message_type is not MessageType.METHOD_RETURN:
            return None
        return answer.body[0] if answer.body else None


def _value(device: dict[str, Any], name: str) -> Any:
    found = device.get(name)
    return 0 if found is None else found.value
