from __future__ import annotations

from dreamer_app.core.likeness import jaccard
from dreamer_app.weaver.naturalness import WEIGHTS, score
from dreamer_app.weaver.triviality import ExampleIndex, NearDuplicates, grams, measure
from tests.weaver.graph import TOOLZ, example

PROGRAM = (
    "from toolz import frequencies\n\ndef count(words):\n    found = frequencies(words)\n    return sorted(found)\n"
)
RENAMED = (
    'from toolz import frequencies\n\ndef tally(items: list) -> list:\n    """Text."""\n'
    "    result = frequencies(items)\n    return sorted(result)\n"
)


def test_names_annotations_and_docstrings_do_not_count() -> None:
    assert jaccard(grams(PROGRAM), grams(RENAMED)) == 1.0


def test_another_api_counts() -> None:
    assert jaccard(grams(PROGRAM), grams(PROGRAM.replace("frequencies(", "groupby("))) < 0.9


def test_near_duplicates_are_refused_and_not_remembered() -> None:
    seen = NearDuplicates(0.7)
    assert seen.admit(PROGRAM)
    assert not seen.admit(RENAMED)
    assert seen.admit("def other(x):\n    return [a + 1 for a in x if a > 2]\n")


def test_the_nearest_example_is_found() -> None:
    doc = ">>> def show(words):\n...     found = frequencies(words)\n...     return list(found)\n"
    index = ExampleIndex(
        [example(TOOLZ, "toolz.frequencies", doc), example(TOOLZ, "toolz.topk", ">>> topk(1, [2])\n(2,)")]
    )
    found = measure(PROGRAM, index, necessary_apis=["toolz.frequencies"], documented_shapes=True)
    assert found.nearest_example == "example:toolz:toolz.frequencies#0"
    assert 0 < found.similarity < 1


def test_naturalness_is_the_weighted_mean_of_known_parts() -> None:
    assert score({"relation": 1.0, "wording": 1.0}).score == 1.0
    expected = WEIGHTS["pattern"] * 0.5 / (WEIGHTS["pattern"] + WEIGHTS["names"])
    assert score({"pattern": 0.5, "names": 0.0}).score == round(expected, 4)
