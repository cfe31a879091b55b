"""The keyboard sheet: every command with its keys, searchable, and changeable. It asks for keys; it binds none."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dreamer_app.core.i18n import mark, tr
from dreamer_app.ui.actions import BY_ID, COMMANDS, Context, Keymap
from dreamer_app.ui.windows import Window, button, row, words

PLACES = {
    Context.EVERYWHERE: mark("Everywhere"),
    Context.JOURNAL: mark("Dream Journal"),
    Context.CODE: mark("Code"),
}


class KeysPage(QWidget):
    """All commands and keys.

    Args:
        keymap: The keys in force.
        changed: Told of the new ones.
    """

    def __init__(self, keymap: Keymap, changed: Callable[[Keymap], None]) -> None:
        super().__init__()
        self.setProperty("page", True)
        self.keymap, self._changed = keymap, changed
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search commands and keys"))
        self.search.setAccessibleName(tr("Search commands and keys"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._find)
        self.table = QTableWidget(len(COMMANDS), 3)
        self.table.setAccessibleName(tr("Keyboard shortcuts"))
        self.table.setHorizontalHeaderLabels([tr("Command"), tr("Keys"), tr("Where")])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.table.currentCellChanged.connect(self._chosen)
        self.edit = QKeySequenceEdit()
        self.edit.setAccessibleName(tr("New keys"))
        self.edit.setMaximumSequenceLength(1)
        self.edit.setClearButtonEnabled(True)
        self.apply = button(tr("Set keys"), self._apply)
        self.usual = button(tr("Usual keys"), self._restore)
        self.problem = words("", tone="bad")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        column.addLayout(row(self.edit, self.apply, self.usual))
        column.addWidget(self.problem)
        self._fill()
        self.table.selectRow(0)

    def _fill(self) -> None:
        for line, command in enumerate(COMMANDS):
            keys = ", ".join(
                QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
                for key in self.keymap.keys(command.id)
            )
            for place, text in enumerate((tr(command.text), keys, tr(PLACES[command.context]))):
                item = QTableWidgetItem(text)
                item.setData(Qt.ItemDataRole.UserRole, command.id)
                self.table.setItem(line, place, item)

    def _find(self, text: str) -> None:
        for line in range(self.table.rowCount()):
            shown = " ".join(str(self.table.model().index(line, place).data()) for place in range(3)).lower()
            self.table.setRowHidden(line, text.lower() not in shown)

    def _command(self) -> str:
        return str(self.table.model().index(max(0, self.table.currentRow()), 0).data(Qt.ItemDataRole.UserRole))

    def _chosen(self) -> None:
        keys = self.keymap.keys(self._command())
        self.edit.setKeySequence(QKeySequence(keys[0]) if keys else QKeySequence())
        self.problem.setText("")

    def _apply(self) -> None:
        text = self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        self._take([text] if text else [])

    def _restore(self) -> None:
        self._take(list(BY_ID[self._command()].keys))
        self._chosen()

    def _take(self, keys: list[str]) -> None:
        wanted = self.keymap.with_keys(self._command(), keys)
        if clash := next(iter(wanted.conflicts()), None):
            key, one, other = clash
            rival = other if one == self._command() else one
            self.problem.setText(tr("{key} is taken by “{command}”.", key=key, command=tr(BY_ID[rival].text)))
            return
        if any("Ctrl+Alt" in key for key in keys):
            self.problem.setText(tr("Ctrl+Alt writes letters on many keyboards; choose other keys."))
            return
        self.problem.setText("")
        self.keymap = wanted
        self._fill()
        self._changed(wanted)


class KeysWindow(Window):
    """The sheet as a window of its own.

    Args:
        keymap: The keys in force.
        changed: Told of the new ones.
    """

    def __init__(self, keymap: Keymap, changed: Callable[[Keymap], None]) -> None:
        super().__init__(tr("Keyboard shortcuts"), 640, 620)
        self.page = KeysPage(keymap, changed)
        self.column.addWidget(self.page, 1)
        self.column.addLayout(row(None, button(tr("Close"), self.close)))
