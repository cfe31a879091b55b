"""Do the tests notice changed solutions? As few runs as that takes.

A quick suite meets every change as a whole, in one child each. A slow suite (applications) meets it a few tests at a
time, the likeliest to notice first, and stops when enough of them have. The host judges every run; what must be
noticed, and how often, is the gates' rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from dreamer_app.guardian.trial import Trial
from dreamer_app.sandbox.blind import judge
from dreamer_app.sandbox.jobs import Variant, VariantResult

SLOW_SECONDS = 0.2
"""CPU time of a suite from which it is given out in portions: starting one more child costs about a tenth of that."""
PORTIONS = (1, 1, 2)
"""Tests per turn of a slow suite; the rest comes last."""
BUSY_SHARE = 0.5
"""A run that was stopped counts as an endless loop only if it computed for this share of its time."""


@dataclass(frozen=True)
class Change:
    """One changed solution.

    Attributes:
        id: Unique in its trial.
        source: The whole solution.
        need: So many tests must notice it; then it is not run any further.
        likely: Tests that should notice it, to be tried first.
        tight: Whether it may be an endless loop, and is stopped early.
    """

    id: str
    source: str
    need: int = 1
    likely: tuple[str, ...] = ()
    tight: bool = False


@dataclass
class Notice:
    """What became of a change.

    Attributes:
        failed: Tests that noticed it, in the order in which they ran.
        tested: How many tests met it.
        starved: Whether a run was stopped without having computed much; nothing is known then.
    """

    failed: list[str] = field(default_factory=list)
    tested: int = 0
    starved: bool = False


class Sieve:
    """Runs changes of one trial and remembers which tests notice much.

    Args:
        trial: Whose worker runs them.
        clean: The clean run, for the suite's speed.
    """

    def __init__(self, trial: Trial, clean: VariantResult) -> None:
        self._trial = trial
        self._wall = 1.0 + 5 * clean.seconds
        self._slow = clean.cpu_seconds > SLOW_SECONDS
        self._power: Counter[str] = Counter()
        self._order: dict[str, tuple[str, ...]] = {}
        self._notices: dict[str, Notice] = {}

    @property
    def slow(self) -> bool:
        """Whether the suite is given out in portions."""
        return self._slow

    def first_turn(self, changes: Sequence[Change]) -> list[Variant]:
        """The runs that `sift` will begin with, so that they may be run ahead together with others."""
        return [self._variant(change, 0, Notice()) for change in changes]

    async def sift(self, changes: Sequence[Change]) -> dict[str, Notice]:
        """Run changes until enough tests have noticed each, or all have met it; known ones are not run again.

        Raises:
            InfrastructureError: The worker was lost.
        """
        waiting = [change for change in changes if change.id not in self._notices]
        notices = {change.id: Notice() for change in waiting}
        turn = 0
        while waiting:
            variants = {change.id: self._variant(change, turn, notices[change.id]) for change in waiting}
            results = await self._trial.observe(list(variants.values()))
            for change in waiting:
                self._note(notices[change.id], variants[change.id], results[variants[change.id].id])
            turn += 1
            waiting = [change for change in waiting if self._goes_on(change, notices[change.id])]
        self._notices |= notices
        return {change.id: self._notices[change.id] for change in changes}

    def _note(self, notice: Notice, variant: Variant, result: VariantResult) -> None:
        names = variant.test_names or ()
        failures = judge(self._trial.tests, result, names).failures
        notice.tested += len(names)
        notice.failed += [name for name in names if name in failures]
        self._power.update(failures.keys())
        if result.status == "timeout" and result.cpu_seconds < BUSY_SHARE * (variant.wall or 0):
            notice.starved = True

    def _goes_on(self, change: Change, notice: Notice) -> bool:
        left = len(self._trial.tests.test_names) - notice.tested
        missing = change.need - len(notice.failed)
        return 0 < missing <= left and not notice.starved

    def _variant(self, change: Change, turn: int, notice: Notice) -> Variant:
        names = self._portion(change, turn, notice)
        wall = self._wall if change.tight else None
        return Variant(id=f"{change.id}/{turn}", solution=change.source, test_names=names, wall=wall)

    def _portion(self, change: Change, turn: int, notice: Notice) -> tuple[str, ...]:
        names = self._trial.tests.test_names
        if not self._slow:
            return names
        order = self._order.get(change.id)
        if order is None:
            ranked = sorted(names, key=lambda name: (name not in change.likely, -self._power[name]))
            order = self._order[change.id] = tuple(ranked)
        usual = PORTIONS[turn] if turn < len(PORTIONS) else len(names)
        return order[notice.tested : notice.tested + max(usual, change.need - len(notice.failed))]


async def sieve_of(trial: Trial) -> Sieve:
    """The sieve of a trial, made once its clean run is known."""
    clean = await trial.clean()
    return await trial.remembered("sieve", lambda: Sieve(trial, clean))
