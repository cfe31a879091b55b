"""A knowledge graph in memory, read from docstrings that stand here: true entries of two small libraries."""

from __future__ import annotations

import doctest
from collections.abc import Sequence

from dreamer_app.core.types import LibraryPin, Relation
from dreamer_app.oracle.model import Api, Cluster, Example, NodeKind, Parameter, Statement

TOOLZ = LibraryPin(name="toolz", version="1.1.0", license="BSD-3-Clause", import_names=("toolz", "tlz"))
MORE = LibraryPin(name="more-itertools", version="11.2.1", license="MIT", import_names=("more_itertools",))
PINS = (TOOLZ, MORE)

_DOCS: tuple[tuple[LibraryPin, str, str, str], ...] = (
    (
        TOOLZ,
        "toolz.frequencies",
        "seq",
        """Find number of occurrences of each value in seq

>>> frequencies(['cat', 'cat', 'ox', 'pig', 'pig', 'cat'])
{'cat': 3, 'ox': 1, 'pig': 2}
""",
    ),
    (
        TOOLZ,
        "toolz.groupby",
        "key seq",
        """Group a collection by a key function

>>> names = ['Alice', 'Bob', 'Charlie', 'Dan', 'Edith', 'Frank']
>>> groupby(len, names)
{5: ['Alice', 'Edith', 'Frank'], 3: ['Bob', 'Dan'], 7: ['Charlie']}
""",
    ),
    (
        TOOLZ,
        "toolz.topk",
        "k seq key",
        """Find the k largest elements of a sequence

>>> topk(2, [1, 100, 10, 1000])
(1000, 100)

>>> topk(2, ['Alice', 'Bob', 'Charlie', 'Dan'], key=len)
('Charlie', 'Alice')
""",
    ),
    (
        TOOLZ,
        "toolz.unique",
        "seq key",
        """Return only unique elements of a sequence

>>> list(unique([1, 2, 3, 1, 2]))
[1, 2, 3]
""",
    ),
    (
        MORE,
        "more_itertools.chunked",
        "iterable n strict",
        """Break *iterable* into lists of length *n*:

>>> list(chunked([1, 2, 3, 4, 5, 6, 7, 8], 3))
[[1, 2, 3], [4, 5, 6], [7, 8]]
""",
    ),
    (
        MORE,
        "more_itertools.windowed",
        "seq n fillvalue step",
        """Return a sliding window of width *n* over the given iterable.

>>> all_windows = windowed([1, 2, 3, 4, 5], 3)
>>> list(all_windows)
[(1, 2, 3), (2, 3, 4), (3, 4, 5)]
""",
    ),
    (
        MORE,
        "more_itertools.minmax",
        "iterable_or_value key default",
        """Return both the smallest and largest items from *iterable_or_value*.

>>> minmax([3, 1, 5])
(1, 5)

>>> minmax(['go', 'see', 'a'], key=len)
('a', 'see')
""",
    ),
    (
        MORE,
        "more_itertools.running_mean",
        "iterable",
        """Return running mean of all values seen so far.

>>> list(running_mean([1, 2, 6]))
[1.0, 1.5, 3.0]
""",
    ),
    (
        TOOLZ,
        "toolz.countby",
        "key seq",
        """Count elements of a collection by a key function

>>> countby(len, ['cat', 'mouse', 'dog'])
{3: 2, 5: 1}
""",
    ),
    (
        TOOLZ,
        "toolz.partition_all",
        "n seq",
        """Partition all elements of sequence into tuples of length at most n

>>> list(partition_all(2, [1, 2, 3, 4, 5]))
[(1, 2), (3, 4), (5,)]
""",
    ),
    (
        MORE,
        "more_itertools.duplicates_everseen",
        "iterable key",
        """Yield duplicate elements after their first appearance.

>>> list(duplicates_everseen(['a', 'b', 'a', 'c', 'b', 'a']))
['a', 'b', 'a']
""",
    ),
    (
        MORE,
        "more_itertools.running_max",
        "iterable maxlen",
        """Return running maximum of all values seen so far.

>>> list(running_max([4, 3, 7, 0, 8]))
[4, 4, 7, 7, 8]
""",
    ),
)


def api(pin: LibraryPin, key: str, parameters: str, doc: str) -> Api:
    return Api(
        key=key,
        aliases=(key,),
        library=pin.name,
        kind=NodeKind.FUNCTION,
        parameters=tuple(Parameter(name=name, kind="positional_or_keyword") for name in parameters.split()),
        summary=doc.split("\n", 1)[0].replace("*", "").rstrip(".:"),
        docstring=doc,
        module=key.rpartition(".")[0],
    )


def example(pin: LibraryPin, key: str, doc: str, extra: str = "") -> Example:
    found = doctest.DocTestParser().get_examples(doc)
    statements = tuple(Statement(source=one.source, want=one.want) for one in found)
    return Example(
        key=f"example:{pin.name}:{key}#0",
        library=pin.name,
        form="doctest",
        code="".join(one.source for one in found),
        statements=statements,
        owner=key,
        uses=(key,),
        setup=extra,
        sha256="0" * 64,
    )


class DocstringGraph:
    """Answers `KnowledgeGraph` from docstrings."""

    def __init__(self, docs: Sequence[tuple[LibraryPin, str, str, str]] = _DOCS) -> None:
        self._apis = {key: api(pin, key, parameters, doc) for pin, key, parameters, doc in docs}
        self._examples = {f"example:{pin.name}:{key}#0": example(pin, key, doc) for pin, key, _, doc in docs}

    def libraries(self) -> tuple[LibraryPin, ...]:
        return PINS

    def apis(self, library: str) -> tuple[Api, ...]:
        return tuple(one for one in self._apis.values() if one.library == library)

    def api(self, name: str) -> Api | None:
        return self._apis.get(name)

    def examples(self, library: str) -> tuple[Example, ...]:
        return tuple(one for one in self._examples.values() if one.library == library)

    def example(self, key: str) -> Example | None:
        return self._examples.get(key)

    def relations(self, src: str, dst: str) -> tuple[Relation, ...]:
        return (Relation(src=src, kind="type_flow", dst=dst),)

    def related(self, key: str, limit: int = 20) -> tuple[tuple[str, Relation], ...]:
        return ()

    def clusters(self, libraries: Sequence[str], seed: int = 0) -> tuple[Cluster, ...]:
        return ()

    def rarity(self, key: str) -> float:
        return 0.5
