"""Solutions that do nothing of use."""

from __future__ import annotations

import ast

from dreamer_app.guardian.gates.stub_battery import needed
from dreamer_app.guardian.stubs import FUNCTION_SHARE, Stub, most_expected, stubs
from dreamer_app.sandbox.blind import blind
from tests.guardian.dreams import Planted


def test_every_stub_of_a_function(route: Planted) -> None:
    tree, tests = ast.parse(route.candidate.solution), blind(route.scenario.tests)
    before = ast.dump(tree)
    made = {stub.name: stub for stub in stubs(tree, "cheapest_route", tests)}
    assert ast.dump(tree) == before
    assert set(made) == {
        "none", "zero", "empty text", "empty list", "empty dict", "true", "false", "raise", "first argument",
        "most expected value",
    }  # fmt: skip
    for name, line in {
        "none": "return None",
        "zero": "return 0",
        "empty text": "return ''",
        "empty list": "return []",
        "empty dict": "return {}",
        "true": "return True",
        "false": "return False",
        "raise": "raise NotImplementedError",
        "first argument": "return roads",
        "most expected value": "return (-1, [])",
    }.items():
        body = ast.parse(made[name].source).body[-1]
        assert isinstance(body, ast.FunctionDef)
        assert [ast.unparse(item) for item in body.body[1:]] == [line]
        assert made[name].share == FUNCTION_SHARE


def test_a_function_without_arguments_has_no_first_one() -> None:
    suite = "from solution import f\ndef test_a():\n    assert f() == 0\n"
    made = {stub.name for stub in stubs(ast.parse("async def f():\n    return g()"), "f", blind(suite))}
    assert "first argument" not in made
    assert "most expected value" not in made  # it is the same program as `zero`


def test_a_solution_that_does_not_define_its_entry_point_has_no_stubs() -> None:
    suite = "from solution import f\ndef test_a():\n    assert f() == 0\n"
    assert stubs(ast.parse("def g():\n    return 0"), "f", blind(suite)) == []


def test_the_most_expected_value_is_a_literal() -> None:
    suite = (
        "from solution import f\ndef test_a():\n    assert f(1) == 7\n    assert f(2) != 7\n    assert f(3) == 7\n"
        "def test_b():\n    assert f(2) == 'x'\n"
    )
    assert most_expected(blind(suite)) == "7"
    assert most_expected(blind("from solution import f\ndef test_a():\n    assert f()\n")) is None


def test_every_stub_of_an_application(shopping: Planted) -> None:
    made = {
        stub.name: stub
        for stub in stubs(ast.parse(shopping.candidate.solution), "ShoppingList", blind(shopping.scenario.tests))
    }
    assert set(made) == {
        "empty class",
        "compose only",
        *(
            f"{name} does nothing"
            for name in (
                "on_mount", "on_input_submitted", "on_button_pressed", "action_drop_last", "summary", "show"
            )
        ),
    }  # fmt: skip
    assert "def compose" in made["compose only"].source and "def show" not in made["compose only"].source
    assert "class ShoppingList(App[None]):\n    pass" in made["empty class"].source
    assert made["empty class"].share == FUNCTION_SHARE and made["compose only"].share == 0


def test_how_many_tests_must_notice() -> None:
    assert [needed(Stub("x", "", FUNCTION_SHARE), total) for total in (4, 5, 6, 7)] == [3, 4, 4, 5]
    assert needed(Stub("x", "", 0.0), 6) == 1
