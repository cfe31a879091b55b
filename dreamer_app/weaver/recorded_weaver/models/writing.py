"""Writes the scenario of a model dream: what a record is, what is done with records, and the evidence beside it.

Everything that is said about behaviour was recorded or stands in the documentation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from dreamer_app.core.types import ApiUse, Candidate, Knowledge, LibraryPin, Quote, Scenario, WovenScenario
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api
from dreamer_app.weaver.acceptance import acceptance_tests, shown_examples
from dreamer_app.weaver.measures import difficulty_of, related
from dreamer_app.weaver.naturalness import score
from dreamer_app.weaver.recorded_weaver.apps.domains import article
from dreamer_app.weaver.recorded_weaver.apps.family import kind_of
from dreamer_app.weaver.recorded_weaver.clusters import cluster_of
from dreamer_app.weaver.recorded_weaver.models.model import Model
from dreamer_app.weaver.recorded_weaver.models.tasks import Task
from dreamer_app.weaver.recorded_weaver.screening import Screened
from dreamer_app.weaver.recorded_weaver.words import a_list
from dreamer_app.weaver.recorded_weaver.writer import in_words
from dreamer_app.weaver.triviality import ExampleIndex, measure

ORIGIN = "recorded"
PATTERN = 0.85
"""How sensible a task is that reads records with a model; judged by reading samples."""


def write(
    model: Model,
    task: Task,
    screened: Screened,
    *,
    knowledge: KnowledgeGraph,
    pin: LibraryPin,
    examples: ExampleIndex,
    seed: int,
) -> WovenScenario:
    """The finished scenario with its reference.

    Raises:
        LiteralError: A recorded value cannot be written down.
    """
    draft = screened.draft
    solution = draft.source(draft.returns)
    relations = related(draft.apis, knowledge)
    documented = sum(bool(field.type.form.values) for field in model.fields) / len(model.fields)
    parts = {
        "relation": 1.0 if relations else 0.5,
        "pattern": PATTERN,
        "wording": 1.0,
        "names": 1.0,
        "inputs": round(0.5 + 0.5 * documented, 3),
        "size": 1.0,
    }
    scenario = Scenario(
        title=f"{draft.title}: {_told(model)}",
        prompt=_prompt(model, task, screened, pin),
        kind="function",
        entry_point=draft.name,
        signature=draft.signature(draft.returns),
        tests=acceptance_tests(draft.name, screened.cases, first="usual_records"),
        libraries=(pin,),
        uses_api=tuple(ApiUse(name=api.key, library=api.library, kind=kind_of(api)) for api in draft.apis),
        knowledge=Knowledge(
            cluster=cluster_of(draft.apis, [pin.name], knowledge),
            nodes=tuple(api.key for api in draft.apis),
            relations=relations,
            quotes=_quotes(model),
            examples=tuple(dict.fromkeys(field.type.form.example for field in model.fields)),
        ),
        difficulty=difficulty_of(solution, draft.apis, 1, knowledge),
        naturalness=score(parts),
        triviality=measure(solution, examples, necessary_apis=screened.necessary, documented_shapes=None),
        pattern=draft.pattern,
        origin=ORIGIN,
        seed=seed,
    )
    return WovenScenario(scenario=scenario, reference=Candidate(solution=solution, coder=ORIGIN))


def _told(model: Model) -> str:
    """What is special about a model, for the title."""
    names = [_short(field.type.form.annotation) for field in model.fields]
    if model.option is not None:
        names.append(f"{model.option.name}={model.option.value}")
    return a_list(names)


def _short(annotation: str) -> str:
    """`Annotated[int, Field(gt=4)]` as `int, Field(gt=4)`."""
    inner = annotation.removeprefix("Annotated[")
    return inner.removesuffix("]") if inner != annotation else annotation


def _prompt(model: Model, task: Task, screened: Screened, pin: LibraryPin) -> str:
    draft, noun = screened.draft, model.domain.noun
    fields = ["- `name`: `str`"]
    for field in model.fields:
        said = field.type.form.api.summary
        fields.append(f"- `{field.name}`: `{field.type.form.annotation}`" + (f". {said}" if said else ""))
    [given] = draft.parameters
    steps = [f"{number}. {step}." for number, step in enumerate(task.steps, 1)]
    parts = [
        f"{draft.title}.",
        f"Describe {article(noun)} with a `{pin.name}` model `{model.name}` with these fields, all of them required:",
        "\n".join(fields),
    ]
    if model.option is not None:
        option = model.option
        said = f" The documentation on it: {option.api.summary}" if option.api.summary else ""
        parts.append(f"Its configuration says `{option.name}={option.value}`.{said}")
    parts += [
        "Then write this function:",
        f"```python\n{draft.signature(draft.returns)}\n    ...\n```",
        f"It is given `{given.name}`: {given.about}. It does the following:",
        "\n".join(steps),
        f"Return {in_words(draft.returns)}.",
    ]
    shown = shown_examples(draft.name, screened.cases)
    parts += ["For example:" if len(shown) == 1 else "Two examples:", "```python\n" + "\n".join(shown) + "\n```"]
    needed = a_list([f"`{api.key}`" for api in draft.apis])
    parts.append(f"Use `{pin.name}` {pin.version}; the parts that matter are {needed}.")
    return "\n\n".join(parts) + "\n"


def _quotes(model: Model) -> tuple[Quote, ...]:
    apis: Sequence[Api] = [field.type.form.api for field in model.fields]
    if model.option is not None:
        apis = [*apis, model.option.api]
    return tuple(
        Quote(node=api.key, text=api.summary, sha256=hashlib.sha256(api.docstring.encode()).hexdigest())
        for api in apis
        if api.summary
    )
