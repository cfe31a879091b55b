"""From a recorded draft to a finished scenario, and from a recorded scenario to one whose text a model wrote."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from dreamer_app.core.types import (
    Candidate,
    Knowledge,
    LibraryPin,
    Quote,
    Scenario,
    Triviality,
    WovenScenario,
)
from dreamer_app.llm.model import Answer
from dreamer_app.oracle.briefing import use_of
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api, Cluster
from dreamer_app.sandbox.literals import literal
from dreamer_app.weaver.acceptance import acceptance_tests, shown_examples
from dreamer_app.weaver.measures import difficulty_of, related
from dreamer_app.weaver.model_weaver.recording import Recorded
from dreamer_app.weaver.model_weaver.specification import Description
from dreamer_app.weaver.naturalness import score
from dreamer_app.weaver.triviality import ExampleIndex

SPOKEN = 400
"""From so many characters on, a task text says enough to be understood by itself."""


def origin_of(answer: Answer) -> str:
    """How records name where a scenario comes from."""
    return f"model:{answer.model}"


def scenario_of(
    recorded: Recorded,
    *,
    cluster: Cluster,
    pattern: str,
    quotes: Sequence[Quote],
    libraries: Sequence[LibraryPin],
    knowledge: KnowledgeGraph,
    examples: ExampleIndex,
    origin: str,
    seed: int,
) -> WovenScenario:
    """The finished scenario with its reference.

    Raises:
        LiteralError: A recorded value cannot be written down.
    """
    draft = recorded.draft
    nearest, similarity = examples.nearest(draft.solution)
    relations = related(draft.apis, knowledge)
    names = re.findall(r"[A-Za-z_]\w*", draft.signature.partition("(")[2].partition(")")[0])
    parts = {
        "relation": 1.0 if relations else 0.5,
        "wording": min(1.0, len(draft.task) / SPOKEN),
        "names": 1.0 if all(len(name) > 1 for name in names) else 0.5,
        "size": 1.0 if len(list(ast.walk(ast.parse(draft.solution)))) >= 30 else 0.5,
    }
    scenario = Scenario(
        title=draft.title,
        prompt=prompt_text(
            draft.title, draft.task, draft.signature, examples=_examples(recorded), libraries=libraries, apis=draft.apis
        ),
        kind="function",
        entry_point=draft.name,
        signature=draft.signature,
        tests=acceptance_tests(draft.name, recorded.cases, recorded.errors),
        libraries=tuple(libraries),
        uses_api=tuple(use_of(api) for api in draft.apis),
        knowledge=Knowledge(
            cluster=cluster.id,
            nodes=tuple(api.key for api in draft.apis),
            relations=relations,
            quotes=tuple(quotes),
            examples=tuple(quote.node for quote in quotes if knowledge.example(quote.node) is not None),
        ),
        difficulty=difficulty_of(draft.solution, draft.apis, len(libraries), knowledge),
        naturalness=score(parts),
        triviality=Triviality(
            necessary_apis=tuple(api.key for api in draft.apis),
            documented_shapes=None,
            nearest_example=nearest,
            similarity=round(similarity, 4),
        ),
        pattern=pattern,
        origin=origin,
        seed=seed,
    )
    return WovenScenario(scenario=scenario, reference=Candidate(solution=draft.solution, coder=origin))


def described(woven: WovenScenario, description: Description, origin: str, apis: Sequence[Api]) -> WovenScenario:
    """The same code and the same recorded tests under a text of the model's own."""
    scenario = woven.scenario
    shown = re.findall(r"```python\n(>>> .*?)```", scenario.prompt, re.DOTALL)
    return woven.model_copy(
        update={
            "scenario": scenario.model_copy(
                update={
                    "title": " ".join(description.title.split()).rstrip("."),
                    "prompt": prompt_text(
                        description.title,
                        description.task,
                        scenario.signature,
                        examples=[one.strip() for one in shown],
                        libraries=scenario.libraries,
                        apis=apis,
                    ),
                    "origin": origin,
                    "pattern": f"hybrid/{scenario.pattern}",
                }
            )
        }
    )


def prompt_text(
    title: str,
    task: str,
    signature: str,
    *,
    examples: Sequence[str],
    libraries: Sequence[LibraryPin],
    apis: Sequence[Api],
) -> str:
    """The task as a reader gets it: the model's words, and what was recorded and pinned around them."""
    parts = [f"{title.strip().rstrip('.')}.", task.strip(), "Write this:", f"```python\n{signature}\n    ...\n```"]
    if examples:
        parts += ["For example:", "```python\n" + "\n".join(examples) + "\n```"]
    named = ", ".join(f"`{pin.name}` {pin.version}" for pin in libraries)
    needed = ", ".join(f"`{api.key}`" for api in apis)
    parts.append(f"Use {named}; the parts that matter are {needed}.")
    return "\n\n".join(parts) + "\n"


def _examples(recorded: Recorded) -> list[str]:
    shown = shown_examples(recorded.draft.name, recorded.cases)
    for arguments, error in recorded.errors[:1]:
        call = f"{recorded.draft.name}({', '.join(literal(argument) for argument in arguments)})"
        shown.append(f">>> {call}\nTraceback (most recent call last):\n{error}")
    return shown
