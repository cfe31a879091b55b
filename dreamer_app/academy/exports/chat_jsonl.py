"""Chat training lines (`messages`) as most fine-tuning tools read them, with where each line came from beside it.

Every line says `synthetic: true`. It writes no file and chooses no dreams.
"""

from __future__ import annotations

import json

from dreamer_app.core.types import Dream, DreamState, Scenario

NAME = "chat"
FILE = "dreams.chat.jsonl"


def line(dream: Dream) -> str:
    """One verified dream as one line, ending with a newline.

    Raises:
        ValueError: The dream is not verified.
    """
    if dream.state is not DreamState.VERIFIED or dream.verdict is None or dream.verdict.tier is None:
        raise ValueError(f"dream {dream.id} is not verified and is not exported")
    scenario = dream.scenario
    pins = ", ".join(f"{pin.name} {pin.version}" for pin in scenario.libraries)
    document = {
        "messages": [
            {"role": "system", "content": f"You write Python for {pins}. Answer with one module and nothing else."},
            {"role": "user", "content": _task(scenario)},
            {"role": "assistant", "content": f"```python\n{dream.candidate.solution.strip()}\n```"},
        ],
        "synthetic": True,
        "dream_id": dream.id,
        "origin": scenario.origin,
        "tier": dream.verdict.tier.value,
        "review": dream.review.value,
        "libraries": [{"name": pin.name, "version": pin.version, "license": pin.license} for pin in scenario.libraries],
        "entry_point": scenario.entry_point,
        "uses_api": [use.name for use in scenario.uses_api],
    }
    return json.dumps(document, ensure_ascii=False) + "\n"


def _task(scenario: Scenario) -> str:
    """The task text, with the pinned signature unless the text shows it already."""
    prompt, signature = scenario.prompt.strip(), scenario.signature.strip()
    return prompt if signature in prompt else f"{prompt}\n\n```python\n{signature}\n```"
