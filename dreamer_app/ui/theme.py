"""The look: one complete palette and one small style sheet made from the tokens, following the system while it runs.

Fusion everywhere, because half a native look is unreadable in the other half; the system only says light or dark. Must
not be bypassed: no widget sets a colour of its own.
"""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from dreamer_app.core.paths import resource
from dreamer_app.ui.tokens import CONTRAST, DARK, LIGHT, RADIUS, Tokens

FONT, CODE_FONT = "Inter", "JetBrains Mono"
FONT_FILES = ("Inter-Regular.otf", "Inter-SemiBold.otf", "JetBrainsMono-Regular.ttf", "JetBrainsMono-Bold.ttf")
FONT_POINTS = 10.0

_BLEND = 0.45
"""How far disabled words move towards their ground: still 2:1, clearly not active."""


class ThemeChoice(StrEnum):
    """What a person can choose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Theme(QObject):
    """The theme of an application.

    Attributes:
        changed: The tokens are others now; palette and style sheet are in force already.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._tokens: Tokens | None = None
        load_fonts()
        app.setStyle("Fusion")
        font = QFont(FONT)
        font.setPointSizeF(FONT_POINTS)
        app.setFont(font)
        app.styleHints().colorSchemeChanged.connect(self._renew)
        self._renew()

    @property
    def tokens(self) -> Tokens:
        """The tokens in force."""
        assert self._tokens is not None
        return self._tokens

    def choose(self, choice: ThemeChoice) -> None:
        """Change the look at once."""
        self._choice = choice
        self._renew()

    def _renew(self) -> None:
        tokens = tokens_for(self._choice, self._app.styleHints().colorScheme())
        if tokens is self._tokens:
            return
        self._tokens = tokens
        self._app.setPalette(palette(tokens))
        self._app.setStyleSheet(style_sheet(tokens))
        self.changed.emit()


def tokens_for(choice: ThemeChoice, system: Qt.ColorScheme) -> Tokens:
    """The tokens of a choice; the system's scheme counts only for `system`, and light where it says nothing."""
    if choice is ThemeChoice.SYSTEM:
        return DARK if system is Qt.ColorScheme.Dark else LIGHT
    return {ThemeChoice.LIGHT: LIGHT, ThemeChoice.DARK: DARK, ThemeChoice.CONTRAST: CONTRAST}[choice]


def load_fonts() -> None:
    """Make the bundled fonts known to Qt; again is harmless."""
    if FONT in QFontDatabase.families() and CODE_FONT in QFontDatabase.families():
        return
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}")))


def code_font(points: float = FONT_POINTS) -> QFont:
    """The font of code, without ligatures: what is seen is what is written."""
    font = QFont(CODE_FONT)
    font.setPointSizeF(points)
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setFixedPitch(True)
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def palette(tokens: Tokens) -> QPalette:
    """Every colour role in every group; a half-defined palette is unreadable under the other half of themes."""
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.bg,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.bg,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.bad,
        role.Highlight: tokens.selection,
        role.HighlightedText: tokens.text,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.PlaceholderText: tokens.text_muted,
        role.Light: tokens.surface,
        role.Midlight: tokens.line,
        role.Mid: tokens.border,
        role.Dark: tokens.border,
        role.Shadow: tokens.border,
    }
    words = {role.WindowText, role.Text, role.ButtonText, role.HighlightedText, role.Link, role.PlaceholderText}
    result = QPalette()
    for which, colour in colours.items():
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            result.setColor(group, which, QColor(colour))
        faded = _mix(colour, tokens.bg, _BLEND) if which in words else QColor(colour)
        result.setColor(QPalette.ColorGroup.Disabled, which, faded)
    return result


def style_sheet(tokens: Tokens) -> str:
    """What a palette cannot say: cards, chips, the focus ring."""
    values = {name: value for name, value in asdict(tokens).items() if isinstance(value, str)}
    faded = _mix(tokens.text, tokens.bg, _BLEND).name()
    template = Template(resource("qss/app.qss").read_text(encoding="utf-8"))
    return template.substitute(values, radius=RADIUS, faded=faded, folder=resource("qss").as_posix())


def _mix(one: str, other: str, share: float) -> QColor:
    first, second = QColor(one), QColor(other)
    pairs = ((first.red(), second.red()), (first.green(), second.green()), (first.blue(), second.blue()))
    return QColor(*(round(a * (1 - share) + b * share) for a, b in pairs))
