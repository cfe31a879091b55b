"""What is dreamt about next follows from what dreams were worth."""

from __future__ import annotations

from collections import Counter

from dreamer_app.core.settings.curriculum import CurriculumSettings
from dreamer_app.engine.curriculum import Curriculum
from dreamer_app.oracle.model import Cluster
from dreamer_app.store.records import Experience
from tests import builders

GREEDY = CurriculumSettings(explore=0.0, evolve=0.0, saturation_tries=5)


def cluster(name: str, library: str = "toolz") -> Cluster:
    return Cluster(id=name, libraries=(library,), label=name, apis=(f"{library}.{name}_one", f"{library}.{name}_two"))


def experience(name: str, count: int, *, rate: float | None, verified: bool = True) -> list[Experience]:
    return [Experience(cluster=name, verified=verified, solve_rate=rate, apis=()) for _ in range(count)]


def chosen(curriculum: Curriculum, times: int = 200) -> Counter[str]:
    ideas = [curriculum.next_idea() for _ in range(times)]
    return Counter(idea.cluster.id for idea in ideas if idea is not None and idea.cluster is not None)


def test_half_solved_subjects_are_worth_more_than_known_and_hopeless_ones() -> None:
    past = [
        *experience("half", 30, rate=0.5),
        *experience("known", 30, rate=1.0),
        *experience("hard", 30, rate=None, verified=False),
    ]
    curriculum = Curriculum([cluster("half"), cluster("known"), cluster("hard")], GREEDY, past)
    assert chosen(curriculum).most_common(1)[0][0] == "half"
    assert {one.cluster: one.saturated for one in curriculum.subjects()} == {"half": False, "known": True, "hard": True}


def test_everything_saturated_means_no_idea() -> None:
    curriculum = Curriculum([cluster("hard")], GREEDY, experience("hard", 20, rate=None, verified=False))
    assert curriculum.next_idea() is None


def test_the_users_own_libraries_and_uncovered_apis_come_first() -> None:
    curriculum = Curriculum([cluster("a"), cluster("b", "rich")], GREEDY, own={"rich"})
    counts = chosen(curriculum, 400)
    assert counts["b"] > counts["a"]
    covered = [Experience(cluster="elsewhere", verified=True, solve_rate=1.0, apis=("toolz.a_one", "toolz.a_two"))] * 3
    curriculum = Curriculum([cluster("a"), cluster("c")], GREEDY, covered)
    assert curriculum.coverage_debt(cluster("a")) == 0.0 and curriculum.coverage_debt(cluster("c")) == 1.0
    counts = chosen(curriculum, 400)
    assert counts["c"] > counts["a"]


def test_what_a_person_has_to_do_with_comes_first_api_by_api() -> None:
    curriculum = Curriculum([cluster("a"), cluster("b"), cluster("c")], GREEDY, interest={"toolz.b_two": 1.0})
    counts = chosen(curriculum, 400)
    assert counts["b"] > counts["a"] and counts["b"] > counts["c"]
    half = Curriculum([cluster("a"), cluster("b", "rich")], GREEDY, interest={"rich": 0.5, "toolz.a_one": 0.2})
    assert half.interest_in(cluster("b", "rich")) == 0.5 and half.interest_in(cluster("a")) == 0.2
    good = Experience(cluster="b", verified=True, solve_rate=0.5, apis=())
    assert half.worth_of(good, cluster("b", "rich")) > half.worth_of(good, cluster("a"))


def test_the_night_says_how_many_subjects_rest() -> None:
    curriculum = Curriculum(
        [cluster("a"), cluster("b")], GREEDY, experience("a", 20, rate=None, verified=False), own={"toolz"}
    )
    assert curriculum.figures() == {"subjects": 2.0, "subjects.saturated": 1.0}


def test_the_same_seed_gives_the_same_ideas_and_accepted_dreams_are_developed() -> None:
    settings = CurriculumSettings(explore=0.5, evolve=1.0)
    accepted = [builders.scenario(1), builders.scenario(2)]

    def ideas() -> list[object]:
        curriculum = Curriculum([cluster("a"), cluster("b")], settings, accepted=lambda: accepted, seed=3)
        return [curriculum.next_idea() for _ in range(20)]

    first = ideas()
    assert first == ideas()
    assert {idea.kind for idea in first} == {"harder", "rarer", "fuse"}  # type: ignore[attr-defined]


def test_a_judged_dream_is_learned_from() -> None:
    curriculum = Curriculum([cluster("community:toolz:0")], GREEDY)
    before = curriculum.subjects()[0]
    curriculum.learn(builders.failed(1))
    after = curriculum.subjects()[0]
    assert (before.tries, after.tries) == (0, 1) and after.worth < before.worth
