"""Small true dreams for tests: every part is real code that does what its tests say."""

from __future__ import annotations

from datetime import UTC, datetime

from dreamer_app.core.types import (
    ApiUse,
    Candidate,
    Cost,
    Difficulty,
    Dream,
    DreamState,
    GateVerdict,
    Knowledge,
    LibraryPin,
    Naturalness,
    Provenance,
    Quote,
    Receipt,
    Relation,
    Review,
    Scenario,
    Tier,
    Triviality,
    Verdict,
    WovenScenario,
)

TOOLZ = LibraryPin(name="toolz", version="1.0.0", license="BSD-3-Clause", import_names=("toolz",))
BOLTONS = LibraryPin(name="boltons", version="25.0.0", license="BSD-3-Clause", import_names=("boltons",))
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

GATES = (("G0", "shape"), ("G5", "clean run"), ("G6", "stub battery"), ("G9", "mutation"))


def scenario(n: int = 1, libraries: tuple[LibraryPin, ...] = (TOOLZ,)) -> Scenario:
    """A scenario that depends on `n` alone."""
    return Scenario(
        title=f"Group the words by {n} letters",
        prompt=f"Write `group` that groups words by their first {n} letters.\n\nKeep the order. Côté is a word.",
        kind="function",
        entry_point="group",
        signature="def group(words: list[str]) -> dict[str, list[str]]:",
        tests=(
            "from solution import group\n\n\n"
            f"def test_empty() -> None:\n    assert group([]) == {{}}\n\n\n"
            f"def test_two() -> None:\n    assert group(['abcdefghij', 'b']) == "
            f"{{{'abcdefghij'[:n]!r}: ['abcdefghij'], 'b': ['b']}}\n"
        ),
        libraries=libraries,
        uses_api=tuple(
            ApiUse(name=f"{pin.import_names[0]}.groupby", library=pin.name, kind="function") for pin in libraries
        ),
        knowledge=Knowledge(
            cluster="community:toolz:0",
            nodes=("toolz.groupby", "toolz.first"),
            relations=(Relation(src="toolz.groupby", kind="see_also", dst="toolz.first"),),
            quotes=(Quote(node="toolz.groupby", text="Group a collection by a key function", sha256="0" * 64),),
            examples=("example:toolz:toolz.groupby#1",),
        ),
        difficulty=Difficulty(score=0.4, parts={"statements": 0.2, "api_nodes": 0.2}),
        naturalness=Naturalness(score=0.8, parts={"lifted": 0.8}),
        triviality=Triviality(
            necessary_apis=("toolz.groupby",), documented_shapes=True, nearest_example=None, similarity=0.1
        ),
        pattern="compose",
        origin="recorded",
        seed=7,
    )


def candidate(n: int = 1) -> Candidate:
    """The solution of `scenario(n)`."""
    return Candidate(
        solution=(
            "from toolz import groupby\n\n\n"
            "def group(words: list[str]) -> dict[str, list[str]]:\n"
            f"    return groupby(lambda word: word[:{n}], words)\n"
        ),
        coder="recorded",
    )


def woven(n: int = 1, libraries: tuple[LibraryPin, ...] = (TOOLZ,)) -> WovenScenario:
    """What a weaver would hand over."""
    return WovenScenario(scenario=scenario(n, libraries), reference=candidate(n))


def verdict(*, stopped_by: str | None = None, seconds: float = 0.5) -> Verdict:
    """A verdict over all GATES, or up to the one that stopped it."""
    receipts = []
    for gate, name in GATES:
        word = GateVerdict.FAILED if gate == stopped_by else GateVerdict.PASSED
        receipts.append(
            Receipt(gate=gate, name=name, version="1", verdict=word, evidence={"tests": 4}, seconds=seconds)
        )
        if gate == stopped_by:
            return Verdict(accepted=False, tier=None, receipts=tuple(receipts))
    return Verdict(accepted=True, tier=Tier.RECORDED, receipts=tuple(receipts))


def provenance() -> Provenance:
    """Where a test's dreams come from."""
    return Provenance(
        app_version="0.1.0", weaver="fake 1", seed=7, image="sha256:1", environment="env-1", python="3.11", policy="p1"
    )


def running(n: int = 1, libraries: tuple[LibraryPin, ...] = (TOOLZ,), night_id: str = "20260102T030405Z-1") -> Dream:
    """A dream whose proof has just begun."""
    return Dream(
        id=scenario(n, libraries).id,
        night_id=night_id,
        created_at=WHEN,
        state=DreamState.RUNNING,
        scenario=scenario(n, libraries),
        candidate=candidate(n),
        verdict=None,
        requirements=("pytest==9.0.0", "toolz==1.0.0"),
        provenance=provenance(),
        cost=Cost(seconds=0),
    )


def verified(n: int = 1, libraries: tuple[LibraryPin, ...] = (TOOLZ,), review: Review = Review.PENDING) -> Dream:
    """A dream that passed every gate."""
    return running(n, libraries).model_copy(
        update={"state": DreamState.VERIFIED, "verdict": verdict(), "cost": Cost(seconds=2.0), "review": review}
    )


def failed(n: int = 1, gate: str = "G6") -> Dream:
    """A dream that a gate stopped."""
    return running(n).model_copy(
        update={"state": DreamState.FAILED, "verdict": verdict(stopped_by=gate), "cost": Cost(seconds=1.0)}
    )
