"""The colours and measures of the interface by their meaning. The only place where a colour is written down.

Contrast is part of the table: text at least 4.5:1 on every ground it stands on, borders, marks and charts 3:1; a test
computes it. Nothing here knows Qt.
"""

from __future__ import annotations

from dataclasses import dataclass

SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_5 = 4, 8, 12, 16, 24
"""Distances in device-independent pixels; nothing in the interface uses others."""
RADIUS = 6
"""Of cards, fields and buttons, in device-independent pixels."""


@dataclass(frozen=True)
class Tokens:
    """One theme.

    Attributes:
        name: For golden pictures and settings.
        dark: Whether light text stands on a dark ground.
        bg: Windows.
        surface: Cards, lists, fields.
        sunken: Wells and code.
        border: Lines that have to be seen (fields, focus-less controls).
        line: Lines that only separate.
        text: Words.
        text_muted: Second-rank words.
        accent: The one strong colour: primary buttons, links, focus.
        on_accent: Words on it.
        selection: Ground of what is selected; `text` stands on it.
        ok: Proven, approved.
        warn: Needs a look.
        bad: Failed.
        info: Neutral notice.
        add_bg: Ground of an added line.
        add_mark: Its mark.
        del_bg: Ground of a removed line.
        del_mark: Its mark.
        chart: Four series that stay apart for the colour-blind.
        code: Ten code colours by meaning: keyword, name, string, number, comment, function, class, operator, decorator,
            error.
    """

    name: str
    dark: bool
    bg: str
    surface: str
    sunken: str
    border: str
    line: str
    text: str
    text_muted: str
    accent: str
    on_accent: str
    selection: str
    ok: str
    warn: str
    bad: str
    info: str
    add_bg: str
    add_mark: str
    del_bg: str
    del_mark: str
    chart: tuple[str, str, str, str]
    code: tuple[str, str, str, str, str, str, str, str, str, str]


LIGHT = Tokens(
    name="light",
    dark=False,
    bg="#F7F7FA",
    surface="#FFFFFF",
    sunken="#EEEEF3",
    border="#818699",
    line="#DCDDE5",
    text="#1B1D27",
    text_muted="#585C6E",
    accent="#5146C7",
    on_accent="#FFFFFF",
    selection="#D9D6F7",
    ok="#1A6E46",
    warn="#8A5200",
    bad="#B3261E",
    info="#1F5FA8",
    add_bg="#DCEBFF",
    add_mark="#1F5FA8",
    del_bg="#FFE5CC",
    del_mark="#9A4B00",
    chart=("#5146C7", "#1A7F8C", "#B0570A", "#6B7280"),
    code=(
        "#7A2E9E",
        "#1B1D27",
        "#1A6E46",
        "#1F5FA8",
        "#585C6E",
        "#2A4FB0",
        "#8A5200",
        "#3E4254",
        "#9A3B6B",
        "#B3261E",
    ),
)

DARK = Tokens(
    name="dark",
    dark=True,
    bg="#15161D",
    surface="#1D1F29",
    sunken="#101117",
    border="#6E7388",
    line="#2C2F3C",
    text="#E8E9F0",
    text_muted="#A9ADBD",
    accent="#A69CFF",
    on_accent="#15161D",
    selection="#35316A",
    ok="#6FCF9B",
    warn="#F0B45A",
    bad="#FF8A80",
    info="#82B8FF",
    add_bg="#17314F",
    add_mark="#82B8FF",
    del_bg="#4A2C12",
    del_mark="#F0B45A",
    chart=("#A69CFF", "#5CC4D1", "#F0A35E", "#9AA0B0"),
    code=(
        "#C9A2FF",
        "#E8E9F0",
        "#8FD6A8",
        "#82B8FF",
        "#A9ADBD",
        "#9DB8FF",
        "#F0B45A",
        "#C6C9D6",
        "#F0A0C8",
        "#FF8A80",
    ),
)

CONTRAST = Tokens(
    name="contrast",
    dark=True,
    bg="#000000",
    surface="#000000",
    sunken="#000000",
    border="#FFFFFF",
    line="#FFFFFF",
    text="#FFFFFF",
    text_muted="#FFFFFF",
    accent="#FFE14D",
    on_accent="#000000",
    selection="#0B3D91",
    ok="#7CFFB2",
    warn="#FFD166",
    bad="#FF9E97",
    info="#9CCBFF",
    add_bg="#00264D",
    add_mark="#9CCBFF",
    del_bg="#4D2600",
    del_mark="#FFD166",
    chart=("#FFE14D", "#6FE8F5", "#FFB070", "#FFFFFF"),
    code=(
        "#E0B3FF",
        "#FFFFFF",
        "#7CFFB2",
        "#9CCBFF",
        "#D9D9D9",
        "#BFD1FF",
        "#FFD166",
        "#FFFFFF",
        "#FFB3DA",
        "#FF9E97",
    ),
)

THEMES = {tokens.name: tokens for tokens in (LIGHT, DARK, CONTRAST)}


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2.2 (relative luminance), 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
