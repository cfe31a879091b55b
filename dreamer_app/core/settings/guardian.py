"""How strict the proof is."""

from __future__ import annotations

from dreamer_app.core.settings.section import Section, setting


class GuardianSettings(Section):
    """How strict the proof is. Looser values are refused."""

    mutation_score: float = setting(
        0.9,
        title="Mutation score",
        description="Share of mutants that the tests must notice.",
        ge=0.9,
        le=1.0,
    )
    mutants: int = setting(
        40, title="Mutants", description="At most this many mutants of a solution are run.", ge=8, le=500
    )
    novelty: float = setting(
        0.7,
        title="Similarity to another dream",
        description="A dream this similar to an earlier one is a duplicate (Jaccard over 5-grams).",
        gt=0,
        le=0.7,
    )
    memorised: float = setting(
        0.8,
        title="Similarity to one documentation example",
        description="A solution this similar to a single example is a copy, not a dream.",
        gt=0,
        le=0.8,
    )
