"""A data model of an everyday thing: fields of documented types, perhaps an option, and records with slips."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dreamer_app.weaver.recorded_weaver.apps.domains import Domain
from dreamer_app.weaver.recorded_weaver.models.harvest import OptionForm
from dreamer_app.weaver.recorded_weaver.models.probing import FieldType

LIKELY = 7
"""Values of a type that records have: the first ones show best what it is for, and few make equal ones likely."""
_BY_MEANING = (
    (r"base64", "badge"),
    (r"https?|url", "page"),
    (r"uuid", "serial"),
    (r"\bipv", "host"),
    (r"byte", "volume"),
    (r"e-?mail", "contact"),
    (r"must be less than", "balance"),
)
"""Names of fields by what the documentation says of their type."""
_BY_KIND = {
    "number": ("{amount}", "rank"),
    "text": ("code", "remark"),
    "truth": ("{mark}", "checked"),
    "list": ("marks", "stages"),
    "mapping": ("notes", "details"),
}


@dataclass(frozen=True)
class Field:
    """One field.

    Attributes:
        name: Of the field.
        type: What it takes.
    """

    name: str
    type: FieldType


@dataclass(frozen=True)
class Model:
    """One data model.

    Attributes:
        domain: The words of it.
        fields: Beside the name that every thing has.
        option: Of its configuration.
    """

    domain: Domain
    fields: tuple[Field, ...]
    option: OptionForm | None

    @property
    def name(self) -> str:
        """Of the class."""
        return self.domain.noun.capitalize()

    @property
    def json(self) -> str:
        """What a dump needs to be told so that JSON could hold it."""
        return "" if all(field.type.plain for field in self.fields) else 'mode="json"'

    @property
    def imports(self) -> tuple[str, ...]:
        """What the class needs."""
        option = ("from pydantic import ConfigDict",) if self.option else ()
        types = [statement for field in self.fields for statement in field.type.form.imports]
        return ("from pydantic import BaseModel", *option, *types)

    def source(self) -> str:
        """The class."""
        lines = [f"class {self.name}(BaseModel):"]
        if self.option is not None:
            lines += [f"    model_config = ConfigDict({self.option.name}={_quoted(self.option.value)})", ""]
        lines.append("    name: str")
        lines += [f"    {field.name}: {_quoted(field.type.form.annotation)}" for field in self.fields]
        return "\n".join(lines)

    def of_kind(self, kind: str) -> Field | None:
        """The first field that makes such values."""
        return next((field for field in self.fields if field.type.kind == kind), None)


def named(domain: Domain, types: Sequence[FieldType]) -> tuple[Field, ...] | None:
    """Fields of these types; None when two of them would be called the same."""
    fields: list[Field] = []
    for one in types:
        taken = {"name", *(field.name for field in fields)}
        name = next((name for name in _names(domain, one) if name not in taken), None)
        if name is None:
            return None
        fields.append(Field(name, one))
    return tuple(fields)


def _names(domain: Domain, one: FieldType) -> Iterator[str]:
    told = f"{one.form.api.key} {one.form.api.summary}"
    found = next((name for pattern, name in _BY_MEANING if re.search(pattern, told, re.IGNORECASE)), None)
    if found is not None:
        yield found
    else:
        yield from (name.format(amount=domain.amount, mark=domain.mark) for name in _BY_KIND[one.kind])


def records(model: Model, count: int, rng: random.Random, faults: float) -> list[dict[str, Any]]:
    """Records as people write them, some with a slip.

    Args:
        model: What they are records of.
        count: How many.
        rng: Of the values.
        faults: Share of values that the model refuses or misses.
    """
    return [_record(model, rng, faults) for _ in range(count)]


def _record(model: Model, rng: random.Random, faults: float) -> dict[str, Any]:
    name: Any = rng.choice(model.domain.names)
    if rng.random() < faults / 3:
        name = rng.choice((7, None, name.upper()))
    record: dict[str, Any] = {"name": name}
    for field in model.fields:
        chance = rng.random()
        if chance < faults / 5:
            continue
        if chance < faults:
            record[field.name] = rng.choice(field.type.refused[:LIKELY])
        else:
            record[field.name] = rng.choice(field.type.taken[:LIKELY])[0]
    if rng.random() < (0.3 if model.option is not None and model.option.name == "extra" else 0.05):
        record["memo"] = rng.choice(("late", "twice", 3))
    return record


def _quoted(source: str) -> str:
    """With the quotes that solutions use."""
    return re.sub(r"'([^'\"\\]*)'", r'"\1"', source)
