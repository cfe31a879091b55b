"""Two lanes become one."""

from more_itertools import interleave_longest, unique_everseen


def interleave_lanes(lanes: list[list[str]]) -> list[str]:
    """Cars one from each lane in turn, as long as there are any; a plate that was seen goes by once."""
    cars = unique_everseen(interleave_longest(*lanes), key=lambda plate: plate.replace(" ", "").upper())
    return [plate.strip() for plate in cars if plate.strip()]
