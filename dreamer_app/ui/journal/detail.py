"""One dream: head and six tabs, each filled when it is first looked at, so that going on to the next dream is quick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QTabWidget, QVBoxLayout, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.core.plain_text import one_line
from dreamer_app.core.types import DreamState
from dreamer_app.service.journal import DreamJournal, DreamPage
from dreamer_app.store.records import DreamSummary
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.code_editor import CodeEditor
from dreamer_app.ui.journal.tab_changes import ChangesView
from dreamer_app.ui.journal.tab_history import HistoryView
from dreamer_app.ui.journal.tab_run import RunView
from dreamer_app.ui.journal.tab_task import TaskView
from dreamer_app.ui.journal.words import icon_of, state_text
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_2, SPACE_4
from dreamer_app.ui.widgets.code_view import CodeView

TASK, CODE, TESTS, RUN, CHANGES, HISTORY = range(6)

AHEAD_AFTER_MS = 60
"""Looking at a dream for so long means that the next one can be prepared meanwhile."""


class DetailView(QWidget):
    """Shows a dream.

    Args:
        journal: Reads what a tab needs.
        theme: Colours.
        icons: Tints the buttons.
        now: What time it is.
        following: The dream that probably comes next; None when there is none.

    Attributes:
        edited: A person's own solution shall be proved; carries its text.
        take_back: The latest decision about this dream shall be taken back.
        tabs: The six tabs.
    """

    edited = Signal(str)
    take_back = Signal()

    def __init__(
        self,
        journal: DreamJournal,
        theme: Theme,
        icons: Icons,
        now: Callable[[], datetime],
        *,
        following: Callable[[], str | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._journal, self._icons = journal, icons
        self._page: DreamPage | None = None
        self._filled: set[int] = set()
        self._following = following
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(AHEAD_AFTER_MS)
        self._ahead.timeout.connect(self._prepare)
        self._state, self._title, self._said = QLabel(), QLabel(), QLabel()
        self._title.setProperty("heading", "2")
        self._title.setWordWrap(True)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._said.setProperty("muted", True)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(SPACE_2)
        self.task, self.history = TaskView(theme), HistoryView(now)
        self.code = CodeView(theme, icons, "solution.py")
        self.tests = CodeView(theme, icons, "test_solution.py")
        self.run, self.changes = RunView(icons), ChangesView(theme, icons)
        self.editor = CodeEditor(theme)
        self.editor.proposed.connect(self.edited)
        self.editor.given_up.connect(self.stop_editing)
        self.history.take_back.connect(self.take_back)
        code = QWidget()
        self._code = QStackedLayout(code)
        self._code.addWidget(self.code)
        self._code.addWidget(self.editor)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        names = (tr("Task"), tr("Code"), tr("Tests"), tr("Run"), tr("Changes"), tr("History"))
        for n, (name, tab) in enumerate(
            zip(names, (self.task, code, self.tests, self.run, self.changes, self.history), strict=True), 1
        ):
            self.tabs.addTab(tab, f"{n} {name}")
        self.tabs.setCurrentIndex(CODE)
        self.tabs.currentChanged.connect(self._fill)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, 0)
        head.setSpacing(SPACE_2)
        head.addWidget(self._state, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        below = QHBoxLayout()
        below.setContentsMargins(SPACE_4, 0, SPACE_4, SPACE_2)
        below.addLayout(self._chips)
        below.addWidget(self._said)
        below.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_2)
        layout.addLayout(head)
        layout.addLayout(below)
        layout.addWidget(self.tabs, 1)

    @property
    def page(self) -> DreamPage | None:
        """The dream shown."""
        return self._page

    @property
    def editing(self) -> bool:
        """Whether a solution is being changed."""
        return self._code.currentIndex() == 1

    def show_page(self, page: DreamPage, line: DreamSummary) -> None:
        """Show a dream, in the tab that is open."""
        self._page = page
        self._filled.clear()
        self.stop_editing()
        self._title.setText(one_line(page.dream.scenario.title))
        self._head(page, line)
        self._fill(self.tabs.currentIndex())
        self._ahead.start()

    def start_editing(self) -> None:
        """Offer the solution for changing."""
        if self._page is not None and self._page.dream.state is not DreamState.RUNNING:
            self.tabs.setCurrentIndex(CODE)
            self.editor.start(self._page.dream.candidate.solution)
            self._code.setCurrentIndex(1)
            self.editor.pane.setFocus()

    def stop_editing(self) -> None:
        """Show the solution as it is."""
        self._code.setCurrentIndex(0)

    def zoom(self, step: float) -> None:
        """Make code larger or smaller, in points."""
        points = self.code.pane.points + step
        for pane in (self.code.pane, self.tests.pane, self.editor.pane):
            pane.zoom_to(points)
        self.changes.diff.zoom_to(points)

    def _head(self, page: DreamPage, line: DreamSummary) -> None:
        name, tone = icon_of(line)
        self._state.setPixmap(self._icons.pixmap(name, 24, tone, self.devicePixelRatioF()))
        self._state.setAccessibleName(state_text(line))
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        tier = [line.tier.value] if line.tier else []
        for text in (*line.libraries, *tier):
            chip = QLabel(one_line(text))
            chip.setProperty("chip", True)
            self._chips.addWidget(chip)
        parts = [state_text(line)]
        if page.dream.verdict is not None and page.dream.verdict.accepted:
            parts.append(tr("{n} gates passed", n=len(page.dream.verdict.receipts)))
        self._said.setText(" · ".join(parts))

    def _prepare(self) -> None:
        """Do what takes longest for the dream that probably comes next."""
        following = self._following() if self.isVisible() else None
        if following is None:
            return
        dream = self._journal.show(following).dream
        match self.tabs.currentIndex():
            case 1:
                self.code.prepare(dream.candidate.solution)
            case 2:
                self.tests.prepare(dream.scenario.tests)

    def _fill(self, tab: int) -> None:
        if self._page is None or tab in self._filled:
            return
        self._filled.add(tab)
        page, dream = self._page, self._page.dream
        match tab:
            case 0:
                self.task.show_dream(dream)
            case 1:
                self.code.show_text(dream.candidate.solution)
            case 2:
                self.tests.show_text(dream.scenario.tests)
            case 3:
                self.run.show_page(page)
            case 4:
                self.changes.show_comparisons(self._journal.comparisons(page))
            case _:
                self.history.show_page(page, self._journal.latest_actions())
