"""The disk window: what takes how much room, and cleaning by kind or by age, after showing what would go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QMessageBox, QProgressBar, QWidget

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.i18n import tr, trn
from dreamer_app.core.paths import DataPaths
from dreamer_app.service.disk import NAMES, Use, clean, disk_use, free_room, in_units
from dreamer_app.service.retention import CleaningPlan, Retention, sentence
from dreamer_app.ui.dialogs import Choice, ask
from dreamer_app.ui.error_words import line_of
from dreamer_app.ui.tokens import SPACE_2, SPACE_3
from dreamer_app.ui.windows import Window, button, card, heading, row, words


class DiskWindow(Window):
    """Disk use of a base folder.

    Args:
        paths: The base folder.
        start: Does work that takes time.
        retention: Cleans by age and size; None offers it not.
    """

    def __init__(
        self,
        paths: DataPaths,
        start: Callable[[Callable[[], Awaitable[None]]], None],
        retention: Retention | None = None,
    ) -> None:
        super().__init__(tr("Disk use"), 640, 480)
        self._paths, self._start, self._retention = paths, start, retention
        self.summary = words("", muted=True)
        self.column.addWidget(self.summary)
        frame, self._cards = card()
        self._grid: QWidget | None = None
        self.column.addWidget(frame)
        self.column.addStretch()
        self.old = button(tr("Clean what is old…"), lambda: start(self._clean_old))
        self.old.setVisible(retention is not None)
        refresh = button(tr("Refresh"), self.refresh)
        self.column.addLayout(row(refresh, self.old, None, button(tr("Close"), self.close)))
        self.refresh()

    def refresh(self) -> None:
        """Measure again."""
        self.summary.setText(tr("Measuring…"))
        self._start(self._measure)

    async def _measure(self) -> None:
        uses = await asyncio.to_thread(disk_use, self._paths)
        free = await asyncio.to_thread(free_room, self._paths)
        self.show_uses(uses, free)

    def show_uses(self, uses: Sequence[Use], free: int) -> None:
        """Show what was measured.

        Args:
            uses: Every kind.
            free: Bytes free on the disk.
        """
        total = sum(use.size for use in uses)
        where = str(self._paths.base)
        self.summary.setText(
            tr("{size} in {folder}; {free} are free.", size=in_units(total), folder=where, free=in_units(free))
        )
        if self._grid is not None:
            self._grid.deleteLater()
        self._grid = QWidget()
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_3)
        grid.setVerticalSpacing(SPACE_2)
        grid.setColumnStretch(1, 1)
        for line, use in enumerate(sorted(uses, key=lambda use: -use.size)):
            name, about = NAMES[use.kind]
            title = heading(tr(name), 3)
            title.setToolTip(tr(about))
            grid.addWidget(title, 2 * line, 0)
            grid.addWidget(_bar(use.size, total, tr(name)), 2 * line, 1)
            size = words(in_units(use.size))
            size.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(size, 2 * line, 2)
            if use.cleanable:
                press = button(tr("Clean…"), partial(self._start, partial(self._clean, use)), flat=True)
                press.setEnabled(use.files > 0)
                press.setAccessibleName(tr("Clean {what}", what=tr(name)))
                grid.addWidget(press, 2 * line, 3)
            grid.addWidget(words(tr(about), muted=True), 2 * line + 1, 0, 1, 4)
        self._cards.addWidget(self._grid)

    async def _clean(self, use: Use) -> None:
        name, about = NAMES[use.kind]
        text = trn(
            "{n} file, {size}. {about}",
            "{n} files, {size}. {about}",
            use.files,
            size=in_units(use.size),
            about=tr(about),
        )
        choices = [Choice("clean", tr("Clean")), Choice("keep", tr("Keep"), QMessageBox.ButtonRole.RejectRole)]
        if await ask(self, tr("Clean {what}?", what=tr(name)), text, choices) != "clean":
            return
        freed = await asyncio.to_thread(clean, self._paths, use.kind)
        await self._measure()
        if freed or not use.files:
            self.summary.setText(f"{tr('{size} freed.', size=in_units(freed))} {self.summary.text()}")
        else:
            self.summary.setText(tr("Nothing was cleaned: a night is under way and needs them."))

    async def _clean_old(self) -> None:
        assert self._retention is not None
        plan = await asyncio.to_thread(self._retention.plan)
        if not plan.items:
            self.summary.setText(tr("Nothing is old enough to go."))
            return
        try:
            if not await self._agreed(plan):
                return
            cleaned = await asyncio.to_thread(self._retention.clean, plan)
        except DreamerError as error:
            self.summary.setText(line_of(error))
            return
        await self._measure()
        self.summary.setText(f"{tr('{size} freed.', size=in_units(cleaned.freed))} {self.summary.text()}")

    async def _agreed(self, plan: CleaningPlan) -> bool:
        """Show a plan, kind by kind, and ask."""
        lines = []
        for kind in dict.fromkeys(item.kind for item in plan.items):
            found = [item for item in plan.items if item.kind == kind]
            lines.append(f"{tr(sentence(kind))}: {len(found)}, {in_units(sum(item.size for item in found))}")
        text = "\n".join([*lines, "", tr("Dreams that you approved stay. Cleaned dreams can be had back for a while.")])
        choices = [Choice("clean", tr("Clean")), Choice("keep", tr("Keep"), QMessageBox.ButtonRole.RejectRole)]
        return await ask(self, tr("Clean what is old?"), text, choices) == "clean"


def _bar(size: int, total: int, name: str) -> QProgressBar:
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.setRange(0, 1000)
    bar.setValue(round(1000 * size / total) if total else 0)
    bar.setAccessibleName(name)
    return bar
