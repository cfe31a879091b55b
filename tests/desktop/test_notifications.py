"""Notices through a real bus: shown with their actions, answered, and never waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from dreamer_app.desktop import notifications
from dreamer_app.desktop.notifications import Notice, Notifier, Urgency
from tests.ui.bus import FakeDaemon, daemon, session_bus
from tests.ui.waiting import until

NOTICE = Notice("While you were away", "I dreamt 2 < 3 solutions.", {"default": "Open", "review": "Review"})


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with session_bus() as found:
        yield found


class Fallback:
    """Remembers what the daemon did not take."""

    def __init__(self) -> None:
        self.shown: list[Notice] = []

    def __call__(self, notice: Notice, _answered: object) -> None:
        self.shown.append(notice)


async def test_a_notice_is_shown_with_actions_and_answered(address: str) -> None:
    fallback, answers = Fallback(), []
    async with daemon(address, FakeDaemon()) as fake:
        notifier = Notifier(fallback, address)
        assert await notifier.show(NOTICE, answers.append)
        summary, body, actions, hints = fake.shown[0]
        assert (summary, body) == ("While you were away", "I dreamt 2 &lt; 3 solutions.")
        assert actions == ["default", "Open", "review", "Review"]
        assert hints["urgency"] == 1
        assert hints["desktop-entry"].endswith(".Dreamer")
        fake.ActionInvoked(1, "review")
        await until(lambda: answers)
        await notifier.close()
    assert answers == ["review"]
    assert fallback.shown == []


async def test_a_daemon_without_actions_or_markup_gets_plain_words(address: str) -> None:
    async with daemon(address, FakeDaemon([])) as fake:
        notifier = Notifier(Fallback(), address)
        assert await notifier.show(Notice("a", "2 < 3", {"x": "X"}, Urgency.LOW))
        await notifier.close()
    assert fake.shown == [
        ["a", "2 < 3", [], {"urgency": 0, "desktop-entry": fake.shown[0][3]["desktop-entry"], "transient": True}]
    ]


async def test_without_a_daemon_the_fallback_shows_it(address: str) -> None:
    fallback = Fallback()
    assert not await Notifier(fallback, address).show(NOTICE)
    assert fallback.shown == [NOTICE]


async def test_without_a_bus_the_fallback_shows_it(tmp_path) -> None:
    fallback = Fallback()
    assert not await Notifier(fallback, f"unix:path={tmp_path}/none").show(NOTICE)
    assert fallback.shown == [NOTICE]


async def test_a_daemon_that_hangs_is_not_waited_for(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "PATIENCE", 0.2)

    class Hanging(FakeDaemon):
        """Never answers: nobody reads its bus any more."""

    fallback = Fallback()
    async with daemon(address, Hanging()) as fake:
        fake.capabilities = asyncio.get_running_loop()  # not a list of words: dbus-fast cannot answer
        assert not await Notifier(fallback, address).show(NOTICE)
    assert fallback.shown == [NOTICE]


async def test_the_daemon_that_comes_back_is_used_again(address: str) -> None:
    fallback = Fallback()
    notifier = Notifier(fallback, address)
    assert not await notifier.show(NOTICE)
    async with daemon(address, FakeDaemon()):
        assert await notifier.show(NOTICE)
        await notifier.close()
