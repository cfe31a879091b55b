from __future__ import annotations

from typing import Any

from dreamer_app.core.events import GatePassed
from dreamer_app.core.types import Verdict
from dreamer_app.service.proving import GuardianProver
from tests import builders
from tests.engine.fakes import ENVIRONMENT, FakeSandbox


class ListeningGuardian:
    """Accepts everything, tells every receipt, and keeps what it was given."""

    policy = "p9"

    def __init__(self) -> None:
        self.given: list[Any] = []

    async def judge(self, scenario: Any, candidate: Any, environment: Any, novelty: Any, listener: Any) -> Verdict:
        self.given.append((scenario.id, environment, novelty))
        for receipt in builders.verdict().receipts:
            listener(receipt)
        return builders.verdict()

    verify = judge


async def test_every_receipt_is_told_with_its_dream_and_one_memory_serves_all() -> None:
    guardian, events = ListeningGuardian(), []
    prover = GuardianProver(guardian, FakeSandbox(), events.append, [builders.verified(1)])
    await prover.judge(builders.scenario(2), builders.candidate(2))
    await prover.prove_again(builders.scenario(1), builders.candidate(1), builders.scenario(1).id)
    assert [event.dream_id for event in events if isinstance(event, GatePassed)] == [builders.scenario(2).id] * 4 + [
        builders.scenario(1).id
    ] * 4
    assert {given[1] for given in guardian.given} == {ENVIRONMENT}
    memory = guardian.given[0][2]
    assert memory is guardian.given[1][2] and len(memory) == 1
    assert prover.policy == "p9"


async def test_verified_dreams_are_remembered_and_code_that_does_not_parse_has_no_copies() -> None:
    guardian = ListeningGuardian()
    broken = builders.verified(2).model_copy(
        update={"candidate": builders.candidate().model_copy(update={"solution": "def ("})}
    )
    prover = GuardianProver(guardian, FakeSandbox(), lambda event: None, [broken])
    prover.remember(builders.verified(1))
    await prover.judge(builders.scenario(3), builders.candidate(3))
    found = guardian.given[0][2].nearest(builders.candidate(1).solution)
    assert found is not None and found.dream == builders.scenario(1).id
