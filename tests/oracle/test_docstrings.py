"""Docstring conventions, one by one."""

from __future__ import annotations

import pytest

from dreamer_app.oracle import docstrings
from dreamer_app.oracle.stated_types import stated_atoms


@pytest.mark.parametrize(
    ("doc", "wanted"),
    [
        ("Return it.", "Return it."),
        ("Return it. And more.", "Return it."),
        ("Return it,\nover two lines\n\nThen more.", "Return it, over two lines"),
        ("Works e.g. here. Not there.", "Works e.g. here."),
        ("Returns the shortest path in G. Slowly.", "Returns the shortest path in G."),
        ("Version 1.5 of it. Next.", "Version 1.5 of it."),
        ("Break *iterable* into ``n`` parts:", "Break iterable into n parts"),
        ("Use :func:`~pkg.mod.f` and `g`_.", "Use f and g."),
        ("See [`App`][textual.app.App] and [that](http://x.invalid).", "See App and that."),
        ("f(x) -> y\n\nDo it.", "Do it."),
        ("Title\n=====\n\nText.", "Title"),
        (">>> f()\n1\n", ""),
        ("", ""),
        ('!!! abstract "Usage"\n    [Fields](fields.md)\n\nCreate a field.\n\nMore.', "Create a field."),
        ('??? note\n    One.\n\n    Two.\n\n!!! tip "T"\n    Three.\n\nDo it.', "Do it."),
        ("Info:\n    Install it first:\n\n    pip install it\n\nValidate it.", "Validate it."),
        ("Note: this is a sentence. Next.", "Note: this is a sentence."),
        ('!!! note "Alone"\n    Nothing else.', '!!! note "Alone" Nothing else.'),
    ],
)
def test_summary(doc, wanted):
    assert docstrings.summary(doc) == wanted


@pytest.mark.parametrize(
    ("doc", "wanted"),
    [
        ("X.\n\nSee Also\n--------\na, b : text\nc.d\n    indented words\n", ("a", "b", "c.d")),
        ("X.\n\nSee Also:\n    countby\n    itertools.tee :  In the standard library\n", ("countby", "itertools.tee")),
        ("Like :meth:`Graph.nodes` or :class:`~a.B`.", ("Graph.nodes", "a.B")),
        ("Uses [`Screen`][textual.screen.Screen].", ("textual.screen.Screen",)),
        ("See :func:`text <a.f>`.", ("a.f",)),
        ("Nothing `here`.", ()),
    ],
)  # fmt: skip
def test_see_also(doc, wanted):
    assert docstrings.read(doc).see_also == wanted


@pytest.mark.parametrize(
    ("doc", "wanted"),
    [
        ("X.\n\nRaises\n------\nNetworkXError\n    If so.\nlib.Other\n    If not.\n", ("NetworkXError", "lib.Other")),
        ("X.\n\nRaises:\n    ValueError: If so.\n    `KeyError`: If not.\n\nText after.", ("ValueError", "KeyError")),
        ("X.\n\n:raises TypeError: if so\n:raise OSError: if not", ("TypeError", "OSError")),
    ],
)
def test_raises(doc, wanted):
    assert docstrings.read(doc).raises == wanted


@pytest.mark.parametrize(
    ("doc", "wanted"),
    [
        ("X.\n\n.. deprecated:: 2.0\n   Use y.", True),
        ("Deprecated: use y.", True),
        ("X.\n\nParameters\n----------\na : int\n    .. deprecated:: 2.0\n", False),
        ("Warns when something is deprecated.", False),
    ],
)
def test_deprecated(doc, wanted):
    assert docstrings.read(doc).deprecated is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("int", ("int",)),
        ("list of tuples", ("list",)),
        ("NetworkX graph", ("nx.Graph",)),
        ("graph or list", ("nx.Graph", "list")),
        ("string, optional (default='weight')", ("str",)),
        ("None | dict", ("None", "dict")),
        ("DiGraph", ("nx.DiGraph",)),
        ("iterator", ("collections.abc.Iterator",)),
        ("whatever you like", ()),
        ("", ()),
    ],
)
def test_types_in_words(text, wanted):
    classes = {"graph": "nx.Graph", "networkx graph": "nx.Graph"}
    assert stated_atoms(text, classes, {"DiGraph": "nx.DiGraph"}.get) == wanted


@pytest.mark.parametrize(
    "doc",
    [
        "X.\n\nParameters\n----------\na : int\n    A.\nb, c : str\n    Both.\n\nReturns\n-------\nd : list\n    D.\n",
        "X.\n\nArgs:\n    a (int): A.\n    b (str): B.\n    c (str): C.\n\nReturns:\n    list: D.\n",
        "X.\n\n:param int a: A.\n:type b: str\n:param b: B.\n:param str c: C.\n:rtype: list\n",
    ],
)
def test_stated_types_of_three_conventions(doc):
    parts = docstrings.read(doc)
    assert parts.parameters == {"a": "int", "b": "str", "c": "str"}
    assert parts.returns == "list"
