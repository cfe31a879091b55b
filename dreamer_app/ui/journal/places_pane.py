"""The middle of the journal: search box, list, and what is said when the list is empty."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from dreamer_app.core.i18n import tr, trn
from dreamer_app.core.types import DreamState, Review
from dreamer_app.service.journal import JournalCounts
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.dream_list import DreamList
from dreamer_app.ui.journal.search_bar import SearchBar
from dreamer_app.ui.journal.sidebar import Place
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_2
from dreamer_app.ui.widgets.empty_state import EmptyState


class PlacesPane(QWidget):
    """Search and list.

    Attributes:
        empty: What is said instead of a list.
    """

    def __init__(
        self, theme: Theme, icons: Icons, search: SearchBar, dreams: DreamList, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.empty = EmptyState(theme, icons)
        self._stack = QStackedWidget()
        self._stack.addWidget(dreams)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        layout.setSpacing(SPACE_2)
        layout.addWidget(search)
        layout.addWidget(self._stack, 1)
        self.setMinimumWidth(300)

    def say(
        self,
        rows: int,
        counts: JournalCounts,
        *,
        searched: bool,
        place: Place | None,
        clear: Callable[[], None],
        dream: Callable[[], None],
    ) -> None:
        """Show the list, or why it is empty and what can be done."""
        self._stack.setCurrentIndex(0 if rows else 1)
        if rows:
            return
        if searched:
            text = tr("No dream here has all of this.")
            self.empty.say("search", tr("Nothing found"), text, tr("Clear filter"), clear)
        elif not counts.states:
            text = tr("I dream when you are away.")
            self.empty.say("moon", tr("No dreams yet"), text, tr("Dream now"), dream)
        elif place is not None and place.key == "review":
            approved = counts.of(DreamState.VERIFIED, Review.APPROVED)
            self.empty.say("check", tr("All reviewed"), trn("{n} dream approved.", "{n} dreams approved.", approved))
        else:
            self.empty.say("book", tr("Nothing here yet"))
