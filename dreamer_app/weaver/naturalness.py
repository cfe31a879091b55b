"""How much a task reads like something a programmer would ask for: named parts, one weighted score.

A weaver fills the parts, each from 0 (silly) to 1; the weights here are the only place where they are balanced.
"""

from __future__ import annotations

from collections.abc import Mapping

from dreamer_app.core.types import Naturalness

WEIGHTS: Mapping[str, float] = {
    "relation": 2.0,  # the graph joins the APIs: see-also, page, class, type flow
    "pattern": 3.0,  # how sensible tasks of this pattern are in general
    "wording": 2.0,  # the documentation gave usable sentences for every step
    "names": 1.0,  # parameters and entry point have telling names
    "inputs": 1.5,  # inputs are documented values or close to them
    "size": 0.5,  # neither a single call nor a page of code
}
"""Relative weights; judged by hand on drawn samples of scenarios."""


def score(parts: Mapping[str, float]) -> Naturalness:
    """Weighted mean of the parts that a weaver knows.

    Raises:
        KeyError: A part has no weight.
        ValueError: A part is outside of 0..1.
    """
    for name, value in parts.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name} is {value}, which is outside of 0..1")
    weight = sum(WEIGHTS[name] for name in parts)
    total = sum(WEIGHTS[name] * value for name, value in parts.items())
    return Naturalness(score=round(total / weight, 4) if weight else 0.0, parts=dict(parts))
