"""How long the journal takes with 100,000 dreams in it: its list in the store, its window from a key to the picture.

Making the rows takes some minutes; DREAMER_BENCH_JOURNAL names another number of them.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dreamer_app.academy.lessons_store import LessonsStore
from dreamer_app.core.journal_query import parse
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import LessonSettings
from dreamer_app.core.types import Review
from dreamer_app.service.journal import DreamJournal
from dreamer_app.store.records import ActionKind
from dreamer_app.store.store import Store
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.window import JournalWindow
from dreamer_app.ui.theme import Theme, ThemeChoice
from tests.bench.journal_rows import fill

DREAMS = int(os.environ.get("DREAMER_BENCH_JOURNAL", "100000"))
LOOK_MS = 300
"""For how long a person looks at a dream at least."""
QUERIES = ("", "review:pending", "lib:rich", "gate:g6", "difficulty:>0.3", "api:rich.sort", "case_777", "invoices", "s")


def measured(name: str, work: Callable[[], object], goal: float, before: Callable[[], object] = lambda: None) -> None:
    """Print the best and the worst of five; what is done before each is not measured."""
    found = []
    for _ in range(5):
        before()
        start = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - start))
    print(f"{name:32} {min(found):8.1f} {max(found):8.1f} ms   (at most {goal:.0f})")


class Eyes(QObject):
    """Counts what is painted."""

    saw = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Called by Qt."""
        self.saw += event.type() is QEvent.Type.Paint
        return False


def window_figures(store: Store, folder: Path) -> None:
    """From a key to the picture, every event that is due included; what follows on a thread is left out.

    The offscreen platform paints into an image as others do into their windows: `processEvents` paints what has
    changed, and the window says so. Between two keys a person looks at the dream for a moment, which is not measured.
    """
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    eyes = Eyes()
    theme = Theme(app, ThemeChoice.LIGHT)
    journal = DreamJournal(store, DataPaths(folder), LessonsStore(store.lessons, LessonSettings()))
    windows: list[JournalWindow] = []

    def painted(window: JournalWindow) -> None:
        eyes.saw = 0
        app.installEventFilter(eyes)  # only now: it would slow down everything that is made
        app.processEvents()
        app.removeEventFilter(eyes)
        assert eyes.saw, "nothing was painted"

    def looked() -> None:
        QTest.qWait(LOOK_MS)

    def opened() -> None:
        service = SimpleNamespace(journal=journal)
        windows.append(JournalWindow(service, theme, Icons(theme), lambda work: work.close()))  # type: ignore[arg-type]
        windows[-1].show()
        painted(windows[-1])

    measured("window: open", opened, 300, looked)
    window = windows[-1]
    window.sidebar.go("all")
    painted(window)

    def key(name: Qt.Key) -> Callable[[], None]:
        return lambda: (QTest.keyClick(window.list, name), painted(window))[-1]

    def searched(text: str) -> None:
        window.search.set_text(text)
        painted(window)

    def top() -> None:
        window.step(-DREAMS)
        looked()

    def nothing() -> None:
        searched("zzz")
        looked()

    measured("window: End", key(Qt.Key.Key_End), 100, top)
    for query in QUERIES[1:]:
        measured(f"window: {query}", lambda query=query: searched(query), 150, nothing)
    window.search.set_text("")
    window.sidebar.go("review")
    measured("window: approve, next dream", key(Qt.Key.Key_A), 50, looked)
    for one in windows:
        one.close()


def main() -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dreamer.sqlite"
        fill(file, DREAMS)
        store = Store(file)
        ids = store.listing.ids(parse(""))
        for query in QUERIES:
            measured(query or "open", lambda query=query: store.listing.ids(parse(query)), 150 if query else 300)
        measured("End: one page", lambda: store.listing.page(ids[-64:]), 100)
        measured("counts by state", store.listing.states, 100)
        measured("approve", lambda: store.reviews.act(ids[1:2], ActionKind.APPROVE, Review.APPROVED), 50)
        window_figures(store, Path(folder))
        store.close()
