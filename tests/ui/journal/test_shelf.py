"""A long list begins at once and is whole a moment later; news of a night disturb nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from dreamer_app.core.journal_query import parse
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.ui.journal import reading
from dreamer_app.ui.journal.window import JournalWindow
from tests import builders
from tests.ui.waiting import until

BEGINNING = 4


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FIRST_PAGE", BEGINNING)


@pytest.mark.usefixtures("short_pages")
def test_the_rest_of_a_long_list_follows(window: JournalWindow, dreamer: Dreamer, qtbot: QtBot) -> None:
    wanted = list(dreamer.journal.ids(parse("")))
    window.sidebar.go("all")
    assert list(window.model.ids) == wanted[:BEGINNING]
    assert window.status._count.text().endswith("…")
    window.step(1)
    qtbot.waitUntil(lambda: list(window.model.ids) == wanted)
    assert window.current_id == wanted[1]
    assert window.status._count.text() == f"{len(wanted)} dreams"


@pytest.mark.usefixtures("short_pages")
@pytest.mark.parametrize("key", ["end", "all", "approve"])
def test_who_needs_the_end_of_it_waits(window: JournalWindow, dreamer: Dreamer, key: str) -> None:
    window.sidebar.go("all")
    window.sidebar.go("review")
    wanted = list(dreamer.journal.ids(parse("review:pending")))
    assert window.model.rowCount() == BEGINNING
    match key:
        case "end":
            QTest.keyClick(window.list, Qt.Key.Key_End)
            assert window.current_id == wanted[-1]
        case "all":
            window.actions_by_id["journal.all"].trigger()
            assert window.selected_ids == wanted
        case _:
            QTest.keyClick(window.list, Qt.Key.Key_A)
            assert list(window.model.ids) == wanted[1:]


@pytest.mark.usefixtures("short_pages")
def test_an_answer_to_an_older_question_is_not_shown(window: JournalWindow, dreamer: Dreamer, qtbot: QtBot) -> None:
    window.sidebar.go("all")
    window.sidebar.go("failed")
    qtbot.wait(50)
    assert list(window.model.ids) == list(dreamer.journal.ids(parse("state:failed")))


async def test_dreams_of_a_night_come_in_and_the_selection_stays(
    make_window: Callable[..., JournalWindow], dreamer: Dreamer
) -> None:
    window = make_window()
    window.step(2)
    QTest.keyClick(window.list, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    before, chosen = list(window.model.ids), window.selected_ids
    assert len(chosen) == 2
    night = dreamer.journal.nights()[0]
    later = datetime(2030, 1, 1, tzinfo=UTC)
    dream = builders.verified(1).model_copy(update={"night_id": night.id, "created_at": later})
    dreamer.store.dreams.adopt(dream)
    window.renew_beside()
    await until(lambda: len(window.model.ids) == len(before) + 1)
    assert list(window.model.ids) == [dream.id, *before]
    assert window.selected_ids == chosen
