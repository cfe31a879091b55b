"""The journal under real keys and clicks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dreamer_app.core.types import DreamState, Review
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.editing import EditProof
from dreamer_app.ui.journal.model import DreamListModel
from dreamer_app.ui.journal.window import JournalWindow
from tests import builders
from tests.ui.demo.fill import MORNING
from tests.ui.waiting import until

KEY = Qt.Key


def press(window: JournalWindow, *keys: Qt.Key | str) -> None:
    """Press keys where the focus is."""
    for key in keys:
        focus = QApplication.focusWidget() or window.list
        if isinstance(key, str):
            QTest.keyClicks(focus, key)
        else:
            QTest.keyClick(focus, key)
        QApplication.processEvents()


def review(dreamer: Dreamer, dream_id: str) -> Review:
    return dreamer.journal.show(dream_id).dream.review


def all_pending(window: JournalWindow, dreamer: Dreamer) -> None:
    """As if nobody had decided anything."""
    while dreamer.journal.undo_action() is not None:
        pass
    window.renew()
    window.activateWindow()
    window.list.setFocus()


def test_twenty_dreams_by_keyboard_alone(window: JournalWindow, dreamer: Dreamer, qtbot: QtBot) -> None:
    all_pending(window, dreamer)
    ids = list(window.model.ids)
    assert len(ids) >= 20
    for n, dream_id in enumerate(ids[:20]):
        assert window.current_id == dream_id
        if n % 4 == 3:
            press(window, "x", "too easy", KEY.Key_Return)
        else:
            press(window, "a")
    assert [review(dreamer, one) for one in ids[:4]] == [Review.APPROVED] * 3 + [Review.REJECTED]
    assert dreamer.journal.show(ids[3]).decisions[-1].reason == "too easy"
    qtbot.waitUntil(lambda: window.counts.of(DreamState.VERIFIED, Review.APPROVED) == 15)
    press(window, "u")
    assert review(dreamer, ids[19]) is Review.PENDING and window.current_id == ids[19]
    assert "Taken back" in window.status.said
    QTest.keyClick(window.list, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert review(dreamer, ids[19]) is Review.REJECTED


def test_many_at_once_are_one_undo_with_a_name(window: JournalWindow, dreamer: Dreamer) -> None:
    all_pending(window, dreamer)
    ids = list(window.model.ids)
    QTest.keyClick(window.list, KEY.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(window.list, KEY.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert window.selected_ids == ids[:3]
    press(window, "a")
    assert [review(dreamer, one) for one in ids[:3]] == [Review.APPROVED] * 3
    assert window.status.button.text() == "Undo “Approve 3 dreams”"
    QTest.mouseClick(window.status.button, Qt.MouseButton.LeftButton)
    assert [review(dreamer, one) for one in ids[:3]] == [Review.PENDING] * 3
    assert list(window.model.ids) == ids


def test_more_than_twenty_are_asked_about(window: JournalWindow, dreamer: Dreamer, qtbot: QtBot) -> None:
    all_pending(window, dreamer)
    count = len(window.model.ids)
    assert count > 20
    window.actions_by_id["journal.all"].trigger()
    press(window, "a")
    assert window.bar.asking and window.bar.yes.text() == f"Approve {count}"
    press(window, KEY.Key_Escape)
    assert not window.bar.asking and len(window.model.ids) == count
    window.actions_by_id["journal.all"].trigger()
    press(window, "a")
    QTest.mouseClick(window.bar.yes, Qt.MouseButton.LeftButton)
    assert window.model.rowCount() == 0
    qtbot.waitUntil(lambda: window.middle.empty.title == "All reviewed")


def test_search_with_chips_and_problems(window: JournalWindow, qtbot: QtBot) -> None:
    window.sidebar.go("all")
    everything = window.model.rowCount()
    press(window, "/")
    assert QApplication.focusWidget() is window.search.field
    press(window, "tally lib:rich state:asleep")
    qtbot.waitUntil(lambda: 0 < window.model.rowCount() < everything)
    assert "lib:rich" in window.windowTitle()
    lines = [window.model.line(row) for row in range(window.model.rowCount())]
    assert all(any(name.startswith("rich") for name in line.libraries) for line in lines if line)
    assert window.search.query.problems
    press(window, KEY.Key_Escape)
    qtbot.waitUntil(lambda: window.model.rowCount() == everything)
    window.search.set_text("nothinglikethis")
    assert window.middle.empty.title == "Nothing found"
    QTest.mouseClick(window.middle.empty.button, Qt.MouseButton.LeftButton)
    assert window.model.rowCount() == everything


def test_failed_dreams_show_the_gate_and_cannot_be_approved(window: JournalWindow) -> None:
    window.sidebar.go("failed")
    press(window, "4")
    page = window.detail.page
    assert page is not None and page.dream.verdict is not None and page.dream.verdict.stopped_by is not None
    tree = window.detail.run.tree
    last = tree.topLevelItem(tree.topLevelItemCount() - 1)
    assert last is not None and last.isExpanded()
    assert last.text(0).startswith(page.dream.verdict.stopped_by.gate) and last.text(1)
    assert not window.actions_by_id["journal.approve"].isEnabled()
    assert window.actions_by_id["journal.edit"].isEnabled()


def test_tabs_and_differences_by_keys(window: JournalWindow) -> None:
    press(window, "5")
    diff = window.detail.changes.diff
    assert window.detail.changes.pairs.count() >= 1
    press(window, "d")
    assert diff.split and diff.left.isVisible()
    before = diff.right.textCursor().blockNumber()
    press(window, "]")
    press(window, "]")
    assert diff.right.textCursor().blockNumber() != before
    press(window, "d", "1")
    assert not diff.split and window.detail.tabs.currentIndex() == 0
    assert window.detail.task.toPlainText()


def test_dream_text_hides_nothing(window: JournalWindow) -> None:
    window.detail.code.show_text("ok = 'user\u202e'\n\x1b[2J")
    assert window.detail.code.pane.toPlainText() == "ok = 'user⟨Right-To-Left Override⟩'\n⟨ESC⟩[2J"


class Proving:
    """The service with a Guardian that says what it is told."""

    def __init__(self, dreamer: Dreamer, *, accepts: bool) -> None:
        self.journal, self._dreamer, self._accepts = dreamer.journal, dreamer, accepts

    async def prove_edit(self, text: str, solution: str) -> EditProof:
        dream = self.journal.show(text).dream
        verdict = dream.verdict if self._accepts else builders.verdict(stopped_by="G5")
        candidate = dream.candidate.model_copy(update={"solution": solution, "coder": "you"})
        self._dreamer.store.take_edit(dream.model_copy(update={"candidate": candidate, "verdict": verdict}))
        await asyncio.sleep(0)
        stopped = None if verdict is None else verdict.stopped_by
        return EditProof(dream_id=dream.id, accepted=self._accepts, stopped_by=stopped, seconds=1)


@pytest.mark.parametrize("accepts", [True, False])
async def test_an_edit_is_proved_before_it_counts(
    make_window: Callable[..., JournalWindow], dreamer: Dreamer, accepts: bool
) -> None:
    window = make_window(Proving(dreamer, accepts=accepts))
    dream_id = window.current_id
    assert dream_id is not None
    original = dreamer.journal.show(dream_id).dream.candidate.solution
    window.actions_by_id["journal.edit"].trigger()
    assert window.detail.editing
    QTest.keyClicks(window.detail.editor.pane, "# mine")
    QTest.keyClick(window.detail.editor.pane, KEY.Key_Return)
    QTest.mouseClick(window.detail.editor.prove, Qt.MouseButton.LeftButton)
    await until(lambda: "solution" in window.status.said and "…" not in window.status.said)
    page = dreamer.journal.show(dream_id)
    assert [one.purpose for one in page.attempts] == ["dream", "edit"]
    assert page.attempts[0].solution == original
    assert page.dream.candidate.solution.startswith("# mine") is accepts
    assert ("stopped by G5" in window.status.said) is not accepts


async def test_approving_teaches_and_undoing_forgets(
    make_window: Callable[..., JournalWindow], dreamer: Dreamer
) -> None:
    window = make_window()
    dream_id = window.current_id
    assert dream_id is not None and dreamer.lessons.get(dream_id) is None
    window.approve()
    await until(lambda: dreamer.lessons.get(dream_id))
    assert dreamer.lessons.get(dream_id).apis
    window.undo()
    await until(lambda: dreamer.lessons.get(dream_id) is None)


def test_the_model_keeps_qts_rules(dreamer: Dreamer) -> None:
    model = DreamListModel(dreamer.journal.page, lambda: MORNING)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    ids = dreamer.journal.ids(window_query())
    model.set_ids(ids)
    model.remove([*ids[2:5], ids[-1], ids[0]])
    assert list(model.ids) == [*ids[1:2], *ids[5:-1]]
    assert model.line(0).id == ids[1] and model.line(10_000) is None
    model.renew()
    tester.deleteLater()


def window_query() -> object:
    from dreamer_app.core.journal_query import JournalQuery

    return JournalQuery()


def test_a_flag_is_set_found_and_taken_back(window: JournalWindow, dreamer: Dreamer) -> None:
    all_pending(window, dreamer)
    first = window.current_id
    press(window, "f")
    assert window.current_id == first
    assert window.model.line(0).flagged and "flagged" in window.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    window.ask("flag:yes")
    assert window.model.ids == [first]
    window.ask("flag:no")
    assert first not in window.model.ids
    window.ask("")
    press(window, "u")
    window.ask("flag:yes")
    assert window.model.ids == []


def test_the_order_of_the_list_is_chosen(window: JournalWindow) -> None:
    window.sidebar.go("all")
    newest = list(window.model.ids)
    kept = window.current_id
    oldest, title = window.status.sorting.menu().actions()[1:]
    oldest.trigger()
    assert window.model.ids == newest[::-1] and window.current_id == kept
    title.trigger()
    lines = [window.model.line(row).title.lower() for row in range(window.model.rowCount())]
    assert lines == sorted(lines) and window.status.sorting.text() == title.text()


def test_one_of_the_latest_decisions_is_taken_back_by_itself(window: JournalWindow, dreamer: Dreamer) -> None:
    all_pending(window, dreamer)
    ids = list(window.model.ids)
    press(window, "a")
    press(window, "x", KEY.Key_Return)
    window.detail.tabs.setCurrentIndex(5)
    history = window.detail.history
    assert not history.one.isEnabled()
    history.latest.setCurrentItem(history.latest.topLevelItem(1))  # the approval, which is not the latest
    QTest.mouseClick(history.one, Qt.MouseButton.LeftButton)
    assert review(dreamer, ids[0]) is Review.PENDING and review(dreamer, ids[1]) is Review.REJECTED
    assert "Taken back: Approved 1 dream" in window.status.said
    history.latest.setCurrentItem(history.latest.topLevelItem(1))
    assert not history.one.isEnabled()
