"""Nights beside each other: bars of proved and stopped dreams, and the small line that goes into a tile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from dreamer_app.core.i18n import tr
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.widgets.chart import Chart, ChartTable

BARS = 96
AXIS = 18


@dataclass(frozen=True)
class NightBar:
    """One night.

    Attributes:
        started: Timezone-aware.
        verified: Dreams proved.
        rejected: Dreams that a gate stopped.
    """

    started: datetime
    verified: int
    rejected: int


class NightsChart(Chart):
    """The last nights, the latest on the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("The last nights"))
        self._nights: Sequence[NightBar] = ()

    def show_nights(self, nights: Sequence[NightBar]) -> None:
        """Draw these nights."""
        self._nights = tuple(nights)
        self.told()

    def table(self) -> ChartTable:
        """Night, proved, stopped."""
        rows = tuple(
            (_day(night.started, "%d.%m.%Y"), str(night.verified), str(night.rejected)) for night in self._nights
        )
        return ChartTable((tr("Night"), tr("Proved"), tr("Stopped")), rows)

    def sizeHint(self) -> QSize:
        """Bars and dates."""
        return QSize(320, BARS + AXIS)

    def draw(self, painter: QPainter) -> None:
        """Called to paint."""
        if not self._nights:
            return
        most = max(1, *(night.verified + night.rejected for night in self._nights))
        slot = min(64.0, self.width() / max(7, len(self._nights)))
        wide = min(28.0, slot * 0.62)
        left = self.width() - slot * len(self._nights)
        painter.setPen(QPen(self.colour("line"), 1))
        painter.drawLine(QPointF(0, BARS + 0.5), QPointF(self.width(), BARS + 0.5))
        for n, night in enumerate(self._nights):
            x = left + n * slot + (slot - wide) / 2
            room = BARS - 18
            good, bad = room * night.verified / most, room * night.rejected / most
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour("chart1"))
            painter.drawRect(QRectF(x, BARS - good, wide, good))
            painter.setBrush(self.colour("chart3"))
            painter.drawRect(QRectF(x, BARS - good - bad - 1, wide, bad))
            painter.setPen(self.colour("text"))
            number = QRectF(left + n * slot, BARS - good - bad - 18, slot, 16)
            painter.drawText(number, Qt.AlignmentFlag.AlignCenter, str(night.verified))
            painter.setPen(self.colour("text_muted"))
            if slot > 34 or n % 2 == (len(self._nights) - 1) % 2:
                place = QRectF(left + n * slot - slot / 2, BARS + 2, slot * 2, AXIS)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _day(night.started, "%d.%m"))


class Sparkline(Chart):
    """One figure over the last nights, without words; its band is the middle half of what is usual."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self._values: Sequence[float] = ()

    def show_values(self, values: Sequence[float]) -> None:
        """Draw these values, the latest on the right."""
        self._values = tuple(values)
        self.told()

    def table(self) -> ChartTable:
        """The values."""
        return ChartTable((tr("Value"),), tuple((f"{value:g}",) for value in self._values))

    def sizeHint(self) -> QSize:
        """A line of text high."""
        return QSize(90, 28)

    def draw(self, painter: QPainter) -> None:
        """Called to paint."""
        values = self._values
        if len(values) < 2:
            return
        low, high = min(values), max(values)
        room = self.height() - 8.0

        def y(value: float) -> float:
            return 4 + room - (value - low) / ((high - low) or 1.0) * room

        ordered = sorted(values)
        usual = (ordered[len(ordered) // 4], ordered[(3 * len(ordered)) // 4])
        band = QRectF(QPointF(0, y(usual[1]) - 2), QPointF(self.width(), y(usual[0]) + 2))
        painter.fillRect(band, self.colour("sunken"))
        step = (self.width() - 8) / (len(values) - 1)
        points = [QPointF(4 + n * step, y(value)) for n, value in enumerate(values)]
        painter.setPen(QPen(self.colour("chart1"), 1.6))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(self.colour("chart1"))
        painter.drawEllipse(points[-1], 2.6, 2.6)


def _day(at: datetime, form: str) -> str:
    return at.astimezone().strftime(form)
