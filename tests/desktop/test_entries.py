"""Start at login and the applications menu, as files that desktops read."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from dreamer_app.core.errors import InfrastructureError
from dreamer_app.core.paths import resource
from dreamer_app.desktop.entries import APP_ID, DesktopEntries


@pytest.fixture
def entries(tmp_path: Path) -> DesktopEntries:
    return DesktopEntries({"HOME": str(tmp_path)}, ["/opt/the dreamer/dreamer"])


def read(file: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(file, encoding="utf-8")
    return parser


def test_it_does_not_start_at_login_unless_asked(entries: DesktopEntries) -> None:
    assert not entries.starts_at_login
    entries.start_at_login(on=True)
    assert entries.starts_at_login
    assert read(entries.autostart)["Desktop Entry"]["Exec"] == "'/opt/the dreamer/dreamer' tray --background"
    entries.start_at_login(on=False)
    assert not entries.starts_at_login
    entries.start_at_login(on=False)


def test_other_programs_may_switch_it_off(entries: DesktopEntries) -> None:
    entries.start_at_login(on=True)
    with entries.autostart.open("a", encoding="utf-8") as file:
        file.write("Hidden=true\n")
    assert not entries.starts_at_login


def test_the_menu_shows_it_with_actions_and_panels_find_its_icons(entries: DesktopEntries) -> None:
    entries.install_launcher()
    parser = read(entries.launcher)
    assert parser["Desktop Entry"]["Exec"] == "'/opt/the dreamer/dreamer' tray"
    assert parser["Desktop Action Stop"]["Exec"] == "'/opt/the dreamer/dreamer' stop"
    for action in parser["Desktop Entry"]["Actions"].strip(";").split(";"):
        assert parser[f"Desktop Action {action}"]["Name[pl]"]
    icons = entries.launcher.parent.parent / "icons" / "hicolor" / "scalable"
    assert (icons / "apps" / f"{parser['Desktop Entry']['Icon']}.svg").exists()
    assert len(list((icons / "status").glob("dreamer-*-symbolic.svg"))) == 6


def test_the_entrys_name_is_the_windows_id() -> None:
    assert resource(f"desktop/{APP_ID}.desktop").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("a file", encoding="utf-8")
    with pytest.raises(InfrastructureError, match="autostart"):
        DesktopEntries({"HOME": str(tmp_path)}, ["dreamer"]).start_at_login(on=True)
