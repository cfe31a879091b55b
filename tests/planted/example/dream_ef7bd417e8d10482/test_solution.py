"""Tests of batches_of_distinct_numbers."""

from solution import batches_of_distinct_numbers


def test_documented_example():
    assert batches_of_distinct_numbers([3, 1, 4, 1, 7, 5, 9, 3], 2, 1) == [(3, 1), (4, 7), (5, 9)]
    assert batches_of_distinct_numbers([1, 1, 3, 3, 4, 5, 7, 9], 2, 1) == [(1, 3), (4, 5), (7, 9)]


def test_repeated_items():
    assert batches_of_distinct_numbers([3, 9, 5, 7, 1, 4, 1, 3], 2, 3) == []
    assert batches_of_distinct_numbers([1, 7, 5, 9, 4, 1, 3, 3], 2, 2) == [(1, 7), (5, 9), (4, 3)]
    assert batches_of_distinct_numbers([3, 3], 2, 1) == [(3,)]


def test_repeated_items_3():
    assert batches_of_distinct_numbers([3, 1, 4, 1], 3, 1) == [(3, 1, 4)]
    assert batches_of_distinct_numbers([1, 1, 3, 4, 1, 1, 4, 1], 2, 1) == [(1, 3), (4,)]


def test_repeated_items_2():
    assert batches_of_distinct_numbers(
        [2, 8, 6, 1, 4, 1, 7, 5, 9, 3],
        4,
        1,
    ) == [(2, 8, 6, 1), (4, 7, 5, 9), (3,)]
    assert batches_of_distinct_numbers([3, 3, 1, 1, 4, 4, 1, 1, 7, 7], 4, 2) == [(3, 1, 4, 7)]
    assert batches_of_distinct_numbers(
        [5, 2, 5, 9, 4, 3, 2, 5, 2, 7],
        3,
        2,
    ) == [(5, 2, 9), (4, 3, 7)]
    assert batches_of_distinct_numbers([3, 1, 4, 1, 7], 1, 1) == [(3,), (1,), (4,), (7,)]
