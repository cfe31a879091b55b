"""What the self-test of the brake measured, kept in the data folder so that `dreamer doctor` can show it."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from dreamer_app.core.paths import DataPaths
from dreamer_app.core.types import Frozen

FILE = "brake.json"


class BrakeFigure(Frozen):
    """How one rung did.

    Attributes:
        rung: Its name; empty when no rung holds, so that workers are cancelled, paused or killed one by one.
        stopped_ms: From the order to the last beat of a busy subject; None where the clocks cannot be compared.
        still_ms: From the order until the kernel said that everything stands still.
        kills: Whether it can also end everything at once.
        at: When it was measured.
        refused: Rungs above it, each with the reason why it does not hold.
    """

    rung: str
    stopped_ms: float | None
    still_ms: float | None
    kills: bool
    at: datetime
    refused: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """In a few words for people."""
        if not self.rung:
            return "workers are stopped one by one"
        if self.stopped_ms is not None:
            return f"{self.rung}: the last instruction ran {self.stopped_ms:.1f} ms after the order"
        return f"{self.rung}: everything stood still {self.still_ms or 0:.1f} ms after the order"


def keep(paths: DataPaths, figure: BrakeFigure) -> None:
    """Remember a figure; a folder that cannot be written loses nothing but this."""
    try:
        (paths.base / FILE).write_text(figure.model_dump_json(indent=2) + "\n", encoding="utf-8")
    except OSError:
        return


def kept(paths: DataPaths) -> BrakeFigure | None:
    """The latest figure, None when there is none."""
    try:
        return BrakeFigure.model_validate_json((paths.base / FILE).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None
