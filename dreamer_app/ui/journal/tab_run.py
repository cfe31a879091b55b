"""Tab 4: what every gate saw, and how to check it without The Dreamer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.core.types import GateVerdict
from dreamer_app.service.journal import DreamPage
from dreamer_app.ui.icons import Icons
from dreamer_app.ui.journal.evidence import evidence_lines, evidence_text
from dreamer_app.ui.journal.words import gate_text
from dreamer_app.ui.theme import code_font
from dreamer_app.ui.tokens import SPACE_2, SPACE_3


class RunView(QWidget):
    """Receipts and the way to repeat them."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("Gates"))
        self.tree.setHeaderLabels([tr("Gate"), tr("Evidence"), tr("Seconds")])
        self.tree.setRootIsDecorated(True)
        self.tree.setWordWrap(True)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self._cost, self._command = QLabel(), QLabel()
        self._cost.setProperty("muted", True)
        self._cost.setWordWrap(True)
        self._command.setFont(code_font(9))
        self._command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._command.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_2, 0, SPACE_2)
        layout.setSpacing(SPACE_2)
        layout.addWidget(self.tree, 1)
        for label in (self._cost, self._command):
            label.setContentsMargins(SPACE_3, 0, SPACE_3, 0)
            layout.addWidget(label)

    def show_page(self, page: DreamPage) -> None:
        """Show the receipts that decided the dream; the one that stopped it stands open."""
        self.tree.clear()
        dream = page.dream
        for receipt in dream.verdict.receipts if dream.verdict else ():
            passed = receipt.verdict is GateVerdict.PASSED
            item = QTreeWidgetItem(
                [gate_text(receipt.gate, receipt.name), evidence_text(receipt), f"{receipt.seconds:.2f}"]
            )
            item.setIcon(0, self._icons.pixmap("ok" if passed else "error", 16, "ok" if passed else "bad"))
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight)
            item.setToolTip(1, evidence_text(receipt))
            for name, value in evidence_lines(receipt):
                child = QTreeWidgetItem([name, value, ""])
                child.setToolTip(1, value)
                item.addChild(child)
            self.tree.addTopLevelItem(item)
            if not passed:
                item.setExpanded(True)
        cost = dream.cost
        parts = [tr("{seconds:.1f} s", seconds=cost.seconds)]
        if cost.cpu_seconds is not None:
            parts.append(tr("{seconds:.1f} s of processor time", seconds=cost.cpu_seconds))
        if cost.tokens:
            parts.append(tr("{tokens} tokens", tokens=cost.tokens))
        if cost.watt_hours is not None:
            parts.append(f"{cost.watt_hours:.2f} Wh")
        parts.append(f"Python {dream.provenance.python}")
        self._cost.setText(" · ".join(parts))
        self._command.setText(f"dreamer verify {dream.id[:8]}" if page.folder else "")
        self._command.setVisible(bool(page.folder))
