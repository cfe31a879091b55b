"""Every scene of the journal and the report, pixel by pixel, in both themes; and nothing without a name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from dreamer_app.core.i18n import use_language
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.window import JournalWindow
from dreamer_app.ui.night_report import NightReport
from dreamer_app.ui.theme import Theme, ThemeChoice
from tests.ui.scenes import JOURNAL_SCENES, settle

THEMES = (ThemeChoice.LIGHT, ThemeChoice.DARK)


@pytest.mark.parametrize("choice", THEMES)
@pytest.mark.parametrize("scene", [name for name in JOURNAL_SCENES if name != "reason"])  # its cursor blinks
def test_journal(
    window: JournalWindow, theme: Theme, golden: Callable[[QWidget, str], None], scene: str, choice: ThemeChoice
) -> None:
    theme.choose(choice)
    JOURNAL_SCENES[scene](window)
    settle()
    golden(window, f"journal-{scene}-{choice.value}")


@pytest.mark.parametrize("choice", THEMES)
def test_report(
    dreamer: Dreamer, theme: Theme, icons: Icons, golden: Callable[[QWidget, str], None], choice: ThemeChoice
) -> None:
    theme.choose(choice)
    report = NightReport(dreamer.stories, theme, icons)
    report.show()
    settle()
    golden(report, f"report-{choice.value}")
    report.close()


def test_the_report_says_what_its_figures_prove(dreamer: Dreamer, theme: Theme, icons: Icons) -> None:
    report = NightReport(dreamer.stories, theme, icons)
    story = dreamer.stories.of()
    assert story is not None
    assert report.said.startswith(f"I dreamt {story.now.verified} new solutions.")
    assert "Learned more about" in report.said  # every library of this night was dreamt about before
    first = dreamer.stories.nights()[-1]
    report.show_night(first.id)
    assert "Learned <code>" in report.said
    table = report.funnel.table()
    assert int(table.rows[0][1]) == story_of(dreamer, first.id).gates[0].entered
    assert report.timeline.accessibleDescription() and report.libraries.accessibleDescription()
    wanted: list[str] = []
    report.journal_wanted.connect(wanted.append)
    report.show_night(None)
    report.action.click()
    assert wanted and wanted[0].startswith("night:")
    report.deleteLater()


def story_of(dreamer: Dreamer, night_id: str) -> object:
    return dreamer.stories.of(night_id)


def test_polish_plurals_in_the_headline(dreamer: Dreamer, theme: Theme, icons: Icons) -> None:
    use_language("pl")
    report = NightReport(dreamer.stories, theme, icons)
    assert "Wyśniłem" in report.said and "rozwiąza" in report.said
    report.deleteLater()


def test_everything_that_can_be_used_has_a_name(
    window: JournalWindow, dreamer: Dreamer, theme: Theme, icons: Icons
) -> None:
    report = NightReport(dreamer.stories, theme, icons)
    for top in (window, report):
        for widget in top.findChildren(QWidget):
            if (
                not widget.isHidden()
                and isinstance(widget, QAbstractButton | QLineEdit | QComboBox)
                and not widget.objectName().startswith("qt_")
            ):
                text = widget.text() if isinstance(widget, QAbstractButton) else ""
                assert widget.accessibleName() or text or widget.parent().objectName().startswith("qt_"), (
                    widget,
                    widget.parent(),
                )
    report.deleteLater()
    QApplication.processEvents()
