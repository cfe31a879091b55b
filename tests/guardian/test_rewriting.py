"""Changed copies of a tree."""

from __future__ import annotations

import ast

from dreamer_app.guardian.rewriting import difference, replaced, source_of, statements, with_prelude


def test_the_original_is_never_touched() -> None:
    tree = ast.parse("def f(a):\n    b = a + 1\n    return b\n")
    before = ast.dump(tree)
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    changed = replaced(tree, {id(function.body[0]): None, id(function.body[1]): ast.Return(ast.Constant(7))})
    assert source_of(changed) == "def f(a):\n    return 7\n"
    assert ast.dump(tree) == before


def test_an_emptied_body_stays_valid_and_several_statements_may_come() -> None:
    tree = ast.parse("if x:\n    y()\nz()")
    branch = tree.body[0]
    assert isinstance(branch, ast.If)
    assert source_of(replaced(tree, {id(branch.body[0]): None})) == "if x:\n    pass\nz()\n"
    assert source_of(replaced(tree, {id(tree.body[1]): statements("p()\nq()")})) == "if x:\n    y()\np()\nq()\n"


def test_a_prelude_comes_after_docstring_and_future() -> None:
    tree = ast.parse('"""Doc."""\nfrom __future__ import annotations\nimport a\n')
    assert source_of(with_prelude(tree, statements("b = 1"))) == (
        '"""Doc."""\nfrom __future__ import annotations\nb = 1\nimport a\n'
    )


def test_a_difference_shows_changed_lines_only() -> None:
    assert difference("a\nb\nc\n", "a\nB\nc\n") == "-b\n+B"
