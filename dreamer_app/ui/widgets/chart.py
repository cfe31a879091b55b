"""What all charts share: theme, a table of their figures, and the card with the switch between the two.

The table is not a second view for some: it is the same figures for screen readers, for copying and for tests. Charts
draw themselves with QPainter, as QtCharts is deprecated.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dreamer_app.core.i18n import tr
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_2, SPACE_3, SPACE_4


@dataclass(frozen=True)
class ChartTable:
    """The figures of a chart.

    Attributes:
        headers: One a column.
        rows: As texts, one a cell.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Chart(QWidget):
    """A picture of figures; the heirs draw and give the table.

    Args:
        theme: Colours.
        name: For screen readers.
    """

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(name)
        theme.changed.connect(self.update)

    def table(self) -> ChartTable:
        """The figures."""
        raise NotImplementedError

    def draw(self, painter: QPainter) -> None:
        """Paint the figures into the whole widget."""
        raise NotImplementedError

    def colour(self, token: str) -> QColor:
        """A colour of the theme: a token's name, or `chart1` to `chart4`."""
        tokens = self._theme.tokens
        return QColor(tokens.chart[int(token[-1]) - 1] if token.startswith("chart") else getattr(tokens, token))

    def told(self) -> None:
        """The figures are others now: draw them, and say them."""
        table = self.table()
        self.setAccessibleDescription("; ".join(", ".join(cell for cell in row if cell) for row in table.rows))
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Called by Qt."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)
        painter.end()


class ChartCard(QFrame):
    """A chart with its title and the switch to its table.

    Attributes:
        chart: The chart.
        switch: Shows the table while it is down.
    """

    def __init__(self, chart: Chart, icons: Icons, title: str, about: str = "") -> None:
        super().__init__()
        self.chart = chart
        self.setProperty("card", True)
        heading = QLabel(title)
        heading.setProperty("heading", "3")
        self._about = QLabel(about)
        self._about.setProperty("muted", True)
        self._about.setVisible(bool(about))
        self.switch = QToolButton()
        self.switch.setCheckable(True)
        self.switch.setToolTip(tr("Show as table"))
        self.switch.setAccessibleName(tr("{title}: show as table", title=title))
        icons.put(self.switch, "table", "text_muted")
        self.switch.toggled.connect(self._turn)
        self._table = QTableWidget()
        self._table.setAccessibleName(title)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.verticalHeader().hide()
        self._table.setShowGrid(False)
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addWidget(self._about)
        top.addStretch(1)
        top.addWidget(self.switch)
        self._stack = QStackedLayout()
        self._stack.addWidget(chart)
        self._stack.addWidget(self._table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_4, SPACE_2, SPACE_3, SPACE_4)
        layout.setSpacing(SPACE_2)
        layout.addLayout(top)
        layout.addLayout(self._stack, 1)

    def tell(self, about: str) -> None:
        """Change the words beside the title."""
        self._about.setText(about)
        self._about.setVisible(bool(about))

    def sizeHint(self) -> QSize:
        """As high as the chart wants to be."""
        hint = super().sizeHint()
        return QSize(hint.width(), self.chart.sizeHint().height() + 64)

    def _turn(self, on: bool) -> None:
        if on:
            self._fill(self.chart.table())
        self._stack.setCurrentIndex(int(on))

    def _fill(self, table: ChartTable) -> None:
        self._table.setColumnCount(len(table.headers))
        self._table.setRowCount(len(table.rows))
        self._table.setHorizontalHeaderLabels(list(table.headers))
        for y, row in enumerate(table.rows):
            for x, text in enumerate(row):
                cell = QTableWidgetItem(text)
                if x:
                    cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(y, x, cell)
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
