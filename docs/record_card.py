"""Writes docs/dataset_card.md: the card of a data set that was exported from a real night.

Run by hand over a base folder with a night in it, because a night takes its time:
dreamer night --library toolz --library more-itertools --base-dir DIR; python docs/record_card.py DIR
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from dreamer_app.academy.selection import ExportOrder
from dreamer_app.core.paths import DataPaths
from dreamer_app.main import workshop
from dreamer_app.service.dreamer import Dreamer

PAGE = Path(__file__).resolve().parent / "dataset_card.md"

HEAD = """<!-- Recorded by docs/record_card.py. -->
# The card of a data set

    dreamer export --format huggingface --out training

writes a folder that `datasets.load_dataset` reads, and this card beside it. It is the card of a real night without a
model, as it was written.
"""


def main() -> None:
    """Export and write the page."""
    dreamer = Dreamer(DataPaths(Path(sys.argv[1])), workshop)
    with tempfile.TemporaryDirectory() as out:
        written = dreamer.academy.export(ExportOrder(format="huggingface"), Path(out)).file
        card = (Path(written) / "README.md").read_text(encoding="utf-8")
    dreamer.close()
    PAGE.write_text(f"{HEAD}\n````markdown\n{card.rstrip()}\n````\n", encoding="utf-8")


if __name__ == "__main__":
    main()
