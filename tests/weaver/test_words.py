from __future__ import annotations

import pytest

from dreamer_app.weaver.recorded_weaver.words import computed, imperative, in_a_step, participle, plural, singular
from tests.weaver.graph import MORE, TOOLZ, DocstringGraph, api


def test_the_summary_becomes_an_imperative_about_our_own_names() -> None:
    chunked = DocstringGraph().api("more_itertools.chunked")
    assert chunked is not None
    text = imperative(chunked, "`words`", {"n": "`size`"}, "iterable")
    assert text == "Break `words` into lists of length `size`"


def test_third_person_and_markup_are_turned() -> None:
    one = api(TOOLZ, "toolz.f", "G", "Returns the core number for each node of the graph `G`.")
    assert imperative(one, "the graph", {}, "G") == "Return the core number for each node of the graph"


@pytest.mark.parametrize(
    "doc",
    [
        "A basic function that turns text into a slug.",
        "Return *default* if the iterable is empty.",
        "Find things, see http://example.org for more",
        "``flat()`` returns a list",
        "",
    ],
)
def test_what_is_not_a_clean_imperative_is_not_used(doc: str) -> None:
    assert imperative(api(MORE, "more_itertools.f", "iterable default", doc), "the list", {}, "iterable") == ""


def test_what_is_computed_is_named_as_the_documentation_names_it() -> None:
    one = api(TOOLZ, "toolz.in_degree_centrality", "G", "Compute the in-degree centrality for nodes.")
    assert computed(one) == "in-degree centrality"
    other = api(TOOLZ, "toolz.find_cliques", "G", "Walks about.")
    assert computed(other) == "cliques"


def test_grammar() -> None:
    assert [participle(verb) for verb in ("slugify", "clamp", "strip", "merge")] == [
        "slugified",
        "clamped",
        "stripped",
        "merged",
    ]
    assert [plural(word) for word in ("word", "batch", "query", "key")] == ["words", "batches", "queries", "keys"]
    assert singular("shortest path lengths") == "shortest path length"
    assert singular("number of triangles") == "number of triangles"
    assert in_a_step("Yield slices of length 2") == "Take slices of length 2"
