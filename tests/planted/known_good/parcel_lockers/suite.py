from solution import parcel_lockers


def test_the_smallest_that_fits() -> None:
    assert parcel_lockers([30, 10, 20], [15]) == [20]


def test_an_exact_fit() -> None:
    assert parcel_lockers([10, 20], [20, 10]) == [20, 10]


def test_a_locker_is_used_once() -> None:
    assert parcel_lockers([10, 20], [5, 5, 5]) == [10, 20, 0]


def test_too_large() -> None:
    assert parcel_lockers([10, 20], [25, 9]) == [0, 10]


def test_two_of_one_size() -> None:
    assert parcel_lockers([12, 12, 40], [11, 12, 12]) == [12, 12, 40]


def test_no_lockers() -> None:
    assert parcel_lockers([], [1, 2]) == [0, 0]
