"""Figures of a night for its report, from the rows that prove them. Reads only."""

from __future__ import annotations

from datetime import datetime

from dreamer_app.core.types import Night, Review
from dreamer_app.store.connection import Connection
from dreamer_app.store.records import ApiStep, NightFigures, ProvenDream

_STEPS = """SELECT a.library, count(DISTINCT CASE WHEN d.created_at < :start THEN a.name END) AS before,
    count(DISTINCT CASE WHEN d.night_id = :night OR d.created_at < :end THEN a.name END) AS after,
    count(DISTINCT CASE WHEN d.night_id = :night THEN d.id END) AS dreams
    FROM dream_api AS a JOIN dream AS d ON d.id = a.dream_id
    WHERE d.state = 'verified' GROUP BY a.library HAVING dreams > 0 ORDER BY a.library"""


class ReportTable:
    """What a night left."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def figures(self, night: Night) -> NightFigures:
        """Counts of one night; seconds up to its end, or up to its last dream while it lasts."""
        [row] = self._connection.read(
            "SELECT sum(state = 'verified') AS verified, sum(state = 'failed') AS rejected, "
            "sum(state = 'interrupted') AS interrupted, max(changed_at) AS latest FROM dream WHERE night_id = ?",
            (night.id,),
        )
        latest = datetime.fromisoformat(row["latest"]) if row["latest"] else night.started_at
        end = night.ended_at or latest
        return NightFigures(
            night_id=night.id,
            started_at=night.started_at,
            verified=row["verified"] or 0,
            rejected=row["rejected"] or 0,
            interrupted=row["interrupted"] or 0,
            seconds=max(0.0, (end - night.started_at).total_seconds()),
            watt_hours=night.figures.get("watt_hours"),
            peak_celsius=night.figures.get("peak_celsius"),
        )

    def proven(self, night_id: str) -> tuple[ProvenDream, ...]:
        """The night's proven dreams in the order in which they were proved."""
        found = self._connection.read(
            "SELECT id, title, changed_at FROM dream WHERE night_id = ? AND state = 'verified' ORDER BY changed_at, id",
            (night_id,),
        )
        return tuple(
            ProvenDream(id=row["id"], title=row["title"], at=datetime.fromisoformat(row["changed_at"])) for row in found
        )

    def reviews(self, night_id: str) -> dict[Review, int]:
        """The night's proven dreams by a person's word."""
        found = self._connection.read(
            "SELECT review, count(*) AS n FROM dream WHERE night_id = ? AND state = 'verified' GROUP BY review",
            (night_id,),
        )
        return {Review(row["review"]): row["n"] for row in found}

    def apis(self, night_id: str, start: datetime, end: datetime) -> tuple[ApiStep, ...]:
        """API nodes with a proven dream before and after a night, for every library that it proved something about."""
        found = self._connection.read(_STEPS, {"night": night_id, "start": start.isoformat(), "end": end.isoformat()})
        return tuple(
            ApiStep(library=row["library"], before=row["before"], after=row["after"], dreams=row["dreams"])
            for row in found
        )
