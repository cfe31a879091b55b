"""A window takes news when somebody sees it, and many pieces at once."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dreamer_app.ui import renewal
from dreamer_app.ui.renewal import Renewal


def test_news_wait_for_eyes_and_come_together(qtbot, monkeypatch) -> None:
    monkeypatch.setattr(renewal, "PAUSE_MS", 1)
    window, renewed = QWidget(), list[int]()
    qtbot.addWidget(window)
    news = Renewal(window, lambda: renewed.append(1))
    news.due()
    news.due()
    assert renewed == []
    window.show()
    assert renewed == [1]
    for _ in range(5):
        news.due()
    qtbot.waitUntil(lambda: renewed == [1, 1])
    window.hide()
    news.due()
    window.show()
    assert renewed == [1, 1, 1]
