"""Python's collector of cyclic garbage, run on the thread of the windows only.

By itself Python collects in whichever thread happens to allocate. A closed window is a cycle (its slots hold it), so a
worker's thread would destroy Qt objects, which ends in a crash sooner or later. And one full collection holds every
thread for 0.1 to 0.4 s (measured with 200,000 objects), in the middle of somebody's typing. It decides nothing about
what lives: reference counts free everything that is in no cycle at once, as always.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

BUSY_MS, CALM_MS = 100, 1_000
"""How often it looks while much is allocated, and while little is."""
DUE = (700, 3, 10)
"""New objects after which the youngest generation is collected (Python's own figure); passes over it after which the
next one is, and so on. Python's 10 for the second lets so much come together that its pass can be felt."""
PATIENT = 200
"""The last of these while a window is looked at, so that the oldest generation waits for a better moment."""


class Collector(QObject):
    """Collects in small pieces while windows are looked at, and thoroughly when none is.

    What outlives a collection of everything is taken to stay, and so is what came with newly imported modules (the web
    server's 70,000 objects would take 60 ms): later ones need not walk over it. `rest` does.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=CALM_MS)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._look)
        self._modules = len(sys.modules)

    def start(self) -> None:
        """From now on nobody else collects."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Let Python do it again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def rest(self) -> None:
        """Nothing is going on: what lives now is taken to stay, and if nobody looks all garbage goes first."""
        if not _looked_at():
            gc.unfreeze()
            gc.collect()
        gc.freeze()

    def _look(self) -> None:
        new, young, old = gc.get_count()
        busy = new > DUE[0]
        self._timer.setInterval(BUSY_MS if busy else CALM_MS)
        if not busy:
            return
        known, self._modules = self._modules, len(sys.modules)
        if self._modules > known:
            gc.freeze()
        elif old > (PATIENT if _looked_at() else DUE[2]):
            self.rest()
        else:
            gc.collect(int(young > DUE[1]))


def _looked_at() -> bool:
    return any(window.isVisible() for window in QApplication.topLevelWidgets())
