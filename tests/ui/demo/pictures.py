"""Writes the scenes of journal and night report into `docs/screenshots/`: `python -m tests.ui.demo.pictures`."""

from __future__ import annotations

import os
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


def keep(widget: QWidget, name: str, theme: str) -> None:
    """Write one picture."""
    settle()
    file = FOLDER / f"{name}-{theme}.png"
    widget.grab().save(str(file))
    print(file.relative_to(ROOT))


def main() -> None:
    """Every scene in the light and in the dark theme."""
    time.tzset()
    app = QApplication([])
    theme = Theme(app, ThemeChoice.LIGHT)
    icons = Icons(theme)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as base:
        dreamer = demo(Path(base))
        for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            theme.choose(choice)
            for name, scene in JOURNAL_SCENES.items():
                window = JournalWindow(dreamer, theme, icons, lambda work: work.close(), now=lambda: MORNING)
                window.show()
                scene(window)
                keep(window, f"journal-{name}", choice.value)
                window.close()
            report = NightReport(dreamer.stories, theme, icons)
            report.show()
            keep(report, "night-report", choice.value)
            report.close()
        dreamer.close()


if __name__ == "__main__":
    main()
