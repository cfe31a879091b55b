"""Variants of one real dream: as many dreams as a measurement needs, each about something else."""

from __future__ import annotations

import random

from dreamer_app.core.types import Dream

_WORDS_TEXT = """
group sort window batch count table row column text line number value pair tree path node edge color style key event
button input screen layout cell border mean median sum merge split chunk filter map reduce cache parse render read
write file stream queue stack graph date time zone unit price order item user message
"""
_WORDS = _WORDS_TEXT.split()


def variant(dream: Dream, n: int, rng: random.Random) -> Dream:
    """The same dream about something else: a title, a task and an API of random words."""
    words = rng.sample(_WORDS, 7)
    api = f"lib{n % 50}.{words[0]}_{words[1]}{n % 997}"
    use = dream.scenario.uses_api[0].model_copy(update={"name": api})
    scenario = dream.scenario.model_copy(
        update={
            "title": f"{words[2]} the {words[3]} of each {words[4]}".capitalize(),
            "prompt": f"{' '.join(words)} {dream.scenario.prompt} {n}",
            "uses_api": (use,),
        }
    )
    return dream.model_copy(update={"id": scenario.id, "scenario": scenario})
