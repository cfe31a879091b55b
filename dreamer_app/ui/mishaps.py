"""What is done about an error that nobody expected: it is logged, and told once, with the way to a report.

A slot that fails must not fail silently, and must not fill the screen with messages either. Nothing is decided here
about what goes on: everything does.
"""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from dreamer_app.core.i18n import tr
from dreamer_app.ui.dialogs import Choice, ask
from dreamer_app.ui.windows import copy

_log = logging.getLogger(__name__)


class Mishaps:
    """Tells a person of unexpected errors, one at a time.

    Args:
        front: The window that a message belongs to.
        open_log: Shows the log.
    """

    def __init__(self, front: Callable[[], QWidget | None], open_log: Callable[[], object]) -> None:
        self._front, self._open_log = front, open_log
        self._telling = False

    async def tell(self, error: BaseException) -> None:
        """Log it and say it, unless another one is being told."""
        _log.error("something went wrong", exc_info=error)
        if self._telling:
            return
        self._telling = True
        try:
            await self._say(error)
        finally:
            self._telling = False

    async def _say(self, error: BaseException) -> None:
        from dreamer_app.service.diagnostics import without_secrets  # noqa: PLC0415  a tray does without it

        report = without_secrets("".join(traceback.format_exception(error)), os.environ)
        choices = [
            Choice("log", tr("Open log")),
            Choice("copy", tr("Copy report"), QMessageBox.ButtonRole.ActionRole),
            Choice("close", tr("Close"), QMessageBox.ButtonRole.RejectRole),
        ]
        text = tr(
            "{error}\n\nThe Dreamer goes on. Dreams and decisions are written at once, so none of them is lost.",
            error=f"{type(error).__name__}: {error}",
        )
        title = tr("Something went wrong")
        answer = await ask(self._front(), title, text, choices, details=report, icon=QMessageBox.Icon.Warning)
        if answer == "log":
            self._open_log()
        elif answer == "copy":
            copy(report)
