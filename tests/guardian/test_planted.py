"""Planted bad dreams are stopped by the right gate, known-good ones are accepted: with real workers."""

from __future__ import annotations

import ast

import pytest

from dreamer_app.core.settings import GuardianSettings
from dreamer_app.core.types import Receipt, Tier
from dreamer_app.guardian.guardian import Guardian
from dreamer_app.guardian.novelty import NoveltyIndex
from tests.guardian.conftest import Court
from tests.guardian.dreams import Planted, load, names
from tests.guardian.knowledge import APIS, EXAMPLES, SmallGraph, api

pytestmark = [pytest.mark.docker, pytest.mark.network, pytest.mark.asyncio(loop_scope="module")]

GATES = [f"G{number}" for number in range(10)]


@pytest.mark.parametrize("gate", GATES)
async def test_every_gate_has_a_planted_dream_of_its_own(gate: str) -> None:
    """Without the gate that dream would be stopped elsewhere or nowhere, and the test below would say so."""
    assert any(load("bad", name).gate == gate for name in names("bad"))


def earlier_dreams(planted: Planted) -> NoveltyIndex:
    """The index of somebody who has dreamt the base of a duplicate already."""
    index = NoveltyIndex()
    if planted.gate == "G4":
        base = load("good", "households")
        index.add("earlier", base.candidate.solution)
    return index


@pytest.mark.parametrize("name", names("bad"))
async def test_a_bad_dream_is_stopped_by_its_gate(court: Court, name: str) -> None:
    planted = load("bad", name)
    verdict = await court.guardian.judge(
        planted.scenario, planted.candidate, court.environment, earlier_dreams(planted)
    )
    assert not verdict.accepted and verdict.tier is None
    assert verdict.stopped_by is not None
    assert verdict.stopped_by.gate == planted.gate, (planted.why, verdict.stopped_by)
    assert verdict.stopped_by.verdict == "failed", verdict.stopped_by.evidence
    assert [receipt.gate for receipt in verdict.receipts] == GATES[: len(verdict.receipts)]


@pytest.mark.parametrize("name", names("good"))
async def test_a_good_dream_is_accepted(court: Court, name: str) -> None:
    planted = load("good", name)
    heard: list[Receipt] = []
    index = NoveltyIndex()
    verdict = await court.guardian.judge(planted.scenario, planted.candidate, court.environment, index, heard.append)
    assert verdict.accepted, verdict.stopped_by
    assert verdict.tier is Tier.RECORDED
    assert [receipt.gate for receipt in verdict.receipts] == GATES
    assert tuple(heard) == verdict.receipts
    mutation = verdict.receipts[-1].evidence
    assert int(str(mutation["executed"])) >= 8 and float(str(mutation["score"])) >= 0.9
    kept = mutation["kept_mutant"]
    assert isinstance(kept, dict) and kept["wrong"] != kept["right"]
    assert ast.dump(ast.parse(str(kept["right"]))) == ast.dump(ast.parse(planted.candidate.solution))
    again = await court.guardian.judge(planted.scenario, planted.candidate, court.environment, index)
    assert again.stopped_by is not None and again.stopped_by.gate == "G4"
    proved = await court.guardian.verify(planted.scenario, planted.candidate, court.environment, index)
    assert proved.accepted, proved.stopped_by


FURTHER_APIS = (
    api("networkx.single_source_shortest_path_length", parameters="G source cutoff"),
    api("toolz.count", parameters="seq"),
    api("toolz.partitionby", parameters="func seq"),
    api("toolz.valfilter", parameters="predicate d factory"),
    api("toolz.reduceby", parameters="key binop seq init"),
)


async def test_dreams_of_other_hands_are_accepted(court: Court) -> None:
    """Some of the corpus that the bench counts false rejects with; too many mutants of the last one are equivalent."""
    guardian = Guardian(court.sandbox, SmallGraph((*APIS, *FURTHER_APIS), EXAMPLES[:1]), GuardianSettings())
    for name in ("invoice_totals", "rumour", "run_length", "anagrams"):
        planted = load("known_good", name)
        verdict = await guardian.judge(planted.scenario, planted.candidate, court.environment, NoveltyIndex())
        assert verdict.accepted, (name, verdict.stopped_by)
    mutation = verdict.receipts[-1].evidence
    assert int(str(mutation["probably_equivalent"])) * 10 > int(str(mutation["executed"]))
