"""Draws journal and night report: `python -m tests.ui.demo.pictures [FOLDER]`, into `docs/screenshots/` else."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["TZ"] = "UTC"

from PySide6.QtWidgets import QApplication, QWidget

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
                window = JournalWindow(dreamer, theme, icons, lambda work: work.close(), now=lambda: MORNING)
                window.show()
                scene(window)
                keep(window, folder / f"journal-{name}-{choice.value}.png")
                window.close()
            report = NightReport(dreamer.stories, theme, icons)
            report.show()
            keep(report, folder / f"night-report-{choice.value}.png")
            report.close()
        dreamer.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
