"""Parcels into the smallest locker that fits."""

from more_itertools import one
from sortedcontainers import SortedList


def parcel_lockers(lockers: list[int], parcels: list[int]) -> list[int]:
    """For every parcel the size of the locker it got, the smallest that fits and is free; 0 when there is none."""
    free = SortedList(lockers)
    given = []
    for parcel in parcels:
        place = free.bisect_left(parcel)
        fitting = free[place : place + 1]
        if not fitting:
            given.append(0)
            continue
        size = one(fitting)
        free.remove(size)
        given.append(size)
    return given
