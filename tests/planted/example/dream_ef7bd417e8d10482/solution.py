from more_itertools import unique_everseen
from toolz import partition_all


def batches_of_distinct_numbers(numbers: list[int], size: int, minimum: int) -> list[tuple[int, ...]]:
    """Split the distinct numbers into batches."""
    pieces = list(partition_all(size, list(unique_everseen(numbers))))
    return [piece for piece in pieces if len(piece) >= minimum]
