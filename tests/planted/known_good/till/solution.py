"""A sale"""

from toolz import dissoc, update_in


def till(shelf: dict[str, dict[str, int]], item: str, count: int) -> dict[str, dict[str, int]]:
    """The shelf after a sale; what is sold out is taken off, and nobody's shelf is changed."""
    rest = update_in(shelf, [item, "left"], lambda left: left - count)
    return rest if rest[item]["left"] > 0 else dissoc(rest, item)
