"""What sold well?"""

from toolz import merge_with, valfilter


def bake_sale(tables: list[dict[str, int]], least: int) -> list[str]:
    """Cakes of which all tables together sold at least so many, best first, as lines."""
    sold = valfilter(lambda count: count >= least, merge_with(sum, *tables))
    best_first = sorted(sold.items(), key=lambda item: (-item[1], item[0]))
    return [f"{cake}: {count}" for cake, count in best_first]
