"""A person's own solution: proved by the same Guardian, kept as a further attempt beside the original.

It never changes what is asked for: title, task and tests make the dream's identity.
"""

from __future__ import annotations

import asyncio

from dreamer_app.core.clock import Clock
from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import Candidate, Dream, DreamState, Frozen, Receipt, Review
from dreamer_app.service.workshop import Prover
from dreamer_app.store.store import Store

PERSON = "you"
"""Who is named as the coder of an edited solution."""


class EditProof(Frozen):
    """What the Guardian said about an edited solution.

    Attributes:
        dream_id: The dream.
        accepted: Every gate passed; the edit is now what the dream is, and waits for a word.
        stopped_by: The receipt of the gate that rejected it.
        seconds: Wall-clock time.
    """

    dream_id: str
    accepted: bool
    stopped_by: Receipt | None
    seconds: float


def edited(dream: Dream, solution: str) -> Dream:
    """The dream with another solution, not yet proved.

    Raises:
        UsageError: The solution is the present one, or the dream is under way.
    """
    if dream.state is DreamState.RUNNING:
        raise UsageError("This dream is being proved", f"{dream.id} is under way.", "Wait until its proof is over.")
    if solution.strip() == dream.candidate.solution.strip():
        raise UsageError("Nothing was changed", "The edited solution is the present one.", "Change it, or cancel.")
    text = solution if solution.endswith("\n") else solution + "\n"
    return dream.model_copy(update={"candidate": Candidate(solution=text, coder=PERSON)})


async def prove_edit(prover: Prover, store: Store, clock: Clock, dream: Dream) -> EditProof:
    """Run the gates over an edited dream and keep the attempt, whatever they say.

    Args:
        prover: The Guardian.
        store: Keeps the attempt.
        clock: What time it is.
        dream: As `edited` made it.

    Raises:
        InfrastructureError: Nothing is known about the solution; nothing is kept.
    """
    started = clock.monotonic()
    verdict = await prover.prove_again(dream.scenario, dream.candidate, dream.id)
    seconds = round(clock.monotonic() - started, 3)
    proved = dream.model_copy(
        update={
            "state": DreamState.VERIFIED if verdict.accepted else dream.state,
            "review": Review.PENDING,
            "verdict": verdict,
        }
    )
    accepted = await asyncio.to_thread(store.take_edit, proved)
    return EditProof(dream_id=dream.id, accepted=accepted, stopped_by=verdict.stopped_by, seconds=seconds)
