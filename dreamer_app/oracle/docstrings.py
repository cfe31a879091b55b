"""Reads the parts of a docstring that relate an API to others: summary, see-also, raises, deprecation.

Understands numpydoc sections, Google sections, Sphinx fields and roles, and Markdown cross references. Knows no API: the
names that it finds are as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNDERLINE = re.compile(r"^[-=~^]{3,}\s*$")
_NUMPY = re.compile(r"^(?P<title>[A-Z][A-Za-z ]{2,30})\n-{3,}[ \t]*$", re.M)
_GOOGLE = re.compile(
    r"^(?P<title>Raises|See [Aa]lso|Exceptions|Returns|Args|Arguments|Yields|Examples?|Notes?)::?[ \t]*$", re.M
)
_ROLE = re.compile(r":(?:py:)?(?:func|meth|class|attr|obj|exc|mod|data):`(?P<target>[^`]+)`")
_CROSS = re.compile(r"\[(?:`[^`]+`|[^\]\n]+)\]\[(?P<target>[A-Za-z_][\w.]+)\]")
_SPHINX_RAISES = re.compile(r"^\s*:raises?\s+(?P<name>[\w.]+)", re.M)
_DEPRECATED = re.compile(r"^\s*\.\. deprecated::|^\s*(?:[Dd]eprecated|DEPRECATED)\b", re.M)
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
    """

    summary: str = ""
    see_also: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    deprecated: bool = False


def plain(text: str) -> str:
    """Text without inline markup, on one line."""
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def summary(doc: str) -> str:
    """The first sentence; empty when the docstring begins with code or a bare signature."""
    paragraph = doc.strip().split("\n\n", 1)[0]
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
    match = re.match(r"(.+?[.!?])(?:\s+(?=[A-Z\"'(*`])|$)", text)
    while match and re.search(r"(?:\be\.g|\bi\.e|\betc|\bvs|\bcf|\s[A-Z])\.$", match.group(1)):
        longer = re.match(r"(.{%d,}?[.!?])(?:\s+(?=[A-Z\"'(*`])|$)" % (len(match.group(1)) + 1), text)
        if longer is None:
            return text
        match = longer
    return (match.group(1) if match else text).strip().rstrip(":")


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
        body = bodies.get(title, "")
        lines = [line for line in body.splitlines() if line.strip()]
        indent = min((len(line) - len(line.lstrip()) for line in lines), default=0)
        for line in lines:
            match = re.match(r"`*\[?`?([A-Za-z_][\w.]*)", line.strip())
            if match and len(line) - len(line.lstrip()) == indent and match[1][0].isupper() | ("." in match[1]):
                raises[match[1]] = None
    return DocstringParts(summary(doc), tuple(related), tuple(raises), bool(_DEPRECATED.search(doc)))
