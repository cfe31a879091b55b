"""Where dreams die: one bar a step, as long as what is left, with what was lost beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from dreamer_app.core.i18n import tr
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.widgets.chart import Chart, ChartTable

ROW = 24
BAR = 14


@dataclass(frozen=True)
class FunnelStep:
    """One step.

    Attributes:
        name: In plain words.
        left: How many came through.
        lost: How many it stopped.
        own: Whether it is a person's step and not a machine's.
    """

    name: str
    left: int
    lost: int = 0
    own: bool = False


class FunnelChart(Chart):
    """Steps from the first to the last."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("Where dreams end"))
        self._steps: Sequence[FunnelStep] = ()

    def show_steps(self, steps: Sequence[FunnelStep]) -> None:
        """Draw these steps."""
        self._steps = tuple(steps)
        self.told()

    def table(self) -> ChartTable:
        """Step, how many came through, how many it stopped."""
        rows = tuple((step.name, str(step.left), str(step.lost)) for step in self._steps)
        return ChartTable((tr("Step"), tr("Came through"), tr("Stopped")), rows)

    def sizeHint(self) -> QSize:
        """One row a step."""
        return QSize(320, max(1, len(self._steps)) * ROW)

    def draw(self, painter: QPainter) -> None:
        """Called to paint."""
        metrics = self.fontMetrics()
        label = max((metrics.horizontalAdvance(step.name) for step in self._steps), default=0) + 12
        numbers = metrics.horizontalAdvance("00000") + 8
        lost = metrics.horizontalAdvance("−0000") + 8
        room = max(20.0, self.width() - label - numbers - lost)
        most = max((step.left + step.lost for step in self._steps), default=1) or 1
        vertical = Qt.AlignmentFlag.AlignVCenter
        for n, step in enumerate(self._steps):
            row = QRectF(0, n * ROW, self.width(), ROW)
            painter.setPen(self.colour("text"))
            painter.drawText(QRectF(0, row.top(), label, ROW), Qt.AlignmentFlag.AlignLeft | vertical, step.name)
            top = row.top() + (ROW - BAR) / 2
            length = room * step.left / most
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour("sunken"))
            painter.drawRoundedRect(QRectF(label, top, room, BAR), 3, 3)
            painter.setBrush(self.colour("ok" if step.own else "chart1"))
            if length > 0:
                painter.drawRoundedRect(QRectF(label, top, max(3.0, length), BAR), 3, 3)
            if step.lost:
                painter.setBrush(self.colour("chart3"))
                painter.drawRect(QRectF(label + length + 1, top, max(2.0, room * step.lost / most), BAR))
            painter.setPen(self.colour("text"))
            number = QRectF(label + room, row.top(), numbers, ROW)
            painter.drawText(number, Qt.AlignmentFlag.AlignRight | vertical, str(step.left))
            if step.lost:
                painter.setPen(self.colour("chart3"))
                place = QRectF(label + room + numbers, row.top(), lost, ROW)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | vertical, f"−{step.lost}")
