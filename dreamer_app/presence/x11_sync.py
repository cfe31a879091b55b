"""The X11 SYNC extension for python-xlib, as far as idle counters and their alarms need it.

Requests and layout: X Synchronization Extension Protocol, version 3.1 (X Consortium). Must not know what alarms mean.
"""

from __future__ import annotations

import struct
from typing import Any

from Xlib.display import Display
from Xlib.protocol import rq

EXTENSION = "SYNC"
POSITIVE, NEGATIVE = 0, 1
"""Test types: the counter rises to the value, or falls to it. Both stay armed after they fired."""

_ALL_ATTRIBUTES = 0b111111
"""Value mask of CreateAlarm: counter, value type, value, test type, delta, events."""


class _Initialize(rq.ReplyRequest):
    _request = rq.Struct(
        rq.Card8("opcode"), rq.Opcode(0), rq.RequestLength(), rq.Card8("major"), rq.Card8("minor"), rq.Pad(2)
    )
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card8("major"),
        rq.Card8("minor"),
        rq.Pad(22),
    )


class _ListSystemCounters(rq.ReplyRequest):
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(1), rq.RequestLength())
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Card32("count"),
        rq.Pad(20),
        rq.Binary("counters", pad=0),
    )


class _QueryCounter(rq.ReplyRequest):
    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(5), rq.RequestLength(), rq.Card32("counter"))
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Int32("high"),
        rq.Card32("low"),
        rq.Pad(16),
    )


class _CreateAlarm(rq.Request):
    _request = rq.Struct(
        rq.Card8("opcode"),
        rq.Opcode(8),
        rq.RequestLength(),
        rq.Card32("alarm"),
        rq.Card32("mask"),
        rq.Card32("counter"),
        rq.Card32("value_type"),
        rq.Int32("value_high"),
        rq.Card32("value_low"),
        rq.Card32("test_type"),
        rq.Int32("delta_high"),
        rq.Card32("delta_low"),
        rq.Card32("events"),
    )


class AlarmNotify(rq.Event):
    """An alarm fired: which one, at which counter value and server time (milliseconds)."""

    _code = None
    _fields = rq.Struct(
        rq.Card8("type"),
        rq.Card8("kind"),
        rq.Card16("sequence_number"),
        rq.Card32("alarm"),
        rq.Int32("counter_high"),
        rq.Card32("counter_low"),
        rq.Int32("value_high"),
        rq.Card32("value_low"),
        rq.Card32("timestamp"),
        rq.Card8("state"),
        rq.Pad(3),
    )


class SyncExtension:
    """SYNC on one display.

    Args:
        display: An open connection.

    Attributes:
        alarm_notify: `type` of the events that an alarm sends.

    Raises:
        LookupError: The server has no SYNC extension.
    """

    def __init__(self, display: Display) -> None:
        found: Any = display.query_extension(EXTENSION)
        if not found:
            raise LookupError("the X server has no SYNC extension")
        self._display = display
        display.display.set_extension_major(EXTENSION, found.major_opcode)
        self.alarm_notify = int(found.first_event) + 1
        display.extension_add_event(self.alarm_notify, AlarmNotify)
        _Initialize(display=display.display, opcode=self._opcode, major=3, minor=1)

    @property
    def _opcode(self) -> int:
        return int(self._display.display.get_extension_major(EXTENSION))

    def counters(self) -> dict[str, int]:
        """System counters: name to id, e.g. `IDLETIME`, and `DEVICEIDLETIME 2` for the input device 2."""
        reply: Any = _ListSystemCounters(display=self._display.display, opcode=self._opcode)
        return parse_counters(bytes(reply.counters), int(reply.count))

    def value(self, counter: int) -> int:
        """What a counter says now; milliseconds, for idle counters."""
        reply: Any = _QueryCounter(display=self._display.display, opcode=self._opcode, counter=counter)
        return int(reply.high) << 32 | int(reply.low)

    def alarm(self, counter: int, value: int, test_type: int) -> int:
        """Ask for an event whenever the counter passes a value.

        Args:
            counter: Its id.
            value: Milliseconds, for idle counters.
            test_type: `POSITIVE` or `NEGATIVE`.

        Returns:
            The alarm's id, as in `AlarmNotify.alarm`.
        """
        alarm = int(self._display.display.allocate_resource_id())
        _CreateAlarm(
            display=self._display.display,
            opcode=self._opcode,
            alarm=alarm,
            mask=_ALL_ATTRIBUTES,
            counter=counter,
            value_type=0,
            value_high=value >> 32,
            value_low=value & 0xFFFFFFFF,
            test_type=test_type,
            delta_high=0,
            delta_low=0,
            events=1,
        )
        return alarm


def parse_counters(packed: bytes, count: int) -> dict[str, int]:
    """The list of SYSTEMCOUNTER: id, resolution (8 bytes), length of the name, name, padded to four bytes."""
    found: dict[str, int] = {}
    offset = 0
    for _ in range(count):
        counter, _resolution, length = struct.unpack_from("=IqH", packed, offset)
        start = offset + 14
        found[packed[start : start + length].decode("ascii", "replace")] = counter
        offset = start + length + -(14 + length) % 4
    return found
