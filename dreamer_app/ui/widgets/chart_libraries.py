"""What was learned of each library: the share of its public API with a proven dream, before the night and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from dreamer_app.core.i18n import tr
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_2
from dreamer_app.ui.widgets.chart import Chart, ChartTable

ROW = 42
BAR = 8
SCALE = 20
"""Pixels below the bars for the ends of their scale."""
ENDS = (0.05, 0.1, 0.2, 0.5, 1.0)
"""Where a scale may end."""


@dataclass(frozen=True)
class LibraryStep:
    """One library.

    Attributes:
        name: With its version.
        before: API nodes with a proven dream before.
        after: The same afterwards.
        public: All that there are; 0 when unknown.
        new: Whether this was its first proven night.
    """

    name: str
    before: int
    after: int
    public: int
    new: bool = False


class LibrariesChart(Chart):
    """Library by library. Bars share one scale, told below them, so that small shares can be told apart."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("Learned"))
        self._steps: Sequence[LibraryStep] = ()

    def show_steps(self, steps: Sequence[LibraryStep]) -> None:
        """Draw these libraries."""
        self._steps = tuple(steps)
        self.told()

    def table(self) -> ChartTable:
        """Library, before, after, all, share after."""
        rows = tuple(
            (step.name, str(step.before), str(step.after), str(step.public or "?"), _percent(step.after, step.public))
            for step in self._steps
        )
        return ChartTable((tr("Library"), tr("Before"), tr("After"), tr("Public API"), tr("Share")), rows)

    def sizeHint(self) -> QSize:
        """Two lines a library."""
        return QSize(320, max(1, len(self._steps)) * ROW + SCALE)

    def draw(self, painter: QPainter) -> None:
        """Called to paint."""
        largest = max((_share(step.after, step.public) for step in self._steps), default=0.0)
        scale = next(end for end in ENDS if largest <= end)
        for n, step in enumerate(self._steps):
            top = n * ROW
            line = QRectF(0, top, self.width(), 20)
            painter.setPen(self.colour("text"))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, step.name)
            said = tr("{before} → {after} of {public}", before=step.before, after=step.after, public=step.public or "?")
            painter.setPen(self.colour("text_muted"))
            share = _percent(step.after, step.public)
            text = f"{said}   {share}" if share else said
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            full = self.width() * _share(step.after, step.public) / scale
            old = self.width() * _share(step.before, step.public) / scale
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour("sunken"))
            painter.drawRoundedRect(QRectF(0, top + 22, self.width(), BAR), 3, 3)
            painter.setBrush(self.colour("chart2"))
            painter.drawRoundedRect(QRectF(0, top + 22, max(2.0, full), BAR), 3, 3)
            if old:
                painter.setBrush(self.colour("chart4"))
                painter.drawRoundedRect(QRectF(0, top + 22, max(2.0, old), BAR), 3, 3)
        if self._steps:
            ends = QRectF(0, len(self._steps) * ROW - SPACE_2, self.width(), SCALE)
            painter.setPen(self.colour("text_muted"))
            painter.drawText(ends, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, "0 %")
            painter.drawText(ends, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, f"{100 * scale:.0f} %")


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""
