"""Makes sure that the Oracle knows the libraries that somebody names, reading them first where it does not."""

from __future__ import annotations

from collections.abc import Sequence

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from dreamer_app.core.errors import UsageError
from dreamer_app.core.types import Frozen, LibraryPin
from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Cluster
from dreamer_app.service.workshop import Reader


class LibraryFacts(Frozen):
    """What the Oracle knows of one library.

    Attributes:
        name: Distribution name.
        version: Exact version.
        license: As stated.
        apis: Public API nodes by kind.
        examples: Documentation examples by form.
    """

    name: str
    version: str
    license: str | None
    apis: dict[str, int]
    examples: dict[str, int]


class GraphFacts(Frozen):
    """What the Oracle knows, in figures.

    Attributes:
        libraries: One by one, by name.
        apis: API nodes in all.
        examples: Examples in all.
        communities: Neighbourhoods inside one library.
        bridges: Neighbourhoods that join two.
    """

    libraries: tuple[LibraryFacts, ...]
    apis: int
    examples: int
    communities: int
    bridges: int


async def ensure_known(reader: Reader, names: Sequence[str]) -> tuple[LibraryPin, ...]:
    """The pins of libraries by name (`rich`, `rich==14.0`, `pypi:rich`), read from the package index where unknown.

    Without names: every library that is known.

    Raises:
        UsageError: A name is no name, or nothing is known and nothing is named.
        SourceError: A library cannot be read.
        InfrastructureError: What was read cannot be written.
    """
    pins = {pin.name: pin for pin in reader.graph().libraries()}
    if not names:
        if not pins:
            raise UsageError(
                "There is nothing to dream about yet",
                "No library was named and none was ingested before.",
                "For example: dreamer night --library textual --library rich",
            )
        return tuple(pins.values())
    wanted = [_requirement(name) for name in names]
    for requirement in wanted:
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None or (requirement.specifier and not requirement.specifier.contains(pin.version, prereleases=True)):
            await reader.ingest(f"pypi:{requirement.name}{requirement.specifier}")
    pins = {pin.name: pin for pin in reader.graph().libraries()}
    return tuple(dict.fromkeys(pins[canonicalize_name(requirement.name)] for requirement in wanted))


def facts(graph: KnowledgeGraph) -> GraphFacts:
    """Count what a graph holds; blocking."""
    libraries = []
    for pin in graph.libraries():
        apis: dict[str, int] = {}
        for api in graph.apis(pin.name):
            apis[api.kind.value] = apis.get(api.kind.value, 0) + 1
        forms: dict[str, int] = {}
        for example in graph.examples(pin.name):
            forms[example.form] = forms.get(example.form, 0) + 1
        libraries.append(
            LibraryFacts(name=pin.name, version=pin.version, license=pin.license, apis=apis, examples=forms)
        )
    found = clusters(graph)
    return GraphFacts(
        libraries=tuple(libraries),
        apis=sum(sum(library.apis.values()) for library in libraries),
        examples=sum(sum(library.examples.values()) for library in libraries),
        communities=sum(len(cluster.libraries) == 1 for cluster in found),
        bridges=sum(len(cluster.libraries) > 1 for cluster in found),
    )


def clusters(graph: KnowledgeGraph, seed: int = 0) -> tuple[Cluster, ...]:
    """Every neighbourhood, largest first; blocking."""
    return graph.clusters([pin.name for pin in graph.libraries()], seed) if graph.libraries() else ()


def _requirement(text: str) -> Requirement:
    try:
        requirement = Requirement(text.removeprefix("pypi:"))
    except InvalidRequirement as error:
        raise UsageError(
            "That is no library", f"{text!r}: {error}", "Name it as on the package index, e.g. `rich` or `rich==14.0`."
        ) from error
    if requirement.extras or requirement.marker or requirement.url:
        raise UsageError("That is no library", f"{text!r}: extras, markers and addresses are not understood here.")
    return requirement
