"""Settings as a person changes them: at once, checked where they stand, found by words, put back page by page."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDoubleSpinBox, QLineEdit, QSpinBox

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import DesktopSettings, Settings
from dreamer_app.core.states import DreamerState, Snapshot
from dreamer_app.llm.discovery import TrialReport
from dreamer_app.service.agent_clients import on_this_computer
from dreamer_app.ui.app import Desktop, make_desktop
from dreamer_app.ui.settings.dialog import SettingsWindow
from dreamer_app.ui.settings.extras import AgentExtras, ModelExtras, StartExtras
from dreamer_app.ui.settings.live import temperatures
from tests.ui.waiting import until


@pytest.fixture(scope="module")
def desktop(qapp: QApplication) -> Desktop:
    return make_desktop(DesktopSettings(language="en", theme="light"))


@pytest.fixture
def window(qtbot, desktop: Desktop) -> SettingsWindow:
    made = SettingsWindow(desktop, Settings(), live={"energy.cpu_stop": lambda: "now 61 °C"})
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_setting_has_an_editor_with_a_name(window: SettingsWindow) -> None:
    assert set(window.names) == set(Settings.model_fields)
    for name in window.names:
        page = window.page(name)
        for field in type(page.section).model_fields:
            if (name, field) == ("desktop", "keys"):
                continue  # the keyboard sheet
            widget = page.rows[field].editor.widget
            assert widget.accessibleName(), (name, field)
            assert widget.accessibleDescription(), (name, field)
            assert page.rows[field].editor.value() is not None


def test_the_editors_say_what_is_set_and_nothing_is_changed_by_looking(window: SettingsWindow) -> None:
    told: list[Settings] = []
    window.changed.connect(told.append)
    for place in range(window.list.count()):
        window.list.setCurrentRow(place)
    assert told == []
    for name in window.names:
        page = window.page(name)
        values = {field: row.editor.value() for field, row in page.rows.items()}
        whole = {field: getattr(page.section, field) for field in type(page.section).model_fields}
        assert type(page.section).model_validate({**whole, **values}) == getattr(Settings(), name)


def test_the_temperature_of_the_moment_stands_beside_every_limit(qtbot, desktop: Desktop) -> None:
    now = [Snapshot(state=DreamerState.AWAKE, since=datetime(2026, 1, 1, tzinfo=UTC), cpu_celsius=61.0)]
    window = SettingsWindow(desktop, Settings(), live=temperatures(lambda: now[0]))
    qtbot.addWidget(window)
    rows = window.page("energy").rows
    beside = {
        field: row.live.text()
        for field, row in rows.items()
        if isinstance(row.editor.widget, QDoubleSpinBox) and "°C" in row.editor.widget.suffix()
    }
    assert len(beside) == 6
    assert {text for field, text in beside.items() if field.startswith("cpu")} == {"now 61 °C"}
    assert {text for field, text in beside.items() if field.startswith("gpu")} == {"now unknown"}
    now[0] = now[0].model_copy(update={"cpu_celsius": 64.0})
    window.open_page("energy")
    window.show()
    assert rows["cpu_stop"].live.text() == "now 64 °C"


def test_looks_are_changed_too(window: SettingsWindow) -> None:
    told: list[Settings] = []
    window.changed.connect(told.append)
    window.page("desktop").rows["theme"].editor.widget.setCurrentIndex(2)  # type: ignore[attr-defined]
    assert told[-1].desktop.theme == "dark"


def test_a_change_applies_at_once(window: SettingsWindow) -> None:
    told: list[Settings] = []
    window.changed.connect(told.append)
    box = window.page("night").rows["dreams"].editor.widget
    assert isinstance(box, QSpinBox)
    box.setValue(7)
    assert told[-1].night.dreams == 7
    tick = window.page("schedule").rows["by_day"].editor.widget
    assert isinstance(tick, QCheckBox)
    tick.click()
    assert told[-1].schedule.by_day is False
    assert told[-1].night.dreams == 7


def test_what_is_wrong_is_said_beside_it_and_not_applied(window: SettingsWindow) -> None:
    told: list[Settings] = []
    window.changed.connect(told.append)
    row = window.page("schedule").rows["night_start"]
    line = row.editor.widget
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "25:00")
    assert told == []
    assert row.problem.text() == "Write a time such as 22:30."
    line.selectAll()
    QTest.keyClicks(line, "23:00")
    assert told[-1].schedule.night_start == "23:00"
    assert row.problem.text() == ""


def test_a_rule_over_two_settings_names_them_by_their_titles(window: SettingsWindow) -> None:
    page = window.page("energy")
    box = page.rows["cpu_resume"].editor.widget
    assert isinstance(box, QDoubleSpinBox)
    box.setValue(95)
    assert "Processor cool" in page._problem.text()
    assert page.section == Settings().energy


def test_restore_puts_one_page_back(window: SettingsWindow) -> None:
    window.page("night").rows["dreams"].editor.widget.setValue(7)  # type: ignore[attr-defined]
    window.page("workers").rows["count"].editor.widget.setValue(3)  # type: ignore[attr-defined]
    window.open_page("night")
    window.restore.click()
    assert window.settings.night == Settings().night
    assert window.settings.workers.count == 3


def test_search_leaves_what_is_meant(window: SettingsWindow) -> None:
    window.search.setText("processor hot")
    shown = [
        window.list.item(place).text() for place in range(window.list.count()) if not window.list.isRowHidden(place)
    ]
    assert shown == ["Heat and power"]
    assert window.page("energy").rows["cpu_stop"].isVisible()
    assert not window.page("energy").rows["gpu_stop"].isVisible()
    window.search.setText("no such thing at all")
    assert window._empty.isVisible()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.search.text() == ""
    assert window.isVisible()


def test_the_live_value_stands_beside_its_limit(window: SettingsWindow) -> None:
    window.open_page("energy")
    assert window.page("energy").rows["cpu_stop"].live.text() == "now 61 °C"


class Entries:
    """Start at login in memory."""

    def __init__(self) -> None:
        self.starts_at_login = False
        self.broken = False

    def start_at_login(self, *, on: bool) -> None:
        if self.broken:
            raise InfrastructureError("No", "The disk is full.", "Make room.")
        self.starts_at_login = on

    def install_launcher(self) -> None:
        pass


def test_start_at_login_is_off_until_asked_for(qtbot, desktop: Desktop) -> None:
    entries = Entries()
    extras = StartExtras(entries)
    qtbot.addWidget(extras)
    assert not extras.login.isChecked()
    extras.login.click()
    assert entries.starts_at_login
    entries.broken = True
    extras.login.click()
    assert "The disk is full." in extras.problem.text()


def test_what_to_paste_into_an_agent_has_the_paths_of_this_computer(qtbot, desktop: Desktop, paths: DataPaths) -> None:
    extras = AgentExtras(on_this_computer(paths, 4711, default_base=False))
    qtbot.addWidget(extras)
    names = [extras.choice.itemText(n) for n in range(extras.choice.count())]
    extras.choice.setCurrentIndex(names.index("Cursor"))
    extras.copy.click()
    pasted = json.loads(QGuiApplication.clipboard().text())
    server = pasted["mcpServers"]["dreamer"]
    assert server["command"] == sys.executable and server["args"][-2:] == ["--base-dir", str(paths.base)]
    assert extras.place.text() == "~/.cursor/mcp.json"
    extras.choice.setCurrentIndex(names.index("Any agent, over HTTP"))
    assert "127.0.0.1:4711/mcp" in extras.text.toPlainText() and "has to run" in extras.place.text()


async def test_the_model_is_tried_and_its_key_kept_elsewhere(desktop: Desktop) -> None:
    import asyncio

    kept: list[str] = []
    reports = [
        TrialReport(ok=False, base_url="x", model="m", message="Nobody answers.", hint="Start it."),
        TrialReport(
            ok=True, base_url="x", model="m", message="m answers.", first_token_seconds=0.4, tokens_per_second=31
        ),
    ]

    async def test() -> TrialReport:
        return reports.pop(0)

    async def keep(key: str) -> None:
        kept.append(key)

    async with asyncio.TaskGroup() as group:
        extras = ModelExtras(test, keep, lambda work: group.create_task(work()))
        extras.try_out.click()
        await until(lambda: "Nobody answers. Start it." in extras.result.text())
        extras.try_out.click()
        await until(lambda: "31 tokens a second" in extras.result.text())
        extras.key.setText("sk-secret")
        extras.save.click()
        await until(lambda: kept)
    assert kept == ["sk-secret"]
    assert extras.key.text() == ""
    extras.deleteLater()
