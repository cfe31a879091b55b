"""What would hide itself is written out; everything else stays as it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dreamer_app.core.plain_text import hides_something, one_line, visible


def test_escapes_and_bidirectional_controls_are_written_out() -> None:
    assert visible("\x1b[31mred") == "⟨ESC⟩[31mred"
    assert visible("access = 'user\u202e'") == "access = 'user⟨Right-To-Left Override⟩'"
    assert visible("a\u200bb\x00") == "a⟨Zero Width Space⟩b⟨U+0000⟩"


def test_ordinary_text_stays() -> None:
    text = "def zażółć(gęślą: str) -> str:\n\treturn '日本語 😀'\n"
    assert visible(text) == text and not hides_something(text)
    assert visible("a\r\nb") == "a\nb"
    assert one_line(" two\n lines ") == "two lines"


@given(st.text())
def test_shown_text_hides_nothing(text: str) -> None:
    assert not hides_something(visible(text))
    assert visible(visible(text)) == visible(text)
