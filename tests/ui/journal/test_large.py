"""Every scene at 200 %, pixel by pixel, as digests: four times the pixels are not worth keeping as pictures.

UPDATE_GOLDEN=1 renews the digests; look at what `QT_SCALE_FACTOR=2 python -m tests.ui.demo.pictures FOLDER` draws.
"""

from __future__ import annotations

from pathlib import Path

from tests.house.tracked import ROOT
from tests.ui.pictures import drawn, same_as_kept

KEPT = ROOT / "tests" / "ui" / "golden" / "large.json"
BLINKS = "journal-reason"


def test_every_scene_at_two_hundred_percent(tmp_path: Path) -> None:
    seen = drawn(["-m", "tests.ui.demo.pictures"], tmp_path, scale=2)
    assert same_as_kept({name: of for name, of in seen.items() if not name.startswith(BLINKS)}, KEPT), tmp_path
