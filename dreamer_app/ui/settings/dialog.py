"""The settings window: pages on the left, their forms on the right, search above. What is changed applies at once.

A form is made when its page is first looked at; words are looked for in the declarations. It saves nothing itself:
whoever opens it gets the new settings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dreamer_app.core.i18n import mark, tr
from dreamer_app.core.settings import Section, Settings
from dreamer_app.ui.app import Desktop
from dreamer_app.ui.settings.page import LiveValues, SettingsPage, has_matching
from dreamer_app.ui.tokens import SPACE_2, SPACE_3, SPACE_4

PAGES: Mapping[str, tuple[str, str]] = {
    "desktop": (mark("General"), "settings"),
    "notifications": (mark("Notifications"), "bell"),
    "schedule": (mark("When to dream"), "clock"),
    "presence": (mark("Who is here"), "eye"),
    "interruptions": (mark("Interruptions"), "pause"),
    "energy": (mark("Heat and power"), "thermometer"),
    "night": (mark("Length of a night"), "moon"),
    "model": (mark("Language model"), "model"),
    "workers": (mark("Workers"), "worker"),
    "guardian": (mark("Proof"), "shield"),
    "weaver": (mark("Tasks"), "branch"),
    "curriculum": (mark("Curriculum"), "grid"),
    "lessons": (mark("Lessons"), "book"),
    "oracle": (mark("Documentation"), "search"),
    "image": (mark("Worker image"), "disk"),
    "storage": (mark("Cleaning"), "trash"),
    "api": (mark("Local API"), "link"),
}
"""Title and icon of every page, in their order."""

LIVE_MS = 2_000
WIDTH, HEIGHT, LIST_WIDTH = 880, 760, 210

Extras = Mapping[str, Callable[[], QWidget]]
"""What a page has beside its settings, by the page's name."""


class SettingsWindow(QWidget):
    """All settings.

    Args:
        desktop: What all windows share.
        settings: As they are now.
        live: What is shown beside settings.
        extras: What pages have beside their settings.

    Attributes:
        names: Of all pages, in their order.
        changed: The settings are others now; carries them.
        file_wanted: Somebody wants to see the settings file.
    """

    changed = Signal(object)
    file_wanted = Signal()

    def __init__(
        self,
        desktop: Desktop,
        settings: Settings,
        live: LiveValues | None = None,
        extras: Extras | None = None,
    ) -> None:
        super().__init__()
        self._desktop = desktop
        self.settings = settings
        self._live, self._extras = live or {}, extras or {}
        self.names = tuple(PAGES)
        self._pages: dict[str, SettingsPage] = {}
        self.setWindowTitle(tr("Settings"))
        self.resize(WIDTH, HEIGHT)
        self.list = QListWidget()
        self.list.setProperty("sidebar", True)
        self.list.setAccessibleName(tr("Pages of settings"))
        self.list.setFixedWidth(LIST_WIDTH)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search settings"))
        self.search.setAccessibleName(tr("Search settings"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self._stack = QStackedWidget()
        self._heading = QLabel()
        self._heading.setProperty("heading", "1")
        self._empty = QLabel(tr("No setting matches."))
        self._empty.setProperty("muted", True)
        self._empty.hide()
        self.restore = QPushButton(tr("Restore defaults"))
        self.restore.setToolTip(tr("Of this page"))
        self.restore.clicked.connect(self._restore)
        self._lay_out()
        self._fill()
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        QShortcut(QKeySequence("Escape"), self, self._escape)
        self._timer = QTimer(self, interval=LIVE_MS)
        self._timer.timeout.connect(self._refresh)

    def show_settings(self, settings: Settings) -> None:
        """Somebody else changed them."""
        self.settings = settings
        for name, page in self._pages.items():
            page.show_section(getattr(settings, name))

    def page(self, name: str) -> SettingsPage:
        """A page, made at the first look at it."""
        page = self._pages.get(name)
        if page is None:
            extras = self._extras[name]() if name in self._extras else None
            page = self._pages[name] = SettingsPage(name, getattr(self.settings, name), self._live, extras)
            page.changed.connect(lambda section: self._changed(name, section))
            scroll = self._stack.widget(self.names.index(name))
            assert isinstance(scroll, QScrollArea)
            scroll.setWidget(page)
            before = list(page.rows.values())[-1].editor.widget
            for button in self._foot:  # they come last for the eye, too
                self.setTabOrder(before, button)
                before = button
        return page

    def open_page(self, name: str) -> None:
        """Go to a page."""
        if name in self.names:
            self.list.setCurrentRow(self.names.index(name))

    def showEvent(self, event: QShowEvent) -> None:
        """Live values are read only while somebody looks."""
        self._timer.start()
        self._refresh()
        super().showEvent(event)

    def hideEvent(self, event: object) -> None:
        """Nobody looks."""
        self._timer.stop()
        super().hideEvent(event)  # type: ignore[arg-type]

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACE_2)
        left.addWidget(self.search)
        left.addWidget(self.list)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_4, 0, SPACE_4, 0)
        head.addWidget(self._heading)
        head.addStretch()
        head.addWidget(self.restore)
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACE_4, 0, SPACE_4, 0)
        note = QLabel(tr("Changes apply at once."))
        note.setProperty("muted", True)
        file = QPushButton(tr("Open settings file"))
        file.setProperty("flat", True)
        file.clicked.connect(self.file_wanted)
        done = QPushButton(tr("Close"))
        done.clicked.connect(self.close)
        self._foot = (file, done)
        foot.addWidget(note)
        foot.addStretch()
        foot.addWidget(file)
        foot.addWidget(done)
        right = QVBoxLayout()
        right.setSpacing(SPACE_2)
        right.addLayout(head)
        right.addWidget(self._empty)
        right.addWidget(self._stack, 1)
        right.addLayout(foot)
        both = QHBoxLayout(self)
        both.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_3)
        both.addLayout(left)
        both.addLayout(right, 1)

    def _fill(self) -> None:
        for name in self.names:
            title, icon = PAGES[name]
            item = QListWidgetItem(tr(title))
            item.setData(Qt.ItemDataRole.UserRole, icon)
            self.list.addItem(item)
            scroll = QScrollArea()
            scroll.setFrameShape(QFrame.Shape.NoFrame)
            scroll.setWidgetResizable(True)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._stack.addWidget(scroll)
        self.list.currentRowChanged.connect(self._show_page)
        self._desktop.theme.changed.connect(self._tint)
        self._tint()
        self.list.setCurrentRow(0)

    def _tint(self) -> None:
        for place in range(self.list.count()):
            item = self.list.item(place)
            item.setIcon(self._desktop.icons.pixmap(item.data(Qt.ItemDataRole.UserRole), 18, "text_muted", 2.0))

    def _show_page(self, row: int) -> None:
        if row >= 0:
            self.page(self.names[row]).keep_matching(self.search.text())
            self._stack.setCurrentIndex(row)
            self._heading.setText(self.list.item(row).text())

    def _find(self, words: str) -> None:
        found = [has_matching(type(getattr(self.settings, name)), words) for name in self.names]
        for place, name in enumerate(self.names):
            self.list.item(place).setHidden(not found[place])
            if name in self._pages:
                self._pages[name].keep_matching(words)
        self._empty.setVisible(not any(found))
        self._stack.setVisible(any(found))
        row = self.list.currentRow()
        if any(found) and (row < 0 or not found[row]):
            self.list.setCurrentRow(found.index(True))

    def _changed(self, name: str, section: Section) -> None:
        self.settings = self.settings.model_copy(update={name: section})
        self.changed.emit(self.settings)

    def _restore(self) -> None:
        name = self.names[self.list.currentRow()]
        page = self.page(name)
        page.show_section(type(page.section)())
        self._changed(name, page.section)

    def _refresh(self) -> None:
        if self.list.currentRow() >= 0:
            self.page(self.names[self.list.currentRow()]).refresh_live()

    def _escape(self) -> None:
        if self.search.text():
            self.search.clear()
        else:
            self.close()
