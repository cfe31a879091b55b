"""One editor for each kind of value that a setting can have, chosen by its declaration. It knows no setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)

from dreamer_app.core.i18n import tr
from dreamer_app.ui.tokens import SPACE_1

WIDE, NARROW = 320, 140
LINES_HIGH = 76
LARGEST = 2**31 - 1
SHOWN_DECIMALS = 2
_BOUNDS = ("ge", "gt", "le", "lt")


class Editor(QObject):
    """Edits one value.

    Args:
        widget: What the person touches.

    Attributes:
        changed: The person changed it.
    """

    changed = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.widget = widget

    def value(self) -> Any:
        """What it says now."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Say something else, without `changed`."""
        self.widget.blockSignals(True)
        self._show(value)
        self.widget.blockSignals(False)

    def _show(self, value: Any) -> None:
        raise NotImplementedError


class YesNo(Editor):
    """A tick."""

    def __init__(self, title: str) -> None:
        self._box = QCheckBox(title)
        super().__init__(self._box)
        self._box.toggled.connect(self.changed)

    def value(self) -> bool:
        """Whether it is ticked."""
        return self._box.isChecked()

    def _show(self, value: Any) -> None:
        self._box.setChecked(value)


class OneOf(Editor):
    """A list to choose from."""

    def __init__(self, choices: tuple[Any, ...]) -> None:
        self._box = QComboBox()
        super().__init__(self._box)
        self._box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box.installEventFilter(_calm(self._box))
        for choice in choices:
            self._box.addItem(tr(_NAMES.get(choice, str(choice))), choice)
        self._box.setMinimumWidth(NARROW)
        self._box.currentIndexChanged.connect(self.changed)

    def value(self) -> Any:
        """The choice."""
        return self._box.currentData()

    def _show(self, value: Any) -> None:
        self._box.setCurrentIndex(self._box.findData(value))


class _Plain(QDoubleSpinBox):
    """Shows 80 as 80 and 0.25 as 0.25."""

    def textFromValue(self, value: float) -> str:
        """As people write it."""
        return self.locale().toString(value, "g", 10)


class Figure(Editor):
    """A number with its unit and bounds."""

    def __init__(self, info: FieldInfo, *, whole: bool) -> None:
        self._box: QSpinBox | QDoubleSpinBox = QSpinBox() if whole else _Plain()
        super().__init__(self._box)
        self._box.lineEdit().setTextMargins(SPACE_1, 0, 0, 0)  # the style sheet's padding does not reach it
        least, most = bounds(info)
        if isinstance(self._box, QSpinBox):
            self._box.setRange(max(-LARGEST, round(least)), min(LARGEST, round(most)))
        else:
            self._box.setDecimals(SHOWN_DECIMALS)
            self._box.setRange(least, most)
            self._box.setSingleStep(0.05 if most <= 1 else 1)
            self._box.setStepType(QAbstractSpinBox.StepType.DefaultStepType)
        unit = unit_of(info)
        self._box.setSuffix(f" {unit}" if unit else "")
        self._box.setMinimumWidth(NARROW)
        self._box.setGroupSeparatorShown(True)
        self._box.setKeyboardTracking(False)
        self._box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box.installEventFilter(_calm(self._box))
        self._box.valueChanged.connect(self.changed)

    def value(self) -> float:
        """The number."""
        return self._box.value()

    def _show(self, value: Any) -> None:
        self._box.setValue(value)


class Words(Editor):
    """A line of text."""

    def __init__(self, info: FieldInfo) -> None:
        self._line = QLineEdit()
        super().__init__(self._line)
        short = any(getattr(part, "pattern", None) for part in info.metadata)
        self._line.setFixedWidth(NARROW) if short else self._line.setMinimumWidth(WIDE)
        self._line.textEdited.connect(self.changed)

    def value(self) -> str:
        """The text."""
        return self._line.text().strip()

    def _show(self, value: Any) -> None:
        self._line.setText(value)


class Several(Editor):
    """Some of a few choices, such as days of the week."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        row = QWidget()
        super().__init__(row)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        self._buttons: dict[str, QToolButton] = {}
        for choice in choices:
            button = QToolButton()
            button.setText(tr(_NAMES.get(choice, choice)))
            button.setAccessibleName(button.text())
            button.setCheckable(True)
            button.toggled.connect(self.changed)
            layout.addWidget(button)
            self._buttons[choice] = button
        layout.addStretch()

    def value(self) -> tuple[str, ...]:
        """The chosen ones, in their order."""
        return tuple(choice for choice, button in self._buttons.items() if button.isChecked())

    def _show(self, value: Any) -> None:
        for choice, button in self._buttons.items():
            button.blockSignals(True)
            button.setChecked(choice in value)
            button.blockSignals(False)


class Lines(Editor):
    """Any number of texts, one a line."""

    def __init__(self) -> None:
        self._text = QPlainTextEdit()
        super().__init__(self._text)
        self._text.setTabChangesFocus(True)
        self._text.setMinimumWidth(WIDE)
        self._text.setFixedHeight(LINES_HIGH)
        self._text.setPlaceholderText(tr("One a line"))
        self._text.textChanged.connect(self.changed)

    def value(self) -> tuple[str, ...]:
        """The lines that say something."""
        return tuple(line.strip() for line in self._text.toPlainText().splitlines() if line.strip())

    def _show(self, value: Any) -> None:
        self._text.setPlainText("\n".join(str(part) for part in value))


class _Calm(QObject):
    """The wheel scrolls the page; it changes a value only while that has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to the page."""
        if event.type() is QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def _calm(parent: QObject) -> QObject:
    return _Calm(parent)


def editor_for(info: FieldInfo) -> Editor | None:
    """The editor of a setting, None for one that has a page of its own."""
    kind = info.annotation
    origin = get_origin(kind)
    if kind is bool:
        return YesNo(tr(info.title or ""))
    if kind in (int, float):
        return Figure(info, whole=kind is int)
    if kind is str:
        return Words(info)
    if origin is Literal:
        return OneOf(get_args(kind))
    if origin is tuple:
        inner = get_args(kind)[0]
        return Several(get_args(inner)) if get_origin(inner) is Literal else Lines()
    return None


def has_editor(info: FieldInfo) -> bool:
    """Whether a setting can be changed in a form; see `editor_for`."""
    return info.annotation in (bool, int, float, str) or get_origin(info.annotation) in (Literal, tuple)


def bounds(info: FieldInfo) -> tuple[float, float]:
    """The least and the largest value that a figure may have."""
    stated = {name: getattr(part, name) for part in info.metadata for name in _BOUNDS if hasattr(part, name)}
    least = stated.get("ge", stated.get("gt", -LARGEST))
    return float(least), float(stated.get("le", stated.get("lt", LARGEST)))


def unit_of(info: FieldInfo) -> str:
    """The unit behind a figure."""
    extra = info.json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, Mapping) else ""


def needs_restart(info: FieldInfo) -> bool:
    """Whether it counts from the next start on only."""
    extra = info.json_schema_extra
    return isinstance(extra, Mapping) and bool(extra.get("restart"))


_NAMES = {
    "system": "As the system",
    "light": "Light",
    "dark": "Dark",
    "contrast": "High contrast",
    "en": "English",
    "pl": "Polski",
    "mon": "Mon",
    "tue": "Tue",
    "wed": "Wed",
    "thu": "Thu",
    "fri": "Fri",
    "sat": "Sat",
    "sun": "Sun",
}
