"""What is done with the records that a model reads: one template for each thing that people do with records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dreamer_app.weaver.recorded_weaver.models.model import Model

VALIDATE = "model_validate"
VALIDATE_JSON = "model_validate_json"
DUMP = "model_dump"
DUMP_JSON = "model_dump_json"


@dataclass(frozen=True)
class Task:
    """A function over records.

    Attributes:
        pattern: A word for the template.
        name: Of the function.
        title: One line.
        lines: Body without the result.
        result: What is returned.
        returns: Its annotation.
        steps: What it does.
        methods: Methods of the model that it uses.
        imports: Beside those of the model.
        lines_of_json: Whether it is given JSON texts instead of dictionaries.
    """

    pattern: str
    name: str
    title: str
    lines: tuple[str, ...]
    result: str
    returns: str
    steps: tuple[str, ...]
    methods: tuple[str, ...]
    imports: tuple[str, ...] = ("from pydantic import ValidationError",)
    lines_of_json: bool = False


Template = Callable[[Model], Task | None]


def _left_out(model: Model) -> str:
    return f"Read every {model.domain.noun} with the model and leave out those that it refuses"


def _reading(model: Model, *work: str, result: str = "kept = []", refused: str = "continue") -> tuple[str, ...]:
    """A loop that reads every record, with what is done in the attempt and what when it fails."""
    noun, plural = model.domain.noun, model.domain.plural
    return (
        result,
        f"for {noun} in {plural}:",
        "    try:",
        *(f"        {line}" for line in work),
        "    except ValidationError:",
        f"        {refused}",
    )


def _read(model: Model) -> str:
    return f"{model.name}.{VALIDATE}({model.domain.noun})"


def _how(model: Model) -> str:
    return " in JSON mode" if model.json else ""


def valid(model: Model) -> Task:
    """The dumps of what is valid, numbered."""
    noun, plural = model.domain.noun, model.domain.plural
    return Task(
        "valid",
        f"valid_{plural}",
        f"Keep the {plural} that fit a model",
        (
            "kept = []",
            f"for line, {noun} in enumerate({plural}, 1):",
            "    try:",
            f'        kept.append({{"line": line, **{_read(model)}.{DUMP}({model.json})}})',
            "    except ValidationError:",
            "        continue",
        ),
        "kept",
        "list[dict[str, object]]",
        (
            _left_out(model),
            f"Return the others in order, as `{DUMP}` gives them{_how(model)}, each behind a `line`: its place among "
            f"all that were given, from 1 on",
        ),
        (VALIDATE, DUMP),
    )


def parts(model: Model) -> Task:
    """One field of what is valid by name, the last one of a name counts."""
    plural, last = model.domain.plural, model.fields[-1].name
    how = f", {model.json}" if model.json else ""
    return Task(
        "parts",
        f"{last}_by_name",
        f"Look up the {last} of {plural} by name",
        (
            *_reading(model, f'read = {_read(model)}.{DUMP}(include={{"name", "{last}"}}{how})', result="found = {}"),
            '    found[read.pop("name")] = read',
        ),
        "found",
        "dict[str, dict[str, object]]",
        (
            _left_out(model),
            f"Of the others take `name` and `{last}`, as `{DUMP}` gives them{_how(model)}",
            f"Return a dictionary with `{last}` alone for every name; where a name comes again the last one counts",
        ),
        (VALIDATE, DUMP),
    )


def faults(model: Model) -> Task:
    """What is wrong with the fields of each record."""
    noun, plural = model.domain.noun, model.domain.plural
    return Task(
        "faults",
        f"faulty_fields_of_{plural}",
        f"Say which fields of each {noun} are wrong",
        (
            "faults = []",
            f"for {noun} in {plural}:",
            "    fields = {}",
            "    try:",
            f"        {_read(model)}",
            "    except ValidationError as error:",
            "        for problem in error.errors():",
            '            field, *_ = problem["loc"]',
            '            fields[str(field)] = problem["type"]',
            "    faults.append(fields)",
        ),
        "faults",
        "list[dict[str, str]]",
        (
            f"Read every {noun} with the model",
            f"For each, in order, note the type of the error for every field that the model complains of, the last one "
            f"of several; a valid {noun} has an empty dictionary",
        ),
        (VALIDATE,),
    )


def kinds_of_errors(model: Model) -> Task:
    """How often each type of error occurs."""
    noun, plural = model.domain.noun, model.domain.plural
    return Task(
        "kinds of errors",
        f"errors_in_{plural}",
        f"Count what is wrong with {plural}",
        (
            "counts = {}",
            f"for {noun} in {plural}:",
            "    try:",
            f"        {_read(model)}",
            "    except ValidationError as error:",
            "        for problem in error.errors():",
            '            field, *_ = problem["loc"]',
            "            key = f\"{field}: {problem['type']}\"",
            "            counts[key] = counts.get(key, 0) + 1",
        ),
        "sorted(counts.items())",
        "list[tuple[str, int]]",
        (
            f"Read every {noun} with the model",
            "Count its complaints by field and type of error, as in `code: missing`",
            "Return pairs of such a key and its count, in the order of the keys",
        ),
        (VALIDATE,),
    )


def changes(model: Model) -> Task:
    """What reading makes of the values."""
    noun, plural = model.domain.noun, model.domain.plural
    return Task(
        "changes",
        f"changes_in_{plural}",
        f"Find what reading changes in {plural}",
        (
            *_reading(model, f"read = {_read(model)}.{DUMP}({model.json})", result="changed = []"),
            f"    changed.append({{key: value for key, value in read.items() if value != {noun}[key]}})",
        ),
        "changed",
        "list[dict[str, object]]",
        (
            _left_out(model),
            f"For each of the others, in order, take what `{DUMP}` gives{_how(model)} and keep the fields whose value "
            f"is not the one that was given",
        ),
        (VALIDATE, DUMP),
    )


def json_lines(model: Model) -> Task:
    """JSON texts, read and written again."""
    noun, plural = model.domain.noun, model.domain.plural
    return Task(
        "json lines",
        f"clean_{plural}",
        f"Clean {plural} that come as lines of JSON",
        (
            "kept, refused = [], 0",
            f"for {noun} in {plural}:",
            "    try:",
            f"        kept.append({model.name}.{VALIDATE_JSON}({noun}).{DUMP_JSON}())",
            "    except ValidationError:",
            "        refused += 1",
        ),
        "kept, refused",
        "tuple[list[str], int]",
        (
            f"Read every line with the model and leave out those that are no {noun}",
            f"Return the others in order, as `{DUMP_JSON}` writes them, and how many were left out",
        ),
        (VALIDATE_JSON, DUMP_JSON),
        lines_of_json=True,
    )


def split(model: Model) -> Task:
    """Names of the valid ones and places of the others."""
    noun, plural = model.domain.noun, model.domain.plural
    return Task(
        "split",
        f"sorted_out_{plural}",
        f"Tell {plural} that fit a model from those that do not",
        (
            "fitting, refused = [], []",
            f"for place, {noun} in enumerate({plural}):",
            "    try:",
            f"        fitting.append({_read(model)}.name)",
            "    except ValidationError as error:",
            "        refused.append((place, error.error_count()))",
        ),
        "fitting, refused",
        "tuple[list[str], list[tuple[int, int]]]",
        (
            f"Read every {noun} with the model",
            f"Return two lists: the names of the valid {plural}, and for each of the others its place, from 0 on, and "
            f"the number of errors that the model counts",
        ),
        (VALIDATE,),
    )


def ranking(model: Model) -> Task | None:
    """Names by a number, the largest first."""
    field = model.of_kind("number")
    if field is None:
        return None
    plural = model.domain.plural
    return Task(
        "ranking",
        f"{plural}_by_{field.name}",
        f"Rank {plural} by {field.name}",
        (
            *_reading(model, f"kept.append({_read(model)})"),
            f"kept.sort(key=lambda one: (-one.{field.name}, one.name))",
        ),
        f"[(one.name, one.{field.name}) for one in kept]",
        "list[tuple[str, float]]",
        (
            _left_out(model),
            f"Sort the others by `{field.name}`, the largest first, and by name where that is the same",
            f"Return pairs of name and `{field.name}`",
        ),
        (VALIDATE,),
    )


def totals(model: Model) -> Task | None:
    """Sums of a number per name."""
    field = model.of_kind("number")
    if field is None:
        return None
    noun, plural = model.domain.noun, model.domain.plural
    return Task(
        "totals",
        f"{field.name}_of_{plural}",
        f"Add up the {field.name} of {plural} by name",
        (
            *_reading(model, f"read = {_read(model)}", result="totals = {}"),
            f"    totals[read.name] = totals.get(read.name, 0) + read.{field.name}",
        ),
        "totals",
        "dict[str, float]",
        (
            _left_out(model),
            f"Add up the `{field.name}` of all that have the same name, as far as the model read them, and return the "
            f"sum for every {noun}'s name",
        ),
        (VALIDATE,),
    )


def groups(model: Model) -> Task | None:
    """Names by what a text field holds."""
    field = model.of_kind("text")
    if field is None:
        return None
    noun, plural = model.domain.noun, model.domain.plural
    mode = "" if field.type.plain else 'mode="json"'
    told = " in JSON mode" if mode else ""
    return Task(
        "groups",
        f"{plural}_by_{field.name}",
        f"Group {plural} by their {field.name}",
        (
            *_reading(model, f"read = {_read(model)}.{DUMP}({mode})", result="groups = {}"),
            f'    groups.setdefault(read["{field.name}"], []).append(read["name"])',
        ),
        "groups",
        "dict[str, list[str]]",
        (
            _left_out(model),
            f"Take what `{DUMP}` gives of the others{told}, and collect the name of every {noun} under its "
            f"`{field.name}`, in order",
        ),
        (VALIDATE, DUMP),
    )


def longest(model: Model) -> Task | None:
    """The one with the longest list."""
    field = model.of_kind("list")
    if field is None:
        return None
    noun, plural = model.domain.noun, model.domain.plural
    return Task(
        "longest",
        f"most_{field.name}",
        f"Find the {noun} with the most {field.name}",
        (
            *_reading(model, f"kept.append({_read(model)})"),
            f"best = max(kept, key=lambda one: len(one.{field.name}), default=None)",
        ),
        f"None if best is None else (best.name, best.{field.name})",
        "tuple[str, list] | None",
        (
            _left_out(model),
            f"Of the other {plural} take the one with the most `{field.name}`, the first of several",
            f"Return its name and its `{field.name}`, or `None` where no {noun} is valid",
        ),
        (VALIDATE,),
    )


TEMPLATES: tuple[Template, ...] = (
    valid,
    parts,
    faults,
    kinds_of_errors,
    changes,
    json_lines,
    split,
    ranking,
    totals,
    groups,
    longest,
)
