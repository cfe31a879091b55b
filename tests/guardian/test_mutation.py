"""The mutation operators, each by what it makes of a small program, and the choice of mutants."""

from __future__ import annotations

import ast

import pytest

from dreamer_app.guardian.mutation.app_operators import APP_OPERATORS, STYLE_OPERATORS
from dreamer_app.guardian.mutation.mutants import mutants
from dreamer_app.guardian.mutation.operators import OPERATORS, SIBLINGS
from dreamer_app.guardian.mutation.site import sites
from dreamer_app.guardian.rewriting import replaced, source_of

ALL = OPERATORS | APP_OPERATORS | STYLE_OPERATORS


def made(operator: str, source: str, *, app: bool = False) -> list[str]:
    """Every program that an operator makes of a program."""
    tree = ast.parse(source)
    return [
        source_of(replaced(tree, {id(site.node): replacement})).strip()
        for site in sites(tree, app=app)
        for replacement in ALL[operator](site)
    ]


APP = "class A(App):\n    {}"
CASES: dict[str, list[tuple[str, list[str]]]] = {
    "comparison boundary": [
        ("a < b", ["a <= b"]),
        ("a >= b", ["a > b"]),
        ("a < b > c", ["a <= b > c", "a < b >= c"]),
        ("a == b", []),
    ],
    "comparison negation": [
        ("a == b", ["a != b"]),
        ("a < b", ["a >= b"]),
        ("a not in b", ["a in b"]),
        ("a is b", ["a is not b"]),
    ],
    "arithmetic": [
        ("a + b", ["a - b"]),
        ("a / b", ["a * b"]),
        ("a % b", ["a * b"]),
        ("'%s' % b", []),
        ("a += 1", ["a -= 1"]),
        ("a & b", ["a | b"]),
    ],
    "unary": [("-a", ["a"]), ("not a", ["a"])],
    "boolean": [("a and b", ["a or b", "b", "a"]), ("a or b or c", ["a and b and c", "b or c", "a or c", "a or b"])],
    "constant": [
        ("x = 1", ["x = 2"]),
        ("x = 7", ["x = 8", "x = 6"]),
        ("x = True", ["x = False"]),
        ("x = 'a'", ["x = 'aΔ'", "x = ''"]),
        ("x = ''", ["x = 'Δ'"]),
        ("x = b'a'", ["x = b'a!'"]),
        ("x = None", []),
        ("'a'", []),
        ("x: int = 0.5", ["x: int = 1.5", "x: int = -0.5"]),
        ("def f(a: 'T' = 1) -> 'T':\n    'doc'", ['def f(a: \'T\'=2) -> \'T\':\n    """doc"""']),
        ("raise E('text')", []),
        ("__all__ = ['a']", []),
        ("import a", []),
    ],
    "return value": [
        ("def f():\n    return a", ["def f():\n    return None"]),
        ("def f():\n    return None", []),
        ("def f():\n    return", []),
    ],
    "statement deletion": [
        ("f(a)", ["pass"]),
        ("a = 1", []),
        ("a.b = 1", ["pass"]),
        ("a += 1", ["pass"]),
        ("'doc'", []),
        ("def f(a):\n    a = 1\n    b = 2", ["def f(a):\n    b = 2"]),
        ("def f():\n    b = 1\n    b = 2", ["def f():\n    b = 1"]),
    ],
    "argument drop": [("f(a, b)", ["f(a)"]), ("f(a)", []), ("f(a, *b)", [])],
    "argument swap": [("f(a, b)", ["f(b, a)"]), ("f(a, b, c)", ["f(b, a, c)", "f(a, c, b)"]), ("f(*a, b)", [])],
    "keyword change": [("f(a, k=b, **c)", ["f(a, **c)"])],
    "slice shift": [
        ("a[1:3]", ["a[:3]", "a[1:]"]),
        ("a[::2]", ["a[:]"]),
        ("a[-1]", ["a[0]"]),
        ("a[0]", ["a[-1]"]),
        ("a[b]", []),
    ],
    "loop exit": [
        ("for a in b:\n    break", ["for a in b:\n    continue"]),
        ("for a in b:\n    continue", ["for a in b:\n    break"]),
    ],
    "condition": [
        ("if a:\n    b", ["if True:\n    b", "if False:\n    b"]),
        ("while a:\n    b", ["while False:\n    b"]),
        ("[a for a in b if a]", ["[a for a in b if True]", "[a for a in b if False]"]),
    ],
    "branch": [("a if b else c", ["c if b else a"])],
    "emptied": [
        ("x = [1]", ["x = []"]),
        ("x = (1,)", ["x = ()"]),
        ("x = {1: 2}", ["x = {}"]),
        ("x = {1}", ["x = set()"]),
        ("x = []", []),
        ("for a in b:\n    c", ["for a in ():\n    c"]),
        ("x[1, 2]", []),
    ],
    "sibling": [
        ("min(a)", ["max(a)"]),
        ("a.append(b)", ["a.appendleft(b)", "a.prepend(b)"]),
        ("sorted(a)", ["list(a)", "sorted(a, reverse=True)"]),
        ("a.sort()", ["a.sort(reverse=True)"]),
        ("first(a)", []),
        ("toolz.first(a)", ["toolz.last(a)"]),
    ],
    "compose": [
        (
            APP.format("def compose(self):\n        yield a\n        yield b"),
            [
                APP.format("\n    def compose(self):\n        yield b"),
                APP.format("\n    def compose(self):\n        yield a"),
            ],
        ),
        (APP.format("def compose(self):\n        yield a"), []),
    ],
    "binding": [(APP.format("BINDINGS = [('q', 'quit')]"), [APP.format("BINDINGS = []")])],
    "handler": [
        (APP.format("def on_key(self):\n        f()"), [APP.format("\n    def on_key(self):\n        pass")]),
        (
            APP.format("@on(Button.Pressed)\n    def go(self):\n        f()"),
            [APP.format("\n    @on(Button.Pressed)\n    def go(self):\n        pass")],
        ),
        (APP.format("def total(self):\n        f()"), []),
    ],
    "style": [(APP.format("CSS = 'A { width: 3; }'"), [APP.format("CSS = 'A { width: 7; }'")])],
}


@pytest.mark.parametrize(
    ("operator", "source", "expected"),
    [(operator, source, expected) for operator, cases in CASES.items() for source, expected in cases],
)
def test_an_operator_makes(operator: str, source: str, expected: list[str]) -> None:
    squeezed = ["\n".join(line for line in text.splitlines() if line.strip()) for text in expected]
    found = ["\n".join(line for line in text.splitlines() if line.strip()) for text in made(operator, source, app=True)]
    assert found == squeezed


def test_every_operator_has_its_case() -> None:
    assert set(CASES) == set(ALL)


def test_siblings_go_both_ways() -> None:
    assert all(name in SIBLINGS[other] for name, others in SIBLINGS.items() for other in others)


PROGRAM = '''
"""Doc."""
def f(rows, limit=3):
    """Doc."""
    total = 0
    for name, amount in rows:
        if amount <= limit and name:
            continue
        total += amount
    return sorted([total, limit])[0] if total else -1
'''


def test_mutants_are_valid_different_and_repeatable() -> None:
    tree = ast.parse(PROGRAM)
    before = ast.dump(tree)
    found = mutants(tree, limit=40, seed=5)
    assert ast.dump(tree) == before
    assert found == mutants(ast.parse(PROGRAM), limit=40, seed=5)
    assert len({mutant.source for mutant in found}) == len(found) > 15
    assert source_of(tree) not in {mutant.source for mutant in found}
    for mutant in found:
        compile(mutant.source, "solution.py", "exec")
        assert (mutant.diff.startswith("-") and "\n+" in mutant.diff) or mutant.operator == "statement deletion"
        assert '"""Doc."""' in mutant.source
    assert [mutant.id for mutant in found][:2] == ["m00", "m01"]


def test_another_seed_chooses_others() -> None:
    tree = ast.parse(PROGRAM)
    one, other = ({mutant.source for mutant in mutants(tree, limit=8, seed=seed)} for seed in (1, 2))
    assert one != other


def test_few_mutants_are_spread_over_operators_and_lines() -> None:
    found = mutants(ast.parse(PROGRAM), limit=10, seed=5)
    assert len(found) == 10
    assert len({mutant.operator for mutant in found}) >= 8
    assert len({mutant.line for mutant in found}) >= 6


def test_what_compiles_to_the_same_code_is_no_mutant() -> None:
    twice = "def f(a):\n    if True:\n        return a\n"
    assert all(
        "if True" not in mutant.source or "return None" in mutant.source
        for mutant in mutants(ast.parse(twice), limit=40, seed=1)
    )
    assert "return (a)" not in str(mutants(ast.parse("def f(a):\n    return +1 * a\n"), limit=40, seed=1))


APPLICATION = """
class A(App):
    TITLE = "Name"
    CSS = "A { width: 3; }"
    BINDINGS = [("q", "quit", "Leave"), Binding("w", "wait", "Wait")]
    def compose(self):
        yield Input(placeholder="What?", id="what")
"""


def test_decoration_of_applications_is_left_alone() -> None:
    diffs = "\n".join(mutant.diff for mutant in mutants(ast.parse(APPLICATION), limit=99, seed=1, app=True))
    for decoration in ("NameΔ", "LeaveΔ", "WaitΔ", "What?Δ", "width: 7"):
        assert decoration not in diffs
    assert "whatΔ" in diffs and "quitΔ" in diffs
    plain = "\n".join(
        mutant.diff for mutant in mutants(ast.parse("def f():\n    return T(title='x')"), limit=99, seed=1)
    )
    assert "xΔ" in plain


def test_styles_are_mutated_when_tests_can_see_them() -> None:
    tests = "assert app.query_one('A').styles.width.value == 3"
    found = mutants(ast.parse(APPLICATION), limit=99, seed=1, app=True, tests=tests)
    assert [mutant.diff for mutant in found if mutant.operator == "style"]
