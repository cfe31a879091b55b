"""The five steps, one widget each. What they do is in `Deeds`; in which order they come, in `wizard.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.events import DreamJudged, Event, GatePassed, NightEnded, NightStarted, Progress, ScenarioWoven
from dreamer_app.core.i18n import tr, trn
from dreamer_app.core.types import DreamState, GateVerdict
from dreamer_app.ui.app import Desktop
from dreamer_app.ui.dialogs import opened
from dreamer_app.ui.error_words import line_of
from dreamer_app.ui.health import CheckList
from dreamer_app.ui.tokens import SPACE_1, SPACE_2, SPACE_3
from dreamer_app.ui.windows import button, card, heading, row, words
from dreamer_app.ui.wizard.deeds import Deeds
from dreamer_app.ui.wizard.progress_words import progress_text

SUGGESTED = ("textual", "rich", "pydantic", "httpx", "polars", "networkx")
"""Libraries that a language model of last year knows too little about, or whose interfaces change often."""


class Step(QWidget):
    """One page of the first steps.

    Args:
        title: Its heading.
        deeds: What it may do.
    """

    def __init__(self, title: str, deeds: Deeds) -> None:
        super().__init__()
        self.deeds = deeds
        self.title = title
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE_3)
        self.column.addWidget(heading(title))

    def entered(self) -> None:
        """It is shown now."""

    def left(self) -> None:
        """The next one is shown."""


class Welcome(Step):
    """What it does, and what it will not do."""

    def __init__(self, desktop: Desktop, deeds: Deeds) -> None:
        super().__init__(tr("Welcome"), deeds)
        self._desktop = desktop
        self._marks: list[tuple[QLabel, str]] = []
        self.column.addWidget(
            words(
                tr(
                    "The Dreamer learns the libraries you use from their documentation, and practises while nobody "
                    "needs the computer. In the morning you see what it can do now."
                )
            )
        )
        for icon, title, text in (
            ("moon", tr("It dreams when you are away"), tr("It stops at once when you touch mouse or keyboard.")),
            ("lock", tr("It runs code only in sealed workers"), tr("No network, no files of yours, bounded memory.")),
            ("shield", tr("It keeps only what is proven"), tr("Every dream comes with tests that really ran.")),
            ("eye", tr("It sends nothing anywhere"), tr("Unless you name a model server yourself.")),
        ):
            self.column.addWidget(self._promise(icon, title, text))
        self.column.addStretch()
        desktop.theme.changed.connect(self._tint)
        self._tint()

    def _promise(self, icon: str, title: str, text: str) -> QFrame:
        frame, column = card()
        line = QHBoxLayout()
        line.setSpacing(SPACE_3)
        mark = QLabel()
        self._marks.append((mark, icon))
        line.addWidget(mark)
        both = QVBoxLayout()
        both.setSpacing(2)
        both.addWidget(heading(title, 3))
        both.addWidget(words(text, muted=True))
        line.addLayout(both, 1)
        column.addLayout(line)
        return frame

    def _tint(self) -> None:
        for mark, icon in self._marks:
            mark.setPixmap(self._desktop.icons.pixmap(icon, 24, "accent", self.devicePixelRatioF()))


class Checks(Step):
    """Every prerequisite, with its fix."""

    def __init__(self, desktop: Desktop, deeds: Deeds) -> None:
        super().__init__(tr("What it needs"), deeds)
        self.summary = words(tr("Looking…"), muted=True)
        self.list = CheckList(desktop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self.list)
        scroll.setAccessibleName(tr("What it needs"))
        self.again = button(tr("Check again"), self.entered)
        self.column.addWidget(self.summary)
        self.column.addWidget(scroll, 1)
        self.column.addLayout(row(self.again, None))

    def entered(self) -> None:
        """Look."""
        self.again.setEnabled(False)
        self.summary.setText(tr("Looking…"))
        self.deeds.start(self._look)

    async def _look(self) -> None:
        checks = await self.deeds.look()
        if not isValid(self):
            return
        self.list.show_checks(checks)
        wrong = sum(check.state != "ok" for check in checks)
        all_well = tr("Everything it needs is there.")
        self.summary.setText(trn("{n} thing needs a look.", "{n} things need a look.", wrong) if wrong else all_well)
        self.again.setEnabled(True)


class Learn(Step):
    """Which libraries to read."""

    def __init__(self, deeds: Deeds) -> None:
        super().__init__(tr("What to learn"), deeds)
        self.column.addWidget(words(tr("Pick libraries, or a folder with documentation. More can be added later.")))
        chips = QHBoxLayout()
        chips.setSpacing(SPACE_2)
        self.chips: dict[str, QPushButton] = {}
        for name in SUGGESTED:
            chip = QPushButton(name)
            chip.setCheckable(True)
            chip.setAccessibleName(name)
            self.chips[name] = chip
            chips.addWidget(chip)
        chips.addStretch()
        self.column.addLayout(chips)
        self.others = QLineEdit()
        self.others.setPlaceholderText(tr("Others, for example fastapi, sqlmodel==0.0.22"))
        self.others.setAccessibleName(tr("Other libraries"))
        self.folder = button(tr("Folder…"), lambda: self.deeds.start(self._choose_folder))
        self.column.addLayout(row(self.others, self.folder))
        self.go = button(tr("Learn them"), lambda: self.deeds.start(self._learn), primary=True)
        self.column.addLayout(row(self.go, None))
        self.result = words("", muted=True)
        self.column.addWidget(self.result)
        self.column.addWidget(heading(tr("Known already"), 3))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Known already"))
        self.column.addWidget(self.list, 1)

    @property
    def sources(self) -> list[str]:
        """What was picked."""
        typed = [part.strip() for part in self.others.text().split(",") if part.strip()]
        return [*(name for name, chip in self.chips.items() if chip.isChecked()), *typed]

    def entered(self) -> None:
        """Show what is known."""
        self.deeds.start(self._show_known)

    async def _show_known(self) -> None:
        known = await self.deeds.known()
        if isValid(self):
            self.list.clear()
            self.list.addItems(list(known))

    async def _choose_folder(self) -> None:
        dialog = QFileDialog(self, tr("Folder with documentation"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        chosen: list[str] = []
        dialog.fileSelected.connect(chosen.append)
        await opened(dialog)
        if chosen:
            self.others.setText(", ".join([*filter(None, [self.others.text()]), *chosen]))

    async def _learn(self) -> None:
        sources = self.sources
        if not sources:
            self.result.setText(tr("Pick something first."))
            return
        self.go.setEnabled(False)
        self.result.setText(tr("Reading documentation…"))
        unsubscribe = self.deeds.subscribe(self._heard)
        try:
            await self.deeds.learn(
                [source if ":" in source or "/" in source else f"pypi:{source}" for source in sources]
            )
        except DreamerError as error:
            self.result.setText(line_of(error))
        else:
            self.result.setText(trn("{n} source read.", "{n} sources read.", len(sources)))
        finally:
            unsubscribe()
            self.go.setEnabled(True)
        await self._show_known()

    def _heard(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.result.setText(progress_text(event))


class When(Step):
    """When to dream, and whether to start at login: asked, and off."""

    def __init__(self, deeds: Deeds) -> None:
        super().__init__(tr("When to dream"), deeds)
        schedule = deeds.schedule()
        self.idle = QSpinBox()
        self.idle.lineEdit().setTextMargins(SPACE_1, 0, 0, 0)
        self.idle.setRange(1, 24 * 60)
        self.idle.setSuffix(f" {tr('min')}")
        self.idle.setValue(round(schedule.idle_minutes))
        self.idle.setAccessibleName(tr("Idle time"))
        self.by_day = QCheckBox(tr("Dream by day too, after this long without mouse or keyboard:"))
        self.by_day.setChecked(schedule.by_day)
        self.by_day.toggled.connect(self.idle.setEnabled)
        self.start = QLineEdit(schedule.night_start)
        self.end = QLineEdit(schedule.night_end)
        for line, name in ((self.start, tr("Night begins")), (self.end, tr("Night ends"))):
            line.setInputMask("99:99")
            line.setFixedWidth(80)
            line.setAccessibleName(name)
        self.login = QCheckBox(tr("Start The Dreamer at login"))
        self.login.setChecked(deeds.starts_at_login())
        self.problem = words("", tone="bad")
        self.column.addLayout(row(words(tr("The night is from")), self.start, words(tr("to")), self.end, None))
        self.column.addWidget(self.by_day)
        self.column.addLayout(row(self.idle, None))
        self.column.addWidget(words(tr("Never on battery, and never while a game or a video runs."), muted=True))
        self.column.addWidget(self.login)
        self.column.addWidget(words(tr("Quietly, into the tray. Off unless you turn it on."), muted=True))
        self.column.addWidget(self.problem)
        self.column.addStretch()

    def left(self) -> None:
        """Keep what was chosen."""
        old = self.deeds.schedule()
        idle = float(self.idle.value())
        try:
            new = type(old).model_validate(
                {
                    **dict(old),
                    "by_day": self.by_day.isChecked(),
                    "idle_minutes": idle,
                    "night_idle_minutes": min(old.night_idle_minutes, idle),
                    "night_start": self.start.text(),
                    "night_end": self.end.text(),
                }
            )
        except ValueError:
            new = old
        if new != old:
            self.deeds.set_schedule(new)
        if self.login.isChecked() != self.deeds.starts_at_login():
            self.deeds.start_at_login(self.login.isChecked())


class FirstDream(Step):
    """One dream under supervision: proves the whole chain before the first night."""

    def __init__(self, deeds: Deeds) -> None:
        super().__init__(tr("Dream one now"), deeds)
        self.column.addWidget(words(tr("One dream, from documentation to proof, while you watch.")))
        self.go = button(tr("Dream one now"), self._begin, primary=True)
        self.column.addLayout(row(self.go, None))
        self.state = words("", muted=True)
        self.column.addWidget(self.state)
        self.steps = QListWidget()
        self.steps.setAccessibleName(tr("What happens"))
        self.column.addWidget(self.steps, 1)
        self.verified = 0
        self._unsubscribe: Callable[[], None] | None = None

    def _begin(self) -> None:
        self.steps.clear()
        self.go.setEnabled(False)
        self.verified = 0
        self.state.setText(tr("Preparing workers; the first time takes a minute…"))
        if self._unsubscribe is None:
            self._unsubscribe = self.deeds.subscribe(self.heard)
        self.deeds.start(self._dream)

    async def _dream(self) -> None:
        try:
            await self.deeds.dream_now()
        except DreamerError as error:
            self.state.setText(line_of(error))
            self.go.setEnabled(True)

    def heard(self, event: Event) -> None:
        """Something happened in the night."""
        if not isValid(self):
            return
        match event:
            case Progress():
                self.state.setText(progress_text(event))
            case NightStarted():
                self._add(tr("Workers are ready; it dreams."))
            case ScenarioWoven(title=title):
                self._add(tr("Invented: {title}", title=title))
            case GatePassed(receipt=receipt):
                self._add(f"{'✓' if receipt.verdict is GateVerdict.PASSED else '✗'} {tr(receipt.name)}")
            case DreamJudged(dream=dream) if dream.state is DreamState.VERIFIED:
                self.verified += 1
                self._add(tr("Proven: {title}", title=dream.scenario.title))
                self.state.setText(tr("It works. The first dream is in the journal."))
                self.deeds.start(self.deeds.finish)
            case NightEnded():
                self.go.setEnabled(True)
                if not self.verified:
                    self.state.setText(tr("No dream was proven this time; the steps above say why."))

    def _add(self, text: str) -> None:
        self.steps.addItem(text)
        self.steps.scrollToBottom()

    def closed(self) -> None:
        """Hear no more."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None


def steps_of(desktop: Desktop, deeds: Deeds) -> Sequence[Step]:
    """All five, in their order."""
    return (Welcome(desktop, deeds), Checks(desktop, deeds), Learn(deeds), When(deeds), FirstDream(deeds))
