"""Questions are answered while everything else goes on."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from dreamer_app.core.errors import DreamerError
from dreamer_app.ui.dialogs import Choice, ask, opened, show_error
from tests.ui.waiting import until

QUESTION = ("Delete?", "Really?", [Choice("yes", "Delete"), Choice("no", "Keep", QMessageBox.ButtonRole.RejectRole)])


async def shown() -> QMessageBox:
    """The message box that is on the screen."""
    await until(lambda: isinstance(QApplication.activeModalWidget(), QMessageBox))
    return QApplication.activeModalWidget()


@pytest.mark.parametrize(("press", "answer"), [("Delete", "yes"), ("Keep", "no")])
async def test_the_answer_is_the_button(theme, press: str, answer: str) -> None:
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(ask(None, *QUESTION))
        box = await shown()
        next(button for button in box.buttons() if button.text() == press).click()
    assert asked.result() == answer


async def test_escape_means_the_last_choice(theme) -> None:
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(ask(None, *QUESTION))
        QTest.keyClick(await shown(), Qt.Key.Key_Escape)
    assert asked.result() == "no"


async def test_other_tasks_go_on_while_a_question_is_open(theme) -> None:
    """With exec() the ticker would lose its wake-up for good."""
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while ticks < 20:
            await asyncio.sleep(0.001)
            ticks += 1

    async with asyncio.TaskGroup() as group:
        ticking = group.create_task(tick())
        asked = group.create_task(ask(None, *QUESTION))
        box = await shown()
        await ticking
        assert not asked.done()
        box.buttons()[0].click()
    assert ticks == 20


async def test_a_question_nobody_waits_for_any_more_disappears(theme) -> None:
    asked = asyncio.ensure_future(ask(None, *QUESTION))
    await shown()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert QApplication.activeModalWidget() is None


async def test_a_dialog_gives_its_result(theme) -> None:
    dialog = QDialog()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(opened(dialog))
        await until(dialog.isVisible)
        dialog.accept()
    assert waiting.result() == QDialog.DialogCode.Accepted


async def test_an_error_says_what_to_do(theme) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(show_error(None, DreamerError("No room", "The disk is full", "Delete something")))
        box = await shown()
        assert (box.text(), box.informativeText()) == ("No room", "The disk is full\n\nDelete something")
        box.buttons()[0].click()
