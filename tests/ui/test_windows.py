"""The small windows: diagnostics, log, disk, keys, first steps; every control has a name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import make_screenshots
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from dreamer_app.core.checks import Check
from dreamer_app.core.paths import DataPaths
from dreamer_app.core.settings import DesktopSettings, ScheduleSettings
from dreamer_app.core.states import DreamerState, Snapshot
from dreamer_app.service.diagnostics import report
from dreamer_app.service.disk import clean, disk_use
from dreamer_app.store.lock import BaseFolderLock
from dreamer_app.ui.actions import Keymap
from dreamer_app.ui.app import Desktop, make_desktop
from dreamer_app.ui.health import HealthWindow
from dreamer_app.ui.keys import KeysPage
from dreamer_app.ui.log_view import LogWindow
from dreamer_app.ui.wizard.steps import When
from dreamer_app.ui.wizard.wizard import Wizard
from tests.ui.waiting import until


@pytest.fixture(scope="module")
def desktop(qapp: QApplication) -> Desktop:
    return make_desktop(DesktopSettings(language="en", theme="light"))


@pytest.mark.parametrize("scene", sorted(make_screenshots.SCENES))
def test_every_control_can_be_named(qtbot, desktop: Desktop, scene: str) -> None:
    window = make_screenshots.SCENES[scene](desktop)
    qtbot.addWidget(window)
    nameless = [
        child
        for child in window.findChildren(QWidget)
        if isinstance(child, QAbstractButton | QLineEdit)
        and not child.objectName().startswith("qt_")
        and not (child.accessibleName() or getattr(child, "text", str)() or getattr(child, "placeholderText", str)())
        and child.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert nameless == []


async def test_diagnostics_say_what_is_wrong_and_copy_a_report(desktop: Desktop) -> None:
    checks = [Check(name="Docker", state="missing", detail="no socket", fix="Start Docker.")]

    async def look() -> list[Check]:
        return checks

    async with asyncio.TaskGroup() as group:
        window = HealthWindow(
            desktop, look, lambda found: f"{len(found)} checks", lambda work: group.create_task(work())
        )
        await until(lambda: window.summary.text() == "1 thing needs a look.")
        checks[0] = Check(name="Docker", state="ok", detail="26.1")
        window.again.click()
        await until(lambda: window.summary.text() == "Everything it needs is there.")
        window.copy.click()
    assert QApplication.clipboard().text() == "1 checks"
    window.deleteLater()


def test_a_report_tells_no_secret() -> None:
    snapshot = Snapshot(state=DreamerState.AWAKE, since=make_screenshots.NOW)
    environ = {"HOME": "/home" + "/alice", "OPENAI_API_KEY": "abcdefgh12345", "XDG_SESSION_TYPE": "wayland"}
    log = ["read /home" + "/alice/dreams", "Authorization: Bearer sk-123456", "key abcdefgh12345", "api_key='zzz'"]
    text = report((), snapshot, log, environ)
    assert "wayland" in text
    assert "~/dreams" in text
    for secret in ("alice", "sk-123456", "abcdefgh12345", "zzz"):
        assert secret not in text


def test_the_log_follows_and_is_searched(qtbot, desktop: Desktop, tmp_path: Path) -> None:
    file = tmp_path / "dreamer.log"
    file.write_text("one\ntwo\n", encoding="utf-8")
    window = LogWindow(lambda: [file, tmp_path / "absent.log"])
    qtbot.addWidget(window)
    window.show()
    with file.open("a", encoding="utf-8") as log:
        log.write("three\n")
    window.refresh()
    assert window.view.toPlainText().splitlines() == ["one", "two", "three"]
    window.search.setText("TW")
    assert window.view.toPlainText() == "two"
    window.search.clear()
    window.files.setCurrentIndex(1)
    assert window.view.toPlainText() == ""


def test_cleaning_takes_what_can_be_fetched_again_and_nothing_else(paths: DataPaths) -> None:
    for folder in (paths.sources, paths.dreams):
        (folder / "below").mkdir()
        (folder / "below" / "file").write_bytes(b"x" * 5000)
    assert clean(paths, "dreams") == 0
    lock = BaseFolderLock(paths.lock)
    assert lock.try_acquire()
    assert clean(paths, "sources") == 0, "a night is under way"
    lock.release()
    assert clean(paths, "sources") >= 5000
    sizes = {use.kind: use.files for use in disk_use(paths)}
    assert (sizes["sources"], sizes["dreams"]) == (0, 1)


def test_keys_are_changed_and_clashes_are_named(qtbot, desktop: Desktop) -> None:
    told: list[Keymap] = []
    page = KeysPage(Keymap(), told.append)
    qtbot.addWidget(page)
    page.search.setText("approve")
    line = next(row for row in range(page.table.rowCount()) if not page.table.isRowHidden(row))
    page.table.setCurrentCell(line, 0)
    page.edit.setKeySequence("X")
    page.apply.click()
    assert page.problem.text() == "X is taken by “Reject”."
    page.edit.setKeySequence("Y")
    page.apply.click()
    assert told[-1].keys("journal.approve") == ("Y",)
    page.usual.click()
    assert told[-1].chosen == {}


def test_first_steps_go_forward_and_back_and_keep_what_was_chosen(qtbot, desktop: Desktop) -> None:
    kept: list[ScheduleSettings] = []
    logins: list[bool] = []
    done: list[bool] = []
    deeds = replace(
        make_screenshots.deeds(),
        set_schedule=kept.append,
        start_at_login=logins.append,
        done=lambda: done.append(True),
        start=lambda _work: None,
    )
    wizard = Wizard(desktop, deeds)
    qtbot.addWidget(wizard)
    wizard.show()
    press: Callable[[QWidget], None] = lambda widget: QTest.mouseClick(widget, Qt.MouseButton.LeftButton)  # noqa: E731
    for _ in range(3):
        press(wizard.next)
    step = wizard.steps[wizard.place]
    assert isinstance(step, When)
    assert not step.login.isChecked()
    step.login.click()
    step.idle.setValue(45)
    press(wizard.back)
    assert kept[0].idle_minutes == 45
    assert logins == [True]
    press(wizard.next)
    press(wizard.next)
    assert wizard.next.text() == "Done"
    press(wizard.next)
    assert done
    assert not wizard.isVisible()
