"""How documentation is read."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class OracleSettings(Section):
    """Reading documentation."""

    index: str = setting(
        "",
        title="Package index",
        description="Simple-API address; empty means the usual one.",
        max_length=500,
    )
    archive_limit: int = setting(
        500,
        title="Largest source",
        description="Unpacked size above which a source is refused.",
        unit="MB",
        ge=1,
    )
