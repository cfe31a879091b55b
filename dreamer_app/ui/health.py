"""The health window: every prerequisite with its fix, and a report to copy. The checks themselves are the service's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from dreamer_app.core.checks import Check
from dreamer_app.core.i18n import mark, tr, trn
from dreamer_app.ui.app import Desktop
from dreamer_app.ui.tokens import SPACE_1, SPACE_3
from dreamer_app.ui.windows import Window, button, card, copy, heading, row, words

LOOKS = {
    "ok": ("ok", "ok", mark("fine")),
    "warning": ("warning", "warn", mark("works, but worse")),
    "missing": ("error", "bad", mark("missing")),
}
"""Icon, tone and word of what was found."""
ICON = 20


class CheckList(QWidget):
    """Prerequisites as cards: icon, name, what was found, what mends it.

    Args:
        desktop: What all windows share.
    """

    def __init__(self, desktop: Desktop) -> None:
        super().__init__()
        self.setProperty("page", True)
        self._desktop = desktop
        self._checks: Sequence[Check] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_1)
        desktop.theme.changed.connect(self._draw)

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show what was found."""
        self._checks = checks
        self._draw()

    def _draw(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for check in sorted(self._checks, key=lambda check: ("missing", "warning", "ok").index(check.state)):
            self._column.addWidget(self._card(check))
        self._column.addStretch()

    def _card(self, check: Check) -> QFrame:
        name, tone, state = LOOKS[check.state]
        frame, column = card()
        line = QHBoxLayout()
        line.setSpacing(SPACE_3)
        sign = QLabel()
        sign.setPixmap(self._desktop.icons.pixmap(name, ICON, tone, frame.devicePixelRatioF()))
        sign.setAccessibleName(tr(state))
        line.addWidget(sign)
        line.addWidget(heading(tr(check.name), 3))
        line.addWidget(words(check.detail, muted=True), 1)
        column.addLayout(line)
        if check.fix:
            below = row(words(check.fix, tone=tone))
            below.setContentsMargins(ICON + SPACE_3, 0, 0, 0)
            column.addLayout(below)
        frame.setAccessibleName(f"{tr(check.name)}: {tr(state)}. {check.detail}. {check.fix}")
        return frame


class HealthWindow(Window):
    """Prerequisites, looked at when the window opens and on request.

    Args:
        desktop: What all windows share.
        look: Looks at them.
        report: Makes the text of a report out of what was found.
        start: Does work that takes time.
    """

    def __init__(
        self,
        desktop: Desktop,
        look: Callable[[], Awaitable[Sequence[Check]]],
        report: Callable[[Sequence[Check]], str],
        start: Callable[[Callable[[], Awaitable[None]]], None],
    ) -> None:
        super().__init__(tr("Diagnostics"), 720, 620)
        self._look, self._report, self._start = look, report, start
        self._checks: Sequence[Check] = ()
        self.summary = words("", muted=True)
        self.column.addWidget(self.summary)
        self.list = CheckList(desktop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.list)
        scroll.setAccessibleName(tr("Diagnostics"))
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.column.addWidget(scroll, 1)
        self.copied = words("", muted=True)
        self.again = button(tr("Check again"), self.refresh)
        self.copy = button(tr("Copy report"), self._copy, primary=True)
        self.copy.setToolTip(tr("Versions, checks and the end of the log; no keys, no names."))
        self.column.addLayout(row(self.again, self.copied, None, self.copy, button(tr("Close"), self.close)))
        self.refresh()

    def refresh(self) -> None:
        """Look again."""
        self.again.setEnabled(False)
        self.summary.setText(tr("Looking…"))
        self._start(self._fetch)

    async def _fetch(self) -> None:
        try:
            self._checks = await self._look()
            self.list.show_checks(self._checks)
            wrong = sum(check.state != "ok" for check in self._checks)
            all_well = tr("Everything it needs is there.")
            self.summary.setText(
                trn("{n} thing needs a look.", "{n} things need a look.", wrong) if wrong else all_well
            )
        finally:
            self.again.setEnabled(True)

    def _copy(self) -> None:
        copy(self._report(self._checks))
        self.copied.setText(tr("Copied."))
