"""Reads the parts of a docstring that relate an API to others: summary, see-also, raises, deprecation.

Understands numpydoc sections, Google sections, Sphinx fields and roles, and Markdown cross references. Knows no API:
the names that it finds are as written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_UNDERLINE = re.compile(r"^[-=~^]{3,}\s*$")
_NUMPY = re.compile(r"^(?P<title>[A-Z][A-Za-z ]{2,30})\n-{3,}[ \t]*$", re.M)
_GOOGLE = re.compile(
    r"^(?P<title>Raises|See [Aa]lso|Exceptions|Returns|Args|Arguments|Yields|Examples?|Notes?)::?[ \t]*$", re.M
)
_ROLE = re.compile(r":(?:py:)?(?:func|meth|class|attr|obj|exc|mod|data):`(?P<target>[^`]+)`")
_CROSS = re.compile(r"\[(?:`[^`]+`|[^\]\n]+)\]\[(?P<target>[A-Za-z_][\w.]+)\]")
_SPHINX_RAISES = re.compile(r"^\s*:raises?\s+(?P<name>[\w.]+)", re.M)
_DEPRECATED = re.compile(
    r"^\.\. deprecated::|^(?:[Dd]eprecated|DEPRECATED)\b|^[!?]{3}\+? +\w+ +\"(?:Deprecated|Discouraged)", re.M
)
_ADMONITION = re.compile(
    r"\A(?:[!?]{3}\+? .*|(?:Info|Note|Tip|Warning|Important|Caution):[ \t]*)\n(?:(?:[ \t]+.*)?\n)*(?=\S)"
)
"""A box in front of the first sentence, as MkDocs and Google's convention write them."""
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z\"'(*`]|$)")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf|approx|al)\.$")
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_MARKUP = (
    (re.compile(r":(?:[a-z]+:)?[a-z]+:`~?\.?(?:[\w.]+\.)?([^`<]+?)(?:\s*<[^>]*>)?`"), r"\1"),
    (re.compile(r"\[`?([^\]`]+)`?\]\[[^\]]*\]"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\([^)]*\)"), r"\1"),
    (re.compile(r"`{1,2}([^`]+)`{1,2}_?"), r"\1"),
    (re.compile(r"\*{1,2}([^*\s][^*]*)\*{1,2}"), r"\1"),
)


@dataclass(frozen=True)
class DocstringParts:
    """What was found.

    Attributes:
        summary: First sentence, plain text.
        see_also: Names as written, of sections first, of running text after them.
        raises: Names of exceptions.
        deprecated: Whether it says so.
        parameters: Stated types by parameter name, as written.
        returns: Stated type of the result, as written.
    """

    summary: str = ""
    see_also: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    deprecated: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    returns: str = ""


def plain(text: str) -> str:
    """Text without inline markup, on one line."""
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def summary(doc: str) -> str:
    """The first sentence after boxes of notes; empty when the docstring begins with code or a bare signature."""
    doc = doc.strip()
    while (box := _ADMONITION.match(f"{doc}\n")) is not None:
        doc = doc[box.end() :]
    paragraph = doc.split("\n\n", 1)[0]
    lines = paragraph.splitlines()
    if lines and re.match(r"^[\w.]+\(.*\)\s*(->.*)?$", lines[0]) and len(lines) == 1:
        rest = doc.strip().split("\n\n", 2)
        paragraph = rest[1] if len(rest) > 1 else ""
    kept: list[str] = []
    for line in paragraph.splitlines():
        if _UNDERLINE.match(line) or line.lstrip().startswith((">>>", ".. ", "```")):
            break
        kept.append(line)
    text = plain(" ".join(kept))
    for match in _SENTENCE_END.finditer(text):
        if not _ABBREVIATION.search(text[: match.end()]):
            return text[: match.end()].strip()
    return text.strip().rstrip(":")


def sections(doc: str) -> dict[str, str]:
    """Bodies of the named sections by lower-case title."""
    found: dict[str, str] = {}
    marks = [(match.start(), match.end(), match["title"]) for match in _NUMPY.finditer(doc)]
    google = not marks
    if google:
        marks = [(match.start(), match.end(), match["title"]) for match in _GOOGLE.finditer(doc)]
    for index, (_, end, title) in enumerate(marks):
        stop = marks[index + 1][0] if index + 1 < len(marks) else len(doc)
        body = doc[end:stop]
        if google:
            kept = []
            for line in body.splitlines()[1:]:
                if line.strip() and not line.startswith((" ", "\t")):
                    break
                kept.append(line)
            body = "\n".join(kept)
        found[title.strip().lower()] = body
    return found


def _listed(body: str) -> list[str]:
    """Names of a see-also section: `a, b : text` and `a` lines, roles, cross references."""
    names = [match["target"].lstrip("~").rpartition("<")[2].rstrip(">") for match in _ROLE.finditer(body)]
    lines = [line for line in body.splitlines() if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    for line in lines:
        if len(line) - len(line.lstrip()) > indent or _ROLE.search(line):
            continue
        for part in re.split(r"\s:|:\s|--", line, maxsplit=1)[0].split(","):
            word = part.strip().strip("`*~.-").removesuffix("()")
            if _NAME.fullmatch(word):
                names.append(word)
    return names


def read(doc: str) -> DocstringParts:
    """Everything of a docstring that this module understands."""
    if not doc:
        return DocstringParts()
    bodies = sections(doc)
    related: dict[str, None] = dict.fromkeys(_listed(bodies.get("see also", "")))
    for pattern in (_ROLE, _CROSS):
        for match in pattern.finditer(doc):
            target = match["target"].rpartition("<")[2].rstrip(">").lstrip("~.").removesuffix("()")
            if _NAME.fullmatch(target):
                related[target] = None
    raises: dict[str, None] = dict.fromkeys(match["name"] for match in _SPHINX_RAISES.finditer(doc))
    for title in ("raises", "exceptions"):
        for line in _top_lines(bodies.get(title, "")):
            name = re.match(r"`*\[?`?([A-Za-z_][\w.]*)", line)
            if name and (name[1][0].isupper() or "." in name[1]):
                raises[name[1]] = None
    return DocstringParts(
        summary(doc),
        tuple(related),
        tuple(raises),
        bool(_DEPRECATED.search(doc.split("Parameters\n", 1)[0])),
        parameter_types(doc, bodies),
        result_type(doc, bodies),
    )


def parameter_types(doc: str, bodies: Mapping[str, str]) -> dict[str, str]:
    """Types of parameters as a docstring states them: `name : type`, `name (type): ...`, `:type name: type`."""
    found: dict[str, str] = {}
    for match in re.finditer(r"^\s*:type\s+(\w+):\s*(.+)$", doc, re.M):
        found[match[1]] = match[2].strip()
    for match in re.finditer(r"^\s*:param\s+([\w.\[\], ]+?)\s+(\w+):", doc, re.M):
        found.setdefault(match[2], match[1])
    for title in ("parameters", "other parameters", "args", "arguments"):
        for line in _top_lines(bodies.get(title, "")):
            numpy = re.match(r"^([\w*, ]+?)\s+:\s*(.+)$", line)
            google = re.match(r"^\*{0,2}(\w+)\s*\(([^)]*)\)\s*:", line)
            if google:
                found.setdefault(google[1], google[2])
            elif numpy:
                for name in numpy[1].split(","):
                    found.setdefault(name.strip().lstrip("*"), numpy[2])
    return found


def result_type(doc: str, bodies: Mapping[str, str]) -> str:
    """Type of the result as a docstring states it; empty when it does not or when there are several results."""
    match = re.search(r"^\s*:rtype:\s*(.+)$", doc, re.M)
    if match:
        return match[1].strip()
    lines = _top_lines(bodies.get("returns", "") or bodies.get("yields", ""))
    if len(lines) != 1:
        return ""
    named = re.match(r"^(?:[\w, ]+?\s+:\s*)?(.+)$", lines[0])
    text = named[1] if named else ""
    google = re.match(r"^([\w.\[\], |]+):\s+\S", text)
    return google[1] if google else text


def _top_lines(body: str) -> list[str]:
    """The least indented lines of a section, without indentation."""
    lines = [line for line in body.splitlines() if line.strip()]
    indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    return [line.strip() for line in lines if len(line) - len(line.lstrip()) == indent]
