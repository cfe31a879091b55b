"""What the Oracle reads out of Python files: names, signatures, types, documentation."""

from __future__ import annotations

import pytest

from dreamer_app.oracle import public
from dreamer_app.oracle.model import Api, NodeKind
from dreamer_app.oracle.names import Namespace
from dreamer_app.oracle.parse import parse_module
from tests.oracle.golden import MODULES


def read(modules: dict[str, str], library: str = "minilib") -> dict[str, Api]:
    facts = [parse_module(path, text) for path, text in modules.items()]
    return public.build(Namespace(facts), library, {}).apis


@pytest.fixture(scope="module")
def apis() -> dict[str, Api]:
    return read(MODULES)


def test_shortest_public_path_wins_and_the_others_are_aliases(apis):
    combine = apis["minilib.combine"]
    assert combine.kind is NodeKind.FUNCTION
    assert set(combine.aliases) == {"minilib._core.combine", "minilib.join_all"}
    assert combine.module == "minilib._core"


def test_a_renamed_export_is_no_canonical_name(apis):
    assert "minilib.shapes.Shape" in apis
    assert "minilib.Figure" in apis["minilib.shapes.Shape"].aliases


def test_private_and_unoffered_things_are_no_apis(apis):
    assert not [key for key in apis if "_core" in key or "hidden" in key or "_secret" in key]


@pytest.mark.parametrize("name", ["Panel", "Tray", "Ledger"])
def test_lazily_loaded_classes_are_found(apis, name):
    """By a typing import, by a literal table, and by being the only definition of the name."""
    assert apis[f"minilib.panels.{name}"].kind is NodeKind.CLASS


def test_members_of_lazily_loaded_classes_carry_the_public_name(apis):
    assert apis["minilib.panels.Panel.show"].returns == ("minilib.panels.Panel",)


def test_signatures(apis):
    grow = apis["minilib.Circle.grow"]
    assert [(one.name, one.kind) for one in grow.parameters] == [
        ("by", "positional_only"),
        ("more", "var_positional"),
        ("options", "var_keyword"),
    ]
    assert grow.returns == ("minilib.Circle", "None")
    measure = apis["minilib.Circle.measure"]
    assert [(one.name, one.kind, one.default) for one in measure.parameters] == [
        ("text", "positional_or_keyword", None),
        ("width", "keyword_only", "80"),
    ]
    assert [one.name for one in apis["minilib.Circle.unit"].parameters] == []


def test_dataclass_fields_are_the_constructor(apis):
    fields = [(one.name, one.default is None) for one in apis["minilib.Circle"].parameters]
    assert fields == [("name", True), ("sides", False), ("radius", False)]


def test_properties_are_attributes_with_their_type(apis):
    area = apis["minilib.Circle.area"]
    assert (area.kind, area.returns, area.summary) == (NodeKind.ATTRIBUTE, ("float",), "Area in square units.")


def test_overloads_are_united(apis):
    scale = apis["minilib.shapes.scale"]
    assert scale.returns == ("minilib.shapes.Shape", "str")
    assert scale.parameters[0].types == ("minilib.shapes.Shape", "str")
    assert scale.summary == "Make a shape or its name larger."


def test_typing_imports_give_types_but_no_names(apis):
    bag = apis["minilib.shapes.render"].parameters[1]
    assert bag.types == ("minilib.Bag", "None")
    assert "minilib.shapes.Bag" not in apis["minilib.Bag"].aliases


def test_type_variables_say_nothing(apis):
    assert apis["minilib.shapes.echo"].returns == ()
    assert "minilib.shapes.T" not in apis


def test_type_aliases_stand_for_their_parts(apis):
    assert apis["minilib.shapes.Ink"].returns == ("minilib.shapes.Drawable", "str")


def test_types_in_strings_are_followed_through_typing_imports(apis):
    assert apis["minilib.shapes.Kept"].returns == ("minilib.Bag", "minilib.shapes.Shape")
    assert apis["minilib.shapes.keep"].returns == ("minilib.Bag", "None")


def test_stubs_complete_types(apis):
    typed = apis["minilib.typed.typed"]
    assert (typed.parameters[0].types, typed.returns) == (("int",), ("float",))
    assert typed.summary == "Double a number."


def test_an_accelerated_twin_does_not_hide_the_documented_class(apis):
    assert apis["minilib.colours.Palette"].summary == "Some colours."
    assert "minilib.colours.Palette.pick" in apis


def test_script_only_names_are_no_apis(apis):
    assert not [key for key in apis if key.endswith("demo")]


def test_bases_and_class_aliases(apis):
    assert apis["minilib.Circle"].bases == ("minilib.shapes.Shape",)
    assert apis["minilib.Bag.put"].kind is NodeKind.METHOD


def test_documentation(apis):
    combine = apis["minilib.combine"]
    assert combine.summary == "Join words into one string."
    assert combine.see_also == ("minilib.split_words", "minilib.Bag.add")
    assert combine.raises == ("ValueError",)
    assert combine.parameters[0].types == ("list",)
    assert combine.returns == ("str",)
    split = apis["minilib.split_words"]
    assert (split.see_also, split.raises) == (("minilib.combine",), ("TypeError",))
    assert (split.parameters[0].types, split.returns) == (("str",), ("list",))
    assert apis["minilib.shapes.render"].see_also == ("minilib.Circle.grow",)
    assert apis["minilib.paint"].deprecated
    assert not combine.deprecated
    assert "minilib.shapes.Shape" in apis["minilib.Circle"].see_also


def test_a_function_may_have_the_name_of_its_module():
    apis = read(
        {
            "lib/__init__.py": "from lib.bridges import *\n",
            "lib/bridges.py": '__all__ = ["bridges"]\ndef bridges():\n    """Find bridges."""\n',
        }
    )
    assert set(apis) == {"lib.bridges"}


def test_cycles_of_star_imports_end():
    apis = read(
        {
            "lib/__init__.py": "from lib.a import *\nfrom lib.b import *\n",
            "lib/a.py": 'from lib.b import *\ndef first():\n    """A."""\n',
            "lib/b.py": 'from lib.a import *\nfrom lib import first\ndef second():\n    """B."""\n',
        }
    )
    assert {"lib.first", "lib.second"} <= set(apis)


def test_what_another_library_defines_is_offered_by_name():
    apis = read(
        {
            "lib/__init__.py": "from core import Failure, LIMIT, other\n__all__ = ['Failure', 'LIMIT']\n",
            "lib/plain.py": "from core import Other\n",
        }
    )
    assert set(apis) == {"lib.Failure", "lib.LIMIT"}
    assert (apis["lib.Failure"].kind, apis["lib.Failure"].bases) == (NodeKind.CLASS, ("core.Failure",))
    assert apis["lib.LIMIT"].kind is NodeKind.ATTRIBUTE


def test_exports_may_be_built_from_other_exports():
    apis = read(
        {
            "lib/__init__.py": "from lib import a\nfrom lib.a import *\n__all__ = ['extra'] + a.__all__\nextra = 1\n",
            "lib/a.py": "__all__ = ['f']\ndef f():\n    '''F.'''\n",
        }
    )
    assert "lib.f" in apis


@pytest.mark.parametrize("text", ["def (", "x = '\0'"])
def test_what_is_not_python_is_refused(text):
    with pytest.raises((SyntaxError, ValueError)):
        parse_module("lib/x.py", text)
