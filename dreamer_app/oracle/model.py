"""What the Oracle knows, as values: API nodes, documentation examples, clusters. Reading only; no parsing here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from dreamer_app.core.types import Frozen, Relation


class NodeKind(StrEnum):
    """Kinds of graph nodes."""

    PACKAGE = "package"
    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    METHOD = "method"
    ATTRIBUTE = "attribute"
    TYPE = "type"
    EXAMPLE = "example"
    CONCEPT = "concept"
    EXTERNAL = "external"


class EdgeKind(StrEnum):
    """Kinds of graph edges, each read from left to right."""

    DEFINES = "defines"
    CONTAINS = "contains"
    INHERITS = "inherits"
    RETURNS = "returns"
    ACCEPTED_BY = "accepted_by"
    RAISES = "raises"
    SEE_ALSO = "see_also"
    MENTIONS = "mentions"
    DOCUMENTS = "documents"
    USES = "uses"


class Parameter(Frozen):
    """One parameter of a callable.

    Attributes:
        name: Without stars.
        kind: As in `inspect.Parameter.kind`, lower case with underscores, e.g. `keyword_only`.
        annotation: Source text, None when there is none.
        default: Source text, None when it is required.
        types: Canonical type atoms that the annotation names, e.g. `("str", "rich.text.Text")`.
    """

    name: str
    kind: str
    annotation: str | None = None
    default: str | None = None
    types: tuple[str, ...] = ()


class Api(Frozen):
    """One public function, class, method or attribute.

    Attributes:
        key: Shortest public dotted path, e.g. `networkx.shortest_path`, `textual.widgets.Input`.
        aliases: Other dotted paths that mean the same object, the defining one among them.
        library: Distribution name.
        kind: Node kind.
        parameters: Of the callable (of `__init__` for a class, without self), empty for attributes.
        returns: Canonical type atoms of the return annotation.
        returns_source: Its source text.
        bases: Keys of base classes.
        summary: First sentence of the docstring, plain text.
        docstring: Whole docstring.
        see_also: Keys of related APIs.
        raises: Names of documented exceptions.
        deprecated: Whether the documentation says so.
        module: Defining module.
        line: In its file.
        file: Path inside the wheel.
    """

    key: str
    aliases: tuple[str, ...] = ()
    library: str
    kind: NodeKind
    parameters: tuple[Parameter, ...] = ()
    returns: tuple[str, ...] = ()
    returns_source: str | None = None
    bases: tuple[str, ...] = ()
    summary: str = ""
    docstring: str = ""
    see_also: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    deprecated: bool = False
    module: str = ""
    line: int = 0
    file: str = ""


class Statement(Frozen):
    """One prompt of a doctest: what was typed and what the documentation shows."""

    source: str
    want: str = ""


class Example(Frozen):
    """One runnable piece of documentation.

    Attributes:
        key: Unique and stable over re-ingest, e.g. `example:toolz:toolz.groupby#2`.
        library: Distribution name.
        form: `doctest` (statements with wanted output), `fenced` (a code block on a page or in a docstring) or
            `program` (a whole file of an examples folder).
        code: Plain source (prompts removed).
        statements: Only for doctests.
        companions: Text files that it refers to, by relative name (stylesheets and the like).
        describes: The paragraph or docstring that introduces it, plain text, possibly empty.
        headings: Enclosing headings or the owner's dotted path, outermost first.
        owner: Key of the API whose docstring it is in, None for pages and programs.
        uses: Keys of the APIs that its code resolves to statically, in order of first use.
        file: Path inside the source.
        line: First line.
        sha256: Digest of the file that it was read from.
        setup: Doctests and fenced blocks: imports, and statements of earlier examples of the same docstring or page,
            that it needs.
    """

    key: str
    library: str
    form: Literal["doctest", "fenced", "program"]
    code: str
    statements: tuple[Statement, ...] = ()
    companions: Mapping[str, str] = {}
    describes: str = ""
    headings: tuple[str, ...] = ()
    owner: str | None = None
    uses: tuple[str, ...] = ()
    file: str = ""
    line: int = 0
    sha256: str = ""
    setup: str = ""


class Cluster(Frozen):
    """A neighbourhood to weave from.

    Attributes:
        id: Stable for the same graph and seed, e.g. `community:textual:3` or `bridge:rich+textual:7`.
        libraries: One, or two for a bridge.
        label: A few words for a person.
        apis: Keys, most central first.
        examples: Keys of examples that use them.
        relations: For a bridge: the edges that join the two libraries.
    """

    id: str
    libraries: tuple[str, ...]
    label: str
    apis: tuple[str, ...]
    examples: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()


class SourceReport(Frozen):
    """What one ingest did.

    Attributes:
        library: Distribution name.
        version: Exact version.
        license: As stated.
        import_names: Top-level packages.
        files_read: Files parsed this time.
        files_skipped: Unchanged files.
        nodes: Nodes of this library by kind.
        edges: Edges from this library's files by kind.
        examples: Examples by form.
        notes: Things a person should know, e.g. that there is no documentation beside docstrings.
        seconds: Wall-clock time.
    """

    library: str
    version: str
    license: str | None
    import_names: tuple[str, ...]
    files_read: int
    files_skipped: int
    nodes: dict[str, int]
    edges: dict[str, int]
    examples: dict[str, int]
    notes: tuple[str, ...] = ()
    seconds: float
