"""Further inputs look like the given ones and are the same every time."""

from __future__ import annotations

from dreamer_app.sandbox.inputs import edge_inputs, more_inputs

GIVEN = [([("ann", 3), ("bob", 7)], "ann"), ([("cid", 5)], "bob"), ([], "cid")]


def test_they_keep_the_shape_and_the_pool() -> None:
    found = more_inputs(GIVEN, 40, 7)
    assert len(found) >= 30 and not {repr(one) for one in found} & {repr(one) for one in GIVEN}
    for pairs, name in found:
        assert name in ("ann", "bob", "cid") and len(pairs) <= 4
        assert all(who in ("ann", "bob", "cid") and 3 <= number <= 7 for who, number in pairs)


def test_they_are_repeatable_and_differ_by_seed() -> None:
    assert more_inputs(GIVEN, 20, 7) == more_inputs(GIVEN, 20, 7) != more_inputs(GIVEN, 20, 8)


def test_records_keep_their_keys_and_constants_stay() -> None:
    found = more_inputs([([{"a": 1, "b": "x"}, {"a": 4, "b": "y"}],), ([{"a": 2, "b": "x"}],)], 20, 1)
    assert all(set(row) == {"a", "b"} for (rows,) in found for row in rows)
    assert more_inputs([("x",)], 5, 1) == []


def test_edges_are_nothing_one_more_and_what_the_program_names() -> None:
    found = edge_inputs(GIVEN, 200, 7, atoms=["zoe", 1000])
    assert len(found) == 200 and not {repr(one) for one in found} & {repr(one) for one in GIVEN}
    assert all(isinstance(pairs, list) and isinstance(name, str) for pairs, name in found)
    pairs = [pair for pairs, _ in found for pair in pairs]
    assert all(isinstance(who, str) and type(number) is int for who, number in pairs)
    texts, numbers = {name for _, name in found} | {who for who, _ in pairs}, {number for _, number in pairs}
    assert {"", "ANN", "annann", "zoe"} <= texts and {0, 3 + 1, 7 - 1, -7, 1000} <= numbers
    assert max(len(pairs) for pairs, _ in found) >= 4


def test_edges_are_repeatable_and_keep_kinds_apart() -> None:
    assert edge_inputs(GIVEN, 50, 7) == edge_inputs(GIVEN, 50, 7) != edge_inputs(GIVEN, 50, 8)
    given = [({"a": 1.5, "b": True}, {4, 5}, b"x", None)]
    kinds = {tuple(type(value) for value in one[0].values()) for one in edge_inputs(given, 60, 1) if len(one[0]) == 2}
    assert kinds == {(float, bool), (bool, float)}  # the latter turned round
