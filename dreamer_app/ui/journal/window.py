"""The Dream Journal: places, list, dream; made for reviewing with one hand on the keyboard.

Every decision is written at once and can be undone, also after a restart; what follows from it (folders, lessons) is
done on a thread. The window calls the service only, and never waits for a proof.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.i18n import tr, trn
from dreamer_app.core.journal_query import JournalQuery
from dreamer_app.core.types import DreamState, Review
from dreamer_app.service.journal import JournalCounts
from dreamer_app.store.records import ActionKind, DreamSummary, ReviewAction
from dreamer_app.ui.actions import Context, Keymap, make_actions
from dreamer_app.ui.error_words import line_of
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.detail import DetailView
from dreamer_app.ui.journal.dream_list import DreamList
from dreamer_app.ui.journal.model import DreamListModel
from dreamer_app.ui.journal.places_pane import PlacesPane
from dreamer_app.ui.journal.proofs import JournalService, Proofs, Spawn
from dreamer_app.ui.journal.reading import FIRST_PLACE, JournalReading, Settling
from dreamer_app.ui.journal.review_bar import ReviewBar
from dreamer_app.ui.journal.search_bar import SearchBar
from dreamer_app.ui.journal.shelf import Shelf
from dreamer_app.ui.journal.sidebar import Place, Sidebar
from dreamer_app.ui.journal.status import JournalStatus
from dreamer_app.ui.journal.words import done_text
from dreamer_app.ui.theme import Theme

SURE_FROM = 21
"""Dreams from which a decision asks first; it is one undo step all the same."""
ZOOM_STEP = 1.0
COUNT_AFTER_MS = 100
"""The figures beside the places follow when the person pauses; counting 100,000 dreams at every key would be felt."""


class JournalWindow(QMainWindow):
    """The journal.

    Attributes:
        dream_wanted: The person wants to dream now.
        learning_wanted: The person wants to pick something to learn.
        export_wanted: Training files are wanted; carries the identifiers selected.
        decided: Something was decided or taken back.
    """

    dream_wanted = Signal()
    learning_wanted = Signal()
    export_wanted = Signal(object)
    decided = Signal()

    def __init__(
        self,
        service: JournalService,
        theme: Theme,
        icons: Icons,
        spawn: Spawn,
        *,
        keymap: Keymap | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self._journal, self._spawn = service.journal, spawn
        self._icons = icons
        self._place_query = JournalQuery()
        self._reading, self._settling = JournalReading(self._journal, self), Settling(self._journal)
        keymap = keymap or Keymap()
        self.setWindowTitle(tr("Dream Journal"))
        self.resize(1280, 800)
        self.actions_by_id = make_actions(self, keymap, Context.JOURNAL, "window.refresh")
        self.model = DreamListModel(self._journal.page, now, self)
        splitter = QSplitter(self)  # what is made inside its place gets its style once, not at every step up
        self.sidebar = Sidebar(theme, icons, now, splitter)
        self.list = DreamList(theme, icons, self.model, now)
        self.list.setAccessibleName(tr("Dreams"))
        self.shelf = Shelf(self._reading, self.model, self.list, self)
        self.search = SearchBar(icons)
        self.middle = PlacesPane(theme, icons, self.search, self.list, splitter)
        reading = QWidget(splitter)
        self.detail = DetailView(
            self._journal, theme, icons, now, following=lambda: self.shelf.following, parent=reading
        )
        self.bar = ReviewBar(icons, keymap, self.actions_by_id, reading)
        self.status = JournalStatus(self)
        self.setStatusBar(self.status)
        self.proofs = Proofs(service, spawn, self.detail, self.status, self.renew)
        self._lay_out(splitter, reading)
        self._connect()
        self._counts = self._reading.first_counts()
        self.sidebar.show_counts(self._counts)
        self.sidebar.go(FIRST_PLACE)
        self.list.setFocus()

    def renew(self) -> None:
        """Read everything anew, e.g. after a proof; the dream in view stays."""
        self._counts = self._journal.counts()
        self.sidebar.show_counts(self._counts)
        self._list_again(keep=self.current_id)

    def renew_beside(self) -> None:
        """Read what a night brought without holding anything up; what is in view and what is selected stay."""
        self._spawn(self._renew_beside())

    async def _renew_beside(self) -> None:
        asked = self._query, self.status.order
        counts, ids = await self._reading.news(*asked)
        self._counts = counts
        self.sidebar.show_counts(counts)
        await asyncio.sleep(0)  # both at once would be felt
        if asked != (self._query, self.status.order):
            return  # the person went elsewhere meanwhile and sees what is there now
        if self.shelf.take_news(ids):
            self._show_current()
        self._say_empty()

    @property
    def counts(self) -> JournalCounts:
        """What stands beside the places."""
        return self._counts

    @property
    def current_id(self) -> str | None:
        """The dream in view."""
        return self.shelf.current

    @property
    def selected_ids(self) -> list[str]:
        """The dreams that a decision is about, in the order of the list."""
        return self.shelf.selected

    def ask(self, text: str) -> None:
        """Show what a search text means, in all dreams: for the report and for other surfaces."""
        self.sidebar.go("all")
        self.search.set_text(text)

    def step(self, by: int) -> None:
        """Go to the next dream or the one before."""
        self.shelf.step(by)

    def decide(self, review: Review, reason: str = "") -> None:
        """Write a word about what is selected and go on to the next dream."""
        ids = self.selected_ids
        if not ids:
            return
        self._try(lambda: self._journal.review(ids, review, reason), on=True)

    def undo(self) -> None:
        """Take the latest action back and go to its dream."""
        action = self._journal.undo_action()
        if action is not None:
            self._back(action, tr("Taken back: {what}", what=done_text(action.kind, len(action.dreams))))

    def redo(self) -> None:
        """Give what was taken back last again."""
        action = self._journal.redo_action()
        if action is not None:
            self._back(action, done_text(action.kind, len(action.dreams)))

    def approve(self) -> None:
        """Approve what is selected; many are asked about first."""
        self._sure(Review.APPROVED, trn("Approve {n} dream?", "Approve {n} dreams?", len(self.selected_ids)))

    def reject(self) -> None:
        """Ask why, then reject what is selected."""
        if self.selected_ids:
            self.bar.ask_reason(lambda reason: self._sure(Review.REJECTED, "", reason))

    def note(self) -> None:
        """Write a note about what is selected."""
        ids = self.selected_ids
        if ids:
            self.bar.ask_note(lambda text: self._keep_note(ids, text))

    def flag(self) -> None:
        """Flag what is selected, or take the flags away where the dream in view has one."""
        ids, line = self.selected_ids, self.shelf.line
        if ids and line is not None:
            self._try(lambda: self._journal.flag(ids, on=not line.flagged), on=False)

    def open_files(self, name: str = "") -> None:
        """Show the dream's folder, or one of its files in the person's own editor."""
        page = self.detail.page
        if page is not None and page.folder is not None and Path(page.folder, name).exists():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(page.folder, name))))

    def _sure(self, review: Review, question: str, reason: str = "") -> None:
        count = len(self.selected_ids)
        if count < SURE_FROM:
            self.decide(review, reason)
            return
        text = question or trn("Reject {n} dream?", "Reject {n} dreams?", count)
        yes = self.actions_by_id["journal.approve" if review is Review.APPROVED else "journal.reject"].text()
        self.bar.ask_sure(text, f"{yes} {count}", lambda: self.decide(review, reason))

    def _keep_note(self, ids: list[str], text: str) -> None:
        if text:
            self._try(lambda: self._journal.note(ids, text), on=False)

    def _try(self, act: Callable[[], ReviewAction], *, on: bool) -> None:
        """Decide something, say so, and go on to the next dream or stay."""
        self.shelf.complete()
        try:
            action = act()
        except DreamerError as error:
            self.status.say(line_of(error), bad=True)
            return
        self._after(action, done_text(action.kind, len(action.dreams)), on=on)

    def _after(self, action: ReviewAction, said: str, *, on: bool) -> None:
        """Bring list, places and undo up to date after an action, and go on."""
        row = self.shelf.row
        last = self.model.row_of(action.dreams[-1])
        leaving = on and self._leaves(action.kind)
        if leaving:
            self.model.remove(action.dreams)
            self.shelf.stand_on(min(row, self.model.rowCount() - 1))
        else:
            self.model.renew()
            if on and last is not None:
                self.shelf.stand_on(min(last + 1, self.model.rowCount() - 1))
            self._show_current()
        self._counted(said)

    def _back(self, action: ReviewAction, said: str) -> None:
        self._list_again(keep=action.dreams[0])
        self._counted(said)

    def _counted(self, said: str) -> None:
        self.status.say(said)
        self._offer_undo()
        self._count_later.start(COUNT_AFTER_MS if self.model.rowCount() else 0)
        self.decided.emit()

    def _count(self) -> None:
        self._counts = self._counts.model_copy(update={"states": self._journal.states()})  # no other figure can differ
        self.sidebar.show_counts(self._counts)
        self._say_empty()
        self._spawn(self._settling.settle())

    def _leaves(self, kind: ActionKind) -> bool:
        """Whether what was decided so no longer belongs to what is listed."""
        words = {term.value for term in self._query.terms if term.field == "review" and not term.negated}
        return bool(words) and kind.value not in words

    @property
    def _query(self) -> JournalQuery:
        return self._place_query.also(self.search.query)

    def _list_again(self, keep: str | None = None) -> None:
        self.shelf.ask(self._query, self.status.order, keep)
        self._say_empty()
        self._title()

    def _count_list(self) -> None:
        self.status.count(len(self.selected_ids), self.model.rowCount(), more=not self.shelf.whole)

    def _show_current(self) -> None:
        line = self.shelf.line
        self.detail.setVisible(line is not None)
        self.bar.setVisible(line is not None)
        if line is not None:
            self.detail.show_page(self._journal.show(line.id), line)
        self._enable(line)
        self._count_list()

    def _enable(self, line: DreamSummary | None) -> None:
        verified = line is not None and line.state is DreamState.VERIFIED
        for command in ("approve", "reject", "flag", "note", "run", "folder", "editor"):
            self.actions_by_id[f"journal.{command}"].setEnabled(verified)
        self.actions_by_id["journal.edit"].setEnabled(line is not None and line.state is not DreamState.RUNNING)
        self._offer_undo()

    def _offer_undo(self) -> None:
        undoable, redoable = self._journal.undoable(), self._journal.redoable()
        self.actions_by_id["journal.undo"].setEnabled(undoable is not None)
        self.actions_by_id["journal.redo"].setEnabled(redoable is not None)
        self.status.offer(undoable)

    def _say_empty(self) -> None:
        self.middle.say(
            self.model.rowCount(),
            self._counts,
            searched=not self.search.query.empty,
            place=self.sidebar.place,
            clear=lambda: self.search.set_text(""),
            dream=self.dream_wanted.emit,
        )

    def _title(self) -> None:
        parts = [self.search.query.text, self.sidebar.place.text if self.sidebar.place else "", tr("Dream Journal")]
        self.setWindowTitle(" · ".join(part for part in parts if part))

    def _choose(self, place: Place) -> None:
        self._place_query = place.query
        self._list_again()

    def _take_one_back(self) -> None:
        if self.current_id is not None:
            keep = self.current_id
            self._journal.undo(keep)
            self._list_again(keep=keep)
            self._counted(tr("Taken back"))

    def _take_action_back(self, number: int) -> None:
        action = self._journal.undo_one(number)
        if action is not None:
            self._list_again(keep=self.current_id)
            self._counted(tr("Taken back: {what}", what=done_text(action.kind, len(action.dreams))))

    def _lay_out(self, splitter: QSplitter, reading: QWidget) -> None:
        column = QVBoxLayout(reading)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.detail, 1)
        column.addWidget(self.bar)
        column.addStretch(0)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        for widget, stretch in ((self.sidebar, 0), (self.middle, 2), (reading, 5)):
            splitter.setStretchFactor(splitter.indexOf(widget), stretch)
        splitter.setSizes([196, 360, 724])
        self.setCentralWidget(splitter)

    def _connect(self) -> None:
        self._count_later = QTimer(self)
        self._count_later.setSingleShot(True)
        self._count_later.timeout.connect(self._count)
        self.sidebar.chosen.connect(self._choose)
        self.search.asked.connect(lambda _query: self._list_again(keep=self.current_id))
        self.search.field.left.connect(self.list.setFocus)
        self.list.selectionModel().currentChanged.connect(lambda *_rows: self._show_current())
        self.shelf.counted.connect(self._count_list)
        self.shelf.emptied.connect(self._show_current)
        self.detail.take_back.connect(self._take_one_back)
        self.detail.history.take_action_back.connect(self._take_action_back)
        self.bar.closed.connect(self.list.setFocus)
        self.status.undo_wanted.connect(self.undo)
        self.status.order_chosen.connect(lambda: self._list_again(keep=self.current_id))
        diff = self.detail.changes.diff
        slots: dict[str, Callable[[], object]] = {
            "journal.next": lambda: self.step(1),
            "journal.previous": lambda: self.step(-1),
            "journal.approve": self.approve,
            "journal.reject": self.reject,
            "journal.skip": lambda: self.step(1),
            "journal.flag": self.flag,
            "journal.note": self.note,
            "journal.undo": self.undo,
            "journal.redo": self.redo,
            "journal.edit": self.detail.start_editing,
            "journal.run": self.proofs.run_again,
            "journal.folder": self.open_files,
            "journal.editor": lambda: self.open_files("solution.py"),
            "journal.search": self._search,
            "journal.export": lambda: self.export_wanted.emit(self.selected_ids),
            "journal.all": self.shelf.select_all,
            "diff.split": diff.toggle,
            "diff.next": diff.next_change,
            "diff.previous": diff.previous_change,
            "code.larger": lambda: self.detail.zoom(ZOOM_STEP),
            "code.smaller": lambda: self.detail.zoom(-ZOOM_STEP),
            "window.refresh": self.renew,
        }
        for command, slot in slots.items():
            self.actions_by_id[command].triggered.connect(lambda _checked=False, call=slot: call())
        for n in range(6):
            action = self.actions_by_id[f"detail.{n + 1}"]
            action.triggered.connect(lambda _checked=False, tab=n: self.detail.tabs.setCurrentIndex(tab))

    def _search(self) -> None:
        self.search.field.setFocus()
        self.search.field.selectAll()
