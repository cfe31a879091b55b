from solution import flight_legs


def test_a_journey() -> None:
    assert flight_legs(["BER", "OSL", "ROM"], {"BER-OSL": 80, "OSL-ROM": 120}) == (["BER-OSL", "OSL-ROM"], 200)


def test_a_leg_that_comes_again() -> None:
    stops = ["A", "B", "A", "B"]
    assert flight_legs(stops, {"A-B": 10, "B-A": 7}) == (["A-B", "B-A"], 27)


def test_unknown_prices() -> None:
    assert flight_legs(["A", "B", "C"], {"B-C": 1}) == (["A-B", "B-C"], 100)


def test_staying() -> None:
    assert flight_legs(["A", "A", "B", "B"], {"A-A": 500, "A-B": 60}) == (["A-B"], 60)


def test_nowhere() -> None:
    assert flight_legs(["A"], {}) == ([], 0)
