"""What a model is told about libraries: names that exist, and passages of their documentation, fenced off as data."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from dreamer_app.core.quoting import fenced
from dreamer_app.core.types import ApiUse, LibraryPin, Quote, Scenario
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api, Example

MAX_APIS = 14
MAX_PASSAGES = 6
PASSAGE_CHARACTERS = 1400
"""A weak model loses the thread in long prompts; examples teach more than prose."""
NOTHING = "(none)"


def pins_told(pins: Sequence[LibraryPin]) -> str:
    """Libraries with their versions, a line each."""
    return "\n".join(f"- {pin.name} {pin.version}" for pin in pins)


def apis_told(apis: Sequence[Api], mark: str) -> str:
    """Each API with its parameters and its first sentence, fenced like all that others wrote."""
    lines = [f"- `{api.key}{_parameters(api)}`: {_plain(api.summary)}" for api in apis[:MAX_APIS]]
    return fenced("\n".join(lines), "names that exist", mark) if lines else NOTHING


def passages_told(quotes: Sequence[Quote], mark: str) -> str:
    """Passages in their fences."""
    return "\n\n".join(fenced(quote.text, f"documentation {quote.node}", mark) for quote in quotes) or NOTHING


def quotes_of(apis: Sequence[Api], examples: Sequence[Example]) -> tuple[Quote, ...]:
    """Passages about these APIs: examples that use several of them first, then their docstrings."""
    keys = {api.key for api in apis}
    ranked = sorted(examples, key=lambda one: (-len(keys.intersection(one.uses)), len(one.code), one.key))
    quotes = [
        Quote(
            node=example.key,
            text=_cut(f"{example.describes}\n\n{example.setup}\n{_code(example)}"),
            sha256=example.sha256,
        )
        for example in ranked
        if keys.intersection(example.uses)
    ][: MAX_PASSAGES - 2]
    for api in apis:
        if len(quotes) >= MAX_PASSAGES:
            break
        if api.docstring:
            digest = hashlib.sha256(api.docstring.encode()).hexdigest()
            quotes.append(Quote(node=api.key, text=_cut(api.docstring), sha256=digest))
    return tuple(quotes)


def apis_of(scenario: Scenario, knowledge: KnowledgeGraph) -> tuple[Api, ...]:
    """The APIs that a scenario is about, as the graph knows them."""
    found = (knowledge.api(use.name) for use in scenario.uses_api)
    return tuple(api for api in found if api is not None)


def examples_of(apis: Sequence[Api], knowledge: KnowledgeGraph) -> tuple[Example, ...]:
    """Documentation examples that use one of these APIs."""
    keys = {api.key for api in apis}
    libraries = dict.fromkeys(api.library for api in apis)
    return tuple(one for library in libraries for one in knowledge.examples(library) if keys.intersection(one.uses))


def use_of(api: Api) -> ApiUse:
    """An API as a scenario names it.

    Raises:
        ValidationError: It is of a kind that no scenario can be about.
    """
    return ApiUse.model_validate({"name": api.key, "library": api.library, "kind": api.kind.value})


def _parameters(api: Api) -> str:
    if api.kind.value == "attribute":
        return ""
    stars = {"var_positional": "*", "var_keyword": "**"}
    shown = [
        f"{stars.get(one.kind, '')}{one.name}"
        + (f": {one.annotation}" if one.annotation else "")
        + (f" = {one.default}" if one.default is not None else "")
        for one in api.parameters
    ]
    returns = f" -> {api.returns_source}" if api.returns_source else ""
    return f"({', '.join(shown)}){returns}"[:300]


def _plain(text: str) -> str:
    return " ".join(text.split())[:200] or "(undocumented)"


def _code(example: Example) -> str:
    if example.statements:
        return "\n".join(f">>> {one.source}\n{one.want}".strip() for one in example.statements)
    return example.code


def _cut(text: str) -> str:
    text = text.strip()
    return text if len(text) <= PASSAGE_CHARACTERS else text[:PASSAGE_CHARACTERS].rstrip() + "\n…"
