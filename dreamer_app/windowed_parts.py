"""The service behind the tray, and the windows over it: everything that is imported beside the running tray."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from dreamer_app.core.checks import Check
from dreamer_app.core.clock import SystemClock
from dreamer_app.core.events import Broadcast, DreamJudged, NightEnded
from dreamer_app.core.i18n import tr
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import ScheduleSettings, Settings
from dreamer_app.core.settings.saving import save_settings
from dreamer_app.desktop.entries import DesktopEntries
from dreamer_app.desktop.memory import Memory
from dreamer_app.desktop.notifications import Answered, Notice, Notifier
from dreamer_app.headless import resident
from dreamer_app.llm.discovery import TrialReport, choose, find_servers, try_out
from dreamer_app.llm.keys import keep_key
from dreamer_app.service.agent_clients import on_this_computer
from dreamer_app.service.announcer import FIX, QUIT, Announcer
from dreamer_app.service.diagnostics import report
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.guarding import open_guard
from dreamer_app.service.residency import Residency
from dreamer_app.service.workshop import Workshop
from dreamer_app.ui.about import AboutWindow, NoTrayWindow
from dreamer_app.ui.actions import Keymap
from dreamer_app.ui.asks import Ask
from dreamer_app.ui.disk import DiskWindow
from dreamer_app.ui.export_window import ExportWindow
from dreamer_app.ui.health import HealthWindow
from dreamer_app.ui.journal.window import JournalWindow
from dreamer_app.ui.keys import KeysWindow
from dreamer_app.ui.log_view import LogWindow
from dreamer_app.ui.night_report import NightReport
from dreamer_app.ui.settings.dialog import SettingsWindow
from dreamer_app.ui.settings.extras import AgentExtras, ModelExtras, StartExtras
from dreamer_app.ui.shell import Shell, Windows
from dreamer_app.ui.wizard.deeds import Deeds
from dreamer_app.ui.wizard.wizard import Wizard

LOG_BYTES, LOGS_KEPT, NIGHTS_SHOWN = 1_000_000, 2, 20


async def serve_shell(shell: Shell, workshop: Callable[[], Workshop], paths: DataPaths, settings: Settings) -> None:
    """Run the service behind a shell until it is shut down.

    Raises:
        UsageError: Another program runs over this base folder.
        InfrastructureError: The journal cannot be used, or it cannot listen.
    """
    events = Broadcast()
    dreamer = Dreamer(paths, lambda: guarding.over(workshop()), events, settings)
    log = _log_into(paths.log)
    guarding = await asyncio.to_thread(open_guard, paths, SystemClock())
    try:
        async with resident(dreamer, events, guarding, lambda: shell.ask(Ask.JOURNAL)) as (program, _api):
            back_office = BackOffice(shell, dreamer, events, program)
            async with asyncio.TaskGroup() as group:
                living = group.create_task(program.run())
                announcing = group.create_task(back_office.announcer.run())
                await asyncio.sleep(0)  # it lives before somebody asks something of it
                shell.attach(program, back_office.windows(), back_office)
                program.subscribe(back_office.announcer.saw)
                back_office.announcer.saw(program.snapshot)
                await living
                announcing.cancel()
    finally:
        await asyncio.to_thread(guarding.close)
        logging.getLogger("dreamer_app").removeHandler(log)
        log.close()
        dreamer.close()


class BackOffice:
    """What windows need of the service, and what is said when the last one closes.

    Args:
        shell: Tray and windows.
        dreamer: The service.
        events: What happens in a night.
        program: The program that stays; takes new settings.
    """

    def __init__(self, shell: Shell, dreamer: Dreamer, events: Broadcast, program: Residency) -> None:
        self._shell, self._dreamer, self._events, self._program = shell, dreamer, events, program
        self._paths = dreamer.paths
        self._memory = Memory(dreamer.paths.desktop_memory)
        self._entries = DesktopEntries()
        self._quit_when_closed = False
        self.announcer = Announcer(
            Notifier(self._balloon),
            self._memory,
            lambda: self._dreamer.settings.notifications,
            SystemClock(),
            self._answered,
        )
        events.subscribe(self.announcer.heard)

    def keeps_running(self) -> bool:
        """Whether the program stays without a window."""
        return self._dreamer.settings.desktop.keep_running and not self._quit_when_closed

    def say_once(self) -> None:
        """Say that it stays, unless that was said before."""
        self._shell.start(self.announcer.say_still_running)

    def windows(self) -> Windows:
        """How every window is made."""
        shell, paths = self._shell, self._paths
        return {
            Ask.JOURNAL: self._journal,
            Ask.LAST_NIGHT: self._night_report,
            Ask.EXPORT: self._export,
            Ask.SETTINGS: self._settings,
            Ask.WIZARD: lambda: Wizard(shell.desktop, self._deeds()),
            Ask.HEALTH: self._health,
            Ask.LOG: lambda: LogWindow(self._logs),
            Ask.DISK: lambda: DiskWindow(paths, shell.start, self._dreamer.retention),
            Ask.KEYS: lambda: KeysWindow(shell.desktop.keymap, self._take_keys),
            Ask.ABOUT: AboutWindow,
            Ask.NO_TRAY: lambda: NoTrayWindow(lambda: shell.ask(Ask.JOURNAL), self._end_with_window),
        }

    def _journal(self) -> JournalWindow:
        shell = self._shell
        desktop = shell.desktop
        window = JournalWindow(
            self._dreamer,
            desktop.theme,
            desktop.icons,
            lambda work: shell.start(lambda: _done(work)),
            keymap=desktop.keymap,
        )
        window.dream_wanted.connect(lambda: shell.start(shell.dream_now))
        window.learning_wanted.connect(lambda: shell.ask(Ask.WIZARD))
        window.export_wanted.connect(lambda _chosen: shell.ask(Ask.EXPORT))
        self._events.subscribe(lambda event: window.renew() if isinstance(event, DreamJudged | NightEnded) else None)
        return window

    def _night_report(self) -> NightReport:
        shell = self._shell
        report = NightReport(self._dreamer.stories, shell.desktop.theme, shell.desktop.icons)
        report.journal_wanted.connect(self._show_in_journal)
        report.fix_wanted.connect(lambda _kind: shell.ask(Ask.HEALTH))
        self._events.subscribe(lambda event: report.show_night(None) if isinstance(event, NightEnded) else None)
        return report

    def _show_in_journal(self, query: str) -> None:
        window = self._shell.show_window(Ask.JOURNAL)
        assert isinstance(window, JournalWindow)
        window.ask(query)

    def _export(self) -> ExportWindow:
        return ExportWindow(self._dreamer.academy, self._paths.base / "exports", self._shell.start)

    def _health(self) -> HealthWindow:
        return HealthWindow(self._shell.desktop, self._dreamer.doctor, self._report, self._shell.start)

    def _report(self, checks: Sequence[Check]) -> str:
        try:
            lines = self._paths.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        return report(checks, self._shell.snapshot, lines)

    def _settings(self) -> SettingsWindow:
        window = SettingsWindow(
            self._shell.desktop,
            self._dreamer.settings,
            live={
                "energy.cpu_stop": self._now_cpu,
                "energy.gpu_stop": self._now_gpu,
            },
            extras={
                "desktop": lambda: StartExtras(self._entries),
                "model": lambda: ModelExtras(self._try_model, self._keep_key, self._shell.start),
                "api": self._agents,
            },
        )
        window.changed.connect(self._take)
        window.file_wanted.connect(self._open_settings_file)
        return window

    def _agents(self) -> AgentExtras:
        usual = self._paths == DataPaths.default()
        return AgentExtras(on_this_computer(self._paths, self._dreamer.settings.api.port, default_base=usual))

    def _now_cpu(self) -> str:
        return _now(self._shell.snapshot.cpu_celsius)

    def _now_gpu(self) -> str:
        return _now(self._shell.snapshot.gpu_celsius)

    def _take(self, settings: Settings) -> None:
        """New settings are in force at once and written in the background."""
        self._program.apply(settings)
        self._shell.desktop.adopt(settings.desktop)
        self._shell.start(lambda: asyncio.to_thread(save_settings, self._paths.settings, settings))

    def _take_keys(self, keymap: Keymap) -> None:
        old = self._dreamer.settings
        desktop = old.desktop.model_copy(update={"keys": dict(keymap.chosen)})
        self._take(old.model_copy(update={"desktop": desktop}))

    def _take_schedule(self, schedule: ScheduleSettings) -> None:
        self._take(self._dreamer.settings.model_copy(update={"schedule": schedule}))

    def _open_settings_file(self) -> None:
        self._paths.settings.touch()
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._paths.settings)))

    async def _try_model(self) -> TrialReport:
        model = self._dreamer.settings.model
        base_url, name = model.base_url, model.weaver or model.coder
        if not base_url:
            found = choose(await find_servers(), name)
            if found is None:
                hint = "Start a model server, or write its address above."
                return TrialReport(ok=False, base_url="", model=name, message="No server answers here.", hint=hint)
            base_url = found.base_url
        return await try_out(base_url, name, model)

    async def _keep_key(self, key: str) -> None:
        await asyncio.to_thread(keep_key, self._dreamer.settings.model.base_url, key)

    def _deeds(self) -> Deeds:
        dreamer = self._dreamer

        async def learn(sources: Sequence[str]) -> None:
            await dreamer.ingest(sources)

        async def known() -> Sequence[str]:
            pins = await asyncio.to_thread(lambda: dreamer.graph().libraries())
            return [f"{pin.name} {pin.version}" for pin in pins]

        async def finish() -> None:
            self._shell.ask(Ask.FINISH)

        return Deeds(
            look=dreamer.doctor,
            known=known,
            learn=learn,
            schedule=lambda: dreamer.settings.schedule,
            set_schedule=self._take_schedule,
            starts_at_login=lambda: self._entries.starts_at_login,
            start_at_login=lambda on: self._entries.start_at_login(on=on),
            dream_now=self._shell.dream_now,
            finish=finish,
            subscribe=self._events.subscribe,
            start=self._shell.start,
            done=lambda: self._memory.note(wizard_done=True),
        )

    def _logs(self) -> list[Path]:
        nights = sorted(self._paths.nights.glob("*.log"), reverse=True)[:NIGHTS_SHOWN]
        return [self._paths.log, *nights]

    def _answered(self, key: str) -> None:
        self._shell.ask(Ask.QUIT if key == QUIT else Ask.HEALTH if key == FIX else Ask.LAST_NIGHT)

    def _balloon(self, notice: Notice, answered: Answered) -> None:
        """Without a notification daemon the tray's own balloon has to do."""
        if self._shell.tray is not None:
            self._shell.tray.message(notice.title, notice.body, lambda: answered("default"))

    def _end_with_window(self) -> None:
        self._quit_when_closed = True


async def _done(work: Coroutine[Any, Any, object]) -> None:
    """Work whose result nobody waits for."""
    await work


def _now(celsius: float | None) -> str:
    return tr("now {value} °C", value=round(celsius)) if celsius is not None else ""


def _log_into(file: Path) -> logging.Handler:
    """What our own rooms say goes to a file that never grows large."""
    handler = RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("dreamer_app")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    return handler
