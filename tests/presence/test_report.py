"""What is said about the sources."""

from __future__ import annotations

from dreamer_app.core.settings import PresenceSettings
from dreamer_app.presence.report import checks, look_at_presence, wake_check, words
from dreamer_app.presence.source import Sight, SourceState, SourceStatus
from tests.presence.x11 import XServer

ALARM = SourceStatus("xsync", SourceState.ACTIVE, Sight.ALL, "the idle alarm of X display :0", latency_ms=0.62)
PART = SourceStatus("xsync", SourceState.ACTIVE, Sight.PART, "sees only input to X programs", "Log in with X11.")
BLIND = SourceStatus("wayland", SourceState.UNAVAILABLE, Sight.ALL, "the compositor does not offer it", "Use another.")


def test_a_source_in_a_line() -> None:
    assert words(ALARM) == "xsync ✓ 0.6 ms"
    assert words(BLIND) == "wayland ✗ the compositor does not offer it"


def test_what_is_limited_comes_with_what_mends_it() -> None:
    assert wake_check([ALARM, BLIND]).state == "ok"
    limited = wake_check([PART, BLIND])
    assert (limited.state, limited.fix) == ("warning", "Log in with X11.")
    assert "limited" in limited.detail
    nothing = wake_check([BLIND])
    assert (nothing.state, nothing.fix) == ("warning", "Use another.")
    assert wake_check([]).detail.endswith("switched off")


def test_the_doctor_looks_at_the_real_display(server: XServer) -> None:
    found = {check.name: check for check in look_at_presence(PresenceSettings())}
    assert found["Wake on input"].state == "ok"
    assert server.name in found["Wake on input"].detail
    assert found["Games"].state == "ok"
    assert found["Sleep and locking"].state == "warning"
    assert all(check.fix for check in found.values() if check.state != "ok")


def test_without_any_desktop_it_says_why_and_what_mends_it() -> None:
    wake = look_at_presence(PresenceSettings(games=False))[0]
    assert wake.state == "warning"
    assert "no X display" in wake.detail
    assert "graphical session" in wake.fix


def test_what_is_switched_off_is_no_fault() -> None:
    assert {check.state for check in checks([ALARM])} == {"ok"}
