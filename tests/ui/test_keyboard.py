"""Every window without a mouse: Tab reaches all controls, in the order in which they are read, and they have names."""

from __future__ import annotations

from pathlib import Path

import make_screenshots
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from dreamer_app.core.settings import DesktopSettings, Settings
from dreamer_app.ui.about import NoTrayWindow
from dreamer_app.ui.app import Desktop, make_desktop
from dreamer_app.ui.export_window import ExportWindow
from dreamer_app.ui.settings.dialog import SettingsWindow
from tests.ui.tabbing import jumps, name, tour, usable

WINDOWS = sorted(set(make_screenshots.SCENES) - {"tray-menu", "tray-states"} - set(make_screenshots.SHOWN_PAGES))
BY_ESCAPE = ("health", "disk", "log", "keys", "about", "settings-general")


@pytest.fixture(scope="module")
def desktop(qapp: QApplication) -> Desktop:
    return make_desktop(DesktopSettings(language="en", theme="light"))


def walked(window: QWidget) -> None:
    """Show it, go through it, and say what is wrong."""
    window.show()
    order = tour(window)
    missed = usable(window) - set(order)
    assert not missed, f"never reached: {[name(one) or one for one in missed]}"
    assert [one for one in order if not name(one)] == []
    assert [(name(a), name(b)) for a, b in jumps(order, window)] == []


@pytest.mark.parametrize("scene", WINDOWS)
def test_small_windows(qtbot, desktop: Desktop, scene: str) -> None:
    window = make_screenshots.SCENES[scene](desktop)
    qtbot.addWidget(window)
    walked(window)


def test_every_page_of_the_settings(qtbot, desktop: Desktop) -> None:
    window = make_screenshots.settings("desktop")(desktop)
    qtbot.addWidget(window)
    assert isinstance(window, SettingsWindow)
    for page in Settings.model_fields:
        window.open_page(page)
        walked(window)


def test_export_and_the_window_without_a_tray(qtbot, tmp_path: Path) -> None:
    class Nothing:
        """Has no dreams."""

        def export_preview(self, order: object) -> object:
            raise AssertionError

    for window in (
        NoTrayWindow(lambda: None, lambda: None),
        ExportWindow(Nothing(), tmp_path, lambda _work: None),  # type: ignore[arg-type]
    ):
        qtbot.addWidget(window)
        walked(window)
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert not window.isVisible()


@pytest.mark.parametrize("scene", BY_ESCAPE)
def test_escape_closes(qtbot, desktop: Desktop, scene: str) -> None:
    window = make_screenshots.SCENES[scene](desktop)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
    assert not window.isVisible()
