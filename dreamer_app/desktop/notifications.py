"""Notifications through org.freedesktop.Notifications, with actions, and never waiting for a daemon that is silent.

What to say and when is not decided here. Qt's own cannot do this: it has no unsigned integers and no actions.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from dreamer_app.desktop.entries import APP_ID

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

_log = logging.getLogger(__name__)

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
PATIENCE = 2.0
"""Seconds for every call: a missing daemon once made a whole start wait for minutes elsewhere."""
DEFAULT = "default"


class Urgency(IntEnum):
    """As the specification numbers them."""

    LOW = 0
    NORMAL = 1
    CRITICAL = 2


@dataclass(frozen=True)
class Notice:
    """Something to say.

    Attributes:
        title: One line.
        body: A sentence or two; plain text.
        actions: What can be answered, by key; `default` is a click on it.
        urgency: How much it matters.
    """

    title: str
    body: str
    actions: Mapping[str, str] = field(default_factory=dict)
    urgency: Urgency = Urgency.NORMAL


Answered = Callable[[str], None]
Fallback = Callable[[Notice, Answered], None]


class Notifier:
    """Shows notices; the daemon is asked first, then the fallback.

    Args:
        fallback: Shows a notice without a daemon.
        address: Of the session bus; None means this session's.
    """

    def __init__(self, fallback: Fallback, address: str | None = None) -> None:
        self._fallback = fallback
        self._address = address
        self._bus: MessageBus | None = None
        self._answers: dict[int, Answered] = {}

    async def show(self, notice: Notice, answered: Answered = lambda _key: None) -> bool:
        """Show a notice.

        Args:
            notice: What to say.
            answered: Told the key of the action, on the event loop's thread; never called when it is ignored.

        Returns:
            Whether a daemon took it; else the fallback did.
        """
        try:
            async with asyncio.timeout(3 * PATIENCE):
                number = await self._notify(notice)
        except Exception as error:  # whatever a broken bus says, the notice is shown otherwise
            _log.info("no notification daemon took it: %s", error or type(error).__name__)
            await self.close()
            self._fallback(notice, answered)
            return False
        self._answers[number] = answered
        return True

    async def close(self) -> None:
        """Leave the bus. Idempotent."""
        bus, self._bus = self._bus, None
        self._answers.clear()
        if bus is not None:
            bus.disconnect()
            with contextlib.suppress(Exception):
                async with asyncio.timeout(PATIENCE):
                    await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # the library has no types here

    async def _notify(self, notice: Notice) -> int:
        from dbus_fast import Variant  # noqa: PLC0415  not before something is to be said

        able = set((await self._call("GetCapabilities"))[0])
        actions: Sequence[str] = ()
        if "actions" in able:
            actions = [part for pair in notice.actions.items() for part in pair]
        body = notice.body if "body-markup" not in able else html.escape(notice.body, quote=False)
        hints = {"urgency": Variant("y", int(notice.urgency)), "desktop-entry": Variant("s", APP_ID)}
        if notice.urgency is Urgency.LOW:
            hints["transient"] = Variant("b", True)
        answer = await self._call(
            "Notify", "susssasa{sv}i", ["The Dreamer", 0, APP_ID, notice.title, body, list(actions), hints, -1]
        )
        return int(answer[0])

    async def _call(self, member: str, signature: str = "", body: Sequence[Any] = ()) -> list[Any]:
        from dbus_fast import Message, MessageType  # noqa: PLC0415

        async with asyncio.timeout(PATIENCE):
            bus = await self._connected()
            answer = await bus.call(
                Message(
                    destination=NAME, path=PATH, interface=NAME, member=member, signature=signature, body=list(body)
                )
            )
        if answer is None or answer.message_type is MessageType.ERROR:
            raise ConnectionError(f"{member}: {answer.body if answer else 'no answer'}")
        return list(answer.body)

    async def _connected(self) -> MessageBus:
        from dbus_fast import Message  # noqa: PLC0415
        from dbus_fast.aio import MessageBus  # noqa: PLC0415

        if self._bus is not None and self._bus.connected:
            return self._bus
        bus = await MessageBus(bus_address=self._address).connect()
        bus.add_message_handler(self._heard)
        await bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=[f"type='signal',interface='{NAME}'"],
            )
        )
        self._bus = bus
        return bus

    def _heard(self, message: Any) -> None:
        if message.interface != NAME or not message.body:
            return
        if message.member == "ActionInvoked":
            answered = self._answers.pop(message.body[0], None)
            if answered is not None:
                answered(message.body[1])
        elif message.member == "NotificationClosed":
            self._answers.pop(message.body[0], None)
