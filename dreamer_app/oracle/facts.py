"""What one file says by itself, before anything is known of the other files.

Facts are the unit of the incremental ingest: they depend on the bytes of one file alone, are stored beside its hash,
and are read again only when the file or the parser changed. Dotted names in them are as the file sees them;
`oracle.names` finds out what they mean. No parsing and no resolving here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from dreamer_app.core.types import Frozen
from dreamer_app.oracle.model import NodeKind, Parameter, Statement

PARSER_VERSION = "11"
"""Raised whenever the same bytes would give other facts."""


Form = Literal["doctest", "fenced", "program"]


class Definition(Frozen):
    """A class, function, method or attribute where it is written.

    Attributes:
        path: Inside its module, e.g. `Input.value`.
        kind: Node kind.
        line: Of the definition.
        doc_line: First line of the docstring.
        parameters: Without self and cls. Types are dotted names as the file sees them.
        returns: Type atoms of the return or attribute annotation.
        returns_source: Its source text.
        bases: Dotted names of base classes.
        docstring: Cleaned of its indentation.
        labels: griffe's labels (property, staticmethod, dataclass, ...).
        target: For an attribute that is only another name for something: its dotted name.
        alias_of: For a type alias: the atoms it stands for.
        members: Names that a class body binds, the special methods among them.
        deprecated: By decorator.
    """

    path: str
    kind: NodeKind
    line: int = 0
    doc_line: int = 0
    parameters: tuple[Parameter, ...] = ()
    returns: tuple[str, ...] = ()
    returns_source: str | None = None
    bases: tuple[str, ...] = ()
    docstring: str = ""
    labels: tuple[str, ...] = ()
    target: str | None = None
    alias_of: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    deprecated: bool = False


class ModuleFacts(Frozen):
    """One Python file of the library.

    Attributes:
        module: Dotted name.
        package: Whether it is an `__init__` file.
        stub: Whether it is a `.pyi` file.
        docstring: Of the module.
        doc_line: Its first line.
        imports: Local name to dotted target, those that exist at run time.
        typing_imports: The same for those under `if TYPE_CHECKING`.
        wildcards: Modules imported by star, in order.
        exports: `__all__`; None when there is none. Entries that begin with `@` stand for another module's `__all__`.
        lazy: Whether the module has a `__getattr__`.
        lazy_targets: Name to submodule, from literal tables of lazy imports.
        definitions: Everything it defines, outer before inner.
    """

    module: str
    package: bool
    stub: bool = False
    docstring: str = ""
    doc_line: int = 0
    imports: Mapping[str, str] = {}
    typing_imports: Mapping[str, str] = {}
    wildcards: tuple[str, ...] = ()
    exports: tuple[str, ...] | None = None
    lazy: bool = False
    lazy_targets: Mapping[str, str] = {}
    definitions: tuple[Definition, ...] = ()


class RawExample(Frozen):
    """A runnable piece of documentation whose names are not resolved yet.

    Attributes:
        ordinal: Position among the examples of its owner or page.
        owner: Path inside the module of the definition that it documents, None on pages, empty for the module itself.
        references: What its code refers to, in order of first use (see `oracle.references`).
        free: Names that it uses but neither it nor its setup binds.
    """

    ordinal: int
    form: Form
    code: str
    statements: tuple[Statement, ...] = ()
    setup: str = ""
    describes: str = ""
    headings: tuple[str, ...] = ()
    owner: str | None = None
    line: int = 0
    references: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()


class Section(Frozen):
    """A documentation section: a heading with its text.

    Attributes:
        headings: Outermost first, itself last.
        text: Plain text without code.
        mentions: Dotted or bare names that it marks as code.
    """

    headings: tuple[str, ...]
    text: str
    line: int
    mentions: tuple[str, ...] = ()


class FileFacts(Frozen):
    """Everything that one file says.

    Attributes:
        module: Only for Python files of the library.
        examples: Of docstrings, pages and programs.
        sections: Only for pages.
        trouble: Why it could not be read, empty when it could.
    """

    module: ModuleFacts | None = None
    examples: tuple[RawExample, ...] = ()
    sections: tuple[Section, ...] = ()
    trouble: str = ""
