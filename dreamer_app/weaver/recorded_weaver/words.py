"""Turns the documentation's own sentences and names into phrases that fit a task text.

A phrase is used only when it is a clean imperative ("Compute the degree centrality for nodes"); everything else falls
back to a phrase made from the API's name. Nothing here knows any particular library.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from dreamer_app.oracle.model import Api

LONGEST = 22
"""Words in a phrase; longer sentences are not phrases any more."""

_VERBS = (
    "accumulate add align apply arrange assign break build calculate capitalize cast chain check choose "
    "chunk clamp collapse collect color combine compare compress compute concatenate construct convert "
    "convolve copy count create cut cycle decode delete describe determine disaggregate discard "
    "distribute divide drop eliminate emit encode enumerate escape estimate evaluate expand extract fill "
    "filter find flatten format generate get give group identify insert interleave intersperse introduce "
    "invert iterate join keep label limit list locate look lookup make map merge multiply normalize "
    "number order pad pair parse partition peek permute pick plot pluck prepend produce project pull "
    "quote rank read rearrange reduce remove render repeat replace reshape retrieve return reverse rotate "
    "round sample select separate set shift sort space splice split square squeeze stack stagger strip "
    "subtract sum swap take tally test tokenize traverse transform translate transpose trim truncate turn "
    "uniquify unpack unquote unwrap unzip update validate walk wrap yield zip "
)
_FORMS = {verb: verb for verb in _VERBS.split()}
for _verb in _VERBS.split():
    _FORMS[_verb + ("es" if _verb.endswith(("s", "sh", "ch", "x", "z")) else "s")] = _verb
    if _verb.endswith("y") and _verb[-2] not in "aeiou":
        _FORMS[_verb[:-1] + "ies"] = _verb

_SPOILED = re.compile(
    r"(::|\bi\.e|\be\.g|\bsee\b|http|\$|\\|>>>|\bNone\b|\bdecorator\b|\bclass\b|\bself\b|this function|itertools"
    r"|\biterator|deprecated|generator|bound on|\bPEP\b|infinite|shorthand|[\[\]{}|<>_=]|\(.*\()",
    re.IGNORECASE,
)
_SEQUENCE_WORDS = r"(?:iterables?|sequences?|seqs?|src|collections?|elements of sequence|input)"


def imperative(api: Api, subject: str, options: Mapping[str, str], subject_parameter: str = "") -> str:
    """The API's summary as an imperative without its full stop, or an empty string.

    Args:
        api: Whose summary.
        subject: What takes the place of the subject, e.g. "`numbers`" or "the graph".
        options: Text for other parameters by name, e.g. `{"n": "`size`"}`.
        subject_parameter: The API's own name for the subject.
    """
    text = _plain(_first_paragraph(api) or api.summary)
    text = re.split(r"(?<=[a-z`*)])[.:;](?:\s|$)", text)[0].strip().rstrip(".:; ")
    text = re.sub(r"\s*\([^)]*\)", "", text)
    words = text.split()
    if not words or words[0].lower().strip("*`") not in _FORMS or len(words) > LONGEST:
        return ""
    text = " ".join([_FORMS[words[0].lower().strip("*`")].capitalize(), *words[1:]])
    text = _put_subject(text, subject, subject_parameter)
    for name, replacement in options.items():
        text = re.sub(rf"(?:\*|`+){re.escape(name)}(?:\*|`+)", replacement, text)
        if len(name) == 1 and name != "a":
            text = re.sub(rf"(?<![`\w'-]){name}(?![`\w'-])", replacement, text)
    for parameter in api.parameters:
        if re.search(rf"(?:\*|`+){re.escape(parameter.name)}(?:\*|`+)", text) and f"`{parameter.name}`" not in (
            subject,
            *options.values(),
        ):
            return ""
    text = re.sub(r"\*(\w+)\*", r"`\1`", text.replace("``", "`"))
    if re.search(
        r"\b(?!in|of|for|on|to|from|with|by|if|that|whether|between|over|test|check|compress)\w+ the graph\b", text[1:]
    ):
        return ""
    bare = re.sub(r"`[^`]*`", "", text)
    return "" if _SPOILED.search(bare) or "*" in bare else " ".join(text.split())


def _first_paragraph(api: Api) -> str:
    """The beginning of the docstring with its markup, which tells parameters from plain words."""
    lines = itertools.takewhile(str.strip, api.docstring.strip().splitlines())
    return " ".join(line.strip() for line in lines)


def _plain(text: str) -> str:
    text = re.sub(r":\w+(?::\w+)?:`~?\.?([^`<]+?)(?:\s*<[^>]*>)?`", r"`\1`", text)
    text = re.sub(r"\|(\w+)\|", r"\1", text)
    return " ".join(text.replace("_`", "`").replace("`_", "`").split())


def _put_subject(text: str, subject: str, parameter: str) -> str:
    if subject == "the graph":
        text = re.sub(r"\b[Tt]he (un)?(directed )?graph [`*]*[GB][`*]*(?!\w)", "the graph", text)
        text = re.sub(
            r"\b(?:an? )?(?:undirected |directed |connected |simple |bipartite )*graph [`*]*[GB][`*]*(?!\w)",
            "the graph",
            text,
        )
        text = re.sub(r"(?<![\w])[`*]*\b[GB]\b[`*]*(?![\w_])", "the graph", text)
        text = re.sub(
            r"\b(in|of|for|on|to) (?:an?|the) (?:undirected |directed |connected |given )*(?:di)?graph\b",
            r"\1 the graph",
            text,
        )
        return text.replace("the the ", "the ").replace("graph the graph", "the graph")
    if parameter:
        article = r"(?<![\w`*])(?:the |an? |an input |the given |the input )?"
        article += r"(?:iterable |sequence |list |text |string |word )?"
        text, changed = re.subn(rf"{article}(?:\*|`+){re.escape(parameter)}(?:\*|`+)", subject, text)
        if changed:
            return text
    text, changed = re.subn(
        rf"\b(?:(?:the|an?|given|input|any|all|original) )*(?:{_SEQUENCE_WORDS})\b(?! of)", subject, text, count=1
    )
    if not changed and parameter and len(parameter) > 1:
        text = re.sub(rf"(?<![\w`])`?(?:the |an? )?{re.escape(parameter)}\b`?", subject, text, count=1)
    return text


def spoken(name: str) -> str:
    """A name of code as words: `degree_centrality` becomes `degree centrality`, `camel2under` `camel to under`."""
    text = re.sub(r"(?<=[a-z])2(?=[a-z])", " to ", name.rpartition(".")[2])
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return text.replace("_", " ").strip().lower()


def noun(api: Api) -> str:
    """What the API computes, as a noun phrase from its name: `find_cliques` becomes `cliques`."""
    words = spoken(api.key).split()
    while len(words) > 1 and words[0] in {"find", "get", "compute", "all", "iter", "make", "is", "enumerate"}:
        words = words[1:]
    while len(words) > 1 and words[-1] in {"iter", "everseen", "func", "dict", "justseen"}:
        words = words[:-1]
    return " ".join(words)


def participle(verb: str) -> str:
    """`slugify` becomes `slugified`, `clamp` `clamped`, `strip` `stripped`."""
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return verb[:-1] + "ied"
    if re.search(r"[^aeiou][aeiou][bdgmnpt]$", verb) and len(verb) <= 5:
        return verb + verb[-1] + "ed"
    return verb + "ed"


_AFTER_NOUN = re.compile(
    r"[,.;:(]|(?<![-\w])(?:for|of|in|between|from|to|at|with|using|by|that|which|on|is|are|as|over|where"
    r"|obtained|given|starting)(?![-\w])"
)


def computed(api: Api) -> str:
    """What the API computes: from its summary where that agrees with its name, else from its name."""
    named = noun(api)
    text = _plain(_first_paragraph(api) or api.summary)
    words = text.split()
    if not words or words[0].lower() not in _FORMS:
        return named
    rest = re.sub(r"^(?:the |a |an |all |unique |each |every )+", "", " ".join(words[1:]))
    rest = re.sub(
        r"^(?:set of )?nodes (?:in|of) (?:the |an? |each |maximal )*(?=.*(?:components?|cliques|core)\b)", "", rest
    )
    rest = rest.replace("number of ", "number_of_")
    phrase = _AFTER_NOUN.split(rest, maxsplit=1)[0].replace("_of_", " of ").replace("*", "").replace("`", "").strip()
    stems = {word[:5].lower() for word in re.split(r"[\s-]+", phrase)}
    shared = stems & {word[:5] for word in named.split()}
    count = len(phrase.split())
    if (
        not 1 <= count <= 4
        or not shared
        or re.search(r"[^A-Za-z -]|\b[A-Z]\b", phrase)
        or phrase.endswith(("number", "graph"))
    ):
        return named
    return phrase[:1].lower() + phrase[1:] if phrase[1:2].islower() else phrase


def singular(phrase: str) -> str:
    """`shortest path lengths` becomes `shortest path length`."""
    if phrase.startswith("number of"):
        return phrase
    if phrase.endswith("ies"):
        return phrase[:-3] + "y"
    return phrase[:-1] if phrase.endswith("s") and not phrase.endswith(("ss", "us", "is")) else phrase


def result_noun(api: Api) -> str:
    """What a conversion makes of a text or number, e.g. `slugified form`; empty when nothing says it in a few words."""
    words = spoken(api.key).split()
    if "to" in words[1:]:
        return _converted_to(_plain(_first_paragraph(api) or api.summary))
    first = words[0]
    if first in _FORMS or (first.endswith(("ize", "ify", "ise")) and not first.endswith("size")):
        rest = " ".join(words[1:])
        return "" if rest else f"{participle(_FORMS.get(first, first))} form"
    return ""


def _converted_to(summary: str) -> str:
    """`human readable format` out of "Turns an integer into a human readable format"."""
    found = re.match(r"\w+ .+? (?:in)?to (?:an? )?((?:[a-z-]+ ){0,2}[a-z-]+)[.,;]", summary)
    if found is None:
        return ""
    phrase = found.group(1)
    if phrase.endswith(("format", "form", "representation", "notation")):
        return phrase
    return f"{phrase} form" if phrase.endswith("ed") else ""


def plural(word: str) -> str:
    """The plural of an English noun, good enough for parameter names."""
    if re.search(r"(s|sh|ch|x|z)$", word):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def a_list(names: list[str], last: str = "and") -> str:
    """`a, b and c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def lower_first(text: str) -> str:
    """The text as it stands in the middle of a sentence."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def in_a_step(text: str) -> str:
    """An imperative as one of several steps, where nothing is returned or yielded yet."""
    first, _, rest = text.partition(" ")
    return f"{_STEP_VERBS.get(first, first)} {rest}".strip()


_STEP_VERBS = {"Return": "Determine", "Yield": "Take", "Generate": "Find", "Give": "Determine"}
