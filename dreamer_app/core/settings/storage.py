"""How long things are kept. What you approved is kept for good, and no setting here can change that."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting

_LONGEST = 36_500


class StorageSettings(Section):
    """How long things are kept. Dreams that you approved are never cleaned."""

    clean_after_nights: bool = setting(
        True,
        title="Clean after every night",
        description="Takes away what is older than it may be here; `dreamer clean` shows beforehand what would go.",
    )
    rejected_days: int = setting(
        90, title="Rejected dreams", description="Kept this long after your word; 0 keeps them for good.",
        unit="days", ge=0, le=_LONGEST,
    )  # fmt: skip
    failed_days: int = setting(
        60, title="Failed and unfinished dreams", description="Their rows are kept this long; 0 keeps them for good.",
        unit="days", ge=0, le=_LONGEST,
    )  # fmt: skip
    unreviewed_days: int = setting(
        0, title="Dreams that nobody looked at", description="Kept this long once verified; 0 keeps them for good.",
        unit="days", ge=0, le=_LONGEST,
    )  # fmt: skip
    log_days: int = setting(
        60, title="Logs of nights", description="Kept this long; 0 keeps them for good.",
        unit="days", ge=0, le=_LONGEST,
    )  # fmt: skip
    unused_days: int = setting(
        45,
        title="Downloads, environments and images",
        description="What was not needed for this long goes, and is fetched again when it is; 0 keeps it for good.",
        unit="days", ge=0, le=_LONGEST,
    )  # fmt: skip
    largest_gigabytes: float = setting(
        20,
        title="Largest base folder",
        description="Above this size the oldest goes first: downloads, environments and images, logs, then dreams"
        " that you rejected. 0 means no limit.",
        unit="GB", ge=0, le=100_000,
    )  # fmt: skip
    undo_days: int = setting(
        7, title="Taking a cleaning back", description="Dreams that were cleaned can be had back for this long.",
        unit="days", ge=0, le=365,
    )  # fmt: skip
