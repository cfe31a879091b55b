"""Finds the runnable pieces in docstrings, pages and example programs, and what each of them refers to.

Nothing is executed: whether an example really runs is found out in a worker. Names stay unresolved here.
"""

from __future__ import annotations

import ast
import doctest
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dreamer_app.oracle import blocks, references
from dreamer_app.oracle.blocks import Block
from dreamer_app.oracle.docstrings import plain
from dreamer_app.oracle.facts import Form, ModuleFacts, RawExample, Section
from dreamer_app.oracle.model import NodeKind, Statement

MAX_PROGRAM = 60_000
"""Characters; larger files of an examples folder are tools rather than examples."""

_PARSER = doctest.DocTestParser()
_DIRECTIVE = re.compile(r"[ \t]*#\s*doctest:.*$", re.M)


@dataclass(frozen=True)
class _Prompt:
    """One doctest statement with the names that it binds and mentions."""

    source: str
    want: str
    line: int
    tree: ast.Module
    binds: frozenset[str]
    loads: frozenset[str]


def of_module(facts: ModuleFacts) -> Iterator[RawExample]:
    """Examples of all docstrings of a module."""
    seen: set[str] = set()
    if facts.docstring:
        yield from of_docstring(facts.docstring, facts.doc_line, "", seen)
    for definition in facts.definitions:
        if definition.docstring and definition.kind in {
            NodeKind.CLASS,
            NodeKind.FUNCTION,
            NodeKind.METHOD,
            NodeKind.ATTRIBUTE,
        }:
            yield from of_docstring(definition.docstring, definition.doc_line, definition.path, seen)


def of_docstring(text: str, line: int, owner: str, seen: set[str] | None = None) -> Iterator[RawExample]:
    """Examples of one docstring.

    Args:
        text: Cleaned of its indentation.
        line: Of its first line in the file.
        owner: Path of the documented definition, empty for the module.
        seen: Codes that were found before, so that a copied docstring counts once.
    """
    if ">>>" not in text and "```" not in text and "::" not in text and "xample" not in text:
        return
    found, _ = blocks.scan(text)
    for raw in _assemble(found, line, owner):
        if seen is not None and raw.code in seen:
            continue
        if seen is not None:
            seen.add(raw.code)
        yield raw


def of_page(text: str, path: str) -> tuple[list[RawExample], list[Section]]:
    """Examples and sections of a documentation page."""
    if path.endswith((".md", ".markdown")):
        found, passages = blocks.scan_markdown(text)
    else:
        found, passages = blocks.scan(text, headed=True)
    sections = [
        Section(
            headings=passage.headings,
            text=plain(passage.text)[:4000],
            line=passage.line + 1,
            mentions=tuple(dict.fromkeys(blocks.marked_names(passage.text))),
        )
        for passage in passages
    ]
    return list(_assemble(found, 1, None)), sections


def of_program(text: str, path: str) -> RawExample | None:
    """A whole file of an examples folder; None when it is no Python program of ours."""
    if len(text) > MAX_PROGRAM:
        return None
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    if not tree.body:
        return None
    found = references.read(tree)
    doc = ast.get_docstring(tree) or _leading_comment(text) or _first_class_doc(tree)
    parts = [part for part in posixpath.splitext(path)[0].split("/") if part]
    start = next((i + 1 for i, part in enumerate(parts) if part in {"examples", "example", "demos"}), 0)
    return RawExample(
        ordinal=0,
        form="program",
        code=text,
        describes=plain(doc.split("\n\n", 1)[0]) if doc else "",
        headings=tuple(parts[start:]),
        line=1,
        references=tuple(found.chains),
        free=tuple(found.free),
        companions=tuple(name for name in found.strings if "." in name and "\n" not in name),
    )


def _first_class_doc(tree: ast.Module) -> str:
    """What the program's own classes say of themselves, the last one first: it is usually the application."""
    docs = [ast.get_docstring(node) for node in tree.body if isinstance(node, ast.ClassDef)]
    return next((doc for doc in reversed(docs) if doc), "")


def _leading_comment(text: str) -> str:
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("#!") or (not lines and not line.strip()):
            continue
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


@dataclass
class _Page:
    """What earlier blocks of the same docstring or page established."""

    line: int
    owner: str | None
    history: list[_Prompt] = field(default_factory=list)
    scope: dict[str, str | None] = field(default_factory=dict)
    ordinal: int = 0


def _assemble(found: Iterable[Block], line: int, owner: str | None) -> Iterator[RawExample]:
    page = _Page(line, owner)
    pending: list[RawExample] = []
    for block in found:
        if not block.doctest:
            raw = _fenced(block, page)
            if raw is not None:
                pending.append(raw)
            continue
        group = list(_prompts(block.code, line + block.line))
        if group:
            pending.append(_raw("doctest", "".join(one.source for one in group), group=group, page=page, block=block))
    needed = "\n".join(raw.setup for raw in pending)
    for raw in pending:
        shows = raw.form != "doctest" or any(statement.want for statement in raw.statements)
        if shows or not any(statement.source in needed for statement in raw.statements):
            yield raw


def _prompts(code: str, line: int) -> Iterator[_Prompt]:
    try:
        parsed = [item for item in _PARSER.parse(code) if isinstance(item, doctest.Example)]
    except ValueError:
        return
    for item in parsed:
        try:
            tree = ast.parse(item.source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        if tree.body:
            yield _prompt(tree, _DIRECTIVE.sub("", item.source), item.want, line + item.lineno)


def _prompt(tree: ast.Module, source: str, want: str, line: int) -> _Prompt:
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    binds = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            binds.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            binds.update((name.asname or name.name).split(".")[0] for name in node.names)
    loads = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    return _Prompt(source, want, line, tree, frozenset(binds), frozenset(loads))


def _raw(form: Form, code: str, *, group: list[_Prompt], page: _Page, block: Block) -> RawExample:
    """One example with the earlier statements that it needs."""
    setup = slice_setup(group, page.history)
    tree = ast.Module([statement for prompt in group for statement in prompt.tree.body], [])
    found = references.read(tree, page.scope)
    alone = references.read(tree)
    free = set(alone.free)
    if setup:
        before = references.read(ast.Module([one for prompt in setup for one in prompt.tree.body], []))
        free = (free - set(before.bound)) | set(before.free)
    page.scope.update(found.bound)
    page.history.extend(group)
    page.ordinal += 1
    return RawExample(
        ordinal=page.ordinal - 1,
        form=form,
        code=code,
        statements=tuple(Statement(source=one.source, want=one.want) for one in group) if form == "doctest" else (),
        setup="".join(prompt.source for prompt in setup),
        describes=block.before,
        headings=block.headings,
        owner=page.owner,
        line=group[0].line,
        references=tuple(found.chains),
        free=tuple(sorted(free)),
        companions=tuple(name for name in found.strings if name.endswith((".tcss", ".css"))),
    )


def slice_setup(group: list[_Prompt], history: list[_Prompt]) -> list[_Prompt]:
    """The earlier statements that a group needs: a backward slice over the names it loads."""
    needed: set[str] = set()
    bound: set[str] = set()
    for prompt in group:
        needed |= prompt.loads - bound
        bound |= prompt.binds
    values = {name for prompt in history if not _declares(prompt.tree) for name in prompt.binds}
    kept: list[_Prompt] = []
    for prompt in reversed(history):
        if not needed & (prompt.binds | prompt.loads) or prompt.want.startswith("Traceback"):
            continue
        changed = needed & prompt.loads & values
        touches = needed & prompt.binds or any(_may_change(prompt.tree, name) for name in changed)
        if not touches:
            continue
        kept.append(prompt)
        needed = (needed - (prompt.binds - prompt.loads)) | prompt.loads
    return kept[::-1]


def _declares(tree: ast.Module) -> bool:
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return all(isinstance(statement, kinds) for statement in tree.body)


def _may_change(tree: ast.Module, name: str) -> bool:
    """Whether a statement may change the object behind a name: it is a receiver, a target's root or an argument."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for part in (node.func, *node.args, *(keyword.value for keyword in node.keywords)):
                root = part
                while isinstance(root, ast.Attribute | ast.Subscript | ast.Starred):
                    root = root.value
                if isinstance(root, ast.Name) and root.id == name and root is not node.func:
                    return True
        elif isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            root = node.value
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name) and root.id == name:
                return True
    return False


def _fenced(block: Block, page: _Page) -> RawExample | None:
    """A code block without prompts; None when it is not Python or does nothing."""
    try:
        tree = ast.parse(block.code)
    except (SyntaxError, ValueError, RecursionError):
        return None
    doing = (ast.Call, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Import, ast.ImportFrom)
    if not any(isinstance(node, doing) for node in ast.walk(tree)):
        return None
    group = [
        _prompt(ast.Module([node], []), ast.unparse(node) + "\n", "", page.line + block.line + node.lineno - 1)
        for node in tree.body
    ]
    return _raw("fenced", block.code + "\n", group=group, page=page, block=block)
