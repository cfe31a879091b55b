"""Cuts documentation text into headings, paragraphs and code blocks, whatever its markup.

Markdown pages go through markdown-it; reStructuredText pages and docstrings through a line scanner that knows literal
blocks, `code-block` directives, fences and doctests. Only shape is looked at: whether code is sensible is not known
here.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

from dreamer_app.oracle.docstrings import plain

_PYTHON = {"py", "python", "python3", "pycon", "python-repl", "ipython", "doctest", "pycon3"}
_FENCE = re.compile(r"^(?P<indent>\s*)(?P<mark>`{3,}|~{3,})\s*\{?\.?(?P<language>[\w+-]*)")
_DIRECTIVE = re.compile(
    r"^(?P<indent>\s*)\.\. (?:code-block|code|sourcecode|ipython|doctest|testcode)::\s*(?P<language>[\w+-]*)"
)
_ADORNMENT = re.compile(r"^([=\-~^\"'`#*+.:_])\1{2,}\s*$")
_LISTING = re.compile(
    r"^(?:Args|Arguments|Parameters|Other Parameters|Returns?|Raises|Yields|Receives|Attributes|Keyword Args"
    r"|Keyword Arguments|See Also|References|Warns|Methods|Bases|Subclassed by):?\s*$",
    re.I,
)
_NAMING = re.compile(
    r"^\.\. (?:py:)?(?P<kind>currentmodule|automodule|module|autosummary|autofunction|autoclass|automethod|autodata"
    r"|autoexception|function|class)::(?P<name>.*)$"
)
_SECTION_WORD = re.compile(r"^(?:Examples?|Usage|Example usage):+\s*$", re.I)


@dataclass(frozen=True)
class Block:
    """A code block.

    Attributes:
        code: Dedented.
        line: Zero-based line of its first code line.
        before: The paragraph before it, plain text.
        headings: Enclosing headings, outermost first.
        doctest: Whether it is written with prompts.
    """

    code: str
    line: int
    before: str
    headings: tuple[str, ...] = ()
    doctest: bool = False


@dataclass(frozen=True)
class Passage:
    """The text under one heading, code left out."""

    headings: tuple[str, ...]
    text: str
    line: int


def scan(text: str, *, headed: bool = False) -> tuple[list[Block], list[Passage]]:
    """Cut reStructuredText or a docstring.

    Args:
        text: Without common indentation.
        headed: Whether adorned lines are headings of a page.
    """
    return _Scanner(text.splitlines(), headed).run()


class _Scanner:
    def __init__(self, lines: list[str], headed: bool) -> None:
        self.lines = lines
        self.headed = headed
        self.blocks: list[Block] = []
        self.passages: list[Passage] = []
        self.paragraph: list[str] = []
        self.last = ""
        self.levels: list[str] = []
        self.headings: list[str] = []
        self.text: list[str] = []
        self.text_line = 0
        self.module = ""

    def run(self) -> tuple[list[Block], list[Passage]]:
        index = 0
        while index < len(self.lines):
            index = self.step(index)
        self.close_passage(len(self.lines))
        return self.blocks, self.passages

    def step(self, index: int) -> int:
        line = self.lines[index]
        fence = _FENCE.match(line)
        if fence:
            return self.fenced(index, fence)
        directive = _DIRECTIVE.match(line)
        if directive:
            wanted = directive["language"].lower() in _PYTHON or not directive["language"]
            return self.indented(index + 1, len(directive["indent"]), wanted)
        if line.lstrip().startswith(">>>"):
            return self.prompts(index)
        if self.headed and self.heading(index):
            return index + 2
        stripped = line.strip()
        title = self.title(index)
        if title or _LISTING.match(stripped):
            self.close_paragraph()
            self.last = ""
            start = index + (2 if title else 1)
            return (
                self.listing(start, len(line) - len(line.lstrip()), bool(title)) if _LISTING.match(stripped) else start
            )
        named = _NAMING.match(line)
        if named:
            return self.names(index, named)
        if not stripped:
            self.close_paragraph()
            return index + 1
        if stripped.startswith(".. ") or _ADORNMENT.match(line):
            return index + 1
        if not _SECTION_WORD.match(stripped):
            self.paragraph.append(stripped)
        if stripped.endswith("::") or _SECTION_WORD.match(stripped):
            return self.indented(index + 1, len(line) - len(line.lstrip()), True)
        return index + 1

    def title(self, index: int) -> bool:
        """Whether a numpydoc section title stands here."""
        under = self.lines[index + 1] if index + 1 < len(self.lines) else ""
        return bool(self.lines[index].strip()) and bool(_ADORNMENT.match(under.strip())) and not self.headed

    def listing(self, index: int, indent: int, underlined: bool) -> int:
        """Skip the body of a section that lists parameters and the like; stop where code begins."""
        while index < len(self.lines):
            line = self.lines[index]
            if line.lstrip().startswith(">>>") or _FENCE.match(line) or self.title(index):
                return index
            if not underlined and line.strip() and len(line) - len(line.lstrip()) <= indent:
                return index
            index += 1
        return index

    def names(self, index: int, named: re.Match[str]) -> int:
        """Sphinx directives that name APIs: remember the module, or count the names as mentioned."""
        self.close_paragraph()
        if named["kind"].endswith("module"):
            self.module = named["name"].strip()
            return index + 1
        listed = [named["name"].strip()] if named["kind"] != "autosummary" else []
        index += 1
        while index < len(self.lines) and (not self.lines[index].strip() or self.lines[index].startswith(" ")):
            word = self.lines[index].strip().lstrip("~")
            if named["kind"] == "autosummary" and re.fullmatch(r"[A-Za-z_][\w.]*", word):
                listed.append(word)
            index += 1
        prefix = f"{self.module}." if self.module else ""
        self.text.extend(f"`{prefix}{name.split('(')[0]}`" for name in listed if name)
        return index

    def heading(self, index: int) -> bool:
        title = self.lines[index]
        under = self.lines[index + 1] if index + 1 < len(self.lines) else ""
        mark = _ADORNMENT.match(under)
        if not mark or not title.strip() or title.startswith(" ") or len(under.rstrip()) + 1 < len(title.rstrip()):
            return False
        if _ADORNMENT.match(title):
            return False
        self.close_passage(index)
        if mark[1] not in self.levels:
            self.levels.append(mark[1])
        depth = self.levels.index(mark[1])
        self.headings = [*self.headings[:depth], plain(title)]
        self.levels = self.levels[: depth + 1]
        return True

    def close_paragraph(self) -> None:
        if self.paragraph:
            self.last = plain(" ".join(self.paragraph))
            self.text.append(" ".join(self.paragraph))
            self.paragraph = []

    def close_passage(self, index: int) -> None:
        self.close_paragraph()
        if self.text and self.headings:
            self.passages.append(Passage(tuple(self.headings), "\n\n".join(self.text), self.text_line))
        self.text = []
        self.text_line = index

    def add(self, lines: list[str], start: int, doctest: bool | None = None) -> None:
        self.close_paragraph()
        while lines and not lines[0].strip():
            lines, start = lines[1:], start + 1
        code = textwrap.dedent("\n".join(lines)).rstrip()
        if code:
            prompted = code.lstrip().startswith(">>>") or "\n>>>" in code if doctest is None else doctest
            self.blocks.append(Block(code, start, self.last, tuple(self.headings), prompted))

    def fenced(self, index: int, fence: re.Match[str]) -> int:
        end = index + 1
        while end < len(self.lines) and not self.lines[end].strip().startswith(fence["mark"]):
            end += 1
        if fence["language"].lower() in _PYTHON or not fence["language"]:
            self.add(self.lines[index + 1 : end], index + 1)
        else:
            self.close_paragraph()
        return end + 1

    def indented(self, index: int, indent: int, wanted: bool) -> int:
        start = index
        while start < len(self.lines) and re.match(r"^\s*(:[\w-]+:.*)?$", self.lines[start]):
            start += 1
        end = start
        while end < len(self.lines):
            line = self.lines[end]
            if line.strip() and len(line) - len(line.lstrip()) <= indent:
                break
            end += 1
        body = self.lines[start:end]
        if not body:
            return index
        if any(_FENCE.match(line) for line in body) or any(line.lstrip().startswith(">>>") for line in body):
            return index  # the scan goes on inside: prose and prompts are mixed
        if wanted:
            self.add(body, start)
        else:
            self.close_paragraph()
        return end

    def prompts(self, index: int) -> int:
        end = index
        indent = len(self.lines[index]) - len(self.lines[index].lstrip())
        while end < len(self.lines):
            line = self.lines[end]
            if not line.strip():
                break
            if len(line) - len(line.lstrip()) < indent:
                break
            end += 1
        self.add(self.lines[index:end], index, doctest=True)
        return end


def scan_markdown(text: str) -> tuple[list[Block], list[Passage]]:
    """Cut a Markdown page."""
    blocks: list[Block] = []
    passages: list[Passage] = []
    headings: list[tuple[int, str]] = []
    body: list[str] = []
    body_line = 0
    last = ""

    def titles() -> tuple[str, ...]:
        return tuple(title for _, title in headings)

    tokens = MarkdownIt("commonmark").parse(text)
    for index, token in enumerate(tokens):
        line = token.map[0] if token.map else 0
        if token.type == "heading_open":
            if body and headings:
                passages.append(Passage(titles(), "\n\n".join(body), body_line))
            body, body_line, last = [], line, ""
            level = int(token.tag[1])
            headings = [(depth, title) for depth, title in headings if depth < level]
            headings.append((level, plain(tokens[index + 1].content)))
        elif token.type == "inline" and tokens[index - 1].type != "heading_open":
            body.append(token.content)
            last = plain(token.content)
        elif token.type == "fence":
            words = re.findall(r"[\w+-]+", token.info.lower())
            if not words or words[0] in _PYTHON:
                code = textwrap.dedent(token.content).rstrip()
                prompted = ">>>" in code and code.lstrip().startswith(">>>")
                if code:
                    blocks.append(Block(code, line + 1, last, titles(), prompted))
    if body and headings:
        passages.append(Passage(titles(), "\n\n".join(body), body_line))
    return blocks, passages


def marked_names(text: str) -> Iterator[str]:
    """Names that a text marks as code, by backticks, roles or cross references."""
    for match in re.finditer(r"\[[^\]]*\]\[([A-Za-z_][\w.]+)\]|`+~?\.?([A-Za-z_][\w.]*)(?:\(\))?`+", text):
        yield (match[1] or match[2]).rstrip(".")
