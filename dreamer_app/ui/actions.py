"""Every command of the interface with its keys: one table that menus, shortcut sheet, settings and tests read.

It binds nothing to behaviour: whoever shows an action connects it. Keys avoid Ctrl+Alt, which is AltGr on many layouts
and writes ą, ę, ż in Polish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from dreamer_app.core.i18n import mark, tr


class Context(StrEnum):
    """Where keys are live; those of `everywhere` are live in all windows."""

    EVERYWHERE = "everywhere"
    JOURNAL = "journal"
    CODE = "code"


@dataclass(frozen=True)
class Command:
    """One thing that a person can do.

    Attributes:
        id: Stable name, e.g. `journal.approve`; also its name in the settings file.
        text: English, as in a menu; translated where it is shown.
        keys: Default keys, portable names; the first one is shown.
        context: Where they are live.
        icon: Of `resources/icons`; empty for none.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    context: Context = Context.EVERYWHERE
    icon: str = ""


_J = Context.JOURNAL

COMMANDS: tuple[Command, ...] = (
    Command("dream.toggle", mark("Dream now / stop dreaming"), ("Ctrl+Shift+D",), icon="moon"),
    Command("window.settings", mark("Settings…"), ("Ctrl+,",), icon="settings"),
    Command("window.keys", mark("Keyboard shortcuts"), ("F1", "?"), icon="keyboard"),
    Command("window.hide", mark("Close window"), ("Ctrl+W",)),
    Command("window.refresh", mark("Refresh"), ("F5",), icon="refresh"),
    Command("app.quit", mark("Quit"), ("Ctrl+Q",), icon="door"),
    Command("journal.next", mark("Next dream"), ("J",), _J),
    Command("journal.previous", mark("Previous dream"), ("K",), _J),
    Command("journal.approve", mark("Approve"), ("A",), _J, "check"),
    Command("journal.reject", mark("Reject"), ("X",), _J, "cross"),
    Command("journal.skip", mark("Skip"), ("S",), _J, "skip"),
    Command("journal.flag", mark("Flag"), ("F",), _J, "flag"),
    Command("journal.note", mark("Note"), ("N",), _J, "note"),
    Command("journal.undo", mark("Undo"), ("U", "Ctrl+Z"), _J, "undo"),
    Command("journal.redo", mark("Redo"), ("Ctrl+Shift+Z",), _J, "redo"),
    Command("journal.edit", mark("Edit"), ("E",), _J, "edit"),
    Command("journal.run", mark("Run again"), ("R",), _J, "play"),
    Command("journal.folder", mark("Open folder"), ("O",), _J, "folder"),
    Command("journal.editor", mark("Open in editor"), ("Shift+O",), _J, "edit"),
    Command("journal.search", mark("Search"), ("Ctrl+F", "/"), _J, "search"),
    Command("journal.export", mark("Export…"), ("Ctrl+E",), _J, "export"),
    Command("journal.all", mark("Select all"), ("Ctrl+A",), _J),
    Command("detail.1", mark("Task"), ("1",), _J),
    Command("detail.2", mark("Code"), ("2",), _J),
    Command("detail.3", mark("Tests"), ("3",), _J),
    Command("detail.4", mark("Run"), ("4",), _J),
    Command("detail.5", mark("Changes"), ("5",), _J),
    Command("detail.6", mark("History"), ("6",), _J),
    Command("diff.split", mark("Unified or split view"), ("D",), _J, "split"),
    Command("diff.next", mark("Next change"), ("]",), _J, "chevron-down"),
    Command("diff.previous", mark("Previous change"), ("[",), _J, "chevron-up"),
    Command("code.larger", mark("Larger text"), ("Ctrl++", "Ctrl+="), _J, "plus"),
    Command("code.smaller", mark("Smaller text"), ("Ctrl+-",), _J, "minus"),
)
BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}


class Keymap:
    """The keys in force: the table's, with what a person chose instead.

    Args:
        chosen: Keys by command; an empty tuple unbinds. Names that the table does not know are ignored, so that a
            settings file of another version does no harm.
    """

    def __init__(self, chosen: Mapping[str, Iterable[str]] | None = None) -> None:
        self._chosen = {name: tuple(keys) for name, keys in (chosen or {}).items() if name in BY_ID}

    def keys(self, command_id: str) -> tuple[str, ...]:
        """The keys of a command."""
        return self._chosen.get(command_id, BY_ID[command_id].keys)

    def shown(self, command_id: str) -> str:
        """The first key as this platform writes it; empty when there is none."""
        keys = self.keys(command_id)
        return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def with_keys(self, command_id: str, keys: Iterable[str]) -> Keymap:
        """Another map in which a command has these keys."""
        return Keymap({**self._chosen, command_id: tuple(keys)})

    @property
    def chosen(self) -> Mapping[str, tuple[str, ...]]:
        """Only what differs from the table."""
        return {name: keys for name, keys in self._chosen.items() if keys != BY_ID[name].keys}

    def conflicts(self) -> tuple[tuple[str, str, str], ...]:
        """Keys that two commands claim where both are live, as (key, command, command)."""
        found = []
        for place, first in enumerate(COMMANDS):
            for second in COMMANDS[place + 1 :]:
                if Context.EVERYWHERE in {first.context, second.context} or first.context is second.context:
                    both = set(map(_canonical, self.keys(first.id))) & set(map(_canonical, self.keys(second.id)))
                    found += [(key, first.id, second.id) for key in sorted(both)]
        return tuple(found)


def make_action(parent: QObject, command_id: str, keymap: Keymap) -> QAction:
    """The action of a command: text, keys, status tip; its owner connects it and gives it an icon."""
    command = BY_ID[command_id]
    action = QAction(tr(command.text), parent)
    action.setObjectName(command.id)
    action.setShortcuts([QKeySequence(key) for key in keymap.keys(command_id)])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    shown = keymap.shown(command_id)
    action.setToolTip(f"{tr(command.text)} ({shown})" if shown else tr(command.text))
    return action


def _canonical(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def make_actions(window: QWidget, keymap: Keymap, context: Context, *more: str) -> dict[str, QAction]:
    """All actions of a context and some more, live in a window, by their ids."""
    actions = {}
    for command in COMMANDS:
        if command.context is context or command.id in more:
            action = make_action(window, command.id, keymap)
            action.setProperty("icon_name", command.icon or "more")
            window.addAction(action)
            actions[command.id] = action
    return actions
