"""Questions and messages that never stop the event loop.

`exec()` inside a coroutine loses other tasks' wake-ups for good (measured; one of them may be the one that gives the
computer back), so everything here opens and is awaited. Nothing else in the interface makes message boxes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.i18n import tr
from dreamer_app.ui.error_words import advice_of, title_of


@dataclass(frozen=True)
class Choice:
    """A button of a question.

    Attributes:
        key: What `ask` returns when it is chosen.
        text: On the button.
        role: How the platform places it.
    """

    key: str
    text: str
    role: QMessageBox.ButtonRole = QMessageBox.ButtonRole.AcceptRole


async def opened(dialog: QDialog) -> int:
    """Open a dialog and wait until it is closed, while everything else goes on.

    Returns:
        Its result code. The dialog is used up; cancelling the wait closes it.
    """
    closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def done(result: int) -> None:
        if not closed.done():
            closed.set_result(result)

    dialog.finished.connect(done)
    dialog.open()
    try:
        return await closed
    finally:
        dialog.close()
        dialog.deleteLater()


async def ask(
    parent: QWidget | None,
    title: str,
    text: str,
    choices: Sequence[Choice],
    *,
    details: str = "",
    icon: QMessageBox.Icon = QMessageBox.Icon.Question,
) -> str:
    """Ask a question.

    Args:
        parent: The window that it belongs to.
        title: A few words; also shown as the first line, because some desktops hide titles.
        text: The question.
        choices: The first is the default; the last is what Escape means.
        details: Shown on demand and selectable.
        icon: Beside the text.

    Returns:
        The key of the choice.
    """
    box = QMessageBox(parent)
    box.setIcon(icon)
    box.setWindowTitle(title)
    box.setText(title)
    box.setInformativeText(text)
    box.setDetailedText(details)
    box.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    buttons = [box.addButton(choice.text, choice.role) for choice in choices]
    box.setDefaultButton(buttons[0])
    box.setEscapeButton(buttons[-1])
    pressed: list[int] = []
    box.buttonClicked.connect(lambda button: pressed.append(buttons.index(button)))
    await opened(box)
    return choices[pressed[0] if pressed else -1].key


async def tell(parent: QWidget | None, title: str, text: str, *, details: str = "") -> None:
    """Say something that has to be seen."""
    await ask(parent, title, text, [Choice("ok", tr("OK"))], details=details, icon=QMessageBox.Icon.Information)


async def show_error(parent: QWidget | None, error: DreamerError) -> None:
    """An error as title, message and what to do."""
    text = advice_of(error, between="\n\n")
    await ask(parent, title_of(error), text, [Choice("ok", tr("OK"))], icon=QMessageBox.Icon.Warning)
