"""First steps, settings and the small windows, pixel by pixel, in both themes and at both scales.

At 100 % the scenes of `docs/screenshots` are compared with the pictures there, the other pages of the settings and all
scenes at 200 % with digests. `make screenshots` renews the former, UPDATE_GOLDEN=1 the latter; look at all of them.
"""

from __future__ import annotations

from pathlib import Path

import make_screenshots
import pytest

from tests.house.tracked import ROOT
from tests.ui.pictures import digest, drawn, same_as_kept

GOLDEN = ROOT / "tests" / "ui" / "golden"
VARIES = "about"
"""It names the versions that run here."""


@pytest.mark.parametrize("scale", [1, 2])
def test_windows_look_as_they_are_kept(tmp_path: Path, scale: int) -> None:
    seen = drawn(["docs/make_screenshots.py", "--into"], tmp_path, scale=scale)
    seen = {name: of for name, of in seen.items() if not name.startswith(VARIES)}
    if scale == 1:
        kept = {name: digest(make_screenshots.HERE / f"{name}.png") for name in seen if not name.startswith("page-")}
        differing = [name for name, of in kept.items() if seen.pop(name) != of]
        assert differing == [], f"make screenshots, and look at them: {tmp_path}"
    assert same_as_kept(seen, GOLDEN / f"windows-{scale}.json"), tmp_path
