"""What is typed into the journal's search box, as a value: words, quoted phrases and qualifiers such as `lib:rich`.

The grammar is declared once, in QUALIFIERS; search box, sidebar, command line and docs read it from there. Nothing here
knows how a query is answered, and nothing typed is ever an error: what makes no sense becomes a problem in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from dreamer_app.core.types import DreamState, Frozen, Review, Tier

Field = Literal["state", "review", "tier", "gate", "night", "flag", "lib", "api", "pattern", "origin", "difficulty"]


class Qualifier(Frozen):
    """One word that may stand before a colon.

    Attributes:
        field: What it asks about.
        meaning: For the search help, in plain words.
        example: As one would type it.
        values: The only values that make sense; empty when any does.
    """

    field: Field
    meaning: str
    example: str
    values: tuple[str, ...] = ()


QUALIFIERS: tuple[Qualifier, ...] = (
    Qualifier(field="lib", meaning="needs this library; twice means both", example="lib:rich"),
    Qualifier(
        field="review",
        meaning="your word",
        example="review:pending",
        values=tuple(word.value for word in Review),
    ),
    Qualifier(
        field="state",
        meaning="the machine's word",
        example="state:failed",
        values=tuple(state.value for state in DreamState),
    ),
    Qualifier(field="tier", meaning="how far it was proved", example="tier:gold", values=tuple(t.value for t in Tier)),
    Qualifier(field="gate", meaning="stopped by this gate", example="gate:G4"),
    Qualifier(field="night", meaning="`last`, a date, or a night's identifier", example="night:last"),
    Qualifier(field="api", meaning="needs an API whose name begins so", example="api:rich.table"),
    Qualifier(field="difficulty", meaning="from 0 (trivial) to 1", example="difficulty:>0.5"),
    Qualifier(field="flag", meaning="flagged by you", example="flag:yes", values=("yes", "no")),
    Qualifier(field="pattern", meaning="how it was woven", example="pattern:merge"),
    Qualifier(field="origin", meaning="`recorded`, or the model that wove it", example="origin:recorded"),
)

_BY_NAME: Mapping[str, Qualifier] = MappingProxyType({qualifier.field: qualifier for qualifier in QUALIFIERS})
_TOKEN = re.compile(r'(?P<minus>-?)(?:(?P<name>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>[^\s"]*))')
_NUMBER = re.compile(r"(?P<sign>[<>]=?|=)?(?P<value>[01](?:\.\d+)?|\.\d+)$")


class Term(Frozen):
    """One qualifier with its value.

    Attributes:
        field: What it asks about.
        value: In lower case; for `difficulty` the number.
        sign: For `difficulty`: how the number compares.
        negated: Whether a minus stood before it.
    """

    field: Field
    value: str
    sign: Literal["=", "<", "<=", ">", ">="] = "="
    negated: bool = False

    @property
    def text(self) -> str:
        """As one would type it."""
        value = f'"{self.value}"' if " " in self.value else self.value
        return f"{'-' if self.negated else ''}{self.field}:{'' if self.sign == '=' else self.sign}{value}"


class Word(Frozen):
    """One word, matched from its beginning, or one quoted phrase, matched whole."""

    text: str
    phrase: bool = False
    negated: bool = False


class JournalQuery(Frozen):
    """Which dreams are wanted.

    Attributes:
        words: All must occur.
        terms: Several of one field mean any of them, but every library and every API must be there.
        problems: What was typed and makes no sense, each with the reason; it is left out of the question.
    """

    words: tuple[Word, ...] = ()
    terms: tuple[Term, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it asks for everything."""
        return not self.words and not self.terms

    def also(self, other: JournalQuery) -> JournalQuery:
        """Both at once."""
        return JournalQuery(
            words=self.words + other.words, terms=self.terms + other.terms, problems=self.problems + other.problems
        )

    def without(self, term: Term) -> JournalQuery:
        """The same without one qualifier."""
        return self.model_copy(update={"terms": tuple(one for one in self.terms if one != term)})

    @property
    def text(self) -> str:
        """As one would type it."""
        words = [f"{'-' if w.negated else ''}{_quoted(w.text) if w.phrase else w.text}" for w in self.words]
        return " ".join([*(term.text for term in self.terms), *words])


def where(**terms: str) -> JournalQuery:
    """A query from field names and values, for places that know what they want."""
    return JournalQuery(terms=tuple(Term.model_validate({"field": name, "value": v}) for name, v in terms.items()))


def parse(text: str) -> JournalQuery:
    """Read what was typed. Never raises."""
    words: list[Word] = []
    terms: list[Term] = []
    problems: list[str] = []
    for found in _TOKEN.finditer(text):
        quoted, bare, name = found["quoted"], found["bare"] or "", (found["name"] or "").lower()
        value = bare if quoted is None else quoted
        negated = bool(found["minus"])
        if not name:
            if any(character.isalnum() for character in value):
                words.append(Word(text=value, phrase=quoted is not None, negated=negated))
        elif name not in _BY_NAME:
            # `http://…` or `Table.grid():` is text like any other.
            words.append(Word(text=f"{found['name']}:{value}", phrase=True, negated=negated))
        elif value:
            term = _term(_BY_NAME[name], value.lower(), negated=negated)
            if isinstance(term, Term):
                terms.append(term)
            else:
                problems.append(term)
    return JournalQuery(words=tuple(words), terms=tuple(_distinct(terms)), problems=tuple(problems))


def _term(qualifier: Qualifier, value: str, *, negated: bool) -> Term | str:
    field = qualifier.field
    if field == "state" and value in {word.value for word in Review}:
        field = "review"  # what people type, and what it means
    elif qualifier.values and value not in qualifier.values:
        return f"{field}:{value} means nothing; {field} is one of {', '.join(qualifier.values)}"
    if field == "difficulty":
        number = _NUMBER.match(value)
        if number is None:
            return f"{field}:{value} means nothing; try {qualifier.example}"
        return Term.model_validate(
            {"field": field, "value": number["value"], "sign": number["sign"] or ">=", "negated": negated}
        )
    return Term(field=field, value=value, negated=negated)


def _distinct(terms: Iterable[Term]) -> Iterable[Term]:
    return dict.fromkeys(terms)


def _quoted(text: str) -> str:
    return f'"{text}"'
