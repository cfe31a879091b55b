"""Proofs that a person asks for from the journal: a dream again, or a solution of their own. Nothing waits for them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from dreamer_app.core.errors import DreamerError
from dreamer_app.core.i18n import tr
from dreamer_app.service.editing import EditProof
from dreamer_app.service.journal import DreamJournal
from dreamer_app.service.verification import Proof
from dreamer_app.ui.error_words import line_of
from dreamer_app.ui.journal.detail import CHANGES, DetailView
from dreamer_app.ui.journal.status import JournalStatus
from dreamer_app.ui.journal.words import gate_text

Spawn = Callable[[Coroutine[Any, Any, object]], object]
"""Runs a coroutine on the application's loop, owned by whoever closes the window."""


class JournalService(Protocol):
    """What the window asks of the program; `service.dreamer.Dreamer` answers it."""

    @property
    def journal(self) -> DreamJournal:
        """Reads and reviews."""
        ...

    async def prove_edit(self, text: str, solution: str) -> EditProof:
        """Have the Guardian prove a person's own solution."""
        ...

    async def verify(self, texts: Sequence[str], workers: int | None = None) -> tuple[Proof, ...]:
        """Prove dreams again."""
        ...


class Proofs:
    """Runs proofs and says how they ended.

    Args:
        service: Proves.
        spawn: Runs the coroutines.
        detail: Whose dream it is.
        status: Where it is said.
        renew: Shows the journal as it is now.
    """

    def __init__(
        self,
        service: JournalService,
        spawn: Spawn,
        detail: DetailView,
        status: JournalStatus,
        renew: Callable[[], None],
    ) -> None:
        self._service, self._spawn = service, spawn
        self._detail, self._status, self._renew = detail, status, renew
        detail.edited.connect(self._edit)

    def run_again(self) -> None:
        """Have the Guardian prove the dream in view again."""
        page = self._detail.page
        if page is not None:
            self._status.say(tr("The Guardian proves this dream again…"))
            self._spawn(self._again(page.dream.id))

    def _edit(self, solution: str) -> None:
        page = self._detail.page
        if page is not None:
            self._detail.editor.busy(on=True)
            self._status.say(tr("The Guardian proves your solution…"))
            self._spawn(self._own(page.dream.id, solution))

    async def _again(self, dream_id: str) -> None:
        try:
            [proof] = await self._service.verify([dream_id])
        except DreamerError as error:
            self._status.say(line_of(error), bad=True)
            return
        if proof.agreed:
            said = tr("Proved again: all gates passed")
        else:
            stopped = gate_text(proof.stopped_by.gate) if proof.stopped_by else ", ".join(proof.changed)
            said = tr("Not proved again: {what}", what=stopped or proof.problem)
        self._renew()
        self._status.say(said, bad=not proof.agreed)

    async def _own(self, dream_id: str, solution: str) -> None:
        try:
            proof = await self._service.prove_edit(dream_id, solution)
        except DreamerError as error:
            self._status.say(line_of(error), bad=True)
            return
        finally:
            self._detail.editor.busy(on=False)
        if proof.accepted:
            self._renew()
            self._detail.tabs.setCurrentIndex(CHANGES)
            self._status.say(tr("Your solution is proved; approve it to learn from it"))
        else:
            gate = gate_text(proof.stopped_by.gate) if proof.stopped_by else ""
            self._status.say(tr("Your solution was stopped by {gate}", gate=gate), bad=True)
