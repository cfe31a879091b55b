"""What to dream about next: a bandit over communities and bridges, by discounted Thompson sampling.

A dream's worth is its verified learnability, 4p(1-p) of its solve rate p, with a bonus for APIs that nobody has dreamt
about yet and for the libraries that the user works with (R-Zero, SEC and DUMP choose in this way). Old experience
fades, because the solver learns. A subject that yields almost nothing is saturated and rests. It chooses; it weaves
and stores nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dreamer_app.core.settings.curriculum import CurriculumSettings
from dreamer_app.core.types import Dream, DreamState, Frozen, Scenario
from dreamer_app.oracle.model import Cluster
from dreamer_app.store.records import Experience
from dreamer_app.weaver.model_weaver.model_weaver import Idea

FADES = 0.995
"""What an experience still counts after one more dream: half after about 140."""
ENOUGH = 3
"""Verified dreams after which an API is covered."""
COVERAGE, INTEREST = 0.3, 0.3
"""Weight of APIs not yet covered, and of the user's own libraries, beside learnability."""
UNKNOWN_RATE = 0.5
"""Solve rate of dreams that nobody was asked to solve: neither trivial nor hopeless is known of them."""
POOR = 0.05
"""A subject whose mean worth is below this is saturated."""
PRIOR = (1.0, 1.0)
WAYS = ("harder", "rarer", "fuse")


class Subject(Frozen):
    """One arm of the bandit, for people.

    Attributes:
        cluster: Its identifier.
        label: In words.
        tries: Dreams about it that were judged.
        worth: Mean of the posterior, 0 to 1.
        coverage_debt: Share of its APIs that are not covered yet.
        saturated: Whether it rests.
    """

    cluster: str
    label: str
    tries: int
    worth: float
    coverage_debt: float
    saturated: bool


@dataclass
class _Arm:
    cluster: Cluster
    gain: float = 0.0
    loss: float = 0.0
    tries: int = 0

    @property
    def worth(self) -> float:
        return (PRIOR[0] + self.gain) / (sum(PRIOR) + self.gain + self.loss)


@dataclass
class Curriculum:
    """Chooses subjects for one night.

    Attributes:
        clusters: Of the libraries under study.
        settings: How much to explore and to develop.
        experience: What became of earlier dreams, oldest first.
        own: Libraries that the user works with.
        interest: Keys of APIs and names of libraries that a person has to do with, 0 to 1, as in `WeaveRequest`.
        accepted: Accepted dreams that can be developed, asked for when needed.
        seed: Of the night.
        hybrid: Share of hybrids among fresh ideas.
    """

    clusters: Sequence[Cluster]
    settings: CurriculumSettings
    experience: Sequence[Experience] = ()
    own: Collection[str] = ()
    interest: Mapping[str, float] = field(default_factory=dict)
    accepted: Callable[[], Sequence[Scenario]] = tuple
    seed: int = 0
    hybrid: float = 0.0
    _arms: dict[str, _Arm] = field(init=False, default_factory=dict)
    _covered: Counter[str] = field(init=False, default_factory=Counter)
    _given: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._random = random.Random(f"curriculum:{self.seed}")  # noqa: S311  (repeatability, not secrecy)
        self._arms = {cluster.id: _Arm(cluster) for cluster in self.clusters if len(cluster.apis) > 1}
        for one in self.experience:
            self._take_in(one)

    def next_idea(self) -> Idea | None:
        """The next idea; None when every subject is saturated."""
        arm = self._drawn()
        if arm is None:
            return None
        self._given += 1
        seed = self._random.randrange(2**31)
        parents = self._parents(arm) if self._random.random() < self.settings.evolve else ()
        if parents:
            way = self._random.choice(WAYS if len(parents) > 1 else WAYS[:2])
            chosen = parents[:2] if way == "fuse" else parents[:1]
            return Idea(kind=way, cluster=arm.cluster, parents=chosen, seed=seed)  # type: ignore[arg-type]
        kind = "hybrid" if self._random.random() < self.hybrid else "fresh"
        return Idea(kind=kind, cluster=arm.cluster, seed=seed)  # type: ignore[arg-type]

    def learn(self, dream: Dream) -> None:
        """A dream was judged."""
        unsolved = dream.scenario.difficulty.parts.get("unsolved")
        self._take_in(
            Experience(
                cluster=dream.scenario.knowledge.cluster,
                verified=dream.state is DreamState.VERIFIED,
                solve_rate=None if unsolved is None else 1 - unsolved,
                apis=tuple(use.name for use in dream.scenario.uses_api),
            )
        )

    def subjects(self) -> tuple[Subject, ...]:
        """Every subject as it stands, the most promising first."""
        found = [
            Subject(
                cluster=arm.cluster.id,
                label=arm.cluster.label,
                tries=arm.tries,
                worth=round(arm.worth, 3),
                coverage_debt=round(self.coverage_debt(arm.cluster), 3),
                saturated=self._saturated(arm),
            )
            for arm in self._arms.values()
        ]
        return tuple(sorted(found, key=lambda one: (one.saturated, -one.worth, one.cluster)))

    def coverage_debt(self, cluster: Cluster) -> float:
        """Share of a cluster's APIs with fewer than `ENOUGH` verified dreams."""
        return sum(self._covered[key] < ENOUGH for key in cluster.apis) / len(cluster.apis)

    def interest_in(self, cluster: Cluster) -> float:
        """How much a person has to do with a cluster, 0 to 1: fully, when a project of theirs requires its library."""
        if any(library in self.own for library in cluster.libraries):
            return 1.0
        return max(self.interest.get(name, 0.0) for name in (*cluster.libraries, *cluster.apis))

    def figures(self) -> dict[str, float]:
        """How many subjects there are and how many of them rest, for the night's record."""
        resting = sum(self._saturated(arm) for arm in self._arms.values())
        return {"subjects": float(len(self._arms)), "subjects.saturated": float(resting)}

    def worth_of(self, one: Experience, cluster: Cluster) -> float:
        """What a dream was worth, 0 to 1; nothing unless it is verified."""
        if not one.verified:
            return 0.0
        rate = UNKNOWN_RATE if one.solve_rate is None else one.solve_rate
        new = sum(self._covered[key] < ENOUGH for key in one.apis) / len(one.apis) if one.apis else 0.0
        learnability = 4 * rate * (1 - rate)
        return (learnability + COVERAGE * new + INTEREST * self.interest_in(cluster)) / (1 + COVERAGE + INTEREST)

    def _take_in(self, one: Experience) -> None:
        arm = self._arms.get(one.cluster)
        if arm is not None:
            for other in self._arms.values():
                other.gain *= FADES
                other.loss *= FADES
            worth = self.worth_of(one, arm.cluster)
            arm.gain += worth
            arm.loss += 1 - worth
            arm.tries += 1
        if one.verified:
            self._covered.update(one.apis)

    def _drawn(self) -> _Arm | None:
        open_arms = [arm for _, arm in sorted(self._arms.items()) if not self._saturated(arm)]
        if not open_arms:
            return None
        if self._random.random() < self.settings.explore:
            return self._random.choice(open_arms)
        return max(open_arms, key=self._chance)

    def _chance(self, arm: _Arm) -> float:
        """A draw from the posterior, lifted by what is still to be covered and by the user's interest."""
        drawn = self._random.betavariate(PRIOR[0] + arm.gain, PRIOR[1] + arm.loss)
        return drawn + COVERAGE * self.coverage_debt(arm.cluster) + INTEREST * self.interest_in(arm.cluster)

    def _saturated(self, arm: _Arm) -> bool:
        return arm.tries >= self.settings.saturation_tries and arm.gain / (arm.gain + arm.loss) < POOR

    def _parents(self, arm: _Arm) -> tuple[Scenario, ...]:
        """Accepted dreams of the same libraries, in a drawn order."""
        libraries = set(arm.cluster.libraries)
        found = [one for one in self.accepted() if {pin.name for pin in one.libraries} <= libraries]
        self._random.shuffle(found)
        return tuple(found[:2])
