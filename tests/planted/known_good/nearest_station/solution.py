"""The nearest station on a road."""

from sortedcontainers import SortedList


def nearest_station(stations: list[int], places: list[int]) -> list[int]:
    """For every place the station with the least distance, the lower one of two that are as near."""
    road = SortedList(stations)
    if not road:
        raise ValueError("there is no station")
    found = []
    for place in places:
        after = road.bisect_left(place)
        near = road[max(0, after - 1) : after + 1]
        found.append(min(near, key=lambda station: abs(station - place)))
    return found
