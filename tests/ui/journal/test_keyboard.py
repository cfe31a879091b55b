"""Journal and report without a mouse; see `tests.ui.test_keyboard`."""

from __future__ import annotations

import pytest

from dreamer_app.service.dreamer import Dreamer
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.window import JournalWindow
from dreamer_app.ui.night_report import NightReport
from dreamer_app.ui.theme import Theme
from tests.ui.scenes import JOURNAL_SCENES
from tests.ui.test_keyboard import walked


@pytest.mark.parametrize("scene", sorted(JOURNAL_SCENES))
def test_the_journal(window: JournalWindow, scene: str) -> None:
    JOURNAL_SCENES[scene](window)
    walked(window)


def test_the_report(dreamer: Dreamer, theme: Theme, icons: Icons) -> None:
    report = NightReport(dreamer.stories, theme, icons)
    walked(report)
    report.close()
    report.deleteLater()
