"""One table of commands and keys, without clashes, which a person may change."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from dreamer_app.core.i18n import use_language
from dreamer_app.ui.actions import COMMANDS, Keymap, make_action


def test_no_two_commands_share_a_key(qapp: QApplication) -> None:
    assert Keymap().conflicts() == ()
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)


def test_every_key_is_one_and_none_is_altgr(qapp: QApplication) -> None:
    for command in COMMANDS:
        for key in command.keys:
            assert not QKeySequence(key).isEmpty(), (command.id, key)
            assert not ("Ctrl" in key and "Alt" in key), "AltGr writes letters in Polish"
            assert key not in {"Backspace", "Del"}, "too easy to hit"


def test_a_clash_is_found_where_both_are_live(qapp: QApplication) -> None:
    clashing = Keymap({"journal.skip": ["A"]})
    assert clashing.conflicts() == (("A", "journal.approve", "journal.skip"),)
    assert Keymap({"journal.skip": ["ctrl+,"]}).conflicts() == (("Ctrl+,", "window.settings", "journal.skip"),)


def test_chosen_keys_replace_the_tables(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    keymap = Keymap({"journal.approve": ["Y"], "of.another.version": ["Q"]})
    action = make_action(window, "journal.approve", keymap)
    assert [key.toString() for key in action.shortcuts()] == ["Y"]
    assert action.toolTip() == "Approve (Y)"
    assert keymap.chosen == {"journal.approve": ("Y",)}
    assert keymap.with_keys("journal.approve", ["A"]).chosen == {}
    assert Keymap({"journal.approve": []}).shown("journal.approve") == ""


def test_commands_speak_the_persons_language(qtbot) -> None:
    use_language("pl")
    window = QWidget()
    qtbot.addWidget(window)
    assert make_action(window, "journal.approve", Keymap()).text() == "Zatwierdź"
