"""Every colour can be read, every role has one, and the look follows the choice at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from dreamer_app.core.paths import resource
from dreamer_app.ui.icons import Icons, drawn
from dreamer_app.ui.theme import CODE_FONT, FONT, Theme, ThemeChoice, code_font, palette, tokens_for
from dreamer_app.ui.tokens import CONTRAST, DARK, LIGHT, THEMES, Tokens, contrast

ALL = pytest.mark.parametrize("tokens", THEMES.values(), ids=THEMES.keys())


@ALL
def test_words_can_be_read_on_every_ground(tokens: Tokens) -> None:
    for ground in (tokens.bg, tokens.surface, tokens.sunken):
        for words in (tokens.text, tokens.text_muted, tokens.accent, tokens.ok, tokens.warn, tokens.bad, tokens.info):
            assert contrast(words, ground) >= 4.5, (words, ground)
        assert contrast(tokens.border, ground) >= 3, ground
    for ground in (tokens.selection, tokens.add_bg, tokens.del_bg):
        assert contrast(tokens.text, ground) >= 4.5, ground
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.add_mark, tokens.add_bg) >= 3
    assert contrast(tokens.del_mark, tokens.del_bg) >= 3


@ALL
def test_code_and_charts_can_be_read(tokens: Tokens) -> None:
    for colour in tokens.code:
        assert contrast(colour, tokens.sunken) >= 4.5, colour
    for colour in tokens.chart:
        assert contrast(colour, tokens.surface) >= 3, colour


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@ALL
def test_the_palette_is_complete(qapp: QApplication, tokens: Tokens) -> None:
    made = palette(tokens)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        for role in QPalette.ColorRole:
            if role not in {QPalette.ColorRole.NColorRoles, QPalette.ColorRole.NoRole}:
                assert made.isBrushSet(group, role), (group, role)


def test_the_system_chooses_only_between_light_and_dark() -> None:
    assert tokens_for(ThemeChoice.SYSTEM, Qt.ColorScheme.Dark) is DARK
    assert tokens_for(ThemeChoice.SYSTEM, Qt.ColorScheme.Unknown) is LIGHT
    assert tokens_for(ThemeChoice.LIGHT, Qt.ColorScheme.Dark) is LIGHT
    assert tokens_for(ThemeChoice.CONTRAST, Qt.ColorScheme.Light) is CONTRAST


def test_a_choice_is_in_force_at_once_and_icons_follow(qtbot, qapp: QApplication, theme: Theme) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button = QPushButton("Approve", window)
    Icons(theme).put(button, "check")
    before = button.icon().pixmap(16).toImage()

    with qtbot.waitSignal(theme.changed, timeout=1000):
        theme.choose(ThemeChoice.DARK)

    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == DARK.bg
    assert button.icon().pixmap(16).toImage() != before


def test_the_bundled_fonts_are_used(theme: Theme, qapp: QApplication) -> None:
    assert qapp.font().family() == FONT
    assert code_font().family() == CODE_FONT
    assert (resource("fonts") / "OFL.txt").exists()


def test_every_icon_can_be_drawn(qapp: QApplication) -> None:
    names = [file.stem for file in resource("icons").glob("*.svg")]
    names += [f"tray/{file.stem}" for file in resource("icons/tray").glob("*.svg")]
    blank = drawn(names[0], "#000000", 16).toImage()
    blank.fill(0)
    assert len(names) > 40
    for name in names:
        image = drawn(name, "#ff0000", 16).toImage()
        assert image != blank, name
        ink = {
            image.pixelColor(x, y).name() for x in range(16) for y in range(16) if image.pixelColor(x, y).alpha() == 255
        }
        assert ink <= {"#ff0000"}, f"{name} has a colour of its own"


@ALL
def test_the_parts_as_they_look(qtbot, qapp: QApplication, golden, tokens: Tokens) -> None:
    theme = Theme(qapp, ThemeChoice(tokens.name))
    window = QWidget()
    qtbot.addWidget(window)
    rows = QVBoxLayout(window)
    for text, prop in (("Primary", "primary"), ("Plain", "plain"), ("Flat", "flat"), ("Disabled", "off")):
        button = QPushButton(text)
        button.setProperty(prop, True)
        button.setEnabled(prop != "off")
        Icons(theme).put(button, "moon", "on_accent" if prop == "primary" else "text")
        rows.addWidget(button)
    window.resize(220, 190)
    golden(window, f"buttons-{tokens.name}")
