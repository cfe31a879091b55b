"""One page of settings as a form: title, editor, description and what is wrong, for every declaration of a section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.core.settings import Section
from dreamer_app.ui.settings.editors import Editor, YesNo, editor_for, has_editor, needs_restart
from dreamer_app.ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4

LiveValues = Mapping[str, Callable[[], str]]
"""What is shown beside a setting, by its full name, e.g. `now 61 °C` beside a limit."""


class Row(QWidget):
    """One setting.

    Args:
        info: Its declaration.
        editor: Edits it.
    """

    def __init__(self, info: FieldInfo, editor: Editor) -> None:
        super().__init__()
        self.editor = editor
        title, description = tr(info.title or ""), _plain(tr(info.description or ""))
        editor.widget.setAccessibleName(title)
        editor.widget.setAccessibleDescription(description)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, SPACE_1, 0, SPACE_2)
        rows.setSpacing(SPACE_1)
        if not isinstance(editor, YesNo):
            heading = QLabel(title)
            heading.setProperty("heading", "3")
            heading.setBuddy(editor.widget)
            rows.addWidget(heading)
        line = QHBoxLayout()
        line.setSpacing(SPACE_3)
        line.addWidget(editor.widget)
        self.live = QLabel()
        self.live.setProperty("muted", True)
        line.addWidget(self.live)
        if needs_restart(info):
            chip = QLabel(tr("from the next start on"))
            chip.setProperty("chip", True)
            line.addWidget(chip)
        line.addStretch()
        rows.addLayout(line)
        about = QLabel(description)
        about.setProperty("muted", True)
        about.setWordWrap(True)
        rows.addWidget(about)
        self.problem = QLabel()
        self.problem.setProperty("tone", "bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        rows.addWidget(self.problem)

    def say(self, problem: str) -> None:
        """What is wrong with the value; empty when nothing is."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        widget = self.editor.widget
        if widget.property("invalid") != bool(problem):
            widget.setProperty("invalid", bool(problem))
            widget.style().unpolish(widget)
            widget.style().polish(widget)


class SettingsPage(QWidget):
    """The form of one section.

    Args:
        name: The section's name in the settings.
        section: Its values now.
        live: What is shown beside settings.
        extras: Put below the form.

    Attributes:
        changed: The section is another one now; carries it.
    """

    changed = Signal(object)

    def __init__(self, name: str, section: Section, live: LiveValues, extras: QWidget | None = None) -> None:
        super().__init__()
        self.setProperty("page", True)
        self.name = name
        self.section = section
        self._live = live
        self.rows: dict[str, Row] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_4)
        self._problem = QLabel()
        self._problem.setProperty("tone", "bad")
        self._problem.setWordWrap(True)
        self._problem.hide()
        column.addWidget(self._problem)
        self.extras = extras
        if extras is not None:
            column.addWidget(extras)
            rule = QFrame()
            rule.setProperty("rule", True)
            column.addWidget(rule)
        for field, info in type(section).model_fields.items():
            editor = editor_for(info)
            if editor is not None:
                row = self.rows[field] = Row(info, editor)
                column.addWidget(row)
                editor.changed.connect(self._edited)
        column.addStretch()
        self.show_section(section)

    def show_section(self, section: Section) -> None:
        """Show other values, without `changed`."""
        self.section = section
        for field, row in self.rows.items():
            row.editor.show_value(getattr(section, field))
            row.say("")
        self._problem.hide()
        self.refresh_live()

    def refresh_live(self) -> None:
        """Ask again for what is shown beside settings."""
        for field, row in self.rows.items():
            value = self._live.get(f"{self.name}.{field}")
            row.live.setText(value() if value else "")

    def keep_matching(self, words: str) -> None:
        """Show only the settings that are meant."""
        for field, row in self.rows.items():
            row.setVisible(matches(type(self.section).model_fields[field], words))
        if self.extras is not None:
            self.extras.setVisible(not words)

    def _edited(self) -> None:
        values: dict[str, Any] = {name: getattr(self.section, name) for name in type(self.section).model_fields}
        values.update({field: row.editor.value() for field, row in self.rows.items()})
        for row in self.rows.values():
            row.say("")
        self._problem.hide()
        try:
            section = type(self.section).model_validate(values)
        except ValidationError as error:
            for problem in error.errors():
                self._say(str(problem["loc"][0]) if problem["loc"] else "", _in_words(problem))
            return
        if section != self.section:
            self.section = section
            self.changed.emit(section)

    def _say(self, field: str, text: str) -> None:
        if field in self.rows:
            self.rows[field].say(text)
        else:
            self._problem.setText(self._with_titles(text))
            self._problem.setAlignment(Qt.AlignmentFlag.AlignLeft)
            self._problem.show()

    def _with_titles(self, text: str) -> str:
        """Rules over several settings name them as the file does; people know them by their titles."""
        for field in sorted(self.rows, key=len, reverse=True):
            text = text.replace(field, f"“{tr(type(self.section).model_fields[field].title or field)}”")
        return text


def matches(info: FieldInfo, words: str) -> bool:
    """Whether somebody who looks for these words means this setting."""
    said = f"{info.title} {info.description} {tr(info.title or '')} {tr(info.description or '')}".lower()
    return all(word in said for word in words.lower().split())


def has_matching(section: type[Section], words: str) -> bool:
    """Whether a page has a setting that is meant."""
    return any(matches(info, words) for info in section.model_fields.values() if has_editor(info))


def _plain(text: str) -> str:
    """A description without the marks that the generated page needs."""
    return text.replace("`", "").replace("*", "")


def _in_words(problem: Any) -> str:
    """What pydantic says, for people."""
    if problem["type"] == "string_pattern_mismatch":
        return tr("Write a time such as 22:30.")
    return str(problem["msg"]).removeprefix("Value error, ")
