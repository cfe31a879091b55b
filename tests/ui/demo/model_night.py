"""Draws the report of a real night with a mediocre model: `python -m tests.ui.demo.model_night`, minutes.

The night is the one of `make bench BENCH=model_night`: real workers, a scripted server a third of whose answers is
broken. Its funnel says what became of every answer; the picture stands in the page about models.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication

from dreamer_app.core.paths import DataPaths
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.night_report import NightReport
from dreamer_app.ui.theme import Theme, ThemeChoice
from tests.bench.bench_model_night import SPEED, night
from tests.e2e.real_night import workshop
from tests.scripted_server.author import Author
from tests.scripted_server.script import Script, Turn
from tests.scripted_server.server import serving
from tests.ui.demo.pictures import FOLDER, keep


def main() -> None:
    """Dream, then draw in both themes."""
    app = QApplication([])
    theme = Theme(app, ThemeChoice.LIGHT)
    with tempfile.TemporaryDirectory() as base:
        with serving(Script((Turn(pieces_per_second=SPEED),), Author())) as server:
            asyncio.run(night(Path(base), server))
        dreamer = Dreamer(DataPaths(Path(base)), workshop)
        for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            theme.choose(choice)
            report = NightReport(dreamer.stories, theme, Icons(theme))
            report.resize(1120, 1000)
            report.show()
            keep(report, FOLDER / f"model-night-{choice.value}.png")
            report.close()
        dreamer.close()


if __name__ == "__main__":
    main()
