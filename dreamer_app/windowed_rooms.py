"""Every window over the service, made at its first use: forms, charts and highlighters wait until somebody looks.

Imported when a window is wanted, so that a program in the tray carries none of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import UnionType
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dreamer_app.core.checks import Check
from dreamer_app.core.errors import DreamerError
from dreamer_app.core.events import Broadcast, DreamJudged, Event, NightEnded
from dreamer_app.core.i18n import tr, trn
from dreamer_app.core.journal_query import where
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import ScheduleSettings, Settings
from dreamer_app.core.settings.saving import save_settings
from dreamer_app.desktop.entries import DesktopEntries
from dreamer_app.desktop.memory import Memory
from dreamer_app.llm.discovery import TrialReport, choose, find_servers, try_out
from dreamer_app.llm.keys import keep_key
from dreamer_app.service.agent_clients import on_this_computer
from dreamer_app.service.diagnostics import report
from dreamer_app.service.dreamer import Dreamer
from dreamer_app.service.residency import Residency
from dreamer_app.ui.about import AboutWindow, NoTrayWindow
from dreamer_app.ui.actions import Keymap
from dreamer_app.ui.asks import Ask
from dreamer_app.ui.disk import DiskWindow
from dreamer_app.ui.export_window import ExportWindow, Scope
from dreamer_app.ui.health import HealthWindow
from dreamer_app.ui.journal.window import JournalWindow
from dreamer_app.ui.journal.words import night_text
from dreamer_app.ui.keys import KeysWindow
from dreamer_app.ui.log_view import LogWindow
from dreamer_app.ui.night_report import NightReport
from dreamer_app.ui.renewal import Renewal
from dreamer_app.ui.settings.dialog import SettingsWindow
from dreamer_app.ui.settings.extras import AgentExtras, Doors, ModelExtras, StartExtras
from dreamer_app.ui.settings.live import temperatures
from dreamer_app.ui.shell import Shell
from dreamer_app.ui.wizard.deeds import Deeds
from dreamer_app.ui.wizard.wizard import Wizard

NIGHTS_SHOWN, NIGHTS_OFFERED = 20, 7


class Rooms:
    """Makes windows.

    Args:
        shell: Tray and windows.
        dreamer: The service.
        events: What happens in a night.
        program: The program that stays; takes new settings.
        memory: What was said and done before.
        end_with_window: Closing the last window shall end the program.
    """

    def __init__(
        self,
        shell: Shell,
        dreamer: Dreamer,
        events: Broadcast,
        program: Residency,
        *,
        memory: Memory,
        end_with_window: Callable[[], None],
    ) -> None:
        self._shell, self._dreamer, self._events, self._program = shell, dreamer, events, program
        self._memory, self._end_with_window = memory, end_with_window
        self._paths = dreamer.paths
        self._entries = DesktopEntries()
        self._watched = False
        events.subscribe(self._heard)

    def make(self, ask: Ask) -> QWidget:
        """The window that answers a wish."""
        shell, paths = self._shell, self._paths
        made: dict[Ask, Callable[[], QWidget]] = {
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
        return made[ask]()

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
        window.export_wanted.connect(self._export_chosen)
        self._tell(Renewal(window, window.renew_beside), DreamJudged | NightEnded)
        return window

    def _night_report(self) -> NightReport:
        shell = self._shell
        stories = self._dreamer.stories
        report = NightReport(stories, shell.desktop.theme, shell.desktop.icons)
        report.journal_wanted.connect(self._show_in_journal)
        report.fix_wanted.connect(lambda _kind: shell.ask(Ask.HEALTH))

        async def renew() -> None:
            report.show_story(await asyncio.to_thread(stories.of, None))

        self._tell(Renewal(report, lambda: shell.start(renew)), NightEnded)
        return report

    def _tell(self, renewal: Renewal, kinds: type | UnionType) -> None:
        """Tell a window of some kinds of events."""
        self._events.subscribe(lambda event: renewal.due() if isinstance(event, kinds) else None)

    def _show_in_journal(self, query: str) -> None:
        window = self._shell.show_window(Ask.JOURNAL)
        assert isinstance(window, JournalWindow)
        window.ask(query)

    def _heard(self, event: Event) -> None:
        if isinstance(event, NightEnded) and self._watched:
            self._watched = False
            self._shell.start(lambda: self._program.keep_dreaming(on=False))

    def _export(self) -> ExportWindow:
        window = ExportWindow(self._dreamer.academy, self._paths.base / "exports", self._shell.start)
        window.offer(self._nights())
        return window

    def _export_chosen(self, chosen: Sequence[str]) -> None:
        """Several dreams that were selected are what is meant; a single one is only offered."""
        window = self._shell.show_window(Ask.EXPORT)
        assert isinstance(window, ExportWindow)
        selected = trn("The {n} selected dream", "The {n} selected dreams", len(chosen))
        scopes = [Scope(selected, lambda: chosen)] if chosen else []
        window.offer([*scopes, *self._nights()], place=1 if len(chosen) > 1 else 0)

    def _nights(self) -> list[Scope]:
        journal, now = self._dreamer.journal, datetime.now(UTC)

        def scope(name: str) -> Scope:
            text = tr("Night of {when}", when=night_text(name, now))
            return Scope(text, lambda: journal.ids(where(night=name.lower())))

        return [scope(night.id) for night in journal.nights()[:NIGHTS_OFFERED]]

    def _health(self) -> HealthWindow:
        return HealthWindow(self._shell.desktop, self._dreamer.doctor, self._report, self._shell.start)

    def _report(self, checks: Sequence[Check]) -> str:
        try:
            lines = self._paths.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        return report(checks, self._shell.snapshot, lines)

    def _settings(self) -> SettingsWindow:
        shell = self._shell
        window = SettingsWindow(
            self._shell.desktop,
            self._dreamer.settings,
            live=temperatures(lambda: self._shell.snapshot),
            extras={
                "desktop": lambda: Doors(
                    {
                        tr("Keyboard shortcuts"): lambda: shell.ask(Ask.KEYS),
                        tr("First steps…"): lambda: shell.ask(Ask.WIZARD),
                    },
                    above=StartExtras(self._entries),
                ),
                "storage": lambda: Doors({tr("Disk use…"): lambda: shell.ask(Ask.DISK)}),
                "api": self._agents,
                "model": lambda: ModelExtras(self._try_model, self._keep_key, self._shell.start),
            },
        )
        window.changed.connect(self._take)
        window.file_wanted.connect(self._open_settings_file)
        return window

    def _agents(self) -> AgentExtras:
        usual = self._paths == DataPaths.default()
        return AgentExtras(on_this_computer(self._paths, self._dreamer.settings.api.port, default_base=usual))

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
                hint = tr("Start a model server, or write its address above.")
                return TrialReport(ok=False, base_url="", model=name, message=tr("No server answers here."), hint=hint)
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

        async def dream_now() -> None:
            """Whoever watches may move the mouse: it dreams on with one worker until this night is over."""
            await self._program.keep_dreaming(on=True)
            try:
                await self._shell.dream_now()
            except DreamerError:
                await self._program.keep_dreaming(on=False)
                raise
            self._watched = True

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
            dream_now=dream_now,
            finish=finish,
            subscribe=self._events.subscribe,
            start=self._shell.start,
            done=lambda: self._memory.note(wizard_done=True),
        )

    def _logs(self) -> list[Path]:
        nights = sorted(self._paths.nights.glob("*.log"), reverse=True)[:NIGHTS_SHOWN]
        return [self._paths.log, *nights]


async def _done(work: Coroutine[Any, Any, object]) -> None:
    """Work whose result nobody waits for."""
    await work
