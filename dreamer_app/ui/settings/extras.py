"""What pages of settings have beside their settings: start at login, the model's key and its test, coding agents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.i18n import tr
from dreamer_app.service.agent_clients import AgentClient
from dreamer_app.ui.error_words import line_of
from dreamer_app.ui.tokens import SPACE_2
from dreamer_app.ui.windows import button, heading, row, words

Start = Callable[[Callable[[], Awaitable[None]]], None]


class Entries(Protocol):
    """The program's entries in the desktop."""

    @property
    def starts_at_login(self) -> bool:
        """As the disk says."""
        ...

    def start_at_login(self, *, on: bool) -> None:
        """Start at login, or do not."""
        ...

    def install_launcher(self) -> None:
        """Show it in the applications menu."""
        ...


class Tried(Protocol):
    """What came of trying a model out."""

    ok: bool
    message: str
    hint: str
    first_token_seconds: float | None
    tokens_per_second: float | None


class StartExtras(QWidget):
    """Start at login and the entry in the applications menu; both are read back from the disk.

    Args:
        entries: The program's entries.
    """

    def __init__(self, entries: Entries) -> None:
        super().__init__()
        self._entries = entries
        self.login = QCheckBox(tr("Start at login"))
        self.login.setChecked(entries.starts_at_login)
        self.login.toggled.connect(self._toggle)
        self.problem = words("", tone="bad")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_2)
        column.addWidget(self.login)
        column.addWidget(words(tr("Quietly, into the tray. Off unless you turn it on."), muted=True))
        column.addLayout(row(button(tr("Add to the applications menu"), self._install), None))
        column.addWidget(self.problem)

    def showEvent(self, event: object) -> None:
        """People and other programs change it too."""
        self.login.blockSignals(True)
        self.login.setChecked(self._entries.starts_at_login)
        self.login.blockSignals(False)
        super().showEvent(event)  # type: ignore[arg-type]

    def _toggle(self, on: bool) -> None:
        self._do(lambda: self._entries.start_at_login(on=on), "")

    def _install(self) -> None:
        self._do(self._entries.install_launcher, tr("It is in the applications menu now."))

    def _do(self, action: Callable[[], None], done: str) -> None:
        try:
            action()
        except DreamerError as error:
            self.problem.setText(line_of(error))
        else:
            self.problem.setText(done)


class Doors(QWidget):
    """Buttons that open what has a window of its own.

    Args:
        doors: Text and what opens.
        above: Stands above them.
    """

    def __init__(self, doors: Mapping[str, Callable[[], object]], above: QWidget | None = None) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_2)
        if above is not None:
            column.addWidget(above)
        column.addLayout(row(*(button(text, opened) for text, opened in doors.items()), None))


class ModelExtras(QWidget):
    """The key of the model's server, which goes into the system's store of secrets, and the test of the connection.

    Args:
        test: Tries the model that the settings name.
        keep_key: Keeps a key; raises a DreamerError.
        start: Does work that takes time.
    """

    def __init__(
        self, test: Callable[[], Awaitable[Tried]], keep_key: Callable[[str], Awaitable[None]], start: Start
    ) -> None:
        super().__init__()
        self._test, self._keep, self._start = test, keep_key, start
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setPlaceholderText(tr("Only for servers that want one"))
        self.key.setAccessibleName(tr("Key of the server"))
        self.save = button(tr("Keep key"), lambda: start(self._save))
        self.try_out = button(tr("Test connection"), lambda: start(self._try), primary=True)
        self.result = words("", muted=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_2)
        column.addWidget(heading(tr("Key of the server"), 3))
        column.addLayout(row(self.key, self.save))
        column.addWidget(words(tr("Kept in the system's store of secrets only, never in a file of ours."), muted=True))
        column.addLayout(row(self.try_out, None))
        column.addWidget(self.result)

    def say(self, text: str, tone: str) -> None:
        """The result of a test or of keeping."""
        self.result.setProperty("tone", tone)
        self.result.setProperty("muted", False)
        self.result.style().unpolish(self.result)
        self.result.style().polish(self.result)
        self.result.setText(text)

    async def _save(self) -> None:
        try:
            await self._keep(self.key.text().strip())
        except DreamerError as error:
            self.say(line_of(error), "bad")
        else:
            self.key.clear()
            self.say(tr("The key is kept."), "ok")

    async def _try(self) -> None:
        self.try_out.setEnabled(False)
        self.say(tr("Asking…"), "info")
        try:
            tried = await self._test()
        finally:
            self.try_out.setEnabled(True)
        if not tried.ok:
            self.say(f"{tried.message} {tried.hint}".strip(), "bad")
            return
        first = f"{tried.first_token_seconds:.1f}" if tried.first_token_seconds is not None else "?"
        speed = f"{tried.tokens_per_second:.0f}" if tried.tokens_per_second is not None else "?"
        text = tr(
            "{what} First word after {first} s, {speed} tokens a second.", what=tried.message, first=first, speed=speed
        )
        self.say(text, "ok")


class AgentExtras(QWidget):
    """What to paste into a coding agent or an editor, so that it asks The Dreamer.

    Args:
        clients: Every program that can, with this computer's paths, port and token.
    """

    def __init__(self, clients: Sequence[AgentClient]) -> None:
        super().__init__()
        self._clients = clients
        self.choice = QComboBox()
        self.choice.addItems([client.name for client in clients])
        self.choice.setAccessibleName(tr("Coding agent or editor"))
        self.choice.currentIndexChanged.connect(self._show)
        self.place = words("", muted=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("What to paste"))
        self.text.setMinimumHeight(140)
        self.copy = button(tr("Copy"), self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE_2)
        column.addWidget(heading(tr("Coding agents and editors"), 3))
        column.addLayout(row(self.choice, self.copy, None))
        column.addWidget(self.place)
        column.addWidget(self.text)
        self._show(0)

    def _show(self, place: int) -> None:
        client = self._clients[place]
        self.place.setText(" ".join(part for part in (client.file, client.note) if part))
        self.text.setPlainText(client.text)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
