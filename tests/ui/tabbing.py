"""Goes through a window as a person without a mouse does: Tab, and Tab again, until it is back where it began."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QKeySequenceEdit, QScrollArea, QWidget

PATIENCE = 200
"""Steps after which it must have come round."""
INNER = (QAbstractSpinBox, QComboBox, QKeySequenceEdit)
"""Controls that lend their focus to a part of theirs."""


def usable(window: QWidget) -> set[QWidget]:
    """Everything that can be used now and wants the focus of the Tab key."""
    found = {window, *window.findChildren(QWidget)} - {window}
    return {
        widget
        for widget in found
        if widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not isinstance(widget.parentWidget(), INNER)
        and not widget.objectName().startswith("qt_")
    }


def tour(window: QWidget) -> list[QWidget]:
    """The controls in the order of the Tab key; one that keeps the focus is alone there."""
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    start = window.focusWidget() or min(usable(window), key=lambda one: place(one, window).topLeft().toTuple()[::-1])
    start.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    for _ in range(PATIENCE):
        at = _whole(QApplication.focusWidget())
        if at in seen:
            return seen[seen.index(at) :]
        seen.append(at)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    raise AssertionError("it never came round")


def jumps(order: Sequence[QWidget], window: QWidget) -> list[tuple[QWidget, QWidget]]:
    """Neighbours of which the second stands before the first where people read; wherever the tour began."""
    for area in window.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(0)  # the tour brought its last stop into view
    return min((_back([*order[n:], *order[:n]], window) for n in range(len(order))), key=len, default=[])


def _back(order: Sequence[QWidget], window: QWidget) -> list[tuple[QWidget, QWidget]]:
    found = []
    for one, other in pairwise(order):
        a, b = place(one, window), place(other, window)
        above = b.bottom() <= a.top() and b.left() <= a.right()
        left = b.right() <= a.left() and b.top() < a.bottom() and a.top() < b.bottom()
        if above or left:
            found.append((one, other))
    return found


def place(widget: QWidget, window: QWidget) -> QRect:
    """Where it is in its window."""
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def name(widget: QWidget) -> str:
    """What a screen reader calls it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)) if interface is not None else ""


def _whole(widget: QWidget | None) -> QWidget:
    assert widget is not None, "nothing has the focus"
    parent = widget.parentWidget()
    return parent if isinstance(parent, INNER) else widget
