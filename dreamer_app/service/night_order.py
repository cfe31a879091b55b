"""What somebody asks of a night, what it left, and what a base folder holds: the service's own values."""

from __future__ import annotations

from dreamer_app.core.types import Dream, Frozen, Night
from dreamer_app.store.records import Statistics


class NightOrder(Frozen):
    """What somebody asks of a night; None means what the settings say.

    Attributes:
        libraries: As typed; none means everything that is known.
        dreams: Ends at this many.
        minutes: Ends after this time.
        model: `builtin` for the weaver that needs no model, or the name of a language model.
        workers: Proofs at the same time.
        seed: Of all random choices; None draws one, which the night's record keeps.
    """

    libraries: tuple[str, ...] = ()
    dreams: int | None = None
    minutes: float | None = None
    model: str | None = None
    workers: int | None = None
    seed: int | None = None


class NightReport(Frozen):
    """A night with what it left.

    Attributes:
        night: As stored.
        dreams: Verified in this night, oldest first.
        api_nodes: Distinct API nodes that they learned, by name.
        folder: Where the dream folders are.
        log: The night's own log file.
    """

    night: Night
    dreams: tuple[Dream, ...]
    api_nodes: tuple[str, ...]
    folder: str
    log: str


class Status(Frozen):
    """What a base folder holds.

    Attributes:
        base: The folder.
        dreaming: Whether a night is under way in it.
        statistics: What the journal adds up to.
        last_night: The latest night.
    """

    base: str
    dreaming: bool
    statistics: Statistics
    last_night: Night | None
