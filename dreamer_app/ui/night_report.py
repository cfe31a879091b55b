"""The night report: one sentence, four figures, when and why not, where dreams ended, what was learned, one next step.

It shows what the service tells and computes nothing. Every chart can be read as a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from dreamer_app.core.i18n import tr, trn
from dreamer_app.core.states import Force
from dreamer_app.service.night_story import Insight, InsightKind, NightStories, NightStory
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.words import gate_text
from dreamer_app.ui.night_words import (
    duration_text,
    headline,
    insight_text,
    library_text,
    percent_text,
    subtitle,
)
from dreamer_app.ui.theme import Theme
from dreamer_app.ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_5
from dreamer_app.ui.widgets.chart import ChartCard
from dreamer_app.ui.widgets.chart_funnel import FunnelChart, FunnelStep
from dreamer_app.ui.widgets.chart_libraries import LibrariesChart, LibraryStep
from dreamer_app.ui.widgets.chart_nights import NightBar, NightsChart, Sparkline
from dreamer_app.ui.widgets.chart_timeline import Stretch, TimelineChart
from dreamer_app.ui.widgets.empty_state import EmptyState

WIDEST = 1080
"""Lines longer than this are hard to read; the report stands in the middle of a wider window."""


class Tile(QFrame):
    """One figure with its last fourteen nights."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setProperty("card", True)
        self._name = name
        self._value, label, self._below = QLabel(), QLabel(name), QLabel()
        self._value.setProperty("heading", "1")
        for muted in (label, self._below):
            muted.setProperty("muted", True)
        self.line = Sparkline(theme, tr("{name}, the last nights", name=name))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        layout.setSpacing(SPACE_2)
        top = QHBoxLayout()
        top.addWidget(self._value)
        top.addStretch(1)
        top.addWidget(self.line)
        layout.addWidget(label)
        layout.addLayout(top)
        layout.addWidget(self._below)

    def tell(self, value: str, below: str, series: Sequence[float]) -> None:
        """Show a figure."""
        self._value.setText(value)
        self._below.setText(below)
        self.line.show_values(series)
        self.setAccessibleName(f"{self._name}: {value}. {below}")


class NightReport(QWidget):
    """One night at a time.

    Attributes:
        journal_wanted: The journal shall show what a search text means; carries the text.
        fix_wanted: Something shall be mended; carries the InsightKind.
        nights: The choice of the night.
    """

    journal_wanted = Signal(str)
    fix_wanted = Signal(object)

    def __init__(self, stories: NightStories, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stories = stories
        self._insight: Insight | None = None
        self.setWindowTitle(tr("Night report"))
        self.resize(1120, 860)
        self._headline, self._subtitle = QLabel(), QLabel()
        self._headline.setProperty("heading", "1")
        self._headline.setWordWrap(True)
        self._headline.setTextFormat(Qt.TextFormat.RichText)
        self._subtitle.setProperty("muted", True)
        self.nights = QComboBox()
        self.nights.setAccessibleName(tr("Night"))
        self.nights.activated.connect(lambda place: self.show_night(self.nights.itemData(place)))
        self.tiles = [Tile(theme, name) for name in (tr("Proved"), tr("Accepted"), tr("Time dreaming"), tr("Learned"))]
        self.timeline, self.funnel = TimelineChart(theme), FunnelChart(theme)
        self.libraries, self.history = LibrariesChart(theme), NightsChart(theme)
        self._cards = [
            ChartCard(self.timeline, icons, tr("The night")),
            ChartCard(self.funnel, icons, tr("Where dreams end")),
            ChartCard(self.libraries, icons, tr("Learned"), tr("share of the public API with a proven dream")),
            ChartCard(self.history, icons, tr("The last nights")),
        ]
        self._advice, self.action = QLabel(), QPushButton()
        self._advice.setWordWrap(True)
        self.action.setProperty("primary", True)
        self.action.clicked.connect(self._act)
        self._banner = QFrame()
        self._banner.setProperty("banner", "info")
        self.empty = EmptyState(theme, icons)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scrolled())
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.show_night(None)

    def show_night(self, night_id: str | None) -> None:
        """Show a night, or the latest one."""
        self.show_story(self._stories.of(night_id))

    def show_story(self, story: NightStory | None) -> None:
        """Show what was read already."""
        self._stack.setCurrentIndex(0 if story is not None else 1)
        if story is None:
            self.empty.say("moon", tr("No night yet"), tr("I dream when you are away."))
            return
        self._offer_nights(story)
        self._headline.setText(_marked(headline(story)))
        self._subtitle.setText(subtitle(story))
        self._tell_tiles(story)
        self._draw(story)
        self._advise(story.insight)

    @property
    def said(self) -> str:
        """The headline."""
        return self._headline.text()

    def _tell_tiles(self, story: NightStory) -> None:
        now, series = story.now, story.figures
        step = sum(one.after - one.before for one in story.learned)
        more = [f"{now.rejected} {tr('stopped by a gate')}"]
        if now.interrupted:
            more.append(f"{now.interrupted} {tr('cut short')}")
        power = [] if now.watt_hours is None else [f"{now.watt_hours:.0f} Wh"]
        power += [] if now.peak_celsius is None else [tr("up to {n} °C", n=round(now.peak_celsius))]
        rate = now.verified / (now.seconds / 3600) if now.seconds else 0.0
        self.tiles[0].tell(str(now.verified), " · ".join(more), [one.verified for one in series])
        self.tiles[1].tell(
            percent_text(now.acceptance),
            tr("of all that were judged"),
            [one.acceptance for one in series if one.acceptance is not None],
        )
        below = " · ".join(power) or tr("{n} proved an hour", n=round(rate))
        self.tiles[2].tell(duration_text(now.seconds), below, [one.seconds for one in series])
        self.tiles[3].tell(f"+{step}", tr("parts of public API with a first proven dream"), [])

    def _draw(self, story: NightStory) -> None:
        end = story.night.ended_at or max((one.at for one in story.proven), default=story.night.started_at)
        heat = [(one.at, one.celsius) for one in story.warmth]
        proven = [one.at for one in story.proven]
        self.timeline.show_night(_stretches(story, end), proven, heat, story.too_warm if heat else None)
        entered = story.gates[0].entered if story.gates else 0
        useless = sum(count for name, count in story.night.figures.items() if name.startswith("drafts."))
        steps = [FunnelStep(tr("invented"), entered, round(useless))] if entered or useless else []
        steps += [
            FunnelStep(gate_text("", tr(gate.name)), gate.passed, gate.entered - gate.passed) for gate in story.gates
        ]
        if steps:
            steps.append(FunnelStep(tr("approved by you"), story.approved, own=True))
        self.funnel.show_steps(steps)
        self.libraries.show_steps(
            [LibraryStep(library_text(one), one.before, one.after, one.public, one.first) for one in story.learned]
        )
        self.history.show_nights([NightBar(one.started_at, one.verified, one.rejected) for one in story.figures])
        held = sum(stretch.reason != "" for stretch in _stretches(story, end))
        self._cards[0].tell(trn("held up {n} time", "held up {n} times", held) if held else tr("nothing held it up"))
        for card in self._cards:
            card.updateGeometry()

    def _advise(self, insight: Insight | None) -> None:
        self._insight = insight
        self._banner.setVisible(insight is not None)
        if insight is not None:
            text, button = insight_text(insight)
            self._advice.setText(text)
            self.action.setText(button)

    def _act(self) -> None:
        if self._insight is None:
            return
        if self._insight.kind in {InsightKind.GATE, InsightKind.REVIEW}:
            self.journal_wanted.emit(self._insight.query)
        else:
            self.fix_wanted.emit(self._insight.kind)

    def _offer_nights(self, story: NightStory) -> None:
        self.nights.clear()
        for night in self._stories.nights():
            self.nights.addItem(f"{night.started_at.astimezone():%d.%m.%Y, %H:%M}", night.id)
        self.nights.setCurrentIndex(self.nights.findData(story.night.id))

    def _scrolled(self) -> QWidget:
        page = QWidget()
        page.setMaximumWidth(WIDEST)
        page.setProperty("page", True)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(SPACE_5, SPACE_5, SPACE_5, SPACE_5)
        layout.setSpacing(SPACE_4)
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(SPACE_2)
        words.addWidget(self._headline)
        words.addWidget(self._subtitle)
        head.addLayout(words, 1)
        head.addWidget(self.nights, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        advice = QHBoxLayout(self._banner)
        advice.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        advice.addWidget(self._advice, 1)
        advice.addWidget(self.action)
        tiles = QHBoxLayout()
        tiles.setSpacing(SPACE_3)
        for tile in self.tiles:
            tiles.addWidget(tile, 1)
        layout.addLayout(tiles)
        layout.addWidget(self._banner)
        grid = QGridLayout()
        grid.setSpacing(SPACE_3)
        grid.addWidget(self._cards[0], 0, 0, 1, 2)
        grid.addWidget(self._cards[1], 1, 0, 2, 1)
        grid.addWidget(self._cards[2], 1, 1)
        grid.addWidget(self._cards[3], 2, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        layout.addLayout(grid)
        layout.addStretch(1)
        outer = QWidget()
        outer.setProperty("page", True)
        middle = QHBoxLayout(outer)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        middle.addWidget(page, 20)
        middle.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(outer)
        scroll.setAccessibleName(tr("Night report"))
        return scroll


def _stretches(story: NightStory, end: datetime) -> list[Stretch]:
    """The night from its beginning to its end, dreaming where nothing held it up."""
    found, at = [], story.night.started_at
    for gap in story.held:
        stop = min(gap.ended_at or end, end)
        if gap.reasons and at <= gap.began_at < stop:
            if at < gap.began_at:
                found.append(Stretch(at, gap.began_at))
            why = tr(gap.reasons[0].text) + (f": {gap.detail}" if gap.detail else "")
            found.append(Stretch(gap.began_at, stop, why, gap.reasons[0].force is Force.FAULT))
            at = stop
    return [*found, Stretch(at, end)] if at < end or not found else found


def _marked(text: str) -> str:
    """Names between backticks in the code's face; everything else as plain text."""
    parts = text.replace("&", "&amp;").replace("<", "&lt;").split("`")
    return "".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts))
