"""Taking APIs out of a solution, and what the doubles do."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from pydantic import ValidationError

from dreamer_app.core.types import ApiUse
from dreamer_app.guardian.ablation import DOUBLES, FUNCTION_DOUBLES, ablate_api, ablate_library


def without(source: str, name: str, kind: str = "function", double: str = "raising") -> str | None:
    """The solution without an API, without the doubles themselves; None when nothing refers to it."""
    use = ApiUse(name=name, library="lib", kind=kind)  # type: ignore[arg-type]
    found = {item.double: item for item in ablate_api(ast.parse(source), use, lambda path: ALIASES.get(path, path))}
    return found[double].source.rpartition("return _silent\n")[2].strip() if found else None


ALIASES = {"lib.inner.f": "lib.f"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import lib\nlib.f(1)", "import lib\n_ablated(1)"),
        ("import lib as l\nx = l.f", "import lib as l\nx = _ablated"),
        ("from lib import f as g\nmap(g, a)", "from lib import f as g\nmap(_ablated, a)"),
        ("from lib.inner import f\nf(1)", "from lib.inner import f\n_ablated(1)"),
        ("import lib\nlib.f.part(1)", "import lib\n_ablated.part(1)"),
        ("import lib\n@lib.f\ndef g():\n    pass", "import lib\n\n@_ablated\ndef g():\n    pass"),
        ("from lib import f\nx: f = 1", None),
        ("from lib import f\ndef g(f):\n    return f", None),
        ("from other import f\nf(1)", None),
    ],
)
def test_functions_are_found_by_what_they_mean(source: str, expected: str | None) -> None:
    assert without(source, "lib.f") == expected


def test_a_class_may_be_a_base() -> None:
    assert without("from lib import C\nclass D(C[int]):\n    x = 1", "lib.C", "class") == (
        "from lib import C\n\nclass D(_ablated[int]):\n    x = 1"
    )


@pytest.mark.parametrize(
    ("double", "expected"),
    [
        ("raising", "x = _ablated_of(g, a, k=b)"),
        ("identity", "x = _same_of(g, a, k=b)"),
        ("silent", "x = _silent_of(g, a, k=b)"),
    ],
)
def test_methods_are_found_by_name(double: str, expected: str) -> None:
    assert without("x = g.add(a, k=b)", "lib.C.add", "method", double) == expected


def test_methods_of_plain_containers_are_not_the_librarys() -> None:
    source = (
        "def f(words: list[str], g):\n    done = set()\n    seen = []\n    seen.add(1)\n    words.add(2)\n    g.add(3)"
    )
    assert without(source, "lib.C.add", "method") == source.replace("g.add(3)", "_ablated_of(g, 3)")


def test_an_awaited_method_is_replaced_whole_unless_it_raises() -> None:
    source = "async def f(p):\n    await p.press('a')"
    assert without(source, "lib.P.press", "method") == "async def f(p):\n    await _ablated_of(p, 'a')"
    assert without(source, "lib.P.press", "method", "silent") == "async def f(p):\n    _silent_of(p, 'a')"


def test_overridden_members_fail_or_are_left_out() -> None:
    source = "class D(C):\n\n    def go(self):\n        return 1\n\n    def stay(self):\n        return 2"
    raising = without(source, "lib.C.go", "method")
    assert raising is not None and "raise RuntimeError('ablated')" in raising and "return 2" in raising
    silent = without(source, "lib.C.go", "method", "silent")
    assert silent is not None and "def go" not in silent and "return 2" in silent
    attribute = without("class D(C):\n    BINDINGS = [1]\n    other = 2", "lib.C.BINDINGS", "attribute")
    assert attribute == "class D(C):\n    other = 2"


def test_assigned_attributes_are_dropped() -> None:
    assert without("w.display = f(1)", "lib.W.display", "attribute", "silent") == "f(1)"
    assert without("w.display = f(1)", "lib.W.display", "attribute") == "_ablated_of(f(1))"


def test_handlers_that_are_found_by_name_count_as_uses() -> None:
    source = (
        "from lib import Button\nclass D(C):\n    def on_button_pressed(self, event: Button.Pressed):\n        go()"
    )
    found = without(source, "lib.Button.Pressed", "class")
    assert found is not None and "raise RuntimeError" in found
    assert without(source, "lib.Mount", "class") is None


def test_a_whole_library_goes_with_its_methods() -> None:
    source = "import lib\nimport other\ng = lib.C()\ng.add(other.f(1))\n"
    use = ApiUse(name="lib.C.add", library="lib", kind="method")
    found = {item.double: item for item in ablate_library(ast.parse(source), "lib", ["lib"], [use], lambda path: path)}
    assert set(found) == {"raising", "silent"}
    assert found["raising"].source.endswith("g = _ablated()\n_ablated_of(g, other.f(1))\n")
    assert found["silent"].places == 2
    assert ablate_library(ast.parse("x = 1"), "lib", ["lib"], [], lambda path: path) == []


def alive() -> dict[str, Any]:
    """The doubles themselves, alive."""
    use = ApiUse(name="math.pi", library="math", kind="function")
    source = ablate_api(ast.parse("import math\nx = [math.pi for _ in ()]"), use, lambda path: path)[0].source
    names: dict[str, Any] = {}
    exec(compile(source, "doubles", "exec"), names)  # our own source
    return names


def test_the_raising_double_fails_however_it_is_touched() -> None:
    ablated = alive()["_ablated"]
    for touch in (
        ablated,
        lambda: ablated.name,
        lambda: ablated[1],
        lambda: list(ablated),
        lambda: isinstance(1, ablated),
        lambda: ablated | 1,
        lambda: exec("class D(a): pass", {"a": ablated}),
    ):
        with pytest.raises(RuntimeError, match="ablated"):
            touch()
    with pytest.raises(RuntimeError, match="ablated"):
        alive()["_ablated_of"](1, 2)


def test_the_identity_double_hands_its_argument_back() -> None:
    names = alive()
    assert names["_same"](7, 8) == 7 and names["_same"]() is None
    assert names["_same_of"]("g", 7) == 7 and names["_same_of"]("g") == "g"


def test_the_silent_double_swallows_everything() -> None:
    silent = alive()["_silent"]
    assert silent.a.b(1, 2)[3].c is silent
    assert (list(silent), len(silent), bool(silent), str(silent), 1 in silent) == ([], 0, False, "", False)
    assert sum([silent, 4]) == 4 and not silent < 3
    with silent as inside:
        assert inside is silent
    assert silent(len) is len
    names = {"a": silent}
    exec("class D(a): pass", names)
    assert names["D"].__mro__ == (names["D"], object)  # type: ignore[attr-defined]


def test_functions_have_four_more_doubles_that_hand_back() -> None:
    assert DOUBLES == ("raising", "identity", "silent")
    assert FUNCTION_DOUBLES[:3] == DOUBLES
    made = {double: without("import lib\nx = lib.f(a)", "lib.f", double=double) for double in FUNCTION_DOUBLES}
    assert made["last"] == "import lib\nx = _last(a)" and len(set(made.values())) == len(FUNCTION_DOUBLES)
    names = alive()
    assert names["_last"](7, 8) == 8 and names["_last"](7, k=9) == 9 and names["_last"]() is None
    assert names["_only"]([7]) == 7 and names["_only"](0, ([1, 2],)) == [1, 2]
    with pytest.raises(ValueError, match="too many"):
        names["_only"]([7, 8])
    assert names["_later"](len)([3]) == [3] and names["_nothing"](7) is None


@pytest.mark.parametrize(
    ("double", "annotation"),
    [("raising", "_ablated"), ("identity", "_anything"), ("silent", "_anything")],
)
def test_the_annotation_of_a_field_is_read_by_libraries(double: str, annotation: str) -> None:
    source = "from lib import T\nclass D:\n    size: T"
    assert without(source, "lib.T", "class", double) == f"from lib import T\n\nclass D:\n    size: {annotation}"
    assert without("from lib import T\ndef f(size: T):\n    other: T = size", "lib.T", "class", double) is None


def test_a_field_without_its_type_takes_anything() -> None:
    source = """
from typing import Annotated
from pydantic import BaseModel, Field, Json, PositiveInt, constr

class Crate(BaseModel):
    weight: PositiveInt
    marks: Json[list[int]]
    label: constr(to_upper=True)
    rows: Annotated[int, Field(gt=3)]
"""
    given = {"weight": -1, "marks": [1], "label": 3, "rows": 1}
    fields = {"PositiveInt": "weight", "Json": "marks", "constr": "label", "Field": "rows"}
    for name, field in fields.items():
        kind = "class" if name[0].isupper() else "function"
        use = ApiUse(name=f"pydantic.{name}", library="pydantic", kind=kind)  # type: ignore[arg-type]
        for made in ablate_api(ast.parse(source), use, lambda path: path):
            space: dict[str, Any] = {"__name__": "crate"}
            program = compile(made.source, "crate", "exec", dont_inherit=True)
            if made.double == "raising":
                with pytest.raises(Exception, match=r"ablated|_Ablated"):
                    exec(program, space)
                continue
            exec(program, space)
            with pytest.raises(ValidationError) as caught:
                space["Crate"](**given)
            refused = {problem["loc"][0] for problem in caught.value.errors()}
            assert refused == set(fields.values()) - {field}, made.double
