"""The journal's status bar: what was just done, how much is listed, and the named undo."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QStatusBar, QToolButton, QWidget

from dreamer_app.core.i18n import mark, tr, trn
from dreamer_app.core.plain_text import one_line
from dreamer_app.store.listing import Order
from dreamer_app.store.records import ReviewAction
from dreamer_app.ui.journal.words import undo_text
from dreamer_app.ui.tokens import SPACE_3

ORDERS = {Order.NEWEST: mark("Newest first"), Order.OLDEST: mark("Oldest first"), Order.TITLE: mark("By title")}


class JournalStatus(QStatusBar):
    """Words and one button.

    Attributes:
        undo_wanted: The button was pressed.
        order_chosen: The list shall be sorted in another way, as `order` says.
        button: The named undo.
    """

    undo_wanted = Signal()
    order_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._said, self._count = QLabel(), QLabel()
        self._count.setProperty("muted", True)
        self.button = QPushButton()
        self.button.setProperty("flat", True)
        self.button.clicked.connect(self.undo_wanted)
        self.button.hide()
        self.order = Order.NEWEST
        self.sorting = QToolButton()
        self.sorting.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.sorting.setProperty("flat", True)
        self.sorting.setAccessibleName(tr("Order"))
        self.sorting.setMenu(self._orders())
        self.setSizeGripEnabled(False)
        self.setContentsMargins(SPACE_3, 0, SPACE_3, 0)
        self.addWidget(self._said, 1)
        self.addPermanentWidget(self._count)
        self.addPermanentWidget(self.sorting)
        self.addPermanentWidget(self.button)

    @property
    def said(self) -> str:
        """What it says."""
        return self._said.text()

    def say(self, text: str, *, bad: bool = False) -> None:
        """Say what was done, or what went wrong."""
        self._said.setText(one_line(text))
        self._said.setAccessibleName(text)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))  # a screen reader says it
        self._said.setProperty("tone", "bad" if bad else "")
        self._said.style().unpolish(self._said)
        self._said.style().polish(self._said)

    def count(self, selected: int, rows: int, *, more: bool = False) -> None:
        """Say how much is listed and selected; `more` while the rest of a long list is on its way."""
        text = trn("{n} dream", "{n} dreams", rows) + (" …" if more else "")
        self._count.setText(f"{tr('{n} selected', n=selected)} · {text}" if selected > 1 else text)

    def _orders(self) -> QMenu:
        menu = QMenu(self)
        for order, text in ORDERS.items():
            menu.addAction(tr(text)).triggered.connect(lambda _checked=False, order=order: self._sort(order))
        self.sorting.setText(tr(ORDERS[self.order]))
        return menu

    def _sort(self, order: Order) -> None:
        self.order = order
        self.sorting.setText(tr(ORDERS[order]))
        self.order_chosen.emit()

    def offer(self, action: ReviewAction | None) -> None:
        """Offer to take an action back."""
        self.button.setText(undo_text(action))
        self.button.setVisible(action is not None)
