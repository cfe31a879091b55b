"""Operations: documented calls that were seen to work, cut into a subject, options and a slot for a function.

`survey` runs every documented call once in a worker and keeps those that work. What an operation is good for is decided
in `roles`, from what it does to inputs; here is only how to write it down again with other arguments.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dreamer_app.oracle.knowledge import KnowledgeGraph
from dreamer_app.oracle.model import Api, Example, NodeKind
from dreamer_app.weaver.recorded_weaver.forms import Argument, CallForm
from dreamer_app.weaver.recorded_weaver.rehearsal import Program, Stage
from dreamer_app.weaver.recorded_weaver.values import freeze, is_plain, shape

SEQUENCE_NAMES = frozenset(
    {
        "iterable",
        "seq",
        "src",
        "sequence",
        "items",
        "l",
        "lst",
        "data",
        "iterator",
        "coll",
        "collection",
        "it",
        "values",
    }
)
FUNCTION_NAMES = frozenset({"key", "keyfunc", "func", "function", "pred", "predicate", "f"})
LARGEST_GRAPH = 16
SMALL_GRAPH = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)]
"""Documented graphs with more edges than a person would read, or with other nodes than names, give way to this one."""
_UNWANTED = re.compile(r"(^|\.)_|random|draw|layout|read_|write_|pickle|gzip|uuid|(^|\.)test", re.IGNORECASE)

_PROBE = """
import collections.abc
import itertools


def _names(value):
    kind = type(value)
    if kind.__module__ in ("builtins", "collections", "itertools"):
        return []
    return [c.__module__ + "." + c.__qualname__ for c in kind.__mro__[:-1]]


def _content(value):
    if hasattr(value, "add_edge") and hasattr(value, "edges"):
        attributes = any(bool(rest) for _, rest in value.nodes(data=True))
        return ("graph", list(value.edges(data=True)), list(value), attributes)
    if isinstance(value, (dict, list, tuple, set, frozenset, str, bytes, int, float)) or value is None:
        return ("plain", value)
    if isinstance(value, collections.abc.Mapping):
        return ("mapping", dict(value))
    if isinstance(value, collections.abc.Iterator):
        return ("iterator", list(itertools.islice(value, 200)))
    if isinstance(value, (collections.abc.Sequence, collections.abc.Set, collections.abc.ValuesView)):
        return ("iterable", list(itertools.islice(value, 200)))
    return ("object", None)


def _space():
    space = {"__name__": "__main__"}
    for text in CONTEXT:
        try:
            exec(text, space)
        except Exception:
            pass
    return space


def probe():
    shown = None
    if EXPRESSION:
        shown = repr(eval(EXPRESSION, _space()))
    space = _space()
    arguments = []
    for text in ARGUMENTS:
        value = eval(text, space)
        arguments.append((_names(value), _content(value)))
    space = _space()
    value = eval(CALL, space)
    return (shown, arguments, _names(value), _content(value))
"""


@dataclass(frozen=True)
class Op:
    """One documented call with a subject that can be exchanged.

    Attributes:
        form: Where it comes from.
        api: What is called.
        subject: Index of the subject among the arguments.
        kind: `atom`, `sequence`, `mapping` or `object`.
        documented: The subject's plain value in the documentation; for objects what they are made of.
        maker: For objects: the API that makes one, and how (`edges`, `weighted`, `plain`).
        options: Indices of further literal arguments.
        slot: Index of a function argument.
        wrapper: What turns the result into a plain value: empty, `list`, `dict` or `sorted`.
        result: The plain result for the documented subject.
        reproduced: Whether the documented value came out again.
    """

    form: CallForm
    api: Api
    subject: int
    kind: str
    documented: Any
    maker: tuple[Api, str] | None
    options: tuple[int, ...]
    slot: int | None
    wrapper: str
    result: Any
    reproduced: bool

    @property
    def key(self) -> str:
        """Of the API."""
        return self.api.key

    @property
    def library(self) -> str:
        """Of the API."""
        return self.api.library

    @property
    def method(self) -> bool:
        """Whether it is called on its subject."""
        return bool(self.form.method)

    def argument(self, index: int) -> Argument:
        """One argument."""
        return self.form.arguments[index]


class Spelling:
    """How the documentation of a library spells its own names, and so how solutions do.

    Args:
        examples: All examples.
    """

    def __init__(self, examples: Iterable[Example]) -> None:
        counts: dict[str, Counter[str]] = {}
        for example in examples:
            for module, alias in re.findall(r"^import ([\w.]+) as (\w+)$", f"{example.setup}\n{example.code}", re.M):
                counts.setdefault(module, Counter())[alias] += 1
        self._alias = {module: sorted(found.most_common(), key=_by_count)[0][0] for module, found in counts.items()}

    def name(self, api: Api) -> str:
        """The name to write for a function or class."""
        root, _, rest = api.key.partition(".")
        if root in self._alias:
            return f"{self._alias[root]}.{rest}"
        return api.key.rpartition(".")[2]

    def statement(self, api: Api) -> str:
        """The import that makes the name known."""
        root = api.key.partition(".")[0]
        if root in self._alias:
            return f"import {root} as {self._alias[root]}"
        module, _, name = api.key.rpartition(".")
        return f"from {module} import {name}"

    def call(self, op: Op, subject: str, options: Mapping[int, str] | None = None, function: str = "") -> str:
        """Source of the operation on another subject.

        Args:
            op: The operation.
            subject: Source of the subject.
            options: Source of options by index; the documented literal where missing.
            function: Source for the slot; the documented function when empty.
        """
        texts = []
        for index, argument in enumerate(op.form.arguments):
            if op.method and index == op.subject:
                continue
            if index == op.subject:
                text = subject
            elif index == op.slot and function:
                text = function
            elif options and index in options:
                text = options[index]
            else:
                text = repr(argument.value) if argument.kind == "value" else argument.source
            texts.append(f"{argument.name}={text}" if argument.keyword else text)
        head = f"{subject}.{op.form.method}" if op.method else self.name(op.api)
        return f"{head}({', '.join(texts)})"


def _by_count(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])


def wrapped(op: Op, call: str) -> str:
    """The call with what makes its result plain."""
    return f"{op.wrapper}({call})" if op.wrapper else call


async def survey(knowledge: KnowledgeGraph, stage: Stage, forms: Sequence[CallForm]) -> list[Op]:
    """Run every documented call as it stands and keep what works as operations.

    Raises:
        InfrastructureError: No worker could be had.
    """
    wanted = [form for form in forms if _interesting(form)]
    found = await stage.rehearse([Program(form.key, _source(form), "probe") for form in wanted])
    ops: list[Op] = []
    seen: set[Any] = set()
    for form in wanted:
        ran = found.get(form.key)
        if ran is None or ran.deprecated or not ran.outcomes or not ran.outcomes[0].ok:
            continue
        op = _op(knowledge, form, ran.outcomes[0].value)
        if op is None or op.api.deprecated:
            continue
        fingerprint = (op.key, op.form.method, op.kind, _options_key(op), freeze(op.documented))
        if fingerprint not in seen:
            seen.add(fingerprint)
            ops.append(op)
    return ops


def _options_key(op: Op) -> tuple[Any, ...]:
    rest = [a for index, a in enumerate(op.form.arguments) if index != op.subject]
    return tuple((a.name, a.source) for a in rest)


def _interesting(form: CallForm) -> bool:
    name = form.api.key if form.api else form.method
    if _UNWANTED.search(name) or any(argument.name.startswith("*") for argument in form.arguments):
        return False
    return bool(form.arguments) and sum(argument.kind == "function" for argument in form.arguments) <= 1


def _source(form: CallForm) -> str:
    arguments = [argument.source for argument in form.arguments]
    return (
        f"CONTEXT = {list(form.context)!r}\nARGUMENTS = {arguments!r}\nCALL = {form.call!r}\n"
        f"EXPRESSION = {form.expression!r}\n{_PROBE}"
    )


def _op(knowledge: KnowledgeGraph, form: CallForm, told: Any) -> Op | None:
    shown, arguments, classes, content = told
    del classes
    subject = _subject(form, arguments)
    if subject is None:
        return None
    names, inside = arguments[subject]
    api = form.api or _method(knowledge, names, form.method)
    if api is None or _UNWANTED.search(api.key):
        return None
    if not form.api:
        form = _named(form, api)
    maker: tuple[Api, str] | None = None
    documented: Any = form.arguments[subject].value if form.arguments[subject].kind == "value" else inside[1]
    if names:
        kind, made = "object", _maker(knowledge, names, inside)
        if made is None:
            return None
        maker, documented = made[0], made[1]
    else:
        documented = _listed(form.arguments[subject].name, documented)
        kind = _kind(documented)
    if not kind or not is_plain(documented) or "?" in shape(documented):
        return None
    options = tuple(i for i, a in enumerate(form.arguments) if i != subject and a.kind == "value")
    slots = [i for i, a in enumerate(form.arguments) if i != subject and a.kind == "function"]
    if len(options) + len(slots) + 1 != len(form.arguments):
        return None
    wrapper, result = _plain_result(content)
    if wrapper is None:
        return None
    reproduced = bool(form.want) and shown is not None and _same_text(shown, form.want)
    return Op(
        form, api, subject, kind, documented, maker, options, slots[0] if slots else None, wrapper, result, reproduced
    )


def _named(form: CallForm, api: Api) -> CallForm:
    """A method call whose arguments got the names of the parameters, now that its class is known."""
    names = [parameter.name for parameter in api.parameters if parameter.name != "self"]
    arguments = [form.arguments[0]]
    for place, argument in enumerate(form.arguments[1:]):
        known = argument.name or (names[place] if place < len(names) else "")
        arguments.append(replace(argument, name=known))
    return replace(form, arguments=tuple(arguments))


def _subject(form: CallForm, arguments: Sequence[Any]) -> int | None:
    if form.method:
        return 0
    places = [i for i, a in enumerate(form.arguments) if a.kind != "function"]
    objects = [i for i in places if arguments[i][0]]
    if objects:
        return objects[0] if len(objects) == 1 else None
    if any(arguments[i][1][0] not in ("plain", "iterator") for i in places):
        return None
    named = [i for i in places if form.arguments[i].name.lower() in SEQUENCE_NAMES]
    containers = [i for i in places if isinstance(arguments[i][1][1], list | tuple | dict | set)]
    if len(named) == 1:
        return named[0]
    if len(containers) == 1:
        return containers[0]
    return places[0] if places and not containers else None


def _method(knowledge: KnowledgeGraph, classes: Sequence[str], method: str) -> Api | None:
    for name in classes:
        found = knowledge.api(f"{name}.{method}")
        if found is not None and found.kind is NodeKind.METHOD:
            return found
        owner = knowledge.api(name)
        found = knowledge.api(f"{owner.key}.{method}") if owner else None
        if found is not None and found.kind is NodeKind.METHOD:
            return found
    return None


def _maker(knowledge: KnowledgeGraph, classes: Sequence[str], inside: Any) -> tuple[tuple[Api, str], Any] | None:
    api = knowledge.api(classes[0])
    if api is None or api.kind is not NodeKind.CLASS:
        return None
    match inside:
        case ("graph", edges, nodes, attributes):
            if attributes or not edges:
                return None
            if len({node for edge in edges for node in edge[:2]}) != len(nodes):
                return None
            if len(edges) > LARGEST_GRAPH or not all(isinstance(node, int | str) for node in nodes):
                return None if edges[0][2] else ((api, "edges"), SMALL_GRAPH)
            if all(set(edge[2]) == {"weight"} for edge in edges):
                return (api, "weighted"), [(*edge[:2], edge[2]["weight"]) for edge in edges]
            if any(edge[2] for edge in edges):
                return None
            return (api, "edges"), [tuple(edge[:2]) for edge in edges]
        case ("plain" | "mapping" | "iterable", content) if isinstance(content, list | dict):
            return (api, "plain"), content
    return None


def _listed(name: str, value: Any) -> Any:
    """Texts that the documentation uses as sequences of letters become lists of letters."""
    if isinstance(value, str) and (name.lower() in SEQUENCE_NAMES):
        return list(value)
    return list(value) if isinstance(value, tuple | set | frozenset) and name.lower() in SEQUENCE_NAMES else value


def _kind(value: Any) -> str:
    match value:
        case list() | tuple():
            return "sequence"
        case dict():
            return "mapping"
        case bool() | None | set() | frozenset() | bytes():
            return ""
    return "atom"


def _plain_result(content: Any) -> tuple[str | None, Any]:
    match content:
        case ("plain", value):
            if isinstance(value, set | frozenset):
                return ("sorted", value)
            return ("", value)
        case ("mapping", value):
            return ("dict", value)
        case ("iterator" | "iterable", value):
            return ("list", value)
    return (None, None)


def _same_text(shown: str, want: str) -> bool:
    squeeze = re.compile(r"\s+")
    return squeeze.sub("", shown) == squeeze.sub("", want)
