"""What the Oracle finds runnable in docstrings, pages and programs, and what it resolves them to."""

from __future__ import annotations

import pytest

from dreamer_app.oracle import examples, public
from dreamer_app.oracle.facts import FileFacts
from dreamer_app.oracle.ingest import read_file
from dreamer_app.oracle.link import Linked, Linker
from dreamer_app.oracle.model import Example
from dreamer_app.oracle.names import Namespace
from dreamer_app.oracle.sources.source import Role, SourceFile, role_of
from tests.oracle.golden import DOCUMENTS, MODULES


def link(modules: dict[str, str], documents: dict[str, str]) -> Linked:
    files: dict[str, FileFacts] = {}
    for path, text in {**modules, **documents}.items():
        role = Role.MODULE if path in modules else role_of(path)
        if role is not None:
            files[path] = read_file(SourceFile(path, role, text.encode()))
    space = Namespace(facts.module for facts in files.values() if facts.module is not None)
    apis = public.build(space, "minilib", {})
    return Linker("minilib", space, apis, documents, {}).link(files)


@pytest.fixture(scope="module")
def linked() -> Linked:
    return link(MODULES, DOCUMENTS)


@pytest.fixture(scope="module")
def found(linked) -> dict[str, Example]:
    return {example.key: example for example in linked.examples}


def run(example: Example, library: dict[str, object]) -> dict[str, object]:
    """Execute setup and code with a stand-in for imports of the library."""
    scope: dict[str, object] = dict(library)
    lines = [line for line in example.setup.splitlines() if "minilib" not in line]
    exec("\n".join(lines), scope)
    exec(example.code, scope)
    return scope


def test_doctests_know_owner_wanted_output_and_uses(found):
    first = found["example:minilib:minilib.combine#0"]
    assert first.form == "doctest"
    assert first.owner == "minilib.combine"
    assert first.statements[0].want == "'a-b'\n"
    assert first.uses == ("minilib.combine",)
    assert first.setup == "from minilib import combine\n"
    assert first.describes == "Join words into one string."


def test_setup_is_the_needed_earlier_statements_only(found):
    last = found["example:minilib:minilib.combine#2"]
    assert last.setup == "from minilib import combine\nwords = ['x']\nwords.append('y')\n".replace("'", '"')
    assert last.code == "combine(words)\n"


def test_a_group_that_only_prepares_is_no_example_of_its_own(found):
    assert "example:minilib:minilib.combine#1" not in found


def test_setup_imports_what_the_docstring_takes_from_its_module(found):
    bag = found["example:minilib:minilib.Bag#0"]
    assert bag.setup.splitlines() == ["from minilib import Bag", "from operator import add", "import itertools"]
    assert bag.uses == ("minilib.Bag", "minilib.Bag.add", "minilib.Bag.items")


def test_fenced_blocks_of_docstrings(found):
    grow = found["example:minilib:minilib.Circle.grow#0"]
    assert (grow.form, grow.owner) == ("fenced", "minilib.Circle.grow")
    assert grow.uses == ("minilib.Circle", "minilib.Circle.grow")
    assert grow.setup == "from minilib import Circle\n"


def test_blocks_of_a_page_build_on_each_other(found):
    second = found["example:minilib:README.md#1"]
    assert second.headings == ("Minilib",)
    assert "from minilib import combine" in second.setup
    assert "words = ['a']" in second.setup
    assert second.uses == ("minilib.combine",)
    assert second.describes == "and then"


def test_rest_pages(found):
    block = found["example:minilib:docs/guide.rst#0"]
    assert block.headings == ("Guide", "Shapes")
    assert block.uses == ("minilib.shapes.scale",)
    assert block.describes == "Call scale like this"


def test_pages_mention_apis(linked):
    mentions = {concept.headings[-1]: concept.mentions for concept in linked.concepts}
    assert mentions["Shapes"] == ("minilib.shapes.scale", "minilib.shapes.render", "minilib.Circle")
    assert mentions["Minilib"] == ("minilib.combine",)


def test_programs_with_companions_and_local_inference(found):
    program = found["example:minilib:examples/show/app.py"]
    assert program.form == "program"
    assert program.companions == {"app.tcss": "Board { color: red; }\n"}
    assert program.describes == "Show a panel with a circle."
    assert program.headings == ("show", "app")
    assert {"minilib.panels.Panel", "minilib.panels.Panel.show", "minilib.Circle", "minilib.Circle.grow"} <= set(
        program.uses
    )
    assert "minilib.Circle.area" in program.uses, "the annotation of a parameter says what it is"
    assert "minilib.Bag.items" in program.uses, "a call that is given a class and annotated so returns one of it"
    assert program.code == DOCUMENTS["examples/show/app.py"]


def test_change_logs_and_tests_are_no_documentation(found):
    assert not [key for key in found if "CHANGELOG" in key or "tests/" in key]


def test_keys_are_stable_and_unique(linked):
    keys = [example.key for example in linked.examples]
    assert len(keys) == len(set(keys))
    assert keys == [example.key for example in link(MODULES, DOCUMENTS).examples]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Intro::\n\n    f(1)\n\nmore", ["f(1)\n"]),
        (".. code-block:: python\n   :linenos:\n\n   f(2)\n", ["f(2)\n"]),
        (".. code-block:: bash\n\n   f(3)\n", []),
        ("```py\nf(4)\n```", ["f(4)\n"]),
        ("```css\nf(5)\n```", []),
        ("Usage::\n\n    $ pip install x\n", []),
        (">>> f(6)  # doctest: +SKIP\n7\n", ["f(6)\n"]),
        ("Example:\n\n    >>> f(8)\n    9\n\n    Then:\n\n    >>> g(10)\n    11\n", ["f(8)\n", "g(10)\n"]),
    ],
)
def test_blocks_of_docstrings(text, codes):
    assert [raw.code for raw in examples.of_docstring(text, 1, "f")] == codes


def test_a_rebound_name_ends_the_setup():
    text = ">>> a = 1\n\n>>> a = 2\n\n>>> f(a)\n3\n"
    (raw,) = [raw for raw in examples.of_docstring(text, 1, "f") if raw.statements[0].want]
    assert raw.setup == "a = 2\n"


def test_statements_that_raise_are_no_setup():
    text = ">>> a = []\n>>> a.pop()\nTraceback (most recent call last):\nIndexError: empty\n\n>>> f(a)\n3\n"
    *_, raw = examples.of_docstring(text, 1, "f")
    assert raw.setup == "a = []\n"


def test_a_method_of_an_unknown_receiver_is_not_guessed():
    doc = ">>> x = make()\n        >>> x.go()\n        1\n"
    text = f'class A:\n    """A."""\n    def go(self):\n        """Go.\n\n        {doc}        """\n'
    (example,) = link({"minilib/__init__.py": text}, {}).examples
    assert example.uses == ()
    assert example.owner == "minilib.A.go"


def test_what_an_example_shows_is_what_running_it_gives(found):
    """The code of an example is complete: with its setup it runs."""

    class Bag:
        def __init__(self):
            self.things = []

        def add(self, thing):
            self.things.append(thing)

        def items(self):
            return self.things

    scope = run(found["example:minilib:minilib.Bag#0"], {"Bag": Bag})
    assert scope["bag"].items() == [1]
