"""Finds out in a worker what a documented field type takes, what it makes of it, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dreamer_app.weaver.recorded_weaver.models.harvest import FieldForm, OptionForm
from dreamer_app.weaver.recorded_weaver.rehearsal import Program, Stage
from dreamer_app.weaver.recorded_weaver.values import distinct, freeze, is_plain

Kind = Literal["number", "text", "truth", "list", "mapping"]

COMMON: tuple[Any, ...] = (
    *(0, 1, 3, 12, 250, -4, 2.5, 0.75, -0.5, True, False, None),
    *("7", "40", "-3", "2.5", "", "mint", "RYE", " Tea ", "north wing", "none", "yes", "off"),
    *([], [4, 9], ["1", "x", 2], [2.5]),
    *({"first": 1}, {"first": "2.5", "second": "soft"}),
)
"""What people write into any field, right or by mistake."""
SPECIAL: tuple[tuple[str, tuple[Any, ...]], ...] = (
    (r"\bjson\b", ("[4, 9]", '["1", 2]', '{"first": 1}', "[3, ]", "12", "true", "[]")),
    (r"\bbytes with units\b|number of bytes", ("3 KiB", "1.5 MB", "64B", "2GB", "3 pounds", "1.5")),
    (r"base64", ("bWludA==", "cnll", "dGVhIHRpbWU=", "bWlud", "mint!")),
    (r"url", ("https://example.org/mint", "http://example.org:8080/a?b=1", "ftp://example.org/tea", "example.org")),
    (r"\bipv", ("192.168.0.12", "10.0.0.300", "2001:db8::7", "192.168.0")),
    (
        r"uuid",
        (
            *("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "58e0a7d7-eebc-11d8-9669-0800200c9a66"),
            *("1e9d7a3c-0f5e-3b44-9f0e-2b9c3d4e5f60", "6fa459ea-ee8a-3ca4-894e-db77e160355e"),
            *("7c9e6679-7425-40de-944b-e07fc1f90ae7", "16fd2706-8baf-433b-82eb-8c7fada847da"),
            *("886313e1-3b8a-5372-9b90-0c9aee199e5d", "74738ff5-5367-5958-9aee-98fffdcd1876"),
            *("1ec9414c-232a-6b00-b3c8-9e6bdeced846", "1f0b9a4e-5a1c-6f10-8a6d-325096b39f47"),
            *("017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "0190163d-8694-739b-aea5-966c26f8ad91"),
            *("320c3d4d-cc00-875b-8ec9-32d5f69181c0", "f81d4fae-7dec-81d0-a765-00a0c91e6bf6", "not-a-uuid"),
        ),
    ),
    (r"e-?mail", ("ada@example.org", "Ada <ada@example.org>", "ada@", "example.org")),
    (r"\bdate", ("2024-02-29", "2023-02-29", "2024-02-29T12:30:00")),
)
"""What people write where the documentation speaks of such a thing, again right or nearly so."""
MIN_TAKEN = 2
MIN_REFUSED = 3

_PROGRAM = """
from pydantic import BaseModel, ValidationError
{imports}


class Row(BaseModel):
    value: {annotation}


def probe(value):
    try:
        row = Row.model_validate({{"value": value}})
    except ValidationError as error:
        return ("refused", error.errors()[0]["type"])
    dumped = row.model_dump(mode="json")["value"]
    return ("taken", dumped, row.model_dump()["value"] == dumped)
"""


_PLAIN = """
from pydantic import BaseModel, ConfigDict, ValidationError


class Row(BaseModel):
    model_config = ConfigDict({option})

    name: str
    amount: float
    done: bool


def probe(record):
    try:
        return Row.model_validate(record).model_dump(mode="json")
    except ValidationError as error:
        return [problem["type"] for problem in error.errors()]
"""
_RECORDS: tuple[tuple[dict[str, Any]], ...] = (
    ({"name": "Mint ", "amount": 3, "done": True},),
    ({"name": 7, "amount": "2.5", "done": "yes"},),
    ({"name": "rye", "amount": 1.5, "done": False, "memo": "late"},),
)


@dataclass(frozen=True)
class FieldType:
    """A documented type of which it is known what it does.

    Attributes:
        form: How it is written.
        kind: What it makes of what it takes, in JSON.
        taken: Values that it takes, each with what it makes of them; documented ones first.
        refused: Values that it refuses.
        plain: Whether its Python values are those of JSON.
    """

    form: FieldForm
    kind: Kind
    taken: tuple[tuple[Any, Any], ...]
    refused: tuple[Any, ...]
    plain: bool


async def field_types(stage: Stage, forms: Sequence[FieldForm]) -> list[FieldType]:
    """The types that take some values and refuse others, and whose results have one kind.

    Raises:
        InfrastructureError: No worker could be had.
    """
    given = [distinct([value for value in (*form.values, *_probes(form)) if _is_json(value)]) for form in forms]
    programs = [
        Program(
            str(number),
            _PROGRAM.format(imports="\n".join(form.imports), annotation=form.annotation),
            "probe",
            tuple((value,) for value in given[number]),
        )
        for number, form in enumerate(forms)
    ]
    ran = await stage.rehearse(programs)
    found: list[FieldType] = []
    for number, form in enumerate(forms):
        outcomes = ran[str(number)].outcomes if str(number) in ran else ()
        answers = [
            (value, outcome.value) for value, outcome in zip(given[number], outcomes, strict=False) if outcome.ok
        ]
        taken = [(value, answer[1], answer[2]) for value, answer in answers if answer[0] == "taken"]
        refused = [value for value, answer in answers if answer[0] == "refused"]
        kinds = {_kind(result) for _, result, _ in taken}
        results = {repr(freeze(result)) for _, result, _ in taken}
        if len(results) >= MIN_TAKEN and len(refused) >= MIN_REFUSED and len(kinds) == 1 and None not in kinds:
            [kind] = kinds
            assert kind is not None
            natural = [one for one in taken if kind != "text" or isinstance(one[0], str)]
            pairs = tuple((value, result) for value, result, _ in (natural if len(natural) >= MIN_TAKEN else taken))
            found.append(FieldType(form, kind, pairs, tuple(refused), all(plain for *_, plain in taken)))
    return found


async def telling_options(stage: Stage, forms: Sequence[OptionForm]) -> list[OptionForm]:
    """The options that change what a plain model makes of plain records.

    Raises:
        InfrastructureError: No worker could be had.
    """
    programs = [
        Program(str(number), _PLAIN.format(option=option), "probe", _RECORDS)
        for number, option in enumerate(["", *(f"{form.name}={form.value}" for form in forms)])
    ]
    ran = await stage.rehearse(programs)
    usual = [outcome.value for outcome in ran["0"].outcomes] if "0" in ran else []
    return [
        form
        for number, form in enumerate(forms, 1)
        if str(number) in ran and [outcome.value for outcome in ran[str(number)].outcomes] not in ([], usual)
    ]


def _probes(form: FieldForm) -> Iterator[Any]:
    """The special ones first, as those show what the type is for."""
    told = f"{form.annotation} {form.api.key} {form.api.summary}".replace("non-URL-safe", "").replace("URL-safe", "")
    for pattern, values in SPECIAL:
        if re.search(pattern, told, re.IGNORECASE):
            yield from values
    yield from COMMON


def _is_json(value: Any) -> bool:
    """Whether a value may come in a line of JSON as well."""
    try:
        return is_plain(value) and bool(json.loads(json.dumps(value, allow_nan=False)) == value)
    except (TypeError, ValueError):
        return False


def _kind(value: Any) -> Kind | None:
    match value:
        case bool():
            return "truth"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case dict():
            return "mapping"
    return None
