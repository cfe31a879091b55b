"""G13, opinion: somebody reads the task text. It can reject with a reason that is in the text; it can never accept.

Judges disagree with themselves, so that only the lowest score with a quotation counts, and no answer is no opinion.
"""

from __future__ import annotations

from dreamer_app.guardian.receipts import Finding, TimedGate, rejected
from dreamer_app.guardian.trial import Trial

LOWEST = 1


class OpinionGate(TimedGate):
    """Rejects texts that are of no use, when that can be shown in their own words."""

    id = "G13"
    name = "opinion"
    version = "1"

    async def _apply(self, trial: Trial) -> Finding:
        council = trial.council
        view = await council.opinion(trial.scenario) if council is not None else None
        if council is None or view is None:
            return Finding(True, {"score": None, "reason": "no opinion"})
        quoted = " ".join(view.quotation.split())
        shown = bool(quoted) and quoted in " ".join(trial.scenario.prompt.split())
        if view.score <= LOWEST and shown:
            return rejected(
                view.reason[:300] or "of no use", score=view.score, quotation=quoted[:300], model=council.name
            )
        return Finding(True, {"score": view.score, "reason": view.reason[:300], "quoted": shown, "model": council.name})
