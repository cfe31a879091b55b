"""Renders every scene of the interface without a screen into `docs/screenshots/`, in the light and in the dark theme.

Clock, figures and fonts are fixed, so that a picture changes only when the interface does. Usage:
`.venv/bin/python docs/make_screenshots.py [WORD]… [--into FOLDER]`; words select scenes. Into another folder, where
tests look at them, goes every page of the settings as well.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QCursor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from dreamer_app.core.checks import Check
from dreamer_app.core.events import GatePassed, NightStarted, Progress, ScenarioWoven
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import DesktopSettings, ScheduleSettings, Settings
from dreamer_app.core.states import DreamerState, Snapshot, SuspendReason
from dreamer_app.core.types import GateVerdict, Night, Receipt
from dreamer_app.service.disk import Use
from dreamer_app.service.presenter import present
from dreamer_app.ui.about import AboutWindow
from dreamer_app.ui.actions import Keymap
from dreamer_app.ui.app import Desktop, make_desktop
from dreamer_app.ui.disk import DiskWindow
from dreamer_app.ui.health import HealthWindow
from dreamer_app.ui.icons import drawn
from dreamer_app.ui.keys import KeysWindow
from dreamer_app.ui.log_view import LogWindow
from dreamer_app.ui.settings.dialog import SettingsWindow
from dreamer_app.ui.settings.extras import ModelExtras, StartExtras
from dreamer_app.ui.settings.live import temperatures
from dreamer_app.ui.theme import ThemeChoice
from dreamer_app.ui.tray import TrayMenu
from dreamer_app.ui.wizard.deeds import Deeds
from dreamer_app.ui.wizard.steps import FirstDream
from dreamer_app.ui.wizard.wizard import Wizard

HERE = Path(__file__).resolve().parent / "screenshots"
NOW = datetime(2026, 3, 4, 6, 40, tzinfo=UTC)
THEMES = ("light", "dark")

CHECKS = (
    Check(name="Docker", state="ok", detail="Docker 26.1, 3 workers ready in 0.4 s"),
    Check(name="Brake", state="ok", detail="own control group, work stops in 0.1 ms"),
    Check(name="Python", state="ok", detail="3.12.4"),
    Check(name="Disk", state="warning", detail="3.1 GB free", fix="5 GB of room are enough for many libraries."),
    Check(name="Model", state="missing", detail="nothing answers at port 11434", fix="Start Ollama, or dream without."),
    Check(name="Full-text search", state="ok", detail="SQLite 3.45 with FTS5"),
)
USES = (
    Use(kind="environments", size=1_240_000_000, files=18_221, cleanable=True),
    Use(kind="images", size=310_000_000, files=2, cleanable=True),
    Use(kind="sources", size=96_400_000, files=14, cleanable=True),
    Use(kind="dreams", size=14_800_000, files=2_140, cleanable=False),
    Use(kind="journal", size=41_300_000, files=3, cleanable=False),
    Use(kind="knowledge", size=27_900_000, files=1, cleanable=False),
    Use(kind="logs", size=812_000, files=31, cleanable=True),
)
DREAMING = Snapshot(
    state=DreamerState.DREAMING,
    since=NOW,
    libraries=("httpx", "pydantic"),
    verified=12,
    workers=2,
    workers_wanted=3,
    cpu_celsius=61.0,
    watts=38.0,
    to_review=8,
)
LOG = """2026-03-04 02:13:07,120 INFO dreamer_app.engine.night: night 2026-03-04T02 began: httpx, pydantic
2026-03-04 02:13:09,844 INFO dreamer_app.sandbox.docker.pool: 3 workers ready
2026-03-04 02:14:31,002 INFO dreamer_app.engine.trial_run: verified 5f1c: Retry a flaky client with a budget
2026-03-04 02:15:02,377 WARNING dreamer_app.energy.policy: processor 81 °C, one worker less
2026-03-04 02:17:48,519 INFO dreamer_app.engine.trial_run: rejected a04e at G6: a stub passes the tests
2026-03-04 02:21:40,903 INFO dreamer_app.engine.trial_run: verified 77b2: Validate nested settings from TOML
2026-03-04 05:58:01,450 INFO dreamer_app.engine.night: night 2026-03-04T02 ended: time is up, 42 verified
"""


class StillEntries:
    """Entries that are what they are."""

    starts_at_login = False

    def start_at_login(self, *, on: bool) -> None:
        """Nothing."""

    def install_launcher(self) -> None:
        """Nothing."""


def begin(work: Callable[[], object]) -> None:
    """Do at once what takes no time here."""
    asyncio.run(work())  # type: ignore[arg-type]


async def nothing(*_arguments: object) -> None:
    """Take no time."""


async def checks() -> Sequence[Check]:
    """The same every time."""
    return CHECKS


async def known() -> Sequence[str]:
    """Two libraries."""
    return ("httpx 0.28.1", "pydantic 2.11.3")


def deeds() -> Deeds:
    """First steps that change nothing."""
    return Deeds(
        look=checks,
        known=known,
        learn=nothing,
        schedule=ScheduleSettings,
        set_schedule=lambda _schedule: None,
        starts_at_login=lambda: False,
        start_at_login=lambda _on: None,
        dream_now=nothing,
        finish=nothing,
        subscribe=lambda _listener: lambda: None,
        start=begin,
        done=lambda: None,
    )


def wizard(place: int) -> Callable[[Desktop], QWidget]:
    """A step of the first steps."""

    def made(desktop: Desktop) -> QWidget:
        window = Wizard(desktop, deeds())
        for step in range(1, place + 1):
            window.go(step)
        return window

    return made


def first_dream(desktop: Desktop) -> QWidget:
    """The supervised dream, while it is being proved."""
    window = wizard(4)(desktop)
    assert isinstance(window, Wizard)
    step = window.steps[4]
    assert isinstance(step, FirstDream)
    step.go.click()
    step.heard(NightStarted(night=Night(id="20260304T0640", started_at=NOW, libraries=(), seed=7)))
    step.heard(ScenarioWoven(dream_id="5f1c", title="Retry a flaky client with a budget", libraries=("httpx",)))
    for gate, name in (
        ("G0", "shape"),
        ("G1", "imports"),
        ("G2", "API exists"),
        ("G3", "security"),
        ("G5", "clean run"),
    ):
        seen = Receipt(gate=gate, name=name, version="1", verdict=GateVerdict.PASSED, evidence={}, seconds=0.4)
        step.heard(GatePassed(dream_id="5f1c", receipt=seen))
    step.heard(Progress(task="proof", step="stub battery"))
    return window


def settings(page: str) -> Callable[[Desktop], QWidget]:
    """A page of the settings."""

    def made(desktop: Desktop) -> QWidget:
        window = SettingsWindow(
            desktop,
            Settings(),
            live=temperatures(lambda: DREAMING.model_copy(update={"cpu_celsius": 61.0, "gpu_celsius": 54.0})),
            extras={
                "desktop": lambda: StartExtras(StillEntries()),
                "model": lambda: ModelExtras(nothing, nothing, begin),  # type: ignore[arg-type]
            },
        )
        window.open_page(page)
        return window

    return made


def health(desktop: Desktop) -> QWidget:
    """Diagnostics."""
    return HealthWindow(desktop, checks, lambda _checks: "", begin)


def disk(_desktop: Desktop) -> QWidget:
    """Disk use."""
    window = DiskWindow(DataPaths(Path("~/.local/share/dreamer")), lambda _work: None)
    window.show_uses(USES, 88_000_000_000)
    return window


def log(_desktop: Desktop) -> QWidget:
    """The log."""
    file = Path(tempfile.mkdtemp()) / "2026-03-04T02.log"
    file.write_text(LOG, encoding="utf-8")
    return LogWindow(lambda: [file])


def menu(_desktop: Desktop) -> QWidget:
    """The tray's menu."""
    made = TrayMenu()
    made.show_view(present(DREAMING, NOW), keep_dreaming=False)
    return made


def states(desktop: Desktop) -> QWidget:
    """The six silhouettes as panels show them, small and large, on both grounds."""
    edge, gap, width = 32, 16, 360
    sheet = QPixmap(width, 6 * (edge + gap) + gap)
    sheet.fill(desktop.app.palette().window().color())
    painter = QPainter(sheet)
    painter.setPen(desktop.app.palette().windowText().color())
    for line, state in enumerate(DreamerState):
        snapshot = Snapshot(state=state, since=NOW, reasons=(SuspendReason.MODEL_UNAVAILABLE,), verified=12)
        view = present(snapshot.model_copy(update={"reasons": snapshot.reasons if state == "blocked" else ()}), NOW)
        top = gap + line * (edge + gap)
        painter.drawPixmap(QPoint(gap, top), drawn(f"tray/{view.icon}", desktop.theme.tokens.text, edge))
        painter.drawText(2 * gap + edge, top + 21, view.headline)
    painter.end()
    label = QLabel()
    label.setPixmap(sheet)
    label.adjustSize()
    return label


def keys(_desktop: Desktop) -> QWidget:
    """The keyboard sheet."""
    return KeysWindow(Keymap(), lambda _keymap: None)


SHOWN_PAGES = {
    "settings-general": "desktop",
    "settings-schedule": "schedule",
    "settings-energy": "energy",
    "settings-model": "model",
}
PAGES = {f"page-{name}": name for name in Settings.model_fields if name not in SHOWN_PAGES.values()}
"""Pages of the settings that are worth showing, and those that only tests look at."""

SCENES: Mapping[str, Callable[[Desktop], QWidget]] = {
    "tray-menu": menu,
    "tray-states": states,
    "wizard-1-welcome": wizard(0),
    "wizard-2-checks": wizard(1),
    "wizard-3-learn": wizard(2),
    "wizard-4-when": wizard(3),
    "wizard-5-first-dream": first_dream,
    **{name: settings(page) for name, page in SHOWN_PAGES.items()},
    "health": health,
    "disk": disk,
    "log": log,
    "keys": keys,
    "about": lambda _desktop: AboutWindow(),
}


def render(desktop: Desktop, name: str, folder: Path) -> Path:
    """One scene in the theme that is in force.

    Returns:
        The picture.
    """
    widget = SCENES[name](desktop)
    file = keep(widget, name, desktop, folder)
    widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # or every one of them takes each new theme
    return file


def keep(widget: QWidget, name: str, desktop: Desktop, folder: Path) -> Path:
    """Write one picture."""
    widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    widget.show()
    QApplication.processEvents()
    file = folder / f"{name}-{desktop.theme.tokens.name}.png"
    folder.mkdir(parents=True, exist_ok=True)
    widget.grab().save(str(file))
    widget.close()
    return file


def main() -> None:
    """Render the scenes that are meant, all without words."""
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*")
    parser.add_argument("--into", type=Path)
    asked = parser.parse_args()
    desktop = make_desktop(DesktopSettings(language="en"))
    QApplication.setCursorFlashTime(0)
    QCursor.setPos(9000, 9000)  # no mouse in the pictures
    pages = settings("desktop")(desktop)  # one for all of its pages: it takes a second to make
    assert isinstance(pages, SettingsWindow)
    for theme in THEMES:
        desktop.theme.choose(ThemeChoice(theme))
        for name in [*SCENES, *PAGES] if asked.into else SCENES:
            if asked.words and not any(word in name for word in asked.words):
                continue
            if page := SHOWN_PAGES.get(name, PAGES.get(name)):
                pages.open_page(page)
                print(keep(pages, name, desktop, asked.into or HERE))
            else:
                print(render(desktop, name, asked.into or HERE))


if __name__ == "__main__":
    main()
