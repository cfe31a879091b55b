"""The window of the first steps: where one is, back, next, skip."""

from __future__ import annotations

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.ui.app import Desktop
from dreamer_app.ui.tokens import SPACE_3, SPACE_4, SPACE_5
from dreamer_app.ui.windows import button, row
from dreamer_app.ui.wizard.deeds import Deeds
from dreamer_app.ui.wizard.steps import FirstDream, steps_of

WIDTH, HEIGHT = 680, 560


class Wizard(QWidget):
    """First steps.

    Args:
        desktop: What all windows share.
        deeds: What it may do.
    """

    def __init__(self, desktop: Desktop, deeds: Deeds) -> None:
        super().__init__()
        self._deeds = deeds
        self.setWindowTitle(tr("First steps"))
        self.resize(WIDTH, HEIGHT)
        self.steps = steps_of(desktop, deeds)
        self.stack = QStackedWidget()
        for step in self.steps:
            self.stack.addWidget(step)
        self.where = QLabel()
        self.where.setProperty("chip", True)
        self.back = button(tr("Back"), lambda: self.go(self.place - 1))
        self.skip = button(tr("Skip all"), self.close, flat=True)
        self.next = button(tr("Next"), self._next, primary=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_5, SPACE_4, SPACE_5, SPACE_4)
        column.setSpacing(SPACE_3)
        head = QHBoxLayout()
        head.addWidget(self.where)
        head.addStretch()
        column.addLayout(head)
        column.addWidget(self.stack, 1)
        column.addLayout(row(self.skip, None, self.back, self.next))
        self._show()

    @property
    def place(self) -> int:
        """Which step is shown, from 0."""
        return self.stack.currentIndex()

    def go(self, place: int) -> None:
        """Show a step."""
        self.steps[self.place].left()
        self.stack.setCurrentIndex(place)
        self._show()
        self.steps[place].entered()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Skipped or done; it can be opened again."""
        self.steps[self.place].left()
        for step in self.steps:
            if isinstance(step, FirstDream):
                step.closed()
        self._deeds.done()
        super().closeEvent(event)

    def _next(self) -> None:
        if self.place == len(self.steps) - 1:
            self.close()
        else:
            self.go(self.place + 1)

    def _show(self) -> None:
        last = self.place == len(self.steps) - 1
        self.where.setText(tr("Step {n} of {all}", n=self.place + 1, all=len(self.steps)))
        self.back.setEnabled(self.place > 0)
        self.next.setText(tr("Done") if last else tr("Next"))
        self.skip.setVisible(not last)
        self.next.setFocus()
