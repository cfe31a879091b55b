"""Tab 5: the dream's code beside what it can be compared with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.core.plain_text import one_line
from dreamer_app.service.comparisons import Comparison, ComparisonKind
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_2, SPACE_3
from dreamer_app.ui.widgets.diff_view import DiffView
from dreamer_app.ui.widgets.empty_state import EmptyState


class ChangesView(QWidget):
    """A choice of pairs and their difference.

    Attributes:
        pairs: The choice.
        diff: The difference.
    """

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparisons: Sequence[Comparison] = ()
        self.pairs = QComboBox()
        self.pairs.setAccessibleName(tr("Compare with"))
        self.pairs.currentIndexChanged.connect(self._show)
        self.diff = DiffView(theme, icons)
        self._empty = EmptyState(theme, icons)
        self._empty.say(
            "split",
            tr("Nothing to compare with"),
            tr("This dream was right at its first attempt, and its documentation example is no longer known."),
        )
        bar = QHBoxLayout()
        bar.setContentsMargins(SPACE_3, 0, SPACE_3, 0)
        label = QLabel(tr("Compare with"))
        label.setBuddy(self.pairs)
        bar.addWidget(label)
        bar.addWidget(self.pairs, 1)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, SPACE_2, 0, 0)
        layout.addLayout(bar)
        layout.addWidget(self.diff, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(whole)
        self._stack.addWidget(self._empty)

    def show_comparisons(self, comparisons: Sequence[Comparison]) -> None:
        """Offer these pairs and show the first."""
        self._comparisons = comparisons
        self.pairs.blockSignals(True)
        self.pairs.clear()
        self.pairs.addItems([_name(one) for one in comparisons])
        self.pairs.blockSignals(False)
        self._stack.setCurrentIndex(0 if comparisons else 1)
        self._show()

    def _show(self) -> None:
        place = self.pairs.currentIndex()
        if 0 <= place < len(self._comparisons):
            one = self._comparisons[place]
            self.diff.show_texts(one.left, one.right, *_sides(one))


def _name(one: Comparison) -> str:
    match one.kind:
        case ComparisonKind.FIRST_ATTEMPT:
            text = tr("First attempt and solution")
        case ComparisonKind.YOUR_EDIT:
            text = tr("Solution and your edit")
        case ComparisonKind.DOCUMENTATION:
            text = tr("Documentation example and dream")
        case ComparisonKind.NEAR_DUPLICATE:
            text = tr("Nearest dream and this one")
    if one.similarity is None:
        return text
    return f"{text} · {tr('{percent:.0f} % alike', percent=100 * one.similarity)}"


def _sides(one: Comparison) -> tuple[str, str]:
    match one.kind:
        case ComparisonKind.FIRST_ATTEMPT:
            return tr("Attempt {n}", n=one.left_name), tr("Attempt {n}", n=one.right_name)
        case ComparisonKind.YOUR_EDIT:
            return tr("Solution"), tr("Your edit, attempt {n}", n=one.right_name)
        case ComparisonKind.DOCUMENTATION:
            return one_line(one.left_name.removeprefix("example:")), tr("This dream")
        case ComparisonKind.NEAR_DUPLICATE:
            return tr("Dream {id}", id=one.left_name[:8]), tr("This dream")
