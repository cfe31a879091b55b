"""Further inputs look like the given ones and are the same every time."""

from __future__ import annotations

from dreamer_app.sandbox.inputs import more_inputs

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
