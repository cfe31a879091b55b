"""Draws journal and night report: `python -m tests.ui.demo.pictures [FOLDER]`, into `docs/screenshots/` else.

The words of both windows are drawn in Polish once.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["TZ"] = "UTC"

from PySide6.QtWidgets import QApplication, QWidget

from dreamer_app.core.i18n import use_language
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.window import JournalWindow
from dreamer_app.ui.night_report import NightReport
from dreamer_app.ui.theme import Theme, ThemeChoice
from tests.house.tracked import ROOT
from tests.ui.demo.fill import MORNING, demo
from tests.ui.scenes import JOURNAL_SCENES, settle

FOLDER = ROOT / "docs" / "screenshots"


def keep(widget: QWidget, file: Path) -> None:
    """Write one picture."""
    settle()
    widget.grab().save(str(file))
    print(file)


def main(folder: Path = FOLDER) -> None:
    """Every scene in the light and in the dark theme."""
    time.tzset()
    app = QApplication([])
    theme = Theme(app, ThemeChoice.LIGHT)
    icons = Icons(theme)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as base:
        dreamer = demo(Path(base))
        for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            theme.choose(choice)
            for name, scene in JOURNAL_SCENES.items():
                journal(dreamer, theme, icons, scene, folder / f"journal-{name}-{choice.value}.png")
            night_report(dreamer, theme, icons, folder / f"night-report-{choice.value}.png")
        theme.choose(ThemeChoice.LIGHT)
        use_language("pl")
        journal(dreamer, theme, icons, JOURNAL_SCENES["stopped"], folder / "journal-stopped-polish.png")
        night_report(dreamer, theme, icons, folder / "night-report-polish.png")
        dreamer.close()


def journal(dreamer: Dreamer, theme: Theme, icons: Icons, scene: Callable[[JournalWindow], None], file: Path) -> None:
    """A scene of the journal."""
    window = JournalWindow(dreamer, theme, icons, lambda work: work.close(), now=lambda: MORNING)
    window.show()
    scene(window)
    keep(window, file)
    window.close()


def night_report(dreamer: Dreamer, theme: Theme, icons: Icons, file: Path) -> None:
    """The report of the last night."""
    report = NightReport(dreamer.stories, theme, icons)
    report.show()
    keep(report, file)
    report.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
