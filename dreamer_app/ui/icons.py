"""Icons: SVGs drawn in `currentColor`, tinted with a colour of the theme and tinted again when the theme changes.

Knows nothing of what an icon means. The tray's icons are not made here: a panel tints those itself.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication

from dreamer_app.core.paths import resource
from dreamer_app.ui.theme import Theme

SIZES = (16, 20)
"""Edge lengths that buttons and menus ask for. They are drawn in the pixels of the screens that are there: all sizes
for all screens took a third of the time in which the journal opens."""

_NAME, _TONE = "dreamerIcon", "dreamerIconTone"


@lru_cache(maxsize=256)
def drawn(name: str, colour: str, edge: int) -> QPixmap:
    """One icon in one colour and size.

    Args:
        name: Of a file in `resources/icons`, without `.svg`.
        colour: As `#RRGGBB`.
        edge: In real pixels.

    Raises:
        FileNotFoundError: There is no such icon.
    """
    pixmap = QPixmap(QSize(edge, edge))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    _renderer(name, colour).render(painter, QRectF(0, 0, edge, edge))
    painter.end()
    return pixmap


@lru_cache(maxsize=64)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    """The drawing of an icon, read once for all of its sizes."""
    source = resource(f"icons/{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(source.encode()))


@lru_cache(maxsize=256)
def icon(name: str, colour: str, disabled: str, ratios: frozenset[float]) -> QIcon:
    """An icon in a colour, at every size that is needed on screens with these ratios of pixels."""
    result = QIcon()
    for edge in sorted({round(size * ratio) for size in SIZES for ratio in ratios}):
        result.addPixmap(drawn(name, colour, edge))
        result.addPixmap(drawn(name, disabled, edge), QIcon.Mode.Disabled)
    return result


class Icons(QObject):
    """Gives actions and buttons their icons and keeps them in the theme's colours."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        theme.changed.connect(self._renew)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self._renew)

    def put(self, target: QAction | QAbstractButton, name: str, tone: str = "text") -> None:
        """Give something an icon, now and after every change of theme.

        Args:
            target: Wears it.
            name: Of a file in `resources/icons`.
            tone: The token that colours it, e.g. `text`, `accent`, `ok`, `on_accent`.
        """
        target.setProperty(_NAME, name)
        target.setProperty(_TONE, tone)
        self._tint(target)

    def pixmap(self, name: str, edge: int = 20, tone: str = "text", ratio: float = 1.0) -> QPixmap:
        """One icon as a picture, for labels; its owner renews it on `Theme.changed`."""
        result = QPixmap(drawn(name, getattr(self._theme.tokens, tone), round(edge * ratio)))
        result.setDevicePixelRatio(ratio)
        return result

    def _tint(self, target: QAction | QAbstractButton) -> None:
        tokens = self._theme.tokens
        ratios = frozenset(screen.devicePixelRatio() for screen in QGuiApplication.screens())
        target.setIcon(icon(target.property(_NAME), getattr(tokens, target.property(_TONE)), tokens.border, ratios))

    def _renew(self) -> None:
        for top in QApplication.topLevelWidgets():
            for action in top.findChildren(QAction):
                if action.property(_NAME):
                    self._tint(action)
            for button in top.findChildren(QAbstractButton):
                if button.property(_NAME):
                    self._tint(button)
