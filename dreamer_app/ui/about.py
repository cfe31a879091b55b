"""Two small windows: what this program is, and what to do where there is no tray."""

from __future__ import annotations

import platform
from collections.abc import Callable

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel

from dreamer_app import __version__
from dreamer_app.core.i18n import tr
from dreamer_app.core.paths import resource
from dreamer_app.ui.windows import Window, button, copy, heading, row, words

LOGO = 96


class AboutWindow(Window):
    """Name, version, licence, and the promises in a sentence each."""

    def __init__(self) -> None:
        super().__init__(tr("About The Dreamer"), 460, 420)
        logo = QLabel()
        logo.setPixmap(QIcon(str(resource("icon.svg"))).pixmap(LOGO, LOGO))
        logo.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        logo.setAccessibleName("The Dreamer")
        self.column.insertWidget(0, logo)
        versions = f"The Dreamer {__version__} · Python {platform.python_version()} · Qt {qVersion()}"
        self.column.addWidget(words(versions, muted=True))
        for text in (
            tr(
                "While nobody needs the computer, it invents programming tasks about the libraries you use, and keeps "
                "only solutions that execution proves."
            ),
            tr("It stops within moments of your coming back. Code that no person wrote runs only in sealed workers."),
            tr("Every record it writes says that it is synthetic."),
        ):
            self.column.addWidget(words(text))
        self.column.addWidget(
            words(tr("MIT licence. Fonts: Inter and JetBrains Mono, SIL Open Font License."), muted=True)
        )
        self.column.addStretch()
        self.column.addLayout(
            row(button(tr("Copy version"), lambda: copy(versions)), None, button(tr("Close"), self.close, primary=True))
        )


class NoTrayWindow(Window):
    """Said once, ten seconds after a start without a tray.

    Args:
        journal: Opens the journal.
        quit_when_closed: Ends the program with its last window from now on.
    """

    def __init__(self, journal: Callable[[], object], quit_when_closed: Callable[[], object]) -> None:
        super().__init__(tr("No system tray found"), 520, 300)
        self.column.addWidget(
            words(
                tr(
                    "The Dreamer keeps running in the background. Start it again to see its window; "
                    "`dreamer status`, `dreamer now` and `dreamer quit` reach it from a terminal."
                )
            )
        )
        self.column.addWidget(heading(tr("How to get a tray"), 3))
        self.column.addWidget(
            words(
                tr(
                    "GNOME: install the extension “AppIndicator and KStatusNotifierItem Support”. "
                    "Others: add a system tray to the panel."
                ),
                muted=True,
            )
        )
        self.column.addStretch()

        def end_with_window() -> None:
            quit_when_closed()
            self.close()

        def go_on() -> None:
            journal()
            self.close()

        self.column.addLayout(
            row(
                button(tr("Quit when closed"), end_with_window),
                None,
                button(tr("Keep running"), self.close),
                button(tr("Dream Journal…"), go_on, primary=True),
            )
        )
