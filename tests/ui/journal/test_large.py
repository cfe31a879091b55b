"""Every scene at 200 %, pixel by pixel, as digests: four times the pixels are not worth keeping as pictures.

UPDATE_GOLDEN=1 renews the digests; look at what `QT_SCALE_FACTOR=2 python -m tests.ui.demo.pictures FOLDER` draws.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from tests.house.tracked import ROOT

KEPT = ROOT / "tests" / "ui" / "golden" / "large.json"
BLINKS = "journal-reason"


def digest(picture: Path) -> str:
    """Of size and pixels; how the file was compressed does not matter."""
    with Image.open(picture) as image:
        return hashlib.sha256(repr(image.size).encode() + image.convert("RGB").tobytes()).hexdigest()


def test_every_scene_at_two_hundred_percent(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_SCALE_FACTOR": "2", "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run(
        [sys.executable, "-m", "tests.ui.demo.pictures", str(tmp_path)],
        cwd=ROOT,
        env=environment,
        check=True,
        timeout=300,
        stdout=subprocess.DEVNULL,
    )
    seen = {file.stem: digest(file) for file in sorted(tmp_path.glob("*.png")) if not file.stem.startswith(BLINKS)}
    if os.environ.get("UPDATE_GOLDEN"):
        KEPT.write_text(json.dumps(seen, indent=1) + "\n", encoding="utf-8")
    assert seen == json.loads(KEPT.read_text(encoding="utf-8")), f"see {tmp_path}"
