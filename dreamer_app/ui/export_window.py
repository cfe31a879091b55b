"""The export window: which dreams, as what, how many, what the first record looks like, and where to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QFormLayout, QLabel, QLineEdit, QPlainTextEdit

from dreamer_app.academy.dataset_curator import DatasetCurator, ExportReport
from dreamer_app.academy.selection import ExportOrder
from dreamer_app.core.i18n import tr, trn
from dreamer_app.core.plain_text import visible
from dreamer_app.service.export_preview import ExportPreview
from dreamer_app.ui.theme import code_font
from dreamer_app.ui.windows import Window, button, row, words


class Exporting(Protocol):
    """What the window asks of the Academy; both block."""

    def preview(self, order: ExportOrder) -> ExportPreview:
        """What an export would write."""
        ...

    def export(self, order: ExportOrder, out: Path) -> ExportReport:
        """Write it."""
        ...


@dataclass(frozen=True)
class Scope:
    """Dreams that belong together.

    Attributes:
        text: In the person's language.
        dreams: Gives their identifiers when it is asked for; None means all.
    """

    text: str
    dreams: Callable[[], Sequence[str]] | None = None


class ExportWindow(Window):
    """Writes training files.

    Args:
        academy: Does it.
        folder: Where to, unless somebody chooses another place.
        start: Does work that takes time.

    Attributes:
        scope: Which dreams.
    """

    def __init__(
        self, academy: Exporting, folder: Path, start: Callable[[Callable[[], Awaitable[None]]], None]
    ) -> None:
        super().__init__(tr("Export training files"), 760, 620)
        self._academy, self._start = academy, start
        self._asked = 0
        self.format = QComboBox()
        self.format.addItems(DatasetCurator.formats())
        self.format.setAccessibleName(tr("Format"))
        self._scopes: Sequence[Scope] = ()
        self.scope = QComboBox()
        self.scope.setAccessibleName(tr("Dreams"))
        self.approved = QCheckBox(tr("Only dreams that I approved"))
        self.training = QCheckBox(tr("Split into files for training, with recipes"))
        self.folder = QLineEdit(str(folder))
        self.folder.setAccessibleName(tr("Folder"))
        form = QFormLayout()
        form.addRow(QLabel(tr("Format")), self.format)
        form.addRow(QLabel(tr("Dreams")), self.scope)
        form.addRow(QLabel(""), self.approved)
        form.addRow(QLabel(""), self.training)
        form.addRow(QLabel(tr("Folder")), row(self.folder, button(tr("Choose…"), self._choose)))
        self.column.addLayout(form)
        self.count = words("")
        self.record = QPlainTextEdit()
        self.record.setReadOnly(True)
        self.record.setProperty("code", True)
        self.record.setFont(code_font(9))
        self.record.setAccessibleName(tr("First record"))
        self.column.addWidget(self.count)
        self.column.addWidget(self.record, 1)
        self.column.addWidget(
            words(
                tr(
                    "Every line says `synthetic: true`. Each record names the licences of its libraries; mind them when"
                    " you pass it on."
                ),
                muted=True,
            )
        )
        self.result = words("")
        self.open = button(tr("Show in folder"), self._show, flat=True)
        self.open.hide()
        self.write = button(tr("Export"), self._begin, primary=True)
        self.column.addWidget(self.result)
        self.column.addLayout(row(self.open, None, button(tr("Close"), self.close), self.write))
        self.format.currentIndexChanged.connect(self.refresh)
        self.scope.currentIndexChanged.connect(self.refresh)
        self.approved.toggled.connect(self.refresh)
        self.training.toggled.connect(self.refresh)
        self.offer(())

    @property
    def order(self) -> ExportOrder:
        """What is asked for."""
        dreams = self._scopes[max(0, self.scope.currentIndex())].dreams
        return ExportOrder(
            format=self.format.currentText(),
            dreams=None if dreams is None else frozenset(dreams()),
            approved_only=self.approved.isChecked(),
            training=self.training.isChecked(),
        )

    def offer(self, scopes: Sequence[Scope], place: int = 0) -> None:
        """Offer all proved dreams and these, and choose one of them, 0 being all."""
        self._scopes = (Scope(tr("All proved dreams")), *scopes)
        self.scope.blockSignals(True)
        self.scope.clear()
        self.scope.addItems([scope.text for scope in self._scopes])
        self.scope.setCurrentIndex(place)
        self.scope.blockSignals(False)
        self.refresh()

    def refresh(self) -> None:
        """Look ahead again."""
        self._asked += 1
        self.result.clear()
        self.open.hide()
        self._start(self._look)

    async def _look(self) -> None:
        asked = self._asked
        found = await asyncio.to_thread(self._academy.preview, self.order)
        if asked != self._asked:
            return  # somebody has chosen something else meanwhile
        self.count.setText(trn("{n} dream", "{n} dreams", found.dreams))
        self.record.setPlainText(visible(found.record))
        self.write.setEnabled(found.dreams > 0)

    def _choose(self) -> None:
        dialog = QFileDialog(self, tr("Folder"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    def _begin(self) -> None:
        self.write.setEnabled(False)
        self._start(self._export)

    async def _export(self) -> None:
        folder = self.folder.text()
        try:
            report = await asyncio.to_thread(lambda: self._academy.export(self.order, Path(folder).expanduser()))
        finally:
            self.write.setEnabled(True)
        self.result.setText(tr("{rows} records in {file}", rows=report.rows, file=report.file))
        self.open.show()

    def _show(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder.text()))
