"""The Guardian as nights and verifications use it: with an environment for each scenario and one memory of dreams."""

from __future__ import annotations

from collections.abc import Iterable

from dreamer_app.core.events import GatePassed, Listener
from dreamer_app.core.types import Candidate, Dream, Receipt, Scenario, Verdict
from dreamer_app.guardian.guardian import Guardian, ReceiptListener
from dreamer_app.guardian.novelty import NoveltyIndex
from dreamer_app.sandbox.sandbox import Sandbox


class GuardianProver:
    """Proves candidates and remembers what was accepted.

    Args:
        guardian: Runs the gates.
        sandbox: Finds the environment of a scenario.
        listener: Hears of every receipt.
        stored: Dreams that were verified before; a copy of one of them is no dream.
    """

    def __init__(self, guardian: Guardian, sandbox: Sandbox, listener: Listener, stored: Iterable[Dream]) -> None:
        self._guardian = guardian
        self._sandbox = sandbox
        self._listener = listener
        self._novelty = NoveltyIndex()
        for dream in stored:
            self.remember(dream)

    @property
    def policy(self) -> str:
        """Digest of gate versions and thresholds."""
        return self._guardian.policy

    async def judge(self, scenario: Scenario, candidate: Candidate) -> Verdict:
        """Run the gates over a new candidate.

        Raises:
            InfrastructureError: Nothing is known about the candidate.
        """
        environment = await self._sandbox.environment(scenario.libraries)
        return await self._guardian.judge(scenario, candidate, environment, self._novelty, self._teller(scenario.id))

    async def precheck(self, scenario: Scenario, candidate: Candidate) -> Receipt | None:
        """The first gate without execution that refuses a candidate; None when none does.

        Raises:
            InfrastructureError: There is no environment for it.
        """
        environment = await self._sandbox.environment(scenario.libraries)
        return await self._guardian.precheck(scenario, candidate, environment, self._novelty)

    async def prove_again(self, scenario: Scenario, candidate: Candidate, dream_id: str) -> Verdict:
        """Run the gates over a stored dream.

        Raises:
            InfrastructureError: Nothing is known about the candidate.
        """
        environment = await self._sandbox.environment(scenario.libraries)
        return await self._guardian.verify(scenario, candidate, environment, self._novelty, self._teller(dream_id))

    def remember(self, dream: Dream) -> None:
        """Later copies of this dream are duplicates. An edited solution that does not parse can have no copies;
        that of a debug dream is the solution of another one.
        """
        if dream.scenario.base is not None:
            return
        uses = [use.name for use in dream.scenario.uses_api]
        try:
            self._novelty.add(dream.id, dream.candidate.solution, entry_point=dream.scenario.entry_point, apis=uses)
        except SyntaxError:
            return

    def _teller(self, dream_id: str) -> ReceiptListener:
        def tell(receipt: Receipt) -> None:
            self._listener(GatePassed(dream_id=dream_id, receipt=receipt))

        return tell
