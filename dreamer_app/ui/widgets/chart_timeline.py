"""A night as one strip: when it dreamt, when it was held up and why, when each dream was proved, how warm it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from dreamer_app.core.i18n import tr
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.widgets.chart import Chart, ChartTable

STRIP, TICKS, HEAT = 26, 12, 44
LEGEND = 22


@dataclass(frozen=True)
class Stretch:
    """One stretch of a night.

    Attributes:
        start: Timezone-aware.
        end: Timezone-aware.
        reason: Why it did not dream, in the person's language; empty while it dreamt.
        fault: Whether the reason is something that a person can mend.
    """

    start: datetime
    end: datetime
    reason: str = ""
    fault: bool = False


class TimelineChart(Chart):
    """One night. Times are shown as the computer's clock shows them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, tr("The night"))
        self._stretches: Sequence[Stretch] = ()
        self._proven: Sequence[datetime] = ()
        self._heat: Sequence[tuple[datetime, float]] = ()
        self._limit: float | None = None

    def show_night(
        self,
        stretches: Sequence[Stretch],
        proven: Sequence[datetime],
        heat: Sequence[tuple[datetime, float]] = (),
        limit: float | None = None,
    ) -> None:
        """Draw a night.

        Args:
            stretches: In order, without gaps.
            proven: When dreams were proved.
            heat: Temperatures in °C.
            limit: The limit that pauses dreaming, in °C.
        """
        self._stretches, self._proven, self._heat, self._limit = tuple(stretches), tuple(proven), tuple(heat), limit
        self.told()

    def table(self) -> ChartTable:
        """Stretch by stretch: from, to, what it did, dreams proved in it, warmest."""
        rows = []
        for one in self._stretches:
            inside = sum(one.start <= at <= one.end for at in self._proven)
            warmest = max((value for at, value in self._heat if one.start <= at <= one.end), default=None)
            rows.append(
                (
                    one.reason or tr("dreaming"),
                    _clock(one.start),
                    _clock(one.end),
                    str(inside),
                    "" if warmest is None else f"{warmest:.0f} °C",
                )
            )
        return ChartTable((tr("What it did"), tr("From"), tr("To"), tr("Proved"), tr("Warmest")), tuple(rows))

    def sizeHint(self) -> QSize:
        """Strip, ticks, hours, and the temperature where there is one."""
        return QSize(480, STRIP + TICKS + 20 + (HEAT if self._heat else 0) + LEGEND)

    def draw(self, painter: QPainter) -> None:
        """Called to paint."""
        if not self._stretches:
            return
        start, end = self._stretches[0].start, self._stretches[-1].end
        whole = max(1.0, (end - start).total_seconds())

        def x(at: datetime) -> float:
            return (at - start).total_seconds() / whole * (self.width() - 2) + 1

        top = TICKS
        for one in self._stretches:
            rect = QRectF(x(one.start), top, max(1.5, x(one.end) - x(one.start)), STRIP)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour(_tone(one)))
            painter.drawRect(rect)
            if one.reason:
                painter.setBrush(Qt.BrushStyle.BDiagPattern)
                painter.drawRect(rect)
        painter.setPen(QPen(self.colour("ok"), 1.5))
        for at in self._proven:
            painter.drawLine(QPointF(x(at), 0), QPointF(x(at), TICKS - 3))
        self._hours(painter, start, end, x, top + STRIP)
        bottom = top + STRIP + 20
        if self._heat:
            self._temperature(painter, x, QRectF(0, bottom, self.width(), HEAT - 6))
            bottom += HEAT
        self._legend(painter, bottom)

    def _hours(self, painter: QPainter, start: datetime, end: datetime, x: object, top: float) -> None:
        assert callable(x)
        minutes = (end - start).total_seconds() / 60
        step = next((m for m in (1, 2, 5, 10, 15, 30, 60, 120) if minutes / m <= 10), 240)
        local = start.astimezone()
        at = local.replace(minute=local.minute // min(step, 60) * min(step, 60), second=0, microsecond=0)
        width = self.fontMetrics().horizontalAdvance("00:00") + 8
        painter.setPen(self.colour("text_muted"))
        while at <= end:
            place = x(at)
            if at >= start and width / 2 <= place <= self.width() - width / 2:
                painter.drawLine(QPointF(place, top), QPointF(place, top + 3))
                rect = QRectF(place - width / 2, top + 3, width, 16)
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{at:%H:%M}")
            at += timedelta(minutes=step)

    def _temperature(self, painter: QPainter, x: object, area: QRectF) -> None:
        assert callable(x)
        values = [value for _, value in self._heat] + ([self._limit] if self._limit else [])
        low, high = min(values) - 3, max(values) + 3

        def y(value: float) -> float:
            return area.bottom() - (value - low) / max(1.0, high - low) * area.height()

        if self._limit is not None:
            painter.setPen(QPen(self.colour("bad"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(0, y(self._limit)), QPointF(self.width(), y(self._limit)))
        painter.setPen(QPen(self.colour("chart3"), 1.6))
        painter.drawPolyline(QPolygonF([QPointF(x(at), y(value)) for at, value in self._heat]))

    def _legend(self, painter: QPainter, top: float) -> None:
        place = 0.0
        seen: dict[str, str] = {}
        for one in self._stretches:
            seen.setdefault(one.reason or tr("dreaming"), _tone(one))
        entries = [*seen.items(), (tr("a dream was proved"), "ok")]
        marks = {"ok": (2, 10), "chart3": (10, 2), "limit": (10, 2)}
        if self._heat:
            warmest = round(max(value for _, value in self._heat))
            entries.append((tr("up to {n} °C", n=warmest), "chart3"))
        if self._heat and self._limit is not None:
            entries.append((tr("no dreaming from {n} °C on", n=round(self._limit)), "limit"))
        for text, tone in entries:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colour("bad" if tone == "limit" else tone))
            width, height = marks.get(tone, (10, 10))
            painter.drawRect(QRectF(place, top + 12 - height / 2, width, height))
            painter.setPen(self.colour("text_muted"))
            width = self.fontMetrics().horizontalAdvance(text) + 8
            rect = QRectF(place + 16, top, width, LEGEND)
            painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
            place += width + 28


def _tone(one: Stretch) -> str:
    if not one.reason:
        return "chart1"
    return "bad" if one.fault else "chart4"


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M:%S}"
